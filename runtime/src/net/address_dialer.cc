#include "net/address_dialer.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <asio/error.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/duration_text.h"
#include "base/timer_queue.h"
#include "net/loop.h"
#include "net/socket_stream.h"

namespace tern::net {

namespace {

using Protocol = asio::generic::stream_protocol;

// A Unix socket whose queue is full refuses, and says nothing when there is room again. To its
// clients it is a server that takes its time, as one over TCP with a full queue is.
constexpr std::chrono::milliseconds kPauseWhileFull{10};

// Shared by the attempt that the caller holds and by the operations that are under way.
class Connecting : public std::enable_shared_from_this<Connecting> {
 public:
  Connecting(Loop& loop, const Endpoint& endpoint, const TcpOptions& tcp, Dialer::Done done)
      : loop_(loop), endpoint_(endpoint), tcp_(tcp), done_(std::move(done)), socket_(loop.io()) {}

  void start(std::chrono::nanoseconds timeout) {
    timeout_.set_callback([this, timeout] {
      fail(Code::kDeadlineExceeded, "not connected within " + base::duration_text(timeout));
    });
    loop_.start_timer(timeout_, timeout);
    again_.set_callback([this] { connect(); });
    loop_.post([self = shared_from_this()] {
      if (self->done_) self->connect();
    });
  }

  void give_up() {
    done_.reset();
    stop();
  }

 private:
  void connect() {
    std::error_code error;
    socket_.close(error);
    error.clear();
    Protocol::endpoint address;
    if (endpoint_.transport == Endpoint::Transport::kUnix) {
      address = asio::local::stream_protocol::endpoint(endpoint_.path);
    } else {
      address =
          asio::ip::tcp::endpoint(asio::ip::make_address(endpoint_.host, error), endpoint_.port);
    }
    if (!error) open(address.protocol(), error);
    if (error) {
      fail(error);
      return;
    }
    socket_.async_connect(address, [self = shared_from_this()](std::error_code refused) {
      LoopScope scope;
      if (!self->done_) return;
      if (refused == asio::error::no_buffer_space &&
          self->endpoint_.transport == Endpoint::Transport::kUnix) {
        self->loop_.start_timer(self->again_, kPauseWhileFull);
      } else if (refused) {
        self->fail(refused);
      } else {
        self->hand_over();
      }
    });
  }

  // Asio's own open() leaves the socket to programs that this process starts: they would keep the
  // connection open when this side has closed it.
  void open(Protocol protocol, std::error_code& error) {
    SocketHandle made(::socket(protocol.family(), protocol.type() | SOCK_NONBLOCK | SOCK_CLOEXEC,
                               protocol.protocol()));
    if (made.get() < 0) {
      error.assign(errno, std::system_category());
      return;
    }
    socket_.assign(protocol, made.get(), error);
    if (!error) made.release();
  }

  void hand_over() {
    std::error_code error;
    SocketHandle socket(socket_.release(error));
    if (error) {
      fail(error);
    } else if (is_its_own_peer(socket)) {
      fail(std::error_code(ECONNREFUSED, std::system_category()));
    } else {
      if (endpoint_.transport != Endpoint::Transport::kUnix) set_tcp_options(socket, tcp_);
      finish(open_stream(loop_, std::move(socket)));
    }
  }

  void fail(const std::error_code& why) { fail(Code::kUnavailable, why.message(), why); }
  void fail(Code code, std::string_view why, std::error_code cause = {}) {
    finish(Status(code, fmt::format("connect to \"{}\": {}", endpoint_.to_string(), why),
                  HandlerRan::kNo)
               .with_cause(cause));
  }

  void finish(Result<std::unique_ptr<ByteStream>> result) {
    auto self = shared_from_this();  // `done` may destroy the attempt
    Dialer::Done done = std::move(done_);
    stop();
    if (done) done(std::move(result));
  }

  void stop() {
    std::error_code ignored;
    loop_.cancel_timer(timeout_);
    loop_.cancel_timer(again_);
    socket_.close(ignored);
  }

  Loop& loop_;
  const Endpoint endpoint_;
  const TcpOptions tcp_;
  Dialer::Done done_;
  Protocol::socket socket_;
  base::Timer timeout_;
  base::Timer again_;
};

class ConnectAttempt final : public Dialer::Attempt {
 public:
  explicit ConnectAttempt(std::shared_ptr<Connecting> connecting)
      : connecting_(std::move(connecting)) {}
  ~ConnectAttempt() override { connecting_->give_up(); }

 private:
  std::shared_ptr<Connecting> connecting_;
};

}  // namespace

bool is_its_own_peer(const SocketHandle& socket) {
  std::string own = local_name(socket.get());
  return own.find(':') != std::string::npos && own == peer_name(socket.get());
}

std::unique_ptr<Dialer::Attempt> AddressDialer::dial(Loop& loop, const Endpoint& endpoint,
                                                     std::chrono::nanoseconds timeout, Done done) {
  auto connecting = std::make_shared<Connecting>(loop, endpoint, tcp_, std::move(done));
  connecting->start(timeout);
  return std::make_unique<ConnectAttempt>(std::move(connecting));
}

}  // namespace tern::net
