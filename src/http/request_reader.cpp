// Beast parses; the checks that Beast 1.81 leaves to its users stand in check_head().
#include "http/request_reader.hpp"

#include <algorithm>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <stdexcept>

#include "http/response_head.hpp"

namespace overture::http {
namespace {

namespace beast = boost::beast;
using base::ErrorCode;
using Parser = beast::http::request_parser<beast::http::string_body>;
using Field = beast::http::field;

/// One read of an ordinary request fits; an idle connection holds no more than this.
constexpr std::size_t kSmallRead = 2048;

std::optional<Method> find_method(beast::http::verb verb) {
  switch (verb) {
    case beast::http::verb::get:
      return Method::get;
    case beast::http::verb::head:
      return Method::head;
    case beast::http::verb::post:
      return Method::post;
    case beast::http::verb::put:
      return Method::put;
    case beast::http::verb::patch:
      return Method::patch;
    case beast::http::verb::delete_:
      return Method::delete_;
    case beast::http::verb::options:
      return Method::options;
    default:
      return std::nullopt;
  }
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

ErrorCode code_of(const beast::error_code& error, bool in_start_line) {
  if (error == beast::http::error::body_limit) return ErrorCode::payload_too_large;
  if (error == beast::http::error::header_limit || error == beast::http::error::buffer_overflow) {
    return in_start_line ? ErrorCode::uri_too_long : ErrorCode::headers_too_large;
  }
  return ErrorCode::invalid_value;
}

/// The path-and-query part of a target; empty when it is none that an origin server takes (RFC 9112
/// section 3.2).
std::string_view origin_part(std::string_view target, Method method) {
  if (target == "*") return method == Method::options ? target : std::string_view{};
  if (target.starts_with('/')) return target;
  for (std::string_view scheme : {"http://", "https://"}) {
    if (!beast::iequals(target.substr(0, scheme.size()), scheme)) continue;
    std::string_view rest = target.substr(scheme.size());
    std::size_t path = rest.find_first_of("/?#");
    if (path == 0) return {};
    return path == std::string_view::npos || rest[path] != '/' ? std::string_view{"/"} : rest.substr(path);
  }
  return {};
}

}  // namespace

struct RequestReader::Parsing {
  explicit Parsing(const ServerOptions& given) : options(given), buffer(given.buffer_bytes) { restart(); }

  void restart() {
    parser.emplace();
    parser->header_limit(static_cast<std::uint32_t>(options.header_bytes));
    // The limit is known when the head is; until then nothing of a body is read.
    parser->body_limit(boost::none);
    request = {};
    method_known = head_done = has_failed = false;
    consumed = 0;
  }

  Step fail(ErrorCode code) {
    has_failed = true;
    failure = code;
    if (!head_done) read_start_line();
    return Step::failed;
  }

  void read_start_line() {
    const auto& head = parser->get();
    auto method = find_method(head.method());
    method_known = method.has_value();
    if (method) request.method = *method;
    request.target.assign(head.target());
    std::string_view id = head["X-Request-Id"];
    request.id = is_sane_request_id(id) ? std::string(id) : make_request_id();
    std::string_view target = origin_part(request.target, request.method);
    std::size_t mark = target.find('?');
    request.path.assign(target.substr(0, mark));
    if (mark != std::string_view::npos) request.query.assign(target.substr(mark + 1));
  }

  std::optional<ErrorCode> check_head() const {
    const auto& head = parser->get();
    if (!method_known) return ErrorCode::not_implemented;
    if (request.target.size() > options.target_bytes) return ErrorCode::uri_too_long;
    if (request.path.empty() || request.target.find('#') != std::string::npos)
      return ErrorCode::invalid_value;
    if (request.headers.size() > options.header_count) return ErrorCode::headers_too_large;
    std::size_t hosts = head.count(Field::host);
    if (hosts > 1 || (hosts == 0 && head.version() == 11)) return ErrorCode::invalid_value;
    // Framing: one plain length, or exactly "chunked" on HTTP/1.1, never both (RFC 9112 section 6.3).
    std::size_t lengths = head.count(Field::content_length);
    std::size_t encodings = head.count(Field::transfer_encoding);
    if (lengths > 1 || encodings > 1 || (lengths != 0 && encodings != 0)) return ErrorCode::invalid_value;
    if (lengths == 1 && !is_digits(head[Field::content_length])) return ErrorCode::invalid_value;
    if (encodings == 1) {
      if (head.version() != 11 || !beast::iequals(head[Field::transfer_encoding], "chunked")) {
        return ErrorCode::invalid_value;
      }
    }
    return std::nullopt;
  }

