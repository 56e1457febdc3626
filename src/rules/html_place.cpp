// One step a character of the template; values are escaped so that they never change the state.
#include "rules/html_place.hpp"

#include <fmt/format.h>

#include <iterator>

namespace overture::rules {
namespace {

constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr unsigned kNoComment = 3;

void append_reference(std::string& out, char c) {
  fmt::format_to(std::back_inserter(out), "&#{};", static_cast<unsigned char>(c));
}

}  // namespace

void HtmlPlace::pass(std::string_view markup) {
  for (const char c : markup) pass(c);
}

void HtmlPlace::pass(char c) {
  switch (state_) {
    case State::text:
      if (c == '<') state_ = State::tag_begin;
      return;
    case State::tag_begin:
      if (is_letter(c)) {
        state_ = State::tag_name;
      } else if (c == '!' || c == '?') {
        state_ = State::declaration;
        dashes_ = c == '!' ? 0 : kNoComment;
      } else if (c != '/' && c != '<') {
        state_ = State::text;
      }
      return;
    case State::tag_name:
    case State::in_tag:
    case State::before_value:
    case State::unquoted_value:
      if (c == '>') {
        state_ = State::text;
      } else if (is_space(c) ||
                 (c == '/' && state_ != State::unquoted_value && state_ != State::before_value)) {
        if (state_ != State::before_value) state_ = State::in_tag;
      } else if (state_ == State::in_tag && c == '=') {
        state_ = State::before_value;
      } else if (state_ == State::before_value) {
        state_ = c == '"'    ? State::quoted_value
                 : c == '\'' ? State::single_quoted_value
                             : State::unquoted_value;
      }
      return;
    case State::quoted_value:
      if (c == '"') state_ = State::in_tag;
      return;
    case State::single_quoted_value:
      if (c == '\'') state_ = State::in_tag;
      return;
    case State::declaration:
      dashes_ = c == '-' && dashes_ < kNoComment ? dashes_ + 1 : kNoComment;
      if (dashes_ == 2) state_ = State::comment;
      if (c == '>') state_ = State::text;
      return;
    case State::comment:
      if (c == '>' && dashes_ >= 2) state_ = State::text;
      if (c != '!' || dashes_ < 2) dashes_ = c == '-' ? dashes_ + 1 : 0;
      return;
  }
}

void HtmlPlace::append_value(std::string& out, std::string_view value) {
  const bool between_tags = state_ == State::text;
  const bool quoted = state_ == State::quoted_value || state_ == State::single_quoted_value;
  const bool whole = state_ == State::tag_begin || state_ == State::tag_name;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const char c = value[at];
    if (c == '\r' && at + 1 < value.size() && value[at + 1] == '\n') continue;
    if (c == '\n' || c == '\r') {
      out += between_tags ? "<br>" : quoted ? " " : "&#32;";
    } else if (static_cast<unsigned char>(c) < 0x20 && c != '\t') {
      continue;
    } else if (c == 0x7f) {
      continue;
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      out += c;
    } else if (whole || c == '\'') {
      append_reference(out, c);
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (between_tags || quoted || is_letter(c) || is_digit(c)) {
      out += c;
    } else {
      append_reference(out, c);
    }
  }
  // A reference begins no tag: what stands behind it is text.
  if (state_ == State::tag_begin) state_ = State::text;
  if (state_ == State::before_value) state_ = State::unquoted_value;
}

}  // namespace overture::rules
