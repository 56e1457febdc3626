// HTML of strangers made fit to be shown in our page.
#pragma once
#include <string>
#include <string_view>

namespace overture::mail {

inline constexpr std::size_t kHtmlMaxBytes = 1U << 20U;
inline constexpr int kHtmlMaxDepth = 256;

/// A fragment for the inside of a `div`: allow-listed elements and attributes only, everything written anew
/// from the parsed tree. No scripts, style sheets, forms, frames, plug-ins, svg, math or event handlers;
/// links are http, https or mailto and open apart, without referrer; remote pictures have their address in
/// `data-src` so that nothing is asked for until the reader wants it, and inline pictures are kept only as
/// `data:image/(png|jpeg|gif|webp)`. Styles are cut down to harmless properties without url(), expression()
/// or escapes. Deeper or longer input than the limits comes back as escaped text. Never throws; applied to
/// its own result it changes nothing.
std::string sanitize_html(std::string_view html);

/// The text of HTML for reading: blocks as lines, list items with `- `, link targets left out, script and
/// style skipped. Linear, bounded as above.
std::string html_to_text(std::string_view html);

}  // namespace overture::mail
