#include "mail/header_text.hpp"

#include <gmime/gmime.h>

#include <memory>

#include "base/text.hpp"
#include "mail/charset.hpp"
#include "mail/encoded_words.hpp"
#include "mail/gmime.hpp"

namespace overture::mail {
namespace {

constexpr std::size_t kMaxHeaders = 1000;
constexpr std::size_t kMaxHeaderBytes = 64U << 10U;
// The parser of addresses goes down once for each nested group.
constexpr std::size_t kMaxAddressBytes = 32U << 10U;
constexpr int kMaxAddresses = 500;
// Each of these may begin a group in the group before it, and the parser reads all that follows for each.
constexpr std::size_t kMaxColons = 200;

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Held = std::unique_ptr<T, Unref>;

std::string without_controls(std::string text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 32 && byte != 127) {
      out += c;
    } else if (c == '\t' || c == '\n') {
      out += ' ';
    }
  }
  return out;
}

/// The name of the field that begins this line, empty for another line. mbox's `From ` has no colon.
std::string_view field_name(std::string_view line) {
  std::size_t end = 0;
  while (end < line.size() && line[end] > 32 && line[end] < 127 && line[end] != ':') ++end;
  std::size_t colon = end;
  while (colon < line.size() && (line[colon] == ' ' || line[colon] == '\t')) ++colon;
  if (end == 0 || end > 100 || colon >= line.size() || line[colon] != ':') return {};
  return line.substr(0, end);
}

std::string name_of(const char* name) {
  return name == nullptr ? std::string() : without_controls(to_utf8(name, ""));
}

void add_mailboxes(std::vector<Mailbox>& out, InternetAddressList* list) {
  const int count = std::min(internet_address_list_length(list), kMaxAddresses);
  for (int i = 0; i < count && out.size() < kMaxAddresses; ++i) {
    InternetAddress* address = internet_address_list_get_address(list, i);
    if (INTERNET_ADDRESS_IS_GROUP(address)) {
      if (auto* members = internet_address_group_get_members(INTERNET_ADDRESS_GROUP(address))) {
        // One level: RFC 5322 knows no groups in groups.
        const int inside = std::min(internet_address_list_length(members), kMaxAddresses);
        for (int j = 0; j < inside; ++j) {
          InternetAddress* member = internet_address_list_get_address(members, j);
          if (!INTERNET_ADDRESS_IS_MAILBOX(member)) continue;
          const char* text = internet_address_mailbox_get_idn_addr(INTERNET_ADDRESS_MAILBOX(member));
          const char* name = internet_address_get_name(member);
          if (text != nullptr && std::string_view(text).find('@') != std::string_view::npos) {
            out.push_back({name_of(name), without_controls(to_utf8(text, ""))});
          }
        }
      }
      continue;
    }
    const char* text = internet_address_mailbox_get_idn_addr(INTERNET_ADDRESS_MAILBOX(address));
    const char* name = internet_address_get_name(address);
    if (text == nullptr || std::string_view(text).find('@') == std::string_view::npos) continue;
    out.push_back({name_of(name), without_controls(to_utf8(text, ""))});
  }
}

}  // namespace

std::vector<RawHeader> take_headers(std::string_view& message) {
  std::vector<RawHeader> headers;
  std::string_view rest = message;
  bool continued = false;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    std::string_view after = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) {
      rest = after;
      break;
    }
    if (line[0] == ' ' || line[0] == '\t') {
      // A line of white space only ends some headers of careless programs; elsewhere it is a fold.
      if (continued && headers.back().value.size() + line.size() < kMaxHeaderBytes) {
        headers.back().value += ' ';
        headers.back().value += base::trim(line);
      }
    } else if (const std::string_view name = field_name(line); !name.empty()) {
      continued = headers.size() < kMaxHeaders;
      if (continued) {
        std::string_view value = line.substr(line.find(':') + 1);
        headers.push_back({name, std::string(base::trim(value.substr(0, kMaxHeaderBytes)))});
      }
    } else if (headers.empty() && !line.starts_with("From ") && !line.starts_with(">From ")) {
      return headers;  // No header block at all: everything is body.
    } else if (!line.starts_with("From ") && !line.starts_with(">From ")) {
      break;  // The empty line is missing: the body begins here.
    }
    rest = after;
  }
  message = rest;
  return headers;
}

