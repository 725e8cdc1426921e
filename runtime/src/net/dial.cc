#include "net/dial.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <asio/generic/stream_protocol.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/timer_queue.h"
#include "net/loop.h"
#include "net/socket_stream.h"

namespace tern {

namespace {

using Protocol = asio::generic::stream_protocol;

// Shared by the attempt that the caller holds and by the operations that are under way.
class Dialing : public std::enable_shared_from_this<Dialing> {
 public:
  Dialing(Loop& loop, const Endpoint& endpoint, Dialer::Done done)
      : loop_(loop),
        endpoint_(endpoint),
        done_(std::move(done)),
        resolver_(loop.io()),
        socket_(loop.io()) {}

  void start(std::chrono::nanoseconds timeout) {
    timeout_.set_callback([this, timeout] {
      auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count();
      std::string so_far = last_error_.empty() ? "" : "; before that: " + last_error_;
      finish(Status(Code::kDeadlineExceeded,
                    fmt::format("connect to \"{}\": not there within {} ms{}",
                                endpoint_.to_string(), ms, so_far),
                    HandlerRan::kNo));
    });
    loop_.start_timer(timeout_, timeout);
    if (endpoint_.transport == Endpoint::Transport::kUnix) {
      addresses_.push_back(asio::local::stream_protocol::endpoint(endpoint_.path));
      later([](Dialing& self) { self.connect_next(); });
      return;
    }
    std::error_code not_a_number;
    auto address = asio::ip::make_address(endpoint_.host, not_a_number);
    if (!not_a_number) {
      addresses_.push_back(asio::ip::tcp::endpoint(address, endpoint_.port));
      later([](Dialing& self) { self.connect_next(); });
    } else {
      resolve();
    }
  }

  void give_up() {
    done_.reset();
    stop();
  }

 private:
  template <typename F>
  void later(F f) {
    loop_.post([self = shared_from_this(), f] {
      if (self->done_) f(*self);
    });
  }

  void resolve() {
    resolver_.async_resolve(
        endpoint_.host, std::to_string(endpoint_.port), asio::ip::tcp::resolver::numeric_service,
        [self = shared_from_this()](std::error_code error,
                                    const asio::ip::tcp::resolver::results_type& found) {
          LoopScope scope;
          if (!self->done_) return;
          if (error) {
            self->last_error_ =
                fmt::format("host \"{}\": {}", self->endpoint_.host, error.message());
          }
          for (const auto& entry : found) self->addresses_.push_back(entry.endpoint());
          self->connect_next();
        });
  }

  void connect_next() {
    if (next_ == addresses_.size()) {
      if (last_error_.empty()) last_error_ = "the name has no address";
      finish(Status(Code::kUnavailable,
                    fmt::format("connect to \"{}\": {}", endpoint_.to_string(), last_error_),
                    HandlerRan::kNo));
      return;
    }
    const Protocol::endpoint& address = addresses_[next_++];
    std::error_code error;
    socket_.close(error);
    socket_.open(address.protocol(), error);
    if (error) {
      last_error_ = error.message();
      later([](Dialing& self) { self.connect_next(); });
      return;
    }
    socket_.async_connect(address, [self = shared_from_this()](std::error_code connect_error) {
      LoopScope scope;
      if (!self->done_) return;
      if (connect_error) {
        self->last_error_ = connect_error.message();
        self->connect_next();
      } else {
        self->hand_over();
      }
    });
  }

  void hand_over() {
    std::error_code error;
    SocketHandle socket(socket_.release(error));
    if (error) {
      finish(Status(Code::kUnavailable,
                    fmt::format("connect to \"{}\": {}", endpoint_.to_string(), error.message()),
                    HandlerRan::kNo));
      return;
    }
    finish(open_stream(loop_, std::move(socket)));
  }

  void finish(Result<std::unique_ptr<Stream>> result) {
    auto self = shared_from_this();  // `done` may destroy the attempt
    Dialer::Done done = std::move(done_);
    stop();
    if (done) done(std::move(result));
  }

  void stop() {
    std::error_code ignored;
    loop_.cancel_timer(timeout_);
    resolver_.cancel();
    socket_.close(ignored);
  }

  Loop& loop_;
  Endpoint endpoint_;
  Dialer::Done done_;
  asio::ip::tcp::resolver resolver_;
  Protocol::socket socket_;
  std::vector<Protocol::endpoint> addresses_;
  std::size_t next_ = 0;
  std::string last_error_;
  Timer timeout_;
};

class DialAttempt final : public Dialer::Attempt {
 public:
  explicit DialAttempt(std::shared_ptr<Dialing> dialing) : dialing_(std::move(dialing)) {}
  ~DialAttempt() override { dialing_->give_up(); }

 private:
  std::shared_ptr<Dialing> dialing_;
};

}  // namespace

std::unique_ptr<Dialer::Attempt> SocketDialer::dial(Loop& loop, const Endpoint& endpoint,
                                                    std::chrono::nanoseconds timeout, Done done) {
  auto dialing = std::make_shared<Dialing>(loop, endpoint, std::move(done));
  dialing->start(timeout);
  return std::make_unique<DialAttempt>(std::move(dialing));
}

}  // namespace tern
