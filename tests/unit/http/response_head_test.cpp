// The head of a response, byte by byte, and what may not get into it.
#include "http/response_head.hpp"

#include <gtest/gtest.h>

#include <set>

namespace overture::http {
namespace {

std::string head_of(const Response& response, Connection connection = Connection::implicit) {
  std::string out;
  append_response_head(out, response, "id1", connection);
  // The date is the only part that changes.
  std::size_t date = out.find("Date: ");
  return date == std::string::npos ? out : out.replace(date + 6, 29, "*");
}

TEST(ResponseHeadTest, Renders) {
  Response response;
  response.body = "12345";
  EXPECT_EQ(head_of(response),
            "HTTP/1.1 200 OK\r\nDate: *\r\nContent-Type: application/json\r\nContent-Length: 5\r\n"
            "X-Request-Id: id1\r\n\r\n");
  response.status = 404;
  response.content_type = "text/html; charset=utf-8";
  response.headers = {
      {"ETag", "\"a\""}, {"content-length", "9"}, {"Transfer-Encoding", "chunked"}, {"connection", "x"}};
  EXPECT_EQ(
      head_of(response, Connection::close),
      "HTTP/1.1 404 Not Found\r\nDate: *\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 5\r\n"
      "X-Request-Id: id1\r\nConnection: close\r\nETag: \"a\"\r\n\r\n");
  response = {.status = 204};
  EXPECT_EQ(head_of(response, Connection::keep_alive),
            "HTTP/1.1 204 No Content\r\nDate: *\r\nX-Request-Id: id1\r\nConnection: keep-alive\r\n\r\n");
  response = {.status = 299};
  EXPECT_TRUE(head_of(response).starts_with("HTTP/1.1 299 \r\n")) << "the space before an empty reason stays";
}

TEST(ResponseHeadTest, InsaneHeadersAreSeen) {
  auto with = [](std::string name, std::string value) {
    Response response;
    response.headers.push_back({std::move(name), std::move(value)});
    return is_sane(response);
  };
  EXPECT_TRUE(with("X-A", "a\tb \xc3\xa9"));
  EXPECT_FALSE(with("X-A", "a\nb"));
  EXPECT_FALSE(with("X-A", "a\rb"));
  EXPECT_FALSE(with("X-A", std::string("a\0b", 3)));
  EXPECT_FALSE(with("X A", "a"));
  EXPECT_FALSE(with("", "a"));
  EXPECT_FALSE(with("X:", "a"));
  for (int status : {0, 99, 100, 199, 600, -1}) EXPECT_FALSE(is_sane({.status = status})) << status;
}

TEST(ResponseHeadTest, ErrorBodyHasTheShapeOfTheApi) {
  Response response = error_response(base::ErrorCode::not_found, "r-1");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body, R"({"message":"Not found","code":"not_found","request_id":"r-1"})");
}

TEST(ResponseHeadTest, RequestIdsDiffer) {
  std::set<std::string> ids;
  for (int i = 0; i < 10000; ++i) ids.insert(make_request_id());
  EXPECT_EQ(ids.size(), 10000U);
  for (const auto& id : ids) ASSERT_TRUE(id.size() == 16 && is_sane_request_id(id));
  EXPECT_FALSE(is_sane_request_id(""));
  EXPECT_FALSE(is_sane_request_id("a/b"));
}

}  // namespace
}  // namespace overture::http
