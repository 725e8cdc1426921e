#include "net/socket_stream.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <limits>
#include <utility>

namespace tern::net {

namespace {

using Socket = asio::generic::stream_protocol::socket;

// Pieces that go into one sendmsg(); more are left for the next.
constexpr std::size_t kMaxPieces = 16;
// The kernel takes no more of a TCP stream while it has not sent so many bytes of it.
constexpr int kUnsentInKernel = 128 * 1024;
// What Linux takes: seconds, and a number.
constexpr int kMaxKeepalive = 32767;
constexpr int kMaxProbes = 127;

// A time in whole units, rounded up; none for 0 and less.
template <typename Unit>
int units(std::chrono::nanoseconds time, int most) noexcept {
  if (time <= std::chrono::nanoseconds::zero()) return 0;
  auto count = std::chrono::ceil<Unit>(
      std::min<std::chrono::nanoseconds>(time, std::chrono::hours(24 * 365)));
  return static_cast<int>(std::min<std::int64_t>(count.count(), most));
}

IoResult failure(int error) {
  IoResult result;
  if (error == EAGAIN || error == EWOULDBLOCK) {
    result.would_block = true;
  } else {
    result.error = std::error_code(error, std::system_category());
  }
  return result;
}

class SocketStream final : public ByteStream {
 public:
  SocketStream(Socket socket, std::string peer, bool is_tcp, bool peer_is_local)
      : socket_(std::move(socket)),
        peer_(std::move(peer)),
        is_tcp_(is_tcp),
        peer_is_local_(peer_is_local) {}
  ~SocketStream() override { *open_ = false; }

  IoResult read_some(std::span<std::byte> into) override {
    for (;;) {
      ssize_t n = ::recv(socket_.native_handle(), into.data(), into.size(), MSG_DONTWAIT);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return failure(errno);
      IoResult result;
      result.bytes = static_cast<std::size_t>(n);
      result.end = n == 0 && !into.empty();
      return result;
    }
  }

  IoResult write_some(std::span<const ByteView> pieces) override {
    std::array<iovec, kMaxPieces> vectors;
    std::size_t count = std::min(pieces.size(), kMaxPieces);
    for (std::size_t i = 0; i < count; ++i) {
      vectors[i] = {const_cast<std::byte*>(pieces[i].data()), pieces[i].size()};
    }
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = count;
    for (;;) {
      ssize_t n = ::sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return failure(errno);
      IoResult result;
      result.bytes = static_cast<std::size_t>(n);
      return result;
    }
  }

  void wait_readable(std::shared_ptr<ByteStreamUser> user) override {
    auto call = [user = std::move(user), open = open_](std::error_code error) {
      if (error == asio::error::operation_aborted || !*open) return;
      LoopScope scope;
      user->on_readable();
    };
    socket_.async_wait(Socket::wait_read, std::move(call));
  }

  void wait_writable(std::shared_ptr<ByteStreamUser> user) override {
    auto call = [user = std::move(user), open = open_](std::error_code error) {
      if (error == asio::error::operation_aborted || !*open) return;
      LoopScope scope;
      user->on_writable();
    };
    socket_.async_wait(Socket::wait_write, std::move(call));
  }

  // Linux heeds the mark of a TCP socket only.
  bool set_read_mark(std::size_t bytes) noexcept override {
    int mark = static_cast<int>(std::max<std::size_t>(bytes, 1));
    return is_tcp_ &&
           ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof mark) == 0;
  }

  void shutdown_write() noexcept override { ::shutdown(socket_.native_handle(), SHUT_WR); }

  void close() noexcept override {
    *open_ = false;
    std::error_code ignored;
    socket_.close(ignored);
  }

  PeerState peer_state() noexcept override {
    return tern::net::peer_state(socket_.native_handle());
  }

  std::string peer() const override { return peer_; }
  bool peer_is_local() const noexcept override { return peer_is_local_; }

