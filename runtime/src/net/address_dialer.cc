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
#include "net/pending_dial.h"
#include "net/socket_stream.h"

namespace tern::net {

namespace {

using Protocol = asio::generic::stream_protocol;

// A Unix socket whose queue is full refuses, and says nothing when there is room again. To its
// clients it is a server that takes its time, as one over TCP with a full queue is.
constexpr std::chrono::milliseconds kPauseWhileFull{10};

class Connecting final : public PendingDial, public std::enable_shared_from_this<Connecting> {
 public:
  Connecting(Loop& loop, const Endpoint& endpoint, const TcpOptions& tcp, Dialer::Done done)
      : PendingDial(loop, endpoint, std::move(done)), tcp_(tcp), socket_(loop.io()) {}

  void start(std::chrono::nanoseconds timeout) {
    timeout_.set_callback([this, timeout] {
      fail(Code::kDeadlineExceeded, "not connected within " + base::duration_text(timeout));
    });
    loop_.start_timer(timeout_, timeout);
    again_.set_callback([this] { connect(); });
    loop_.post([self = shared_from_this()] {
      if (self->awaited()) self->connect();
    });
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
      if (!self->awaited()) return;
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

  using PendingDial::fail;
  void fail(const std::error_code& why) { fail(Code::kUnavailable, why.message(), why); }

  std::shared_ptr<void> keep_alive() override { return shared_from_this(); }
  void stop() override {
    std::error_code ignored;
    loop_.cancel_timer(timeout_);
    loop_.cancel_timer(again_);
    socket_.close(ignored);
  }

  const TcpOptions tcp_;
  Protocol::socket socket_;
  base::Timer timeout_;
  base::Timer again_;
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
  return std::make_unique<DialAttempt>(std::move(connecting));
}

}  // namespace tern::net
