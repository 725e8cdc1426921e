#include "support/cutting_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace tern::test {

namespace {

constexpr int kTick = 20;  // milliseconds, to see that the test has ended

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool readable(int socket, int milliseconds) {
  pollfd one{socket, POLLIN, 0};
  return ::poll(&one, 1, milliseconds) > 0;
}

// "" at the end.
std::string read_some(int socket) {
  std::array<char, 16384> bytes;
  ssize_t size = ::recv(socket, bytes.data(), bytes.size(), 0);
  return size > 0 ? std::string(bytes.data(), static_cast<std::size_t>(size)) : std::string();
}

bool write_all(int socket, const std::string& bytes) {
  return ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(bytes.size());
}

}  // namespace

CuttingProxy::CuttingProxy(std::uint16_t server_port) : server_port_(server_port) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (listener_ < 0 || ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "listen");
  }
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { accept_all(); });
}

CuttingProxy::~CuttingProxy() {
  ended_ = true;
  accepting_.join();
  for (std::thread& one : connections_) one.join();
  ::close(listener_);
}

void CuttingProxy::cut_request_with(std::string text) {
  std::lock_guard lock(mutex_);
  cut_ = Cut::kRequest;
  text_ = std::move(text);
  seen_ = 0;
}

void CuttingProxy::cut_answer_to(std::string text) {
  std::lock_guard lock(mutex_);
  cut_ = Cut::kAnswer;
  text_ = std::move(text);
  seen_ = 0;
}

bool CuttingProxy::has_cut() const {
  std::lock_guard lock(mutex_);
  return cut_ == Cut::kNone;
}

int CuttingProxy::seen() const {
  std::lock_guard lock(mutex_);
  return seen_;
}

void CuttingProxy::accept_all() {
  while (!ended_) {
    if (!readable(listener_, kTick)) continue;
    int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) connections_.emplace_back([this, client] { pass_on(client); });
  }
}

void CuttingProxy::pass_on(int client) {
  const int cuts = cuts_;
  int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(server_port_);
  bool good = ::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  bool waiting_to_cut = false;
  while (good && !ended_ && cuts_ == cuts) {
    std::array<pollfd, 2> both{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
    if (held_) {
      ::poll(nullptr, 0, kTick);
      continue;
    }
    if (::poll(both.data(), both.size(), kTick) <= 0) continue;
    if (both[0].revents != 0) good = pass_request(client, server, waiting_to_cut);
    if (good && both[1].revents != 0) good = pass_answer(client, server, waiting_to_cut);
  }
  ::close(client);
  ::close(server);
}

bool CuttingProxy::pass_request(int client, int server, bool& waiting_to_cut) {
  std::string bytes = read_some(client);
  request_bytes_ += bytes.size();
  {
    std::lock_guard lock(mutex_);
    if (!text_.empty() && bytes.find(text_) != std::string::npos) {
      ++seen_;
      if (cut_ == Cut::kAnswer) waiting_to_cut = true;
      if (std::exchange(cut_, Cut::kNone) == Cut::kRequest) return false;
    }
  }
  return !bytes.empty() && write_all(server, bytes);
}

bool CuttingProxy::pass_answer(int client, int server, bool waiting_to_cut) {
  std::string bytes = read_some(server);
  answer_bytes_ += bytes.size();
  return !bytes.empty() && !waiting_to_cut && write_all(client, bytes);
}

}  // namespace tern::test