 private:
  Socket socket_;
  // For a wait that is over and whose call is on its way when the stream is closed.
  std::shared_ptr<bool> open_ = std::make_shared<bool>(true);
  std::string peer_;
  bool is_tcp_;
  bool peer_is_local_;
};

std::string name_of(const sockaddr_storage& address, socklen_t size) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const auto& in = reinterpret_cast<const sockaddr_in&>(address);
    ::inet_ntop(AF_INET, &in.sin_addr, text.data(), text.size());
    return fmt::format("{}:{}", text.data(), ntohs(in.sin_port));
  }
  if (address.ss_family == AF_INET6) {
    const auto& in = reinterpret_cast<const sockaddr_in6&>(address);
    ::inet_ntop(AF_INET6, &in.sin6_addr, text.data(), text.size());
    return fmt::format("[{}]:{}", text.data(), ntohs(in.sin6_port));
  }
  if (address.ss_family == AF_UNIX && size > offsetof(sockaddr_un, sun_path)) {
    const auto& un = reinterpret_cast<const sockaddr_un&>(address);
    std::size_t room = size - offsetof(sockaddr_un, sun_path);
    std::string path(un.sun_path, ::strnlen(un.sun_path, room));
    return path;
  }
  return {};
}

// False if the socket has no peer any more.
bool peer_is_local(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return false;
  if (address.ss_family == AF_UNIX) return true;
  if (address.ss_family == AF_INET) {
    const auto& in = reinterpret_cast<const sockaddr_in&>(address);
    return (ntohl(in.sin_addr.s_addr) >> 24) == IN_LOOPBACKNET;
  }
  if (address.ss_family == AF_INET6) {
    const in6_addr& in6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(&in6) ||
           (IN6_IS_ADDR_V4MAPPED(&in6) && in6.s6_addr[12] == IN_LOOPBACKNET);
  }
  return false;
}

}  // namespace

SocketHandle::SocketHandle(int fd) noexcept : fd_(fd) {
  if (fd < 0 || fd > STDERR_FILENO) return;
  int moved = ::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (moved < 0) return;  // there is no other number
  ::close(fd);
  fd_ = moved;
}

SocketHandle::~SocketHandle() {
  if (fd_ >= 0) ::close(fd_);
}

std::string local_name(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  return name_of(address, size);
}

std::string peer_name(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  return name_of(address, size);
}

void set_tcp_options(const SocketHandle& socket, const TcpOptions& tcp) noexcept {
  auto set = [&socket](int level, int name, int value) {
    ::setsockopt(socket.get(), level, name, &value, sizeof value);
  };
  set(SOL_SOCKET, SO_KEEPALIVE, tcp.keepalive_idle > std::chrono::nanoseconds::zero() ? 1 : 0);
  set(IPPROTO_TCP, TCP_KEEPIDLE, units<std::chrono::seconds>(tcp.keepalive_idle, kMaxKeepalive));
  set(IPPROTO_TCP, TCP_KEEPINTVL,
      units<std::chrono::seconds>(tcp.keepalive_interval, kMaxKeepalive));
  set(IPPROTO_TCP, TCP_KEEPCNT, std::clamp(tcp.keepalive_probes, 1, kMaxProbes));
  set(IPPROTO_TCP, TCP_USER_TIMEOUT,
      units<std::chrono::milliseconds>(tcp.user_timeout, std::numeric_limits<int>::max()));
}

PeerState peer_state(int fd) noexcept {
  pollfd seen{fd, POLLRDHUP, 0};
  if (::poll(&seen, 1, 0) <= 0) return PeerState::kThere;
  if ((seen.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) return PeerState::kGone;
  return (seen.revents & POLLRDHUP) != 0 ? PeerState::kEnded : PeerState::kThere;
}

Result<std::unique_ptr<ByteStream>> open_stream(Loop& loop, SocketHandle socket) {
  int fd = socket.get();
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return Status(Code::kUnavailable,
                  fmt::format("socket: {}", std::system_category().message(errno)),
                  HandlerRan::kNo);
  }
  bool is_tcp = address.ss_family != AF_UNIX;
  if (is_tcp) {
    int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // What the kernel has taken cannot be passed by what is more urgent.
    ::setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kUnsentInKernel, sizeof kUnsentInKernel);
  }
  std::string peer = peer_name(fd);
  bool local = peer_is_local(fd);
  Socket on_loop(loop.io());
  std::error_code error;
  asio::generic::stream_protocol protocol(address.ss_family, is_tcp ? IPPROTO_TCP : 0);
  on_loop.assign(protocol, fd, error);
  if (error) {
    return Status(Code::kUnavailable, fmt::format("socket: {}", error.message()), HandlerRan::kNo);
  }
  socket.release();
  return std::unique_ptr<ByteStream>(
      std::make_unique<SocketStream>(std::move(on_loop), std::move(peer), is_tcp, local));
}

}  // namespace tern::net
