#include "net/acceptor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include "base/timer_queue.h"

namespace tern::net {

namespace {

constexpr int kBacklog = 4096;
// Connections accepted before the loop does something else.
constexpr int kBatch = 64;
constexpr std::chrono::milliseconds kPauseWithoutDescriptors{20};

Status failure(const Endpoint& endpoint, std::string_view what, int error) {
  Code code = error == EADDRINUSE ? Code::kAlreadyExists
              : error == EACCES   ? Code::kPermissionDenied
                                  : Code::kUnavailable;
  return Status(code,
                fmt::format("listen on \"{}\": {}: {}", endpoint.to_string(), what,
                            std::system_category().message(error)),
                HandlerRan::kNo);
}

int reserve_descriptor() {
  return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

bool out_of_descriptors(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

Result<SocketHandle> bind_tcp(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  std::string port = std::to_string(endpoint.port);
  int error = ::getaddrinfo(endpoint.host.empty() ? nullptr : endpoint.host.c_str(), port.c_str(),
                            &hints, &found);
  if (error != 0) {
    return Status(Code::kInvalidArgument,
                  fmt::format("listen on \"{}\": host \"{}\": {}", endpoint.to_string(),
                              endpoint.host, ::gai_strerror(error)),
                  HandlerRan::kNo);
  }
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> free(found, &::freeaddrinfo);
  // With no host, one IPv6 socket takes both families, where there is IPv6.
  const addrinfo* chosen = found;
  if (endpoint.host.empty()) {
    for (const addrinfo* a = found; a; a = a->ai_next) {
      if (a->ai_family == AF_INET6) chosen = a;
    }
  }
  for (const addrinfo* a = chosen;;) {
    SocketHandle socket(
        ::socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
    int on = 1, off = 0;
    if (socket.get() < 0) {
      error = errno;
    } else {
      ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
      if (a->ai_family == AF_INET6) {
        ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, endpoint.host.empty() ? &off : &on,
                     sizeof on);
      }
      if (::bind(socket.get(), a->ai_addr, a->ai_addrlen) == 0) return socket;
      error = errno;
    }
    // A machine without IPv6: the first of the list will do.
    if (!endpoint.host.empty() || a->ai_family != AF_INET6 || a == found) break;
    a = found;
  }
  return failure(endpoint, "bind", error);
}

// True if the file is a socket that nobody listens on: what a server that was killed leaves.
bool is_stale_socket(const std::string& path, const sockaddr_un& address) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0 || !S_ISSOCK(info.st_mode)) return false;
  SocketHandle probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
         errno == ECONNREFUSED;
}

Result<SocketHandle> bind_unix(const Endpoint& endpoint) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, endpoint.path.c_str(), endpoint.path.size());
  SocketHandle socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return failure(endpoint, "socket", errno);
  auto* raw = reinterpret_cast<const sockaddr*>(&address);
  if (::bind(socket.get(), raw, sizeof address) == 0) return socket;
  int error = errno;
  if (error == EADDRINUSE && is_stale_socket(endpoint.path, address)) {
    ::unlink(endpoint.path.c_str());
    if (::bind(socket.get(), raw, sizeof address) == 0) return socket;
    error = errno;
  }
  return failure(endpoint, "bind", error);
}

void remove_file(const Endpoint& listening) {
  if (listening.transport == Endpoint::Transport::kUnix) ::unlink(listening.path.c_str());
}

std::uint16_t bound_port(int fd) {
  std::string name = local_name(fd);
  return static_cast<std::uint16_t>(std::stoi(name.substr(name.rfind(':') + 1)));
}

}  // namespace

