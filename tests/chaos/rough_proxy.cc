#include "chaos/rough_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <random>
#include <system_error>
#include <utility>

#include "chaos/history.h"

namespace tern::chaos {

namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 20ms;  // to see that it has become calm, or ends

constexpr std::array<std::string_view, static_cast<std::size_t>(Treatment::kCount)> kNames{
    "delayed", "sliced", "closed", "reset", "held"};

sockaddr_in address_of(in_addr_t host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = host;
  address.sin_port = htons(port);
  return address;
}

// A peer that vanishes must not keep a connection, and its threads, for ever.
void give_up_soon(int socket) {
  const int on = 1;
  const int seconds = 2;
  const int milliseconds = 4000;
  ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &seconds, sizeof seconds);
  ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &on, sizeof on);
  ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t size = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

}  // namespace

std::string_view treatment_name(Treatment treatment) noexcept {
  return kNames[static_cast<std::size_t>(treatment)];
}

// A thread for each direction; the sockets are closed when both have ended.
class RoughProxy::Connection {
 public:
  Connection(RoughProxy& proxy, int client, int server) : proxy_(proxy), sockets_{client, server} {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    for (int socket : sockets_) ::close(socket);
  }

  void pass_on(std::size_t from, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::array<char, 16384> bytes;
    while (true) {
      ssize_t size = ::recv(sockets_[from], bytes.data(), bytes.size(), 0);
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) return reset();
      if (size == 0) {
        ::shutdown(sockets_[1 - from], SHUT_WR);
        return;
      }
      std::string_view read(bytes.data(), static_cast<std::size_t>(size));
      if (!treat(sockets_[1 - from], read, random)) return close();
    }
  }
  void close() {
    for (int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }

 private:
  // A socket that is connected to nothing says so to its peer with a reset.
  void reset() {
    sockaddr nowhere{};
    nowhere.sa_family = AF_UNSPEC;
    for (int socket : sockets_) ::connect(socket, &nowhere, sizeof nowhere);
  }

  // False: the connection is at its end.
  bool treat(int to, std::string_view bytes, std::mt19937_64& random) {
    auto below = [&random](std::size_t end) {
      return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
    };
    if (!proxy_.rough_) return send_all(to, bytes);
    const std::size_t chance = below(100);
    if (chance < 60) return send_all(to, bytes);
    if (chance < 80) {
      note(Treatment::kDelayed);
      std::this_thread::sleep_for(std::chrono::milliseconds(below(50)));
      return send_all(to, bytes);
    }
    if (chance < 96) {
      note(Treatment::kSliced);
      while (!bytes.empty()) {
        const std::size_t size = std::min(bytes.size(), below(2) == 0 ? 1 : 1 + below(2000));
        if (!send_all(to, bytes.substr(0, size))) return false;
        bytes.remove_prefix(size);
        std::this_thread::yield();
      }
      return true;
    }
    if (chance < 98) {
      send_all(to, bytes.substr(0, below(bytes.size() + 1)));
      const bool resets = below(2) == 0;
      note(resets ? Treatment::kReset : Treatment::kClosed);
      resets ? reset() : close();
      return false;
    }
    note(Treatment::kHeld);
    const Nanoseconds end = monotonic_now() + 5s;
    while (proxy_.rough_ && !proxy_.ended_ && monotonic_now() < end) {
      std::this_thread::sleep_for(kTick);
    }
    return send_all(to, bytes);
  }
  void note(Treatment treatment) { ++proxy_.treated_[static_cast<std::size_t>(treatment)]; }

  RoughProxy& proxy_;
  const std::array<int, 2> sockets_;
};

RoughProxy::~RoughProxy() {
  ended_ = true;
  while (true) {
    std::list<std::thread> threads;
    {
      std::lock_guard lock(mutex_);
      for (const auto& one : open_) {
        if (std::shared_ptr<Connection> connection = one.lock()) connection->close();
      }
      threads.swap(threads_);
    }
    if (threads.empty()) return;
    for (std::thread& thread : threads) thread.join();
  }
}

void RoughProxy::add(std::uint16_t port, std::string host, std::uint16_t to_port) {
  int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = address_of(htonl(INADDR_ANY), port);
  if (listener < 0 ||
      ::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener, 64) != 0) {
    throw std::system_error(errno, std::generic_category(), "the proxy's port");
  }
  std::lock_guard lock(mutex_);
  threads_.emplace_back([this, listener, host = std::move(host), to_port] {
    accept_all(listener, host, to_port);
    ::close(listener);
  });
}

void RoughProxy::accept_all(int listener, std::string host, std::uint16_t to_port) {
  while (!ended_) {
    pollfd one{listener, POLLIN, 0};
    if (::poll(&one, 1, static_cast<int>(kTick.count())) <= 0) continue;
    int client = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    // A server that does not answer must hold up no other client.
    std::lock_guard lock(mutex_);
    threads_.emplace_back([this, client, host, to_port] { connect(client, host, to_port); });
  }
}

void RoughProxy::connect(int client, const std::string& host, std::uint16_t to_port) {
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = address_of(::inet_addr(host.c_str()), to_port);
  for (int socket : {client, server}) give_up_soon(socket);
  timeval limit{2, 0};  // of connecting, too
  ::setsockopt(server, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  auto connection = std::make_shared<Connection>(*this, client, server);
  if (::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
  limit.tv_sec = 0;
  ::setsockopt(server, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const std::uint64_t seed = seed_ + 2 * connections_++;
  {
    std::lock_guard lock(mutex_);
    open_.remove_if([](const auto& one) { return one.expired(); });
    open_.push_back(connection);
  }
  std::thread back([connection, seed] { connection->pass_on(1, seed + 1); });
  connection->pass_on(0, seed);
  back.join();
}

}  // namespace tern::chaos
