#include "mail/mime_parts.hpp"

#include <algorithm>
#include <cstring>

namespace overture::mail {
namespace {

struct Pending {
  std::vector<RawHeader> headers;
  std::string_view body;
  int depth;
  bool in_digest;
};

struct Cut {
  std::vector<std::string_view> parts;
  bool complete = false;  ///< the closing delimiter was there
};

/// Where the next line begins that begins with `start`; `from` is the beginning of a line. npos without one.
/// Parts in parts are looked through once for each: memmem() does not stop at every line.
std::size_t find_line(std::string_view text, std::string_view start, std::size_t from) {
  if (text.substr(std::min(from, text.size())).starts_with(start)) return from;
  if (from >= text.size()) return std::string_view::npos;
  const std::string sought = "\n" + std::string(start);
  const void* found = memmem(text.data() + from, text.size() - from, sought.data(), sought.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) + 1;
}

/// The parts between the delimiter lines (RFC 2046 section 5.1.1). The line end before a delimiter belongs to
/// it.
Cut cut_at(std::string_view body, const std::string& boundary, std::size_t limit) {
  const std::string delimiter = "--" + boundary;
  Cut cut;
  std::size_t begin = std::string_view::npos;
  for (std::size_t line = find_line(body, delimiter, 0); line < body.size();) {
    const std::size_t newline = body.find('\n', line);
    const std::size_t next = newline == std::string_view::npos ? body.size() : newline + 1;
    std::string_view tail = body.substr(line + delimiter.size(), next - line - delimiter.size());
    const bool closing = tail.starts_with("--");
    if (closing) tail.remove_prefix(2);
    if (tail.find_first_not_of(" \t\r\n") == std::string_view::npos) {
      if (begin != std::string_view::npos) {
        std::string_view part = body.substr(begin, line - begin);
        if (part.ends_with('\n')) part.remove_suffix(1);
        if (part.ends_with('\r')) part.remove_suffix(1);
        cut.parts.push_back(part);
      }
      begin = next;
      if (closing) {
        cut.complete = true;
        return cut;
      }
      if (cut.parts.size() >= limit) return cut;
    }
    line = find_line(body, delimiter, next);
  }
  if (begin != std::string_view::npos && begin < body.size()) cut.parts.push_back(body.substr(begin));
  return cut;
}

void note(std::string& problem, std::string_view sentence) {
  if (problem.empty()) problem = sentence;
}

}  // namespace

std::string visit_parts(const std::vector<RawHeader>& headers, std::string_view body,
                        const std::function<void(const MimeLeaf&)>& visit) {
  std::string problem;
  std::vector<Pending> stack;
  stack.push_back({headers, body, 0, false});
  std::size_t seen = 0;
  while (!stack.empty()) {
    const Pending part = std::move(stack.back());
    stack.pop_back();
    if (++seen > kInboundMaxParts) {
      note(problem, "The message has too many parts; the last ones were not read.");
      break;
    }
    MimeLeaf leaf;
    leaf.type = parse_content_type(header_value(part.headers, "Content-Type"));
    leaf.disposition = parse_content_disposition(header_value(part.headers, "Content-Disposition"));
    leaf.encoding = header_value(part.headers, "Content-Transfer-Encoding");
    leaf.body = part.body;
    if (leaf.type.type.empty()) leaf.type.type = part.in_digest ? "message/rfc822" : "text/plain";
    if (!leaf.type.type.starts_with("multipart/")) {
      visit(leaf);
      continue;
    }
    if (part.depth >= kInboundMaxDepth) {
      note(problem, "The parts are nested too deeply; the innermost were not read.");
      continue;
    }
    Cut cut;
    if (!leaf.type.boundary.empty())
      cut = cut_at(part.body, leaf.type.boundary, kInboundMaxParts + 1 - std::min(seen, kInboundMaxParts));
    if (cut.parts.empty()) {
      note(problem, "A multipart has no parts; it was read as text.");
      leaf.type.type = "text/plain";
      visit(leaf);
      continue;
    }
    if (!cut.complete) note(problem, "The message is cut off: a multipart has no end.");
    const bool digest = leaf.type.type == "multipart/digest";
    for (auto child = cut.parts.rbegin(); child != cut.parts.rend(); ++child) {
      std::string_view rest = *child;
      std::vector<RawHeader> child_headers;
      if (rest.starts_with("\r\n")) {
        rest.remove_prefix(2);
      } else if (rest.starts_with('\n')) {
        rest.remove_prefix(1);
      } else {
        child_headers = take_headers(rest);
      }
      stack.push_back({std::move(child_headers), rest, part.depth + 1, digest});
    }
  }
  return problem;
}

}  // namespace overture::mail
