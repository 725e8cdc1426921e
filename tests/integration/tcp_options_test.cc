// What the sockets of clients and servers are told of peers that vanish.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "tern/reverse_dialer.h"
#include "tern/tern.h"

namespace {

using namespace std::chrono_literals;

int option(int fd, int level, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  EXPECT_EQ(::getsockopt(fd, level, name, &value, &size), 0);
  return value;
}

// Keepalive, idle, interval, probes; user timeout in milliseconds.
std::string options_of(int fd) {
  std::string text = option(fd, SOL_SOCKET, SO_KEEPALIVE) ? "on" : "off";
  for (int name : {TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT}) {
    text += " " + std::to_string(option(fd, IPPROTO_TCP, name));
  }
  return text + "; " + std::to_string(option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT));
}

std::uint16_t port_of(int fd, int (*name)(int, sockaddr*, socklen_t*)) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (name(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return address.sin_family == AF_INET ? ntohs(address.sin_port) : std::uint16_t(0);
}

// Of this process's two ends of a connection to `port`.
struct Ends {
  std::string dialed;
  std::string accepted;
};
Ends ends_at(std::uint16_t port) {
  Ends ends;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    int fd = std::atoi(entry.path().filename().c_str());
    std::uint16_t peer = port_of(fd, ::getpeername);
    if (peer == 0) continue;
    if (peer == port) ends.dialed = options_of(fd);
    if (port_of(fd, ::getsockname) == port) ends.accepted = options_of(fd);
  }
  return ends;
}

tern::TcpOptions unusual() {
  tern::TcpOptions tcp;
  tcp.keepalive_idle = 6500ms;
  tcp.keepalive_interval = 3s;
  tcp.keepalive_probes = 2;
  tcp.user_timeout = 12345us;
  return tcp;
}

constexpr const char* kDefault = "on 20 5 4; 40000";
constexpr const char* kUnusual = "on 7 3 2; 13";

TEST(TcpOptions, AreSetOnBothSidesAtFirst) {
  tern::Server server;
  tern::Result<tern::Endpoint> at = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(at.ok()) << at.status().to_string();
  tern::Client client(at->to_string());
  ASSERT_TRUE(client.connect().ok());
  Ends ends = ends_at(at->port);
  EXPECT_EQ(ends.dialed, kDefault);
  EXPECT_EQ(ends.accepted, kDefault);
}

TEST(TcpOptions, AreWhatEachSideWants) {
  tern::ServerOptions server_options;
  server_options.tcp = unusual();
  tern::Server server(server_options);
  tern::Result<tern::Endpoint> at = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(at.ok()) << at.status().to_string();
  tern::ClientOptions options;
  options.tcp.keepalive_idle = 0s;
  options.tcp.user_timeout = 0s;
  tern::Client client("tcp@localhost:" + std::to_string(at->port), options);
  ASSERT_TRUE(client.connect().ok());
  Ends ends = ends_at(at->port);
  EXPECT_EQ(ends.dialed.substr(0, 4), "off ");
  EXPECT_EQ(ends.dialed.substr(ends.dialed.find(';')), "; 0");
  EXPECT_EQ(ends.accepted, kUnusual);
}

TEST(TcpOptions, HoldWhenTheServerDials) {
  auto servers = tern::ReverseDialer::listen("tcp@127.0.0.1:0", unusual());
  ASSERT_TRUE(servers.ok()) << servers.status().to_string();
  tern::ServerOptions server_options;
  server_options.tcp.keepalive_probes = 9;
  tern::Server server(server_options);
  ASSERT_TRUE(server.dial((*servers)->endpoint().to_string()).ok());
  tern::ClientOptions options;
  options.dialer = *servers;
  tern::Client client((*servers)->endpoint().to_string(), options);
  ASSERT_TRUE(client.connect().ok());
  Ends ends = ends_at((*servers)->endpoint().port);
  EXPECT_EQ(ends.dialed, "on 20 5 9; 40000");
  EXPECT_EQ(ends.accepted, kUnusual);
}

}  // namespace