class Acceptor::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(Loop& loop, SocketHandle socket, const Endpoint& local, const TcpOptions& tcp,
       OnIncoming on_incoming)
      : loop_(loop),
        bound_(std::move(socket)),
        socket_(loop.io()),
        local_(local),
        tcp_(tcp),
        on_incoming_(std::move(on_incoming)),
        reserve_(reserve_descriptor()),
        retry_([this] { try_again(); }) {}

  ~Impl() { close(); }

  // The loop takes the socket, when it has the memory for that.
  void start() {
    std::error_code error;
    socket_.assign(bound_.get(), error);
    if (error) {
      loop_.start_timer(retry_, kPauseWithoutDescriptors);
      return;
    }
    bound_.release();
    wait();
  }

  // A listening socket that is closed resets those that wait for it.
  void finish() {
    std::shared_ptr<Impl> self = shared_from_this();  // on_incoming_ may destroy the acceptor
    for (int i = 0; i < kBacklog && socket_.is_open(); ++i) {
      SocketHandle waiting(
          ::accept4(socket_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (waiting.get() < 0) break;
      hand_over(std::move(waiting));
    }
    close();
  }

  void close() {
    if (!socket_.is_open() && bound_.get() < 0) return;
    std::error_code ignored;
    socket_.close(ignored);
    { SocketHandle bound = std::move(bound_); }
    loop_.cancel_timer(retry_);
    SocketHandle spare = std::move(reserve_);
    remove_file(local_);
  }

  std::uint64_t turned_away() const noexcept { return turned_away_; }

 private:
  void wait() {
    socket_.async_wait(asio::posix::descriptor_base::wait_read,
                       [self = shared_from_this()](std::error_code error) {
                         LoopScope scope;
                         if (!error && self->socket_.is_open()) self->accept_waiting();
                       });
  }

  void try_again() {
    if (socket_.is_open()) {
      accept_waiting();
    } else {
      start();
    }
  }

  void accept_waiting() {
    std::shared_ptr<Impl> self = shared_from_this();  // on_incoming_ may destroy the acceptor
    for (int i = 0; i < kBatch && socket_.is_open(); ++i) {
      SocketHandle accepted(
          ::accept4(socket_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (accepted.get() >= 0) {
        hand_over(std::move(accepted));
      } else if (out_of_descriptors(errno)) {
        if (!turn_waiting_away()) {
          loop_.start_timer(retry_, kPauseWithoutDescriptors);
          return;
        }
        break;
      } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
        break;
      }
      // Anything else concerns a connection that is gone already: on to the next.
    }
    if (socket_.is_open()) wait();
  }

  void hand_over(SocketHandle accepted) {
    if (local_.transport != Endpoint::Transport::kUnix) set_tcp_options(accepted, tcp_);
    try {
      on_incoming_(std::make_unique<IncomingSocket>(std::move(accepted)));
    } catch (const std::bad_alloc&) {
      // No memory for this one, which is closed; the others need not know.
    }
  }

  // Uses the reserve to accept and close those that wait, so that their clients know at once. True
  // if there may be more of them than it has had time for.
  bool turn_waiting_away() {
    if (reserve_.get() < 0) reserve_ = SocketHandle(reserve_descriptor());
    if (reserve_.get() < 0) return false;
    { SocketHandle spare = std::move(reserve_); }
    int count = 0;
    while (count < kBatch) {
      SocketHandle refused(::accept4(socket_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC));
      if (refused.get() < 0) break;
      ++count;
    }
    turned_away_ += static_cast<std::uint64_t>(count);
    reserve_ = SocketHandle(reserve_descriptor());
    return count == kBatch;
  }

  Loop& loop_;
  SocketHandle bound_;  // until the loop has it
  asio::posix::stream_descriptor socket_;
  const Endpoint local_;
  const TcpOptions tcp_;
  OnIncoming on_incoming_;
  SocketHandle reserve_;
  base::Timer retry_;
  std::uint64_t turned_away_ = 0;
};

Result<std::unique_ptr<Acceptor>> Acceptor::listen(const Endpoint& endpoint,
                                                   const TcpOptions& tcp) {
  bool is_tcp = endpoint.transport != Endpoint::Transport::kUnix;
  Result<SocketHandle> socket = is_tcp ? bind_tcp(endpoint) : bind_unix(endpoint);
  if (!socket.ok()) return socket.take_status();
  if (::listen(socket->get(), kBacklog) != 0) return failure(endpoint, "listen", errno);
  Endpoint local = endpoint;
  if (is_tcp) local.port = bound_port(socket->get());
  return std::unique_ptr<Acceptor>(new Acceptor(std::move(*socket), local, tcp));
}

Acceptor::Acceptor(SocketHandle socket, const Endpoint& local, const TcpOptions& tcp)
    : local_(local), tcp_(tcp), socket_(std::move(socket)) {}

Acceptor::~Acceptor() {
  close();
}

void Acceptor::start(Loop& loop, OnIncoming on_incoming) {
  if (socket_.get() < 0) return;  // it has been closed
  impl_ = std::make_shared<Impl>(loop, std::move(socket_), local_, tcp_, std::move(on_incoming));
  impl_->start();
}

void Acceptor::finish() {
  if (impl_) {
    impl_->finish();
  } else {
    close();
  }
}

void Acceptor::close() {
  if (impl_) {
    impl_->close();
  } else if (socket_.get() >= 0) {
    { SocketHandle socket = std::move(socket_); }
    remove_file(local_);
  }
}

std::uint64_t Acceptor::turned_away() const noexcept {
  return impl_ ? impl_->turned_away() : 0;
}

}  // namespace tern::net
