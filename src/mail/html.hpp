// HTML as a tree, for as much of it as can be taken from strangers.
#pragma once
#include <gumbo.h>

#include <memory>
#include <string>
#include <string_view>

namespace overture::mail {

/// Owns the text and the tree over it.
class HtmlTree {
 public:
  /// `root()` is null when the HTML is longer than kHtmlMaxBytes or nested deeper than a parser that goes
  /// down by recursion should follow: then only its text can be used.
  explicit HtmlTree(std::string_view html);
  ~HtmlTree();
  HtmlTree(const HtmlTree&) = delete;
  HtmlTree& operator=(const HtmlTree&) = delete;

  const GumboNode* root() const { return output_ == nullptr ? nullptr : output_->root; }

 private:
  std::string html_;
  GumboOutput* output_ = nullptr;
};

/// The value of an attribute, lower-case name; empty without it.
std::string_view attribute(const GumboNode* element, const char* name);

/// Without markup, by a single pass over the tags: what is left for HTML that gets no tree.
std::string text_without_tags(std::string_view html);

/// `&`, `<`, `>` and quotes as character references, appended.
void append_escaped(std::string& out, std::string_view text);

}  // namespace overture::mail
