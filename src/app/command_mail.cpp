// `overture mail inspect`: what a mailbox poll would find out about messages that lie in files.
#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>

#include "app/commands.hpp"
#include "base/error.hpp"
#include "mail/inspect.hpp"

namespace overture::app {
namespace {

/// The bytes of a file, `-` for standard input; nullopt when it cannot be read. Not much more than a mail may
/// have is read.
std::optional<std::string> read_mail(const std::string& file) {
  constexpr std::size_t kMost = mail::kInboundMaxBytes + 1;
  std::string bytes;
  const auto take = [&](std::istream& input) {
    std::string chunk(256U << 10U, '\0');
    while (bytes.size() < kMost && input.good()) {
      input.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
      bytes.append(chunk, 0, static_cast<std::size_t>(input.gcount()));
    }
    return !input.bad();
  };
  if (file == "-") return take(std::cin) ? std::optional(std::move(bytes)) : std::nullopt;
  std::error_code problem;
  if (std::filesystem::is_directory(file, problem)) return std::nullopt;
  std::ifstream input(file, std::ios::binary);
  if (!input.is_open()) return std::nullopt;
  return take(input) ? std::optional(std::move(bytes)) : std::nullopt;
}

boost::json::value text_or_null(const std::string& text) {
  return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}

std::string describe(const std::string& file, const mail::Inspection& found) {
  const mail::Bounce* bounce =
      found.kind == mail::MailClass::bounce ? &found.bounce.recipients.front() : nullptr;
  boost::json::object line;
  line["file"] = file;
  line["class"] = std::string(mail::class_name(found.kind));
  line["recipient"] = bounce == nullptr ? boost::json::value(nullptr) : text_or_null(bounce->recipient);
  line["status"] = bounce == nullptr ? boost::json::value(nullptr) : text_or_null(bounce->status);
  line["hard"] = bounce == nullptr ? boost::json::value(nullptr) : boost::json::value(bounce->hard);
  line["reason"] =
      bounce == nullptr ? boost::json::value(nullptr) : boost::json::value(mail::reason_name(bounce->reason));
  line["message_id"] = text_or_null(found.message_id);
  line["text"] = bounce != nullptr ? boost::json::value(nullptr) : text_or_null(found.text);
  return boost::json::serialize(line);
}

}  // namespace

int run_mail_inspect(const MailArguments& arguments) {
  mail::InspectOptions options;
  if (arguments.unsubscribe == "anywhere") options.unsubscribe = mail::UnsubscribeRule::anywhere;
  if (arguments.unsubscribe == "off") options.unsubscribe = mail::UnsubscribeRule::off;
  options.own_addresses = arguments.own_addresses;
  int status = 0;
  for (const std::string& file : arguments.files) {
    const auto bytes = read_mail(file);
    if (!bytes) {
      fmt::print(stderr, "overture: {} could not be read\n", file);
      status = 1;
      continue;
    }
    fmt::print("{}\n", describe(file, mail::inspect(*bytes, options)));
  }
  return status;
}

}  // namespace overture::app