  Step finish_head() {
    read_start_line();
    const auto& head = parser->get();
    request.headers.reserve(16);
    for (const auto& field : head) {
      request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    }
    head_done = true;
    if (auto code = check_head()) return fail(*code);
    return Step::head;
  }

  /// Empty lines before a request line are skipped (RFC 9112 section 2.2); their bytes count as the
  /// request's.
  void skip_empty_lines() {
    while (buffer.size() >= 2) {
      const char* text = static_cast<const char*>(buffer.data().data());
      if (text[0] != '\r' || text[1] != '\n') return;
      buffer.consume(2);
      consumed += 2;
    }
  }

  const ServerOptions& options;
  beast::flat_buffer buffer;
  std::optional<Parser> parser;
  Request request;
  std::uint64_t consumed = 0;
  ErrorCode failure = ErrorCode::invalid_value;
  bool method_known = false;
  bool head_done = false;
  bool has_failed = false;
};

RequestReader::RequestReader(const ServerOptions& options) : parsing_(std::make_unique<Parsing>(options)) {}
RequestReader::~RequestReader() = default;

std::span<char> RequestReader::prepare() {
  auto& buffer = parsing_->buffer;
  std::size_t room = buffer.max_size() - buffer.size();
  // Small until it is clear that much is coming: a header that goes on, or a body.
  bool is_small = buffer.size() == 0 && !parsing_->head_done;
  auto space = buffer.prepare(is_small ? std::min(room, kSmallRead) : room);
  return {static_cast<char*>(space.data()), space.size()};
}

void RequestReader::commit(std::size_t count) { parsing_->buffer.commit(count); }

RequestReader::Step RequestReader::advance() {
  Parsing& p = *parsing_;
  if (p.has_failed) return Step::failed;
  if (!p.parser->got_some()) {
    p.skip_empty_lines();
    if (p.buffer.size() == 1 && *static_cast<const char*>(p.buffer.data().data()) == '\r')
      return Step::need_more;
  }
  for (;;) {
    if (p.parser->is_done()) {
      if (!p.head_done) return p.finish_head();
      p.request.body = std::move(p.parser->get().body());
      return Step::complete;
    }
    if (p.parser->is_header_done() && !p.head_done) return p.finish_head();
    if (p.buffer.size() == 0) return Step::need_more;
    beast::error_code error;
    std::size_t used = 0;
    try {
      used = p.parser->put(p.buffer.data(), error);
    } catch (const std::length_error&) {
      error = beast::http::error::buffer_overflow;
    }
    p.buffer.consume(used);
    p.consumed += used;
    if (error == beast::http::error::need_more) {
      // Beast asks for more of a chunk line or a trailer than may be held: that is the end of it.
      if (p.buffer.size() < p.buffer.max_size()) return Step::need_more;
      error = beast::http::error::buffer_overflow;
    }
    if (error) return p.fail(code_of(error, p.parser->get().target().empty()));
  }
}

bool RequestReader::accept_body(std::size_t limit) {
  auto length = parsing_->parser->content_length();
  if (length && *length > limit) {
    parsing_->fail(base::ErrorCode::payload_too_large);
    return false;
  }
  parsing_->parser->body_limit(limit);
  return true;
}

Request& RequestReader::request() { return parsing_->request; }
bool RequestReader::has_method() const { return parsing_->method_known; }
base::ErrorCode RequestReader::failure() const { return parsing_->failure; }
bool RequestReader::has_body() const { return parsing_->head_done && !parsing_->parser->is_done(); }

bool RequestReader::wants_continue() const {
  const Parsing& p = *parsing_;
  return has_body() && !is_http10() && p.buffer.size() == 0 &&
         beast::iequals(p.parser->get()[Field::expect], "100-continue");
}

bool RequestReader::is_http10() const { return parsing_->parser->get().version() == 10; }
bool RequestReader::keep_alive() const { return !parsing_->has_failed && parsing_->parser->keep_alive(); }
std::size_t RequestReader::body_bytes() const { return parsing_->parser->get().body().size(); }
std::size_t RequestReader::buffered() const { return parsing_->buffer.size(); }
std::uint64_t RequestReader::consumed() const { return parsing_->consumed; }

bool RequestReader::is_finished() const {
  const Parsing& p = *parsing_;
  return !p.has_failed && p.head_done && p.parser->is_done();
}

void RequestReader::discard() { parsing_->buffer.consume(parsing_->buffer.size()); }

void RequestReader::next() {
  parsing_->restart();
  auto& buffer = parsing_->buffer;
  if (buffer.size() == 0 && buffer.capacity() > 2 * kSmallRead) buffer.shrink_to_fit();
}

}  // namespace overture::http
