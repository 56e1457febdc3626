#include "mail/html_text.hpp"

#include "base/text.hpp"
#include "mail/charset.hpp"
#include "mail/html.hpp"
#include "mail/sanitize.hpp"

namespace overture::mail {
namespace {

bool has_class(const GumboNode* node, std::string_view wanted) {
  std::string_view classes = attribute(node, "class");
  while (!classes.empty()) {
    const std::size_t end = classes.find(' ');
    const std::string_view one = classes.substr(0, end);
    if (one == wanted || (one.starts_with("x_") && one.substr(2) == wanted)) return true;
    // Yahoo puts a mark of its own in front: "ydp9b1f0a55yahoo_quoted".
    if (one.starts_with("ydp") && one.ends_with(wanted)) return true;
    if (end == std::string_view::npos) break;
    classes.remove_prefix(end + 1);
  }
  return false;
}

enum class Quote {
  none,
  element,    ///< this element is quotation
  from_here,  ///< and so is everything behind it
};

bool holds_blockquote(const GumboNode* node) {
  const GumboVector& nodes = node->v.element.children;
  for (unsigned i = 0; i < nodes.length; ++i) {
    const auto* child = static_cast<const GumboNode*>(nodes.data[i]);
    if (child->type != GUMBO_NODE_ELEMENT) continue;
    const GumboTag tag = child->v.element.tag;
    if (tag == GUMBO_TAG_BLOCKQUOTE) return true;
    // Older versions wrap the class twice.
    if (tag == GUMBO_TAG_DIV && has_class(child, "gmail_quote") && holds_blockquote(child)) return true;
  }
  return false;
}

/// The marks that mail programs put on what they quote.
Quote quotation(const GumboNode* node) {
  const std::string_view id = attribute(node, "id");
  for (const std::string_view mark :
       {"divRplyFwdMsg", "appendonsend", "OLK_SRC_BODY_SECTION", "mail-editor-reference-message-container",
        "ms-outlook-mobile-reference-message", "replySplit"}) {
    if (id == mark || (id.starts_with("x_") && id.substr(2) == mark)) return Quote::from_here;
  }
  if (has_class(node, "ms-outlook-mobile-reference-message")) return Quote::from_here;
  if (id == "reply-intro") return Quote::element;  // Roundcube's line above
  for (const std::string_view mark :
       {"gmail_quote", "gmail_quote_container", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote",
        "zmail_extra", "tutanota_quote", "WordSection1Quote", "yandex_quoted", "mail-quote-collapse",
        "js-helper", "moz-forward-container", "hmquote", "quote", "cite", "gmx_quote", "qt", "gmail_attr"}) {
    // Gmail wraps what was forwarded in the same class; it is no less somebody else's text. Around a
    // quotation that is marked inside, the class also holds what is written below and between.
    if (!has_class(node, mark)) continue;
    if (mark.starts_with("gmail_quote") && node->v.element.tag == GUMBO_TAG_DIV && holds_blockquote(node)) {
      return Quote::none;
    }
    return Quote::element;
  }
  if (node->v.element.tag == GUMBO_TAG_BLOCKQUOTE) {
    const std::string_view type = attribute(node, "type");
    if (base::equal_ignoring_case(type, "cite") || !attribute(node, "cite").empty()) return Quote::element;
    // A line at its side is what webmails draw; where people indent, there is none.
    if (attribute(node, "style").find("border-left") != std::string_view::npos) return Quote::element;
  }
  // Outlook's desktop versions mark their quotation by a rule above it only.
  const std::string style = base::lower_ascii(attribute(node, "style"));
  if (style.find("border:none") != std::string::npos &&
      (style.find("border-top:solid #e1e1e1") != std::string::npos ||
       style.find("border-top:solid #b5c4df") != std::string::npos)) {
    return Quote::from_here;
  }
  return Quote::none;
}

/// Lines of text, white space run together as a browser does.
class Writer {
 public:
  void text(std::string_view raw) {
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const bool hard_space = raw.substr(i, 2) == "\xC2\xA0";
      if (hard_space) ++i;
      const char c = raw[i];
      if (hard_space || c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f') {
        pending_space_ = true;
        continue;
      }
      if (pending_space_ && !out_.empty() && !out_.ends_with('\n')) out_ += ' ';
      pending_space_ = false;
      out_ += c;
    }
  }
  void preformatted(std::string_view raw) {
    for (const char c : raw) {
      if (c != '\r') out_ += c;
    }
    pending_space_ = false;
  }
  void new_line() {
    pending_space_ = false;
    if (!out_.empty() && !out_.ends_with("\n\n")) out_ += '\n';
  }
  void block() {
    if (!out_.empty() && !out_.ends_with('\n')) new_line();
    pending_space_ = false;
  }
  std::string finish() { return std::string(base::trim(out_)); }

