#include "mail/html.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "mail/sanitize.hpp"

namespace overture::mail {
namespace {

// Gumbo frees its tree by recursion, and formatting elements that stay open are made anew in every block.
constexpr int kMaxOpen = 400;
constexpr int kMaxOpenFormatting = 60;
constexpr int kMaxTags = 60'000;
// Each attribute is compared with all before it in its tag.
constexpr int kMaxAttributes = 200;

bool is_void_or_implied(std::string_view name) {
  for (const std::string_view known :
       {"area",  "base",   "br",    "col",   "embed", "hr",   "img",  "input", "link", "meta",
        "param", "source", "track", "wbr",   "p",     "li",   "td",   "th",    "tr",   "dt",
        "dd",    "option", "tbody", "thead", "tfoot", "html", "head", "body"}) {
    if (name == known) return true;
  }
  return false;
}

bool is_formatting(std::string_view name) {
  for (const std::string_view known :
       {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}) {
    if (name == known) return true;
  }
  return false;
}

struct TagRest {
  int attributes = 0;
  std::size_t end = 0;  ///< behind the `>`, or the end of the text
};

/// What stands behind the name of a tag, up to kMaxAttributes and one.
TagRest read_tag(std::string_view html, std::size_t at) {
  TagRest rest;
  const auto skip = [&](std::string_view chars) {
    at = std::min(html.find_first_not_of(chars, at), html.size());
  };
  const auto find = [&](std::string_view chars) {
    at = std::min(html.find_first_of(chars, at), html.size());
  };
  while (rest.attributes <= kMaxAttributes) {
    skip(" \t\r\n\f/");
    if (at >= html.size() || html[at] == '>') break;
    ++rest.attributes;
    ++at;
    find(" \t\r\n\f/>=");
    skip(" \t\r\n\f");
    if (at >= html.size() || html[at] != '=') continue;
    ++at;
    skip(" \t\r\n\f");
    if (at >= html.size()) break;
    if (html[at] == '"' || html[at] == '\'') {
      at = std::min(html.find(html[at], at + 1), html.size() - 1) + 1;
    } else {
      find(" \t\r\n\f>");
    }
  }
  rest.end = at;
  return rest;
}

/// Counts what is open without building anything: never less than what a tree would nest.
bool is_shallow(std::string_view html) {
  std::map<std::string, int, std::less<>> open;
  int all = 0;
  int formatting = 0;
  int tags = 0;
  // A tag in what seems to be an attribute of another is read again with its own; more than a few are made
  // for it.
  std::size_t room = 8 * html.size() + 65'536;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    std::size_t begin = at + 1;
    const bool closing = begin < html.size() && html[begin] == '/';
    if (closing) ++begin;
    std::size_t end = begin;
    while (end < html.size() && end - begin < 40 && static_cast<unsigned char>(html[end]) > 32 &&
           html[end] != '>' && html[end] != '/' && html[end] != '<') {
      ++end;
    }
    if (end == begin) continue;
    const std::string name = base::lower_ascii(html.substr(begin, end - begin));
    if (name[0] < 'a' || name[0] > 'z') continue;
    if (++tags > kMaxTags) return false;
    const TagRest rest = read_tag(html, end);
    if (rest.attributes > kMaxAttributes || rest.end - end > room) return false;
    room -= rest.end - end;
    if (is_void_or_implied(name)) continue;
    int& count = open[name];
    const int step = !closing ? 1 : count > 0 ? -1 : 0;
    count += step;
    all += step;
    if (is_formatting(name)) formatting += step;
    if (all > kMaxOpen || formatting > kMaxOpenFormatting) return false;
  }
  return true;
}

/// Where the content of a script or style ends; the end of the text when it is never closed.
std::size_t end_of_raw(std::string_view html, std::size_t from, std::string_view name) {
  while (true) {
    const std::size_t close = html.find("</", from);
    if (close == std::string_view::npos) return html.size();
    if (base::equal_ignoring_case(html.substr(close + 2, name.size()), name)) return close;
    from = close + 2;
  }
}

}  // namespace

HtmlTree::HtmlTree(std::string_view html) {
  if (html.size() > kHtmlMaxBytes || !is_shallow(html)) return;
  html_ = html;
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  output_ = gumbo_parse_with_options(&options, html_.data(), html_.size());
}

HtmlTree::~HtmlTree() {
  if (output_ != nullptr) gumbo_destroy_output(&kGumboDefaultOptions, output_);
}

std::string_view attribute(const GumboNode* element, const char* name) {
  if (element->type != GUMBO_NODE_ELEMENT) return {};
  const GumboAttribute* found = gumbo_get_attribute(&element->v.element.attributes, name);
  return found == nullptr ? std::string_view() : std::string_view(found->value);
}

std::string text_without_tags(std::string_view html) {
  std::string out;
  std::size_t at = 0;
  while (at < html.size()) {
    const char c = html[at];
    const char next = at + 1 < html.size() ? html[at + 1] : ' ';
    const bool tag = c == '<' && (next == '/' || next == '!' || next == '?' ||
                                  (base::lower_ascii(next) >= 'a' && base::lower_ascii(next) <= 'z'));
    if (!tag) {
      out += c;
      ++at;
      continue;
    }
    const std::size_t end = html.find('>', at);
    const std::string head = base::lower_ascii(html.substr(at + 1, 8));
    at = end == std::string_view::npos ? html.size() : end + 1;
    for (const std::string_view name : {"script", "style"}) {
      if (head.starts_with(name)) at = end_of_raw(html, at, name);
    }
    for (const std::string_view name : {"br", "p", "/p", "/div", "/tr", "/li"}) {
      if (head.starts_with(name) && !out.ends_with('\n')) out += '\n';
    }
  }
  return out;
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
}

}  // namespace overture::mail
