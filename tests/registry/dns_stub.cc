#include "registry/dns_stub.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <stdexcept>
#include <tuple>

namespace tern::test {

namespace {

constexpr std::uint16_t kA = 1;
constexpr std::uint16_t kCname = 5;
constexpr std::uint16_t kAaaa = 28;
constexpr std::uint16_t kSrv = 33;
constexpr std::size_t kHeader = 12;

std::string number16(std::uint16_t number) {
  return {static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
}

std::string number32(std::uint32_t number) {
  return number16(static_cast<std::uint16_t>(number >> 16)) +
         number16(static_cast<std::uint16_t>(number & 0xffff));
}

// "a.example" as labels. "." is the root.
std::string labels(std::string name) {
  if (name == ".") name.clear();
  std::string bytes;
  while (!name.empty()) {
    std::string label = name.substr(0, name.find('.'));
    bytes += static_cast<char>(label.size());
    bytes += label;
    name.erase(0, label.size() + 1);
  }
  return bytes + '\0';
}

std::string numeric(int family, const std::string& address, std::size_t size) {
  std::string bytes(size, '\0');
  if (::inet_pton(family, address.c_str(), bytes.data()) != 1) {
    throw std::invalid_argument(address);
  }
  return bytes;
}

// The name that a question begins with, and what stands behind it.
std::pair<std::string, std::string_view> take_name(std::string_view bytes) {
  std::string name;
  while (!bytes.empty() && bytes.front() != '\0') {
    auto length = static_cast<std::size_t>(bytes.front());
    name += (name.empty() ? "" : ".") + std::string(bytes.substr(1, length));
    bytes.remove_prefix(std::min(length + 1, bytes.size()));
  }
  return {name, bytes.substr(1)};
}

// Of a message with one question.
std::size_t question_size(std::string_view message) {
  std::string_view rest = take_name(message.substr(kHeader)).second;
  return message.size() - kHeader - rest.size() + 4;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = port;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// In the order of the network. 0: it is taken.
std::uint16_t bind_to(int fd, std::uint16_t port) {
  sockaddr_in address = loopback(port);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return 0;
  socklen_t size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return address.sin_port;
}

void close_all(std::initializer_list<int> fds) {
  for (int fd : fds) ::close(fd);
}

std::string read_all(int fd, std::size_t size) {
  std::string bytes(size, '\0');
  ssize_t got = ::recv(fd, bytes.data(), size, MSG_WAITALL);
  bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return bytes;
}

}  // namespace

DnsStub::DnsStub() : ending_(::eventfd(0, EFD_CLOEXEC)) {
  constexpr int kTries = 20;  // a port that is free for one of the two may be taken for the other
  for (int i = 0; i < kTries; ++i) {
    udp_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    tcp_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::uint16_t port = bind_to(udp_, 0);
    if (port != 0 && bind_to(tcp_, port) != 0 && ::listen(tcp_, SOMAXCONN) == 0) {
      thread_ = std::thread([this] { serve(); });
      return;
    }
    close_all({udp_, tcp_});
  }
  throw std::runtime_error("no port");
}

DnsStub::~DnsStub() {
  release();
  ::eventfd_write(ending_, 1);
  thread_.join();
  close_all({udp_, tcp_, ending_});
}

std::string DnsStub::address() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(udp_, reinterpret_cast<sockaddr*>(&address), &size);
  return "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

void DnsStub::add_ipv4(const std::string& name, const std::string& address, std::uint32_t ttl) {
  add(name, {kA, ttl, numeric(AF_INET, address, 4)});
}

void DnsStub::add_ipv6(const std::string& name, const std::string& address, std::uint32_t ttl) {
  add(name, {kAaaa, ttl, numeric(AF_INET6, address, 16)});
}

void DnsStub::add_srv(const std::string& name, std::uint16_t priority, std::uint16_t weight,
                      std::uint16_t port, const std::string& target, std::uint32_t ttl) {
  add(name, {kSrv, ttl, number16(priority) + number16(weight) + number16(port) + labels(target)});
}

void DnsStub::add_alias(const std::string& name, const std::string& target, std::uint32_t ttl) {
  add(name, {kCname, ttl, labels(target)});
}

void DnsStub::add_name(const std::string& name) {
  std::lock_guard lock(mutex_);
  names_.push_back(name);
}

void DnsStub::remove(const std::string& name) {
  std::lock_guard lock(mutex_);
  records_.erase(name);
  std::erase(names_, name);
}

void DnsStub::fail_with(std::uint8_t code) {
  std::lock_guard lock(mutex_);
  code_ = code;
}

void DnsStub::answer_with(std::uint16_t count, std::string bytes) {
  std::lock_guard lock(mutex_);
  bytes_.emplace(count, std::move(bytes));
}

void DnsStub::truncate_datagrams() {
  std::lock_guard lock(mutex_);
  truncates_ = true;
}

void DnsStub::send_before_answers(std::string address) {
  std::lock_guard lock(mutex_);
  forged_ = numeric(AF_INET, address, 4);
}

void DnsStub::hold() {
  std::lock_guard lock(mutex_);
  held_ = true;
}

void DnsStub::release() {
  std::lock_guard lock(mutex_);
  held_ = false;
  changed_.notify_all();
}

void DnsStub::wait_for_question() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_; });
}

