#include "interop/port_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace tern::test {

namespace {

// A server that is silent for so long has forgotten the connection.
constexpr int kPatienceMillis = 60'000;

}  // namespace

RawPeer::RawPeer(const Endpoint& server)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server.port);
  ::inet_pton(AF_INET, server.host.c_str(), &address.sin_addr);
  int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
}

RawPeer::~RawPeer() {
  ::close(socket_);
}

bool RawPeer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawPeer::finish() {
  ::shutdown(socket_, SHUT_WR);
}

std::string RawPeer::receive(std::size_t bytes) {
  std::string all;
  std::array<char, 65536> some;
  while (all.size() < bytes) {
    pollfd readable{socket_, POLLIN, 0};
    if (::poll(&readable, 1, kPatienceMillis) != 1) {
      ADD_FAILURE() << "neither bytes nor an end behind \"" << all << '"';
      return all;
    }
    ssize_t got = ::recv(socket_, some.data(), some.size(), 0);
    if (got <= 0) return all;  // the end, or a reset
    all.append(some.data(), static_cast<std::size_t>(got));
  }
  return all;
}

std::string RawPeer::receive_all() {
  return receive(std::string::npos);
}

ServerOptions Port::options() {
  ServerOptions options;
  options.log = [](std::string_view) {};  // of thousands of refusals
  return options;
}

Port::Port() : server_(options()) {
  EXPECT_TRUE(add_interop_services(server_).ok());
  Result<Endpoint> at = server_.listen("tcp@127.0.0.1:0");
  EXPECT_TRUE(at.ok()) << at.status().to_string();
  at_ = *at;
  neighbour_.emplace("netrpc+" + at_.to_string());
  EXPECT_TRUE(neighbour_is_well());
}

bool Port::neighbour_is_well() {
  Result<std::int64_t> sum = interop::FooStub(*neighbour_).Sum({1, 3}).get();
  return sum.ok() && *sum == 4 && neighbour_->stats().connects == 1;
}

}  // namespace tern::test