std::string fold_loose_lines(std::string_view fields) {
  std::string out;
  bool in_field = false;
  for (const std::string_view line : base::split(fields, '\n')) {
    const bool empty = line.empty() || line == "\r";
    const bool folded = !empty && (line[0] == ' ' || line[0] == '\t');
    const bool begins = !empty && !folded && !field_name(line).empty();
    in_field = begins || (in_field && !empty);
    if (!in_field && !empty) continue;
    if (in_field && !begins && !folded) out += ' ';
    out += line;
    out += '\n';
  }
  return out;
}

std::string_view header_value(const std::vector<RawHeader>& headers, std::string_view name) {
  for (const RawHeader& header : headers) {
    if (base::equal_ignoring_case(header.name, name)) return header.value;
  }
  return {};
}

std::string decode_header(std::string_view value) {
  return without_controls(to_utf8(decode_words(to_utf8(value, ""), Quoting::plain), ""));
}

std::vector<Mailbox> parse_mailboxes(std::string_view value) {
  ensure_gmime();
  std::vector<Mailbox> out;
  if (value.empty()) return out;
  std::string source =
      decode_words(without_controls(to_utf8(value.substr(0, kMaxAddressBytes), "")), Quoting::phrase);
  std::size_t colons = 0;
  for (std::size_t at = source.find(':'); at != std::string::npos; at = source.find(':', at + 1)) {
    if (++colons <= kMaxColons) continue;
    source.resize(at);
    break;
  }
  Held<InternetAddressList> list(internet_address_list_parse(nullptr, source.c_str()));
  if (list) add_mailboxes(out, list.get());
  return out;
}

std::vector<std::string> parse_message_ids(std::string_view value) {
  std::vector<std::string> ids;
  const auto add = [&](std::string_view id) {
    id = base::trim(id);
    if (id.empty() || id.size() > 990 || ids.size() >= 1000) return;
    std::string text = without_controls(to_utf8(id, ""));
    std::erase(text, ' ');
    ids.push_back(std::move(text));
  };
  std::size_t at = value.find('<');
  if (at == std::string_view::npos) {
    for (const std::string_view word : base::split(value, ' ')) {
      if (word.find('@') != std::string_view::npos) add(word);
    }
    return ids;
  }
  while (at != std::string_view::npos) {
    const std::size_t end = value.find('>', at);
    if (end == std::string_view::npos) break;
    add(value.substr(at + 1, end - at - 1));
    at = value.find('<', end);
  }
  return ids;
}

std::optional<base::Millis> parse_date(std::string_view value) {
  ensure_gmime();
  if (value.empty() || value.size() > 200) return std::nullopt;
  GDateTime* date = g_mime_utils_header_decode_date(std::string(value).c_str());
  if (date == nullptr) return std::nullopt;
  const std::int64_t seconds = g_date_time_to_unix(date);
  g_date_time_unref(date);
  return seconds * base::kSecond;
}

ContentHeader parse_content_type(std::string_view value) {
  ensure_gmime();
  ContentHeader out;
  if (value.empty()) return out;
  Held<GMimeContentType> type(g_mime_content_type_parse(nullptr, to_utf8(value, "").c_str()));
  if (!type) return out;
  const auto text = [](const char* from) { return from == nullptr ? std::string() : to_utf8(from, ""); };
  const auto parameter = [&](const char* name) {
    return text(g_mime_content_type_get_parameter(type.get(), name));
  };
  const std::string major = text(g_mime_content_type_get_media_type(type.get()));
  const std::string minor = text(g_mime_content_type_get_media_subtype(type.get()));
  if (!major.empty() && !minor.empty()) out.type = base::lower_ascii(major + "/" + minor);
  out.charset = parameter("charset");
  out.boundary = parameter("boundary");
  out.report_type = base::lower_ascii(parameter("report-type"));
  out.file_name = parameter("name");
  return out;
}

ContentHeader parse_content_disposition(std::string_view value) {
  ensure_gmime();
  ContentHeader out;
  if (value.empty()) return out;
  Held<GMimeContentDisposition> disposition(
      g_mime_content_disposition_parse(nullptr, to_utf8(value, "").c_str()));
  if (!disposition) return out;
  if (const char* type = g_mime_content_disposition_get_disposition(disposition.get())) {
    out.type = base::lower_ascii(to_utf8(type, ""));
  }
  if (const char* name = g_mime_content_disposition_get_parameter(disposition.get(), "filename")) {
    out.file_name = to_utf8(name, "");
  }
  return out;
}

}  // namespace overture::mail
