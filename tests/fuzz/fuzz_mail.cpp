// Mail of strangers: any bytes are read into bounded, valid text, are one kind of mail, and leave no script
// in what is shown.
#include <gumbo.h>

#include <array>

#include "base/text.hpp"
#include "mail/html.hpp"
#include "mail/inspect.hpp"
#include "mail/sanitize.hpp"
#include "promise.hpp"

using namespace overture;
using fuzz::promise;

namespace {

void check_element(const GumboNode* node) {
  const std::string name = base::lower_ascii(gumbo_normalized_tagname(node->v.element.tag));
  for (const std::string_view bad : {"script", "style", "iframe", "object", "embed", "form", "input", "svg",
                                     "math", "link", "meta", "base", "template", "noscript"}) {
    promise(name != bad, "no dangerous element");
  }
  promise(!name.empty(), "no unknown element");
  const GumboVector& attributes = node->v.element.attributes;
  for (unsigned i = 0; i < attributes.length; ++i) {
    const auto* one = static_cast<const GumboAttribute*>(attributes.data[i]);
    const std::string_view key = one->name;
    const std::string value = base::lower_ascii(one->value);
    promise(!key.starts_with("on"), "no event handler");
    promise(key != "src" || value.starts_with("data:image/"), "nothing is loaded");
    promise(key != "href" || value.starts_with("http://") || value.starts_with("https://") ||
                value.starts_with("mailto:"),
            "links are links");
    promise(key != "style" ||
                (value.find("url") == std::string::npos && value.find("expression") == std::string::npos &&
                 value.find('\\') == std::string::npos),
            "styles reach nowhere");
  }
}

void check_tree(const GumboNode* node, int depth) {
  if (depth > 4000 || (node->type != GUMBO_NODE_ELEMENT && node->type != GUMBO_NODE_DOCUMENT)) return;
  const bool element = node->type == GUMBO_NODE_ELEMENT;
  const bool frame =
      element && (node->v.element.tag == GUMBO_TAG_HTML || node->v.element.tag == GUMBO_TAG_HEAD ||
                  node->v.element.tag == GUMBO_TAG_BODY);
  if (element && !frame) check_element(node);
  const GumboVector& children = element ? node->v.element.children : node->v.document.children;
  for (unsigned i = 0; i < children.length; ++i)
    check_tree(static_cast<const GumboNode*>(children.data[i]), depth + 1);
}

void check_html(std::string_view html) {
  const std::string safe = mail::sanitize_html(html);
  promise(base::is_valid_utf8(safe), "sanitised html is text");
  if (safe.size() > mail::kHtmlMaxBytes) return;
  GumboOutput* output = gumbo_parse_with_options(&kGumboDefaultOptions, safe.data(), safe.size());
  check_tree(output->document, 0);
  gumbo_destroy_output(&kGumboDefaultOptions, output);
  promise(base::is_valid_utf8(mail::html_to_text(html)), "the text of html is text");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view raw = fuzz::text_of(data, size);
  const mail::Inspection found = mail::inspect(raw, {});
  promise(base::is_valid_utf8(found.text) && base::is_valid_utf8(found.message_id), "texts are text");
  promise((found.kind == mail::MailClass::bounce) == !found.bounce.recipients.empty(),
          "a bounce has a recipient row");
  for (const mail::Bounce& bounce : found.bounce.recipients) {
    promise(base::is_valid_utf8(bounce.recipient) && base::is_valid_utf8(bounce.diagnostic),
            "bounces are text");
    promise(bounce.diagnostic.find('\n') == std::string::npos, "the diagnostic is a line");
    promise(bounce.status.empty() || bounce.status[0] == '4' || bounce.status[0] == '5',
            "a failure has its class");
  }
  for (const mail::HeaderLine& line : found.message.headers)
    promise(base::is_valid_utf8(line.value), "headers are text");
  for (const mail::Attachment& one : found.message.attachments) {
    promise(one.name.find('/') == std::string::npos && !base::has_control(one.name), "file names are bare");
  }
  promise(base::is_valid_utf8(found.message.subject) && base::is_valid_utf8(found.message.html),
          "all is text");
  check_html(raw);
  return 0;
}
