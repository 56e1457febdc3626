// The state machine of a connection. All members are touched on its strand only, except the deadline.
#include "http/session.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "http/exchange.hpp"
#include "http/request_reader.hpp"
#include "http/response_head.hpp"
#include "http/server_state.hpp"

namespace overture::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Strand = asio::strand<asio::io_context::executor_type>;
using Socket = asio::basic_stream_socket<tcp, Strand>;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

enum class Phase { waiting, head, body, handling, writing, lingering, closed };

class SocketSession final : public Session,
                            public ReplyTarget,
                            public std::enable_shared_from_this<SocketSession> {
 public:
  SocketSession(std::shared_ptr<ServerState> state, int descriptor, bool is_v6)
      : state_(std::move(state)),
        options_(state_->options),
        socket_(asio::make_strand(*state_->io)),
        exchange_(*state_),
        reader_(options_) {
    // Last, so that whoever called us still owns the descriptor when this throws.
    socket_.assign(is_v6 ? tcp::v6() : tcp::v4(), descriptor);
    error_code ignored;
    socket_.non_blocking(true, ignored);
    ++state_->metrics.connections_open;
  }
  ~SocketSession() override { --state_->metrics.connections_open; }

  void start() override {
    state_->sessions.add(shared_from_this());
    deadline_.set_after(options_.header_timeout);
    on_strand([](SocketSession& self) {
      if (self.state_->is_stopping) return self.close();
      self.read();
    });
  }

  void wind_down() override {
    on_strand([](SocketSession& self) {
      if (self.phase_ == Phase::waiting && self.reader_.buffered() == 0) self.close();
    });
  }

  void abort() override {
    on_strand([](SocketSession& self) { self.close(); });
  }

  void expire() override {
    on_strand([](SocketSession& self) { self.on_deadline(); });
  }

  void answer(Response&& response) override {
    if (!socket_.get_executor().running_in_this_thread()) {
      // Weak, so that an answer that comes after the end of the server does not keep it alive from inside.
      asio::post(socket_.get_executor(), [weak = weak_from_this(), late = std::move(response)]() mutable {
        if (auto self = weak.lock()) self->guarded([&] { self->resume(std::move(late)); });
      });
      return;
    }
    if (is_dispatching_) {
      response_ = std::move(response);
      is_answered_ = true;
    } else {
      guarded([&] { resume(std::move(response)); });
    }
  }

 private:
  template <class F>
  void guarded(F&& step) {
    try {
      step();
    } catch (...) {
      // Out of memory, or a fault of ours: this connection ends, the others go on.
      ++state_->metrics.handler_exceptions;
      close();
    }
  }

  template <class F>
  void on_strand(F step) {
    asio::post(socket_.get_executor(), [self = shared_from_this(), step] {
      self->guarded([&] {
        if (self->phase_ != Phase::closed) step(*self);
      });
    });
  }

  void read() {
    auto room = reader_.prepare();
    socket_.async_read_some(asio::buffer(room.data(), room.size()),
                            [self = shared_from_this()](error_code error, std::size_t count) {
                              self->guarded([&] { self->on_read(error, count); });
                            });
  }

  void on_read(error_code error, std::size_t count) {
    if (phase_ == Phase::closed) return;
    if (error) return close();
    if (phase_ == Phase::lingering) return linger();
    reader_.commit(count);
    process();
  }

  /// Goes on with the bytes that are there: pipelined requests one by one, without recursion.
  void process() {
    for (;;) {
      if (phase_ == Phase::waiting && reader_.buffered() > 0) {
        phase_ = Phase::head;
        exchange_.begin();
        deadline_.set(exchange_.started() + options_.header_timeout);
      }
      switch (reader_.advance()) {
        case RequestReader::Step::need_more:
          if (phase_ == Phase::waiting && state_->is_stopping) return close();
          if (phase_ == Phase::body) extend_body_deadline();
          return read();
        case RequestReader::Step::head:
          if (begin_body()) continue;
          return;
        case RequestReader::Step::complete:
          if (handle()) continue;
          return;
        case RequestReader::Step::failed:
          refuse(reader_.failure());
          return;
      }
    }
  }

  bool begin_body() {
    if (!reader_.has_body()) return true;
    // When it is too large, advance() says `failed` next.
    if (!reader_.accept_body(exchange_.body_limit(reader_.request()))) return true;
    phase_ = Phase::body;
    body_since_ = Deadline::Clock::now();
    extend_body_deadline();
    if (!reader_.wants_continue()) return true;
    asio::async_write(socket_, asio::buffer(kContinue),
                      [self = shared_from_this()](error_code error, std::size_t) {
                        self->guarded([&] {
                          if (self->phase_ == Phase::closed) return;
                          if (error) return self->close();
                          self->process();
                        });
                      });
    return false;
  }

  /// The body may take as long as it has grown at the least rate, so that trickling does not help.
  void extend_body_deadline() {
    deadline_.set(body_since_ + options_.body_grace + time_for(reader_.body_bytes(), options_.body_min_rate));
  }

  /// True when the request has been answered in full and the connection goes on.
  bool handle() {
    phase_ = Phase::handling;
    deadline_.set_never();
    exchange_.note_request(reader_.request(), true);
    is_answered_ = false;
    is_dispatching_ = true;
    exchange_.dispatch(std::move(reader_.request()), weak_from_this());
    is_dispatching_ = false;
    return is_answered_ && respond(true);
  }

  void resume(Response&& response) {
    if (phase_ != Phase::handling) return;
    response_ = std::move(response);
    if (respond(true)) process();
  }

  void refuse(base::ErrorCode code) {
    exchange_.note_request(reader_.request(), reader_.has_method());
    response_ = error_response(code, exchange_.request_id());
    respond(false);
  }

  bool respond(bool may_stay) {
    if (!is_sane(response_)) response_ = error_response(base::ErrorCode::internal, exchange_.request_id());
    stays_ = may_stay && reader_.keep_alive() && !state_->is_stopping;
    exchange_.write_head(response_, stays_, reader_.is_http10());
    phase_ = Phase::writing;
    std::size_t total = exchange_.head().size() + exchange_.body_size(response_);
    deadline_.set_after(options_.write_timeout + time_for(total, options_.write_min_rate));

    std::array<asio::const_buffer, 2> whole{
        asio::buffer(exchange_.head()), asio::buffer(response_.body.data(), exchange_.body_size(response_))};
    // Most answers fit into the socket's buffer: then there is no way through the event loop.
    error_code error;
    std::size_t sent = socket_.write_some(whole, error);
    if (error == asio::error::would_block) error = {};
    if (error || sent == total) return finish(error, sent);

    std::size_t of_head = std::min(sent, whole[0].size());
    std::array<asio::const_buffer, 2> rest{whole[0] + of_head, whole[1] + (sent - of_head)};
    asio::async_write(socket_, rest, [self = shared_from_this(), sent](error_code failed, std::size_t more) {
      self->guarded([&] {
        if (self->finish(failed, sent + more)) self->process();
      });
    });
    return false;
  }

  /// True when the connection goes on to the next request.
  bool finish(error_code error, std::size_t sent) {
    exchange_.end(response_.status, reader_.consumed(), sent);
    if (phase_ == Phase::closed) return false;
    response_ = {};
    if (error) {
      close();
      return false;
    }
    if (!stays_) {
      // Closing with unread bytes would reset the connection and take the answer from the client.
      if (reader_.is_finished() && reader_.buffered() == 0) {
        close();
      } else {
        phase_ = Phase::lingering;
        deadline_.set_after(options_.linger_timeout);
        socket_.shutdown(tcp::socket::shutdown_send, error);
        linger();
      }
      return false;
    }
    reader_.next();
    phase_ = Phase::waiting;
    deadline_.set_after(options_.idle_timeout);
    return true;
  }

  void linger() {
    reader_.discard();
    read();
  }

  void on_deadline() {
    if (!is_due(Deadline::Clock::now())) return;
    if (phase_ == Phase::head || phase_ == Phase::body || phase_ == Phase::writing)
      ++state_->metrics.timeouts;
    error_code ignored;
    // What a slow reader has not taken is thrown away, and the kernel does not keep it either.
    if (phase_ == Phase::writing) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    close();
  }

  void close() {
    if (phase_ == Phase::closed) return;
    phase_ = Phase::closed;
    deadline_.set_never();
    error_code ignored;
    socket_.close(ignored);
    exchange_.settle();
    state_->sessions.remove(shared_from_this());
  }

  const std::shared_ptr<ServerState> state_;
  const ServerOptions& options_;
  Socket socket_;
  Exchange exchange_;
  RequestReader reader_;
  Response response_;
  Deadline::Clock::time_point body_since_{};
  Phase phase_ = Phase::waiting;
  bool is_dispatching_ = false;
  bool is_answered_ = false;
  bool stays_ = false;
};

}  // namespace

std::shared_ptr<Session> make_session(std::shared_ptr<ServerState> state, int descriptor, bool is_v6) {
  return std::make_shared<SocketSession>(std::move(state), descriptor, is_v6);
}

}  // namespace overture::http
