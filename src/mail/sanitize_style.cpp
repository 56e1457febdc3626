#include "mail/sanitize_style.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace overture::mail {
namespace {

// No position, z-index, float of the page, opacity, content, cursor, transforms or anything that loads.
constexpr std::string_view kProperties[] = {"background-color",
                                            "border",
                                            "border-bottom",
                                            "border-bottom-color",
                                            "border-bottom-style",
                                            "border-bottom-width",
                                            "border-collapse",
                                            "border-color",
                                            "border-left",
                                            "border-left-color",
                                            "border-left-style",
                                            "border-left-width",
                                            "border-radius",
                                            "border-right",
                                            "border-right-color",
                                            "border-right-style",
                                            "border-right-width",
                                            "border-spacing",
                                            "border-style",
                                            "border-top",
                                            "border-top-color",
                                            "border-top-style",
                                            "border-top-width",
                                            "border-width",
                                            "clear",
                                            "color",
                                            "direction",
                                            "display",
                                            "float",
                                            "font",
                                            "font-family",
                                            "font-size",
                                            "font-style",
                                            "font-variant",
                                            "font-weight",
                                            "height",
                                            "letter-spacing",
                                            "line-height",
                                            "list-style-type",
                                            "margin",
                                            "margin-bottom",
                                            "margin-left",
                                            "margin-right",
                                            "margin-top",
                                            "max-height",
                                            "max-width",
                                            "min-height",
                                            "min-width",
                                            "overflow-wrap",
                                            "padding",
                                            "padding-bottom",
                                            "padding-left",
                                            "padding-right",
                                            "padding-top",
                                            "table-layout",
                                            "text-align",
                                            "text-decoration",
                                            "text-indent",
                                            "text-transform",
                                            "vertical-align",
                                            "white-space",
                                            "width",
                                            "word-break",
                                            "word-spacing",
                                            "word-wrap"};

bool is_harmless(std::string_view name, std::string_view value) {
  if (value.empty() || value.size() > 200) return false;
  for (const char c : value) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view(" #%.,-+!()'").find(c) != std::string_view::npos;
    if (!plain) return false;
  }
  const std::string lower = base::lower_ascii(value);
  if (std::count(lower.begin(), lower.end(), '\'') % 2 != 0) return false;
  // A colour is the only function there is.
  if (const std::size_t open = lower.find('('); open != std::string::npos) {
    const std::string_view function = base::trim(std::string_view(lower).substr(0, open));
    if (function != "rgb" && function != "rgba" && function != "hsl" && function != "hsla") return false;
    if (lower.find('(', open + 1) != std::string::npos || lower.back() != ')') return false;
  } else if (lower.find(')') != std::string::npos) {
    return false;
  }
  if (name == "display") {
    return lower == "block" || lower == "inline" || lower == "inline-block" || lower == "none" ||
           lower.starts_with("table");
  }
  // Negative margins and indents move text out of the frame that is drawn around it.
  if (name.starts_with("margin") || name == "text-indent") return lower.find('-') == std::string::npos;
  return true;
}

}  // namespace

std::string sanitize_style(std::string_view style) {
  std::string out;
  for (const std::string_view declaration : base::split(style.substr(0, 8192), ';')) {
    const std::size_t colon = declaration.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string name = base::lower_ascii(base::trim(declaration.substr(0, colon)));
    const std::string_view value = base::trim(declaration.substr(colon + 1));
    if (!std::binary_search(std::begin(kProperties), std::end(kProperties), name)) continue;
    if (!is_harmless(name, value)) continue;
    if (!out.empty()) out += "; ";
    out.append(name).append(": ").append(value);
  }
  return out;
}

bool is_plain_value(std::string_view value) {
  return !value.empty() && value.size() <= 40 && std::all_of(value.begin(), value.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '#' ||
           c == '%' || c == '.' || c == ' ' || c == '-';
  });
}

}  // namespace overture::mail
