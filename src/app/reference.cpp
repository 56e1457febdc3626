#include "app/reference.hpp"

#include <algorithm>
#include <vector>

#include "api/entity_tag.hpp"
#include "api/error_body.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "embedded/reference.hpp"

namespace overture::app {
namespace {

constexpr std::string_view kPage = "/docs";
constexpr std::string_view kScript = "text/javascript; charset=utf-8";
constexpr std::string_view kText = "text/plain; charset=utf-8";

/// Nothing from elsewhere. Redoc writes its styles into the page; its search runs in a worker that it makes
/// out of a blob.
constexpr std::string_view kContentPolicy =
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

struct Form {
  std::string_view bytes;
  std::string tag;
};

struct File {
  std::string_view path;
  std::string_view content_type;
  Form plain;
  Form gzip;  ///< without bytes where there is none
};

Form load_form(std::string_view name) {
  for (const embedded::File& file : embedded::reference()) {
    if (file.name == name) return {file.bytes, api::make_entity_tag(file.bytes)};
  }
  return {};
}

std::vector<File> load_files() {
  std::vector<File> files;
  const auto add = [&files](std::string_view path, std::string_view name, std::string_view content_type) {
    files.push_back({path, content_type, load_form(name), load_form(std::string(name) + ".gz")});
  };
  add(kPage, "page.html", "text/html; charset=utf-8");
  add("/docs/style.css", "style.css", "text/css; charset=utf-8");
  add("/docs/start.js", "start.js", kScript);
  add("/docs/redoc.js", "redoc.js", kScript);
  add("/docs/licenses.txt", "licenses.txt", kText);
  return files;
}

/// With the first request, not with the start: the tags cost a digest of the whole.
const std::vector<File>& files() {
  static const std::vector<File> loaded = load_files();
  return loaded;
}

/// False in a program built without what comes from outside.
bool is_complete() {
  static const bool complete =
      std::none_of(files().begin(), files().end(), [](const File& file) { return file.plain.bytes.empty(); });
  return complete;
}

/// `q=0`, `q=0.0` …: not wanted (RFC 9110 section 12.4.2).
bool has_weight_zero(std::string_view parameters) {
  for (std::string_view part : base::split(parameters, ';')) {
    part = base::trim(part);
    if (!part.starts_with("q=") && !part.starts_with("Q=")) continue;
    part.remove_prefix(2);
    return part.starts_with('0') && part.find_first_not_of("0.") == std::string_view::npos;
  }
  return false;
}

/// RFC 9110 section 12.5.3. Without the header only the plain form is sure to be understood.
bool accepts_gzip(std::string_view accept_encoding) {
  bool any = false;
  for (const std::string_view part : base::split(accept_encoding, ',')) {
    const std::size_t end = std::min(part.find(';'), part.size());
    const std::string_view coding = base::trim(part.substr(0, end));
    const bool wanted = !has_weight_zero(part.substr(end));
    if (base::equal_ignoring_case(coding, "gzip") || base::equal_ignoring_case(coding, "x-gzip"))
      return wanted;
    if (coding == "*") any = wanted;
  }
  return any;
}

http::Response refuse(const http::Request& request, base::ErrorCode code) {
  return api::make_error_response(std::make_exception_ptr(base::Error(code)), request);
}

http::Response say_left_out() {
  http::Response response;
  response.status = 404;
  response.content_type = kText;
  response.body =
      "This program was built without the API reference (OVERTURE_DOCS=OFF). The document it is made from is "
      "at "
      "/swagger.json.\n";
  return response;
}

http::Response show(const File& file, const http::Request& request) {
  const bool zipped = !file.gzip.bytes.empty() && accepts_gzip(request.header("Accept-Encoding"));
  const Form& form = zipped ? file.gzip : file.plain;
  http::Response response;
  response.content_type = file.content_type;
  // Kept by the client, and asked for again each time: a new program shows its own page at once.
  response.headers = {{"Cache-Control", "no-cache"},
                      {"ETag", form.tag},
                      {"Content-Security-Policy", std::string(kContentPolicy)},
                      {"Referrer-Policy", "no-referrer"},
                      {"X-Content-Type-Options", "nosniff"}};
  if (!file.gzip.bytes.empty()) response.headers.push_back({"Vary", "Accept-Encoding"});
  const std::string_view known = request.header("If-None-Match");
  if (!known.empty() && api::names_entity_tag(known, form.tag)) {
    response.status = 304;
    return response;
  }
  if (zipped) response.headers.push_back({"Content-Encoding", "gzip"});
  response.body = form.bytes;
  return response;
}

}  // namespace

std::optional<http::Response> find_reference(const http::Request& request) {
  const std::string_view path = request.path;
  if (path != kPage && !path.starts_with("/docs/")) return std::nullopt;
  const bool is_page = path == kPage || path == "/docs/";
  const auto file =
      std::find_if(files().begin(), files().end(), [path](const File& one) { return one.path == path; });
  if (file == files().end() && !is_page) return refuse(request, base::ErrorCode::not_found);
  if (request.method != http::Method::get && request.method != http::Method::head) {
    http::Response response = refuse(request, base::ErrorCode::method_not_allowed);
    response.headers.push_back({"Allow", "GET, HEAD"});
    return response;
  }
  if (!is_complete()) return say_left_out();
  if (file != files().end()) return show(*file, request);
  // The page names its files relative to /docs, so that it also works below a proxy's prefix.
  http::Response response;
  response.status = 308;
  response.content_type = kText;
  response.headers.push_back({"Location", "../docs"});
  response.body = "The API reference is at ../docs\n";
  return response;
}

}  // namespace overture::app
