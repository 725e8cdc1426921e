// What peers cost a server that ask for much, or for nothing: on sockets, with the heap counted.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "codec/hostile.h"
#include "serve/server_fixture.h"
#include "tern/server.h"

namespace tern::test {
namespace {

constexpr std::size_t kKiB = 1024;
constexpr std::size_t kMiB = 1024 * kKiB;

// A connection that costs this process no heap on its own side.
class RawPeer {
 public:
  explicit RawPeer(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    int little = 4096;  // what it has not read stays at the server
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  RawPeer(RawPeer&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  RawPeer& operator=(RawPeer&&) = delete;
  ~RawPeer() {
    if (fd_ >= 0) ::close(fd_);
  }

  void send(std::string_view bytes) {
    ASSERT_EQ(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  // Waits for so many bytes. False if the server hangs up before.
  bool receive(std::size_t bytes) {
    std::array<char, 4096> into;
    while (bytes > 0) {
      ssize_t n = ::recv(fd_, into.data(), std::min(bytes, into.size()), 0);
      if (n <= 0) return false;
      bytes -= static_cast<std::size_t>(n);
    }
    return true;
  }
  bool is_closed_by_the_server() {
    while (receive(1)) {
    }
    return true;
  }

 private:
  int fd_;
};

class Resources : public testing::Test {
 protected:
  Resources() {
    options_.log = [](std::string_view) {};
  }

  std::uint16_t serve() {
    server_ = std::make_unique<Server>(options_);
    EXPECT_TRUE(server_->add(service_).ok());
    Result<Endpoint> at = server_->listen("tcp@127.0.0.1:0");
    EXPECT_TRUE(at.ok());
    return at->port;
  }
  template <typename Condition>
  void wait_until(Condition condition) {
    while (!condition()) std::this_thread::yield();
  }
  void wait_for_connections(std::uint64_t count) {
    wait_until([&] { return server_->stats().connections == count; });
  }
  // Makes the connection, and one call on it.
  RawPeer caller(std::uint16_t port) {
    RawPeer peer(port);
    peer.send(option_and_call_);
    EXPECT_TRUE(peer.receive(64));
    return peer;
  }

  ServerOptions options_;
  std::shared_ptr<ScriptedService> service_ = std::make_shared<ScriptedService>();
  std::unique_ptr<Server> server_;
  Peer words_;
  std::string option_ = words_.option();
  std::string option_and_call_ = option_ + words_.request(1, "x");
};

TEST_F(Resources, AConnectionThatDoesNothingTakesFourKibibytes) {
  std::uint16_t port = serve();
  std::vector<RawPeer> peers;
  peers.reserve(400);
  peers.push_back(caller(port));
  sample::HeapGrowth growth;
  for (int i = 1; i < 400; ++i) peers.push_back(caller(port));
  wait_for_connections(400);
  EXPECT_LE(growth.left() / 399, 4 * kKiB);
}

TEST_F(Resources, ConnectionsThatHaveGoneTakeNothing) {
  std::uint16_t port = serve();
  auto come_and_go = [&](int count) {
    for (int i = 0; i < count; ++i) caller(port);
    wait_for_connections(0);
  };
  // What is kept to be used again is there afterwards, and grows no more.
  come_and_go(200);
  sample::HeapGrowth growth;
  come_and_go(1000);
  EXPECT_LE(growth.left(), 8 * kKiB);
}

TEST_F(Resources, APeerThatReadsNothingTakesEightMebibytes) {
  constexpr std::size_t kPeers = 8;
  service_->on_echo([](ServerContext&, std::string) { return std::string(kMiB, 'x'); });
  std::uint16_t port = serve();
  std::vector<RawPeer> peers;
  for (std::size_t i = 0; i < kPeers; ++i) peers.emplace_back(port);
  wait_for_connections(kPeers);
  std::string requests = option_;
  for (std::uint64_t id = 1; id <= 1000; ++id) requests += words_.request(id, "x");
  sample::HeapGrowth growth;
  for (RawPeer& peer : peers) peer.send(requests);
  wait_until([this] { return server_->stats().unsent_bytes >= kPeers * 4 * kMiB; });
  EXPECT_LE(growth.most(), kPeers * 8 * kMiB);
  EXPECT_EQ(server_->stats().connections, kPeers);
}

TEST_F(Resources, MessagesThatAreAnnouncedAndDoNotComeTakeNothing) {
  constexpr std::size_t kPeers = 100;
  std::uint16_t port = serve();
  std::vector<RawPeer> peers;
  for (std::size_t i = 0; i < kPeers; ++i) peers.push_back(caller(port));
  // As large as may be, and all but its first bytes missing.
  std::string beginning = words_.request(2, std::string(4'000'000, 'x')).substr(0, 100);
  sample::HeapGrowth growth;
  for (RawPeer& peer : peers) peer.send(beginning);
  for (int i = 0; i < 3; ++i) caller(port);  // the loop has looked at all of them by then
  EXPECT_LE(growth.most(), kPeers * 4 * kKiB);
}

TEST_F(Resources, ConnectionsThatDripTakeFourKibibytes) {
  constexpr std::size_t kPeers = 200;
  std::uint16_t port = serve();
  std::vector<RawPeer> peers;
  peers.push_back(caller(port));
  for (std::size_t i = 0; i < kPeers; ++i) peers.emplace_back(port);
  wait_for_connections(kPeers + 1);
  sample::HeapGrowth growth;
  for (std::size_t byte = 0; byte < 5; ++byte) {
    for (std::size_t i = 1; i <= kPeers; ++i) peers[i].send(option_.substr(byte, 1));
    for (int i = 0; i < 3; ++i) caller(port);  // the loop has looked at all of them by then
  }
  EXPECT_LE(growth.most(), kPeers * 4 * kKiB);
}

TEST_F(Resources, MessagesOfAbsurdSizesTakeNothingAndEndTheirConnections) {
  constexpr std::size_t kPeers = 100;
  std::uint16_t port = serve();
  std::vector<RawPeer> peers;
  for (std::size_t i = 0; i < kPeers; ++i) peers.push_back(caller(port));
  std::string huge = words_.request(2, "x");
  std::memset(huge.data(), 0xff, 4);
  sample::HeapGrowth growth;
  for (RawPeer& peer : peers) {
    peer.send(huge);
    EXPECT_TRUE(peer.is_closed_by_the_server());
  }
  wait_for_connections(0);
  EXPECT_LE(growth.most(), kPeers * 64 * kKiB);
}

// --- One who asks for very much beside one who asks for little ---

class AFlood : public ServerFixture {};

TEST_F(AFlood, OfOneConnectionDelaysOthersBySixtyFourCalls) {
  constexpr std::uint64_t kRequests = 20'000;
  auto flooder = connect();
  auto polite = connect();
  std::string requests;
  for (std::uint64_t id = 1; id <= kRequests; ++id) requests += flooder->request(id, "x");
  flooder->send(requests);
  polite->send(polite->request(1, "y"));
  std::vector<Answer> answers;
  while (answers.empty()) {
    ASSERT_GT(loop().io().poll_one(), 0u);
    answers = polite->answers();
  }
  EXPECT_EQ(answers.front().text, "y");
  std::uint64_t before = flooder->answers().size();
  EXPECT_LE(before, 64u);
  settle();
  EXPECT_EQ(before + flooder->answers().size(), kRequests);
}

TEST_F(AFlood, OfCallsThatWaitTakesNoRoomOfOtherConnections) {
  options().limits.calls_in_flight = 100;
  service().on_echo([](ServerContext& context, std::string) -> Reply<std::string> {
    auto wait = [](ServerContext& call) -> asio::awaitable<Result<std::string>> {
      co_await call.wait_cancelled();
      co_return Status(Code::kCancelled, "nobody waits");
    };
    return wait(context);
  });
  auto flooder = connect();
  auto polite = connect();
  for (std::uint64_t id = 1; id <= 10'000; ++id) flooder->send(flooder->request(id, "x"));
  settle();
  polite->send(polite->request(1, "2.5", RequestOptions(), SampleService::kMeasure));
  settle();
  EXPECT_EQ(polite->number(polite->answer()), 2.5);
}

}  // namespace
}  // namespace tern::test