void DnsStub::add(const std::string& name, Record record) {
  std::lock_guard lock(mutex_);
  records_.emplace(name, std::move(record));
  names_.push_back(name);
}

void DnsStub::serve() {
  std::array<pollfd, 3> waiting = {{{udp_, POLLIN, 0}, {tcp_, POLLIN, 0}, {ending_, POLLIN, 0}}};
  while (true) {
    ::poll(waiting.data(), waiting.size(), -1);
    if (waiting[2].revents != 0) return;
    if (waiting[0].revents != 0) serve_datagram();
    if (waiting[1].revents != 0) serve_connection();
  }
}

void DnsStub::serve_datagram() {
  std::array<char, 4096> buffer{};
  sockaddr_in peer{};
  socklen_t peer_size = sizeof peer;
  ssize_t got = ::recvfrom(udp_, buffer.data(), buffer.size(), 0,
                           reinterpret_cast<sockaddr*>(&peer), &peer_size);
  if (got < static_cast<ssize_t>(kHeader)) return;
  std::string reply = wait_and_answer({buffer.data(), static_cast<std::size_t>(got)});
  std::string forged;
  {
    std::lock_guard lock(mutex_);
    if (truncates_) {
      reply.resize(kHeader + question_size(reply));
      reply[2] |= 0x02;
      reply[6] = reply[7] = 0;
    }
    if (!forged_.empty()) {
      forged = reply.substr(0, kHeader + question_size(reply));
      forged[1] ^= 1;  // the number of the question
      forged[6] = 0;
      forged[7] = 1;
      forged += "\xC0\x0C" + number16(kA) + number16(1) + number32(60) + number16(4) + forged_;
    }
  }
  for (const std::string& bytes : {forged, reply}) {
    if (bytes.empty()) continue;
    ::sendto(udp_, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&peer),
             peer_size);
  }
}

// One question; who has another one comes again.
void DnsStub::serve_connection() {
  int peer = ::accept4(tcp_, nullptr, nullptr, SOCK_CLOEXEC);
  if (peer < 0) return;
  std::string size = read_all(peer, 2);
  if (size.size() == 2) {
    std::string question =
        read_all(peer, static_cast<std::size_t>((static_cast<unsigned char>(size[0]) << 8) |
                                                static_cast<unsigned char>(size[1])));
    ++tcp_questions_;
    std::string reply = question.size() < kHeader ? "" : wait_and_answer(question);
    reply = number16(static_cast<std::uint16_t>(reply.size())) + reply;
    ::send(peer, reply.data(), reply.size(), MSG_NOSIGNAL);
  }
  ::close(peer);
}

std::string DnsStub::wait_and_answer(std::string_view question) {
  ++questions_;
  std::unique_lock lock(mutex_);
  waiting_ = held_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return !held_; });
  waiting_ = false;
  return answer(question);
}

// With mutex_ held.
std::string DnsStub::answer(std::string_view question) const {
  auto [name, rest] = take_name(question.substr(kHeader));
  std::string_view asked = question.substr(kHeader, question_size(question));
  auto type = static_cast<std::uint16_t>((static_cast<unsigned char>(rest[0]) << 8) |
                                         static_cast<unsigned char>(rest[1]));
  std::string answers;
  std::uint16_t count = 0;
  std::string owner = name;
  // Aliases first, then what they lead to.
  for (int step = 0; step < 8; ++step) {
    std::string next;
    auto [first, last] = records_.equal_range(owner);
    for (auto it = first; it != last; ++it) {
      const Record& record = it->second;
      if (record.type != type && record.type != kCname) continue;
      answers += labels(owner) + number16(record.type) + number16(1) + number32(record.ttl) +
                 number16(static_cast<std::uint16_t>(record.bytes.size())) + record.bytes;
      ++count;
      if (record.type == kCname) next = take_name(record.bytes).first;
    }
    if (next.empty()) break;
    owner = next;
  }
  bool known = std::find(names_.begin(), names_.end(), name) != names_.end();
  std::uint8_t code = code_ != 0 ? code_ : known ? 0 : 3;
  if (code != 0) {
    answers.clear();
    count = 0;
  }
  if (bytes_) std::tie(count, answers) = *bytes_;
  std::string reply(question.substr(0, 2));
  reply += static_cast<char>(0x85);  // an answer, from whom it belongs to
  reply += static_cast<char>(0x80 | code);
  reply += number16(1) + number16(count) + number16(0) + number16(0);
  reply += asked;
  return reply + answers;
}

}  // namespace tern::test
