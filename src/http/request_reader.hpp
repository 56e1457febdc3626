// Bytes in, requests out: the HTTP/1 parser without sockets, with every check that keeps two parties from
// reading the same bytes as different requests.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/error.hpp"
#include "http/message.hpp"
#include "http/options.hpp"

namespace overture::http {

/// One for each connection; reads its requests one after another, in order.
///
///     loop: step = advance(); need_more → read into prepare(), commit(n); head → accept_body(limit);
///           complete → take request(), answer, next(); failed → answer failure(), close.
class RequestReader {
 public:
  enum class Step { need_more, head, complete, failed };

  /// `options` must outlive the reader.
  explicit RequestReader(const ServerOptions& options);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// Room for the next bytes, never empty after need_more. `commit` says how many came.
  std::span<char> prepare();
  void commit(std::size_t count);

  /// Goes on as far as the bytes allow. `head` comes once per request, before its body is looked at.
  Step advance();

  /// After `head`: the largest body; false when the request announces a larger one (failure() is set then).
  bool accept_body(std::size_t limit);

  /// After `head` without a body, after `complete` with it; after `failed` as far as it was understood. It
  /// has an id in every case after `head` and `failed`. May be moved from after `complete`.
  Request& request();
  bool has_method() const;  ///< false while or when the method was not understood

  base::ErrorCode failure() const;  ///< why advance() said `failed` or accept_body() false

  bool has_body() const;        ///< a body is announced that is not empty, or chunked
  bool wants_continue() const;  ///< `Expect: 100-continue`, and nothing of the body is here yet
  bool is_http10() const;
  bool keep_alive() const;         ///< what the client asked for
  std::size_t body_bytes() const;  ///< of the body so far
  std::size_t buffered() const;    ///< bytes that are not part of a finished step
  std::uint64_t consumed() const;  ///< bytes of this request so far, as they came over the wire

  bool is_finished() const;  ///< every byte of the request has been read
  void discard();            ///< drops what is buffered

  /// Starts on the next request; buffered bytes are kept (pipelining).
  void next();

 private:
  struct Parsing;
  std::unique_ptr<Parsing> parsing_;
};

}  // namespace overture::http
