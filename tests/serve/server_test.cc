// A server on real sockets and threads.
#include "tern/server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "serve/server_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

// A blocking socket that speaks frames.
class Caller {
 public:
  explicit Caller(const Endpoint& endpoint) {
    if (endpoint.transport == Endpoint::Transport::kUnix) {
      fd_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      endpoint.path.copy(address.sun_path, sizeof address.sun_path - 1);
      connect(reinterpret_cast<const sockaddr*>(&address), sizeof address);
    } else {
      fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      address.sin_port = htons(endpoint.port);
      connect(reinterpret_cast<const sockaddr*>(&address), sizeof address);
    }
  }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
  ~Caller() { ::close(fd_); }

  void write(const std::string& bytes) {
    std::size_t written = 0;
    while (written < bytes.size()) {
      ssize_t n = ::send(fd_, bytes.data() + written, bytes.size() - written, MSG_NOSIGNAL);
      ASSERT_GT(n, 0);
      written += static_cast<std::size_t>(n);
    }
  }
  // Reads until `count` frames have come; fewer at the end of the stream.
  std::vector<Answer> read(std::size_t count) {
    std::vector<Answer> all = shape_.answers();
    char buffer[65536];
    while (all.size() < count) {
      ssize_t n = ::recv(fd_, buffer, sizeof buffer, 0);
      if (n <= 0) break;
      shape_.server_end().send(std::string_view(buffer, static_cast<std::size_t>(n)));
      for (Answer& answer : shape_.answers()) all.push_back(std::move(answer));
    }
    return all;
  }
  // Frames are written and read with a Peer whose own stream leads nowhere.
  Peer& shape() { return shape_; }

 private:
  void connect(const sockaddr* address, socklen_t size) {
    EXPECT_EQ(::connect(fd_, address, size), 0);
  }

  int fd_ = -1;
  Peer shape_;
};

class EchoService final : public SampleService {
 public:
  Reply<std::string> Echo(ServerContext& context, std::string text) override {
    if (text == "block") return blocking(context, [] { return std::string("blocked"); });
    if (text == "peer") return std::string(context.peer());
    return text;
  }
  Reply<double> Measure(ServerContext&, std::string) override { return 1.0; }
  Reply<void> Touch(ServerContext&) override { return {}; }
};

TEST(ServerOnSockets, AnswersOnTcpAndOnUnixSockets) {
  Server server;
  ASSERT_TRUE(server.add(std::make_shared<EchoService>()).ok());
  std::string path = testing::TempDir() + "tern_server_test.sock";
  Result<Endpoint> tcp = server.listen("tcp@127.0.0.1:0");
  Result<Endpoint> local = server.listen("unix@" + path);
  ASSERT_TRUE(tcp.ok()) << tcp.status().to_string();
  ASSERT_TRUE(local.ok()) << local.status().to_string();
  EXPECT_NE(tcp->port, 0);
  for (const Endpoint& endpoint : {*tcp, *local}) {
    Caller caller(endpoint);
    caller.write(caller.shape().option() + caller.shape().request(1, "hello") +
                 caller.shape().request(2, "block"));
    std::vector<Answer> answers = caller.read(2);
    ASSERT_EQ(answers.size(), 2u);
    EXPECT_EQ(answers[0].text, "hello");
    EXPECT_EQ(answers[1].text, "blocked");
  }
  server.stop(0s);
  EXPECT_NE(::access(path.c_str(), F_OK), 0);
}

TEST(ServerOnSockets, SaysWhyItCannotListen) {
  Server server;
  EXPECT_EQ(server.listen("tcp@127.0.0.1").status().code(), Code::kInvalidArgument);
  EXPECT_EQ(server.listen("netrpc+tcp@127.0.0.1:0").status().message(),
            "listen on \"netrpc+tcp@127.0.0.1:0\": a server detects the protocol by itself; "
            "expected the address without \"netrpc+\"");
  Result<Endpoint> first = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(first.ok());
  Result<Endpoint> second = server.listen(first->to_string());
  EXPECT_EQ(second.status().code(), Code::kAlreadyExists);
}

TEST(ServerOnSockets, SpreadsConnectionsOverItsLoops) {
  IoPool pool(3);
  Server server(pool);
  std::mutex mutex;
  std::set<std::thread::id> threads;
  auto service = std::make_shared<ScriptedService>();
  service->on_echo([&](ServerContext&, std::string text) -> Reply<std::string> {
    std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
    return text;
  });
  ASSERT_TRUE(server.add(service).ok());
  Result<Endpoint> endpoint = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(endpoint.ok());
  for (int i = 0; i < 6; ++i) {
    Caller caller(*endpoint);
    caller.write(caller.shape().option() + caller.shape().request(1, "x"));
    EXPECT_EQ(caller.read(1).size(), 1u);
  }
  EXPECT_EQ(threads.size(), 3u);
  server.stop(0s);
}

TEST(ServerOnSockets, AnswersManyConnectionsFromManyThreads) {
  IoPool pool(2);
  Server server(pool);
  ASSERT_TRUE(server.add(std::make_shared<EchoService>()).ok());
  Result<Endpoint> endpoint = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(endpoint.ok());
  constexpr int kThreads = 4;
  constexpr std::uint64_t kCalls = 500;
  std::atomic<std::uint64_t> right = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      Caller caller(*endpoint);
      caller.write(caller.shape().option());
      for (std::uint64_t id = 0; id < kCalls; id += 10) {
        std::string bytes;
        for (std::uint64_t i = id; i < id + 10; ++i) {
          bytes += caller.shape().request(i, i % 10 == 9 ? "block" : std::to_string(i));
        }
        caller.write(bytes);
        for (const Answer& answer : caller.read(10)) {
          bool block = answer.id % 10 == 9;
          if (answer.text == (block ? "blocked" : std::to_string(answer.id))) ++right;
        }
      }
      (void)server.stats();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, kThreads * kCalls);
  server.stop(0s);
  EXPECT_EQ(server.stats().methods[SampleService::kEcho].calls, kThreads * kCalls);
}

TEST(ServerOnSockets, LosesNoReplyWhenItStopsUnderLoad) {
  for (int round = 0; round < 10; ++round) {
    Server server(ServerOptions(), 2);
    ASSERT_TRUE(server.add(std::make_shared<EchoService>()).ok());
    Result<Endpoint> endpoint = server.listen("tcp@127.0.0.1:0");
    ASSERT_TRUE(endpoint.ok());
    std::atomic<int> ready = 0;
    std::atomic<int> lost = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&] {
        Caller caller(*endpoint);
        caller.write(caller.shape().option());
        for (std::uint64_t id = 1;; ++id) {
          caller.write(caller.shape().request(id, "x"));
          if (id == 10) ++ready;
          bool going_away = false;
          bool answered = false;
          while (!answered) {
            std::vector<Answer> answers = caller.read(1);
            if (answers.empty()) {
              ++lost;
              return;
            }
            for (const Answer& answer : answers) {
              going_away = going_away || answer.kind == wire::FrameKind::kGoingAway;
              answered = answered || answer.id == id;
            }
          }
          if (going_away) return;
        }
      });
    }
    while (ready < 3) std::this_thread::yield();
    server.stop(10s);
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(lost, 0);
  }
}

}  // namespace
}  // namespace tern::test