 private:
  std::string out_;
  bool pending_space_ = false;
};

bool is_block(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_P:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_TR:
    case GUMBO_TAG_UL:
    case GUMBO_TAG_OL:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_H4:
    case GUMBO_TAG_H5:
    case GUMBO_TAG_H6:
    case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_HR:
    case GUMBO_TAG_SECTION:
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_HEADER:
    case GUMBO_TAG_FOOTER:
    case GUMBO_TAG_ADDRESS:
    case GUMBO_TAG_CENTER:
    case GUMBO_TAG_DL:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_DD:
    case GUMBO_TAG_FORM:
    case GUMBO_TAG_FIELDSET:
      return true;
    default:
      return false;
  }
}

bool is_skipped(GumboTag tag) {
  return tag == GUMBO_TAG_SCRIPT || tag == GUMBO_TAG_STYLE || tag == GUMBO_TAG_HEAD ||
         tag == GUMBO_TAG_TEMPLATE || tag == GUMBO_TAG_TITLE || tag == GUMBO_TAG_OBJECT ||
         tag == GUMBO_TAG_IFRAME;
}

class TextWalk {
 public:
  explicit TextWalk(bool skip_quotations) : skip_quotations_(skip_quotations) {}

  /// The tree is at most as deep as HtmlTree lets it be.
  void walk(const GumboNode* node, int depth) {
    if (stopped_ || depth > 4 * kHtmlMaxDepth) return;
    if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE ||
        node->type == GUMBO_NODE_CDATA) {
      preformatted_ > 0 ? writer_.preformatted(node->v.text.text) : writer_.text(node->v.text.text);
      return;
    }
    if (node->type == GUMBO_NODE_DOCUMENT) return children(node->v.document.children, depth);
    if (node->type != GUMBO_NODE_ELEMENT) return;
    const GumboTag tag = node->v.element.tag;
    if (is_skipped(tag)) return;
    if (skip_quotations_) {
      const Quote quote = quotation(node);
      if (quote == Quote::from_here) stopped_ = true;
      if (quote != Quote::none) {
        writer_.block();
        writer_.preformatted(">");
        writer_.block();
        return;
      }
    }
    if (tag == GUMBO_TAG_BR) return writer_.new_line();
    const bool block = is_block(tag);
    if (block) writer_.block();
    if (tag == GUMBO_TAG_LI) writer_.preformatted("- ");
    if (tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH) writer_.text(" ");
    if (tag == GUMBO_TAG_PRE) ++preformatted_;
    children(node->v.element.children, depth);
    if (tag == GUMBO_TAG_PRE) --preformatted_;
    if (block) writer_.block();
    if (tag == GUMBO_TAG_P) writer_.new_line();
  }

  std::string finish() { return writer_.finish(); }

 private:
  void children(const GumboVector& nodes, int depth) {
    for (unsigned i = 0; i < nodes.length; ++i) walk(static_cast<const GumboNode*>(nodes.data[i]), depth + 1);
  }

  bool skip_quotations_;
  bool stopped_ = false;
  int preformatted_ = 0;
  Writer writer_;
};

std::string to_text(std::string_view html, bool skip_quotations) {
  const std::string valid = to_utf8(html, "");
  const HtmlTree tree(valid);
  if (tree.root() == nullptr) return text_without_tags(cut_utf8(valid, kHtmlMaxBytes));
  TextWalk walk(skip_quotations);
  walk.walk(tree.root(), 0);
  return to_utf8(walk.finish(), "");
}

}  // namespace

std::string html_to_text(std::string_view html) { return to_text(html, false); }

std::string html_to_new_text(std::string_view html) { return to_text(html, true); }

}  // namespace overture::mail
