#include "mail/sanitize.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "mail/charset.hpp"
#include "mail/html.hpp"
#include "mail/sanitize_style.hpp"

namespace overture::mail {
namespace {

constexpr std::string_view kKept[] = {
    "a",     "abbr",  "address", "b",        "bdi",    "big", "blockquote", "br",    "caption", "center",
    "cite",  "code",  "col",     "colgroup", "dd",     "del", "dfn",        "div",   "dl",      "dt",
    "em",    "font",  "h1",      "h2",       "h3",     "h4",  "h5",         "h6",    "hr",      "i",
    "img",   "ins",   "kbd",     "li",       "mark",   "ol",  "p",          "pre",   "q",       "s",
    "samp",  "small", "span",    "strike",   "strong", "sub", "sup",        "table", "tbody",   "td",
    "tfoot", "th",    "thead",   "tr",       "tt",     "u",   "ul",         "var",   "wbr"};

// Gone with all they contain; other unknown elements go alone.
constexpr std::string_view kDropped[] = {
    "applet",   "audio",    "base",     "button",   "canvas", "datalist", "dialog", "embed",
    "frame",    "frameset", "head",     "iframe",   "input",  "link",     "math",   "meta",
    "meter",    "noembed",  "noframes", "noscript", "object", "option",   "param",  "plaintext",
    "portal",   "progress", "script",   "select",   "source", "style",    "svg",    "template",
    "textarea", "title",    "track",    "video",    "xmp"};

constexpr std::string_view kVoid[] = {"br", "col", "hr", "img", "wbr"};

// Attribute and the elements it may stand on; values are is_plain_value().
constexpr std::pair<std::string_view, std::string_view> kPlainAttributes[] = {
    {"align", ""},
    {"bgcolor", ""},
    {"border", "table img"},
    {"cellpadding", "table"},
    {"cellspacing", "table"},
    {"color", "font"},
    {"colspan", "td th"},
    {"dir", ""},
    {"height", "table td th img tr"},
    {"rowspan", "td th"},
    {"size", "font hr"},
    {"span", "col colgroup"},
    {"start", "ol"},
    {"type", "ol ul li"},
    {"valign", ""},
    {"width", "table td th img col colgroup hr"},
    {"face", "font"}};

template <std::size_t N>
bool is_one_of(const std::string_view (&names)[N], std::string_view name) {
  return std::binary_search(std::begin(names), std::end(names), name);
}

bool is_word_of(std::string_view words, std::string_view word) {
  for (const std::string_view one : base::split(words, ' ')) {
    if (one == word) return true;
  }
  return false;
}

/// Browsers ignore white space and control characters around and inside of a scheme.
std::string clean_url(std::string_view url) {
  std::string out;
  for (const char c : url) {
    if (static_cast<unsigned char>(c) > 32 && c != 127) out += c;
  }
  return out;
}

bool has_scheme(const std::string& url, std::initializer_list<std::string_view> schemes) {
  const std::string head = base::lower_ascii(std::string_view(url).substr(0, 16));
  return std::any_of(schemes.begin(), schemes.end(),
                     [&](std::string_view scheme) { return head.starts_with(scheme); });
}

bool is_inline_picture(const std::string& url) {
  std::string_view rest = url;
  bool known = false;
  for (const std::string_view head : {"data:image/png;base64,", "data:image/jpeg;base64,",
                                      "data:image/gif;base64,", "data:image/webp;base64,"}) {
    if (base::equal_ignoring_case(rest.substr(0, head.size()), head)) {
      rest.remove_prefix(head.size());
      known = true;
      break;
    }
  }
  return known && std::all_of(rest.begin(), rest.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
                  c == '/' || c == '=';
         });
}

class Sanitiser {
 public:
  void walk(const GumboNode* node, int depth) {
    if (node->type == GUMBO_NODE_DOCUMENT) return children(node->v.document.children, depth);
    if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE ||
        node->type == GUMBO_NODE_CDATA) {
      append_escaped(out_, node->v.text.text);
      return;
    }
    if (node->type != GUMBO_NODE_ELEMENT) return;
    const GumboElement& element = node->v.element;
    // Elements of svg and math have names that mean something else there.
    if (element.tag_namespace != GUMBO_NAMESPACE_HTML) return;
    const std::string name = base::lower_ascii(gumbo_normalized_tagname(element.tag));
    if (is_one_of(kDropped, name)) return;
    const bool kept = is_one_of(kKept, name) && depth < kHtmlMaxDepth;
    if (!kept) return children(element.children, depth);
    out_ += '<';
    out_ += name;
    attributes(node, name);
    out_ += '>';
    if (is_one_of(kVoid, name)) return;
    // The parser drops a first line feed of pre: without another one a second pass would lose the next.
    if (name == "pre") out_ += '\n';
    children(element.children, depth + 1);
    out_.append("</").append(name).append(">");
  }

  std::string finish() { return std::move(out_); }

 private:
  void children(const GumboVector& nodes, int depth) {
    for (unsigned i = 0; i < nodes.length; ++i) walk(static_cast<const GumboNode*>(nodes.data[i]), depth);
  }

  void put(std::string_view name, std::string_view value) {
    out_.append(" ").append(name).append("=\"");
    append_escaped(out_, value);
    out_ += '"';
  }

  void attributes(const GumboNode* node, std::string_view element) {
    for (const auto& [name, where] : kPlainAttributes) {
      const std::string_view value = attribute(node, std::string(name).c_str());
      if (is_plain_value(value) && (where.empty() || is_word_of(where, element))) put(name, value);
    }
    for (const std::string_view name : {"title", "alt"}) {
      const std::string_view value = attribute(node, std::string(name).c_str());
      if (!value.empty() && value.size() <= 500) put(name, value);
    }
    if (const std::string style = sanitize_style(attribute(node, "style")); !style.empty())
      put("style", style);
    if (element == "a") link(node);
    if (element == "img") picture(node);
  }

  void link(const GumboNode* node) {
    const std::string url = clean_url(attribute(node, "href"));
    if (url.size() > 4096 || !has_scheme(url, {"http://", "https://", "mailto:"})) return;
    put("href", url);
    put("rel", "noopener noreferrer nofollow");
    put("target", "_blank");
  }

  void picture(const GumboNode* node) {
    const std::string url = clean_url(attribute(node, "src"));
    if (is_inline_picture(url)) return put("src", url);
    std::string remote =
        has_scheme(url, {"http://", "https://"}) ? url : clean_url(attribute(node, "data-src"));
    if (remote.size() <= 4096 && has_scheme(remote, {"http://", "https://"})) put("data-src", remote);
  }

  std::string out_;
};

}  // namespace

std::string sanitize_html(std::string_view html) {
  const std::string valid = to_utf8(html, "");
  const HtmlTree tree(valid);
  if (tree.root() == nullptr) {
    std::string out = "<pre>\n";
    append_escaped(out, text_without_tags(cut_utf8(valid, kHtmlMaxBytes / 8)));
    return out + "</pre>";
  }
  Sanitiser sanitiser;
  sanitiser.walk(tree.root(), 0);
  return sanitiser.finish();
}

}  // namespace overture::mail
