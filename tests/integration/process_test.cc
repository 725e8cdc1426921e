// What else goes on in a process that serves and calls: children, signals, a log that is full.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "integration/plain_arith.h"
#include "tern/tern.h"

namespace tern::test {
namespace {

// The open files of this process that a program which it starts would have, too: "7 -> socket:[…]".
std::vector<std::string> inherited() {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    int fd = std::atoi(entry.path().filename().c_str());
    int flags = ::fcntl(fd, F_GETFD);
    if (fd <= 2 || flags < 0 || (flags & FD_CLOEXEC) != 0) continue;
    std::error_code gone;
    found.push_back(std::to_string(fd) + " -> " +
                    std::filesystem::read_symlink(entry.path(), gone).string());
  }
  return found;
}

class AProcess : public testing::Test {
 protected:
  AProcess() {
    EXPECT_TRUE(server_.add(std::make_shared<PlainArith>()).ok());
    Result<Endpoint> at = server_.listen("tcp@127.0.0.1:0");
    EXPECT_TRUE(at.ok());
    if (at.ok()) at_ = *at;
    client_.emplace(at_.to_string());
  }

  void expect_calls(int count) {
    arith::ArithStub stub(*client_);
    for (int i = 0; i < count; ++i) {
      Result<std::int64_t> product = stub.Multiply({i, 2}).get();
      ASSERT_TRUE(product.ok()) << product.status().to_string();
      ASSERT_EQ(*product, 2 * i);
    }
  }

  std::vector<std::string> inherited_before_ = inherited();
  Server server_;
  Endpoint at_;
  std::optional<Client> client_;
};

TEST_F(AProcess, LeavesNoConnectionToProgramsThatItStarts) {
  std::string path = testing::TempDir() + "tern-process-" + std::to_string(::getpid());
  ASSERT_TRUE(server_.listen("unix@" + path).ok());
  Client over_unix("unix@" + path);
  EXPECT_TRUE(over_unix.connect().ok());
  expect_calls(1);
  EXPECT_EQ(inherited(), inherited_before_);
}

TEST_F(AProcess, GoesOnWhenAChildOfAForkEnds) {
  expect_calls(1);
  for (int i = 0; i < 10; ++i) {
    pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) ::_exit(0);
    expect_calls(100);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(server_.stats().connections, 1u);
}

TEST_F(AProcess, GoesOnWhenItStartsPrograms) {
  expect_calls(1);
  for (int i = 0; i < 5; ++i) {
    pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::execl("/bin/true", "true", nullptr);
      ::_exit(1);
    }
    expect_calls(100);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(server_.stats().connections, 1u);
}

// A write to a connection that its peer has reset raises SIGPIPE, which ends a process that does
// not see to it.
TEST_F(AProcess, IsNotEndedByWritesToConnectionsThatAreReset) {
  struct sigaction action {};
  ASSERT_EQ(::sigaction(SIGPIPE, nullptr, &action), 0);
  ASSERT_EQ(action.sa_handler, SIG_DFL);
  for (int i = 0; i < 50; ++i) {
    int peer = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(at_.port);
    ASSERT_EQ(::connect(peer, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    std::string requests;
    for (int call = 0; call < 1000; ++call) {
      requests += R"({"method":"Arith.Multiply","params":[{"A":7,"B":8}],"id":1})";
    }
    EXPECT_GT(::send(peer, requests.data(), requests.size(), MSG_NOSIGNAL), 0);
    linger reset{1, 0};
    ::setsockopt(peer, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    ::close(peer);
  }
  expect_calls(10);
}

// --- The log ---

// Standard error is something else while this lives.
class StandardErrorIs {
 public:
  static constexpr int kClosed = -1;

  explicit StandardErrorIs(int fd) : kept_(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)) {
    if (fd == kClosed) {
      ::close(STDERR_FILENO);
    } else {
      ::dup2(fd, STDERR_FILENO);
    }
  }
  ~StandardErrorIs() {
    ::dup2(kept_, STDERR_FILENO);
    ::close(kept_);
  }

 private:
  int kept_;
};

class Throwing final : public PlainArith {
  Reply<arith::Quotient> Divide(ServerContext&, arith::Args) override {
    throw std::runtime_error("for the log");
  }
};

// Calls a handler whose exception is logged, and one that answers.
void expect_calls_and_exceptions(Client& client) {
  arith::ArithStub stub(client);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(stub.Divide({1, 0}).get().status().code(), Code::kInternal);
    Result<std::int64_t> product = stub.Multiply({7, 8}).get();
    ASSERT_TRUE(product.ok()) << product.status().to_string();
    EXPECT_EQ(*product, 56);
  }
}

void expect_calls_with_a_log() {
  Server server;
  ASSERT_TRUE(server.add(std::make_shared<Throwing>()).ok());
  Result<Endpoint> at = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(at.ok());
  Client client(at->to_string());
  expect_calls_and_exceptions(client);
}

TEST(ALog, ThatIsFullStopsNoCall) {
  int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  StandardErrorIs redirected(full);
  ::close(full);
  expect_calls_with_a_log();
}

TEST(ALog, WhoseReaderIsGoneStopsNoCall) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  StandardErrorIs redirected(ends[0]);
  ::close(ends[0]);
  ::close(ends[1]);
  // What is written to standard error raises SIGPIPE, which is the program's affair.
  auto before = std::signal(SIGPIPE, SIG_IGN);
  expect_calls_with_a_log();
  std::signal(SIGPIPE, before);
}

// What is opened next gets the number of standard error. Calls go to a server that was there
// before, and to one that is made now.
TEST(ALog, ThatIsClosedStopsNoCallAndIsNotSentToAPeer) {
  Server server;
  ASSERT_TRUE(server.add(std::make_shared<Throwing>()).ok());
  Result<Endpoint> at = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(at.ok());
  IoPool pool;
  Client earlier(at->to_string(), pool);
  ASSERT_TRUE(arith::ArithStub(earlier).Multiply({7, 8}).get().ok());
  StandardErrorIs redirected(StandardErrorIs::kClosed);
  Client client(at->to_string(), pool);
  expect_calls_and_exceptions(client);
  EXPECT_EQ(server.stats().connections_accepted, 2u);  // none was lost
  EXPECT_EQ(::fcntl(STDERR_FILENO, F_GETFD), -1);
  expect_calls_with_a_log();
}

TEST(ALog, HasNoLineOfACallThatSucceeds) {
  std::atomic<int> lines = 0;
  ServerOptions options;
  options.log = [&lines](std::string_view) { ++lines; };
  options.log_level = LogLevel::kDebug;
  Server server(options);
  ASSERT_TRUE(server.add(std::make_shared<PlainArith>()).ok());
  Result<Endpoint> at = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(at.ok());
  Client client(at->to_string());
  arith::ArithStub stub(client);
  ASSERT_TRUE(stub.Multiply({7, 8}).get().ok());
  int before = lines;
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(stub.Multiply({7, 8}).get().ok());
  EXPECT_EQ(lines, before);
}

// --- Coming and going ---

TEST(APort, CanBeServedAgainAtOnceOneHundredTimes) {
  std::string address = "tcp@127.0.0.1:0";
  std::unique_ptr<Client> client;
  for (int i = 0; i < 100; ++i) {
    Server server;
    ASSERT_TRUE(server.add(std::make_shared<PlainArith>()).ok());
    Result<Endpoint> at = server.listen(address);
    ASSERT_TRUE(at.ok()) << i << ": " << at.status().to_string();
    address = at->to_string();
    if (!client) client = std::make_unique<Client>(address);
    CallOptions waiting;
    waiting.wait_for_ready = true;
    EXPECT_EQ(*arith::ArithStub(*client).Multiply({7, 8}, waiting).get(), 56);
    server.stop();
  }
}

std::size_t entries(const char* directory) {
  auto all = std::filesystem::directory_iterator(directory);
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

TEST_F(AProcess, IsAsItWasAfterTwoThousandConnections) {
  IoPool pool;
  auto call_once = [&] {
    Client client(at_.to_string(), pool);
    EXPECT_EQ(*arith::ArithStub(client).Multiply({7, 8}).get(), 56);
  };
  call_once();
  expect_calls(1);
  // The server sees the end of a connection a moment after its client.
  auto settled = [this] { return server_.stats().connections == 1; };
  while (!settled()) std::this_thread::yield();
  std::size_t files = entries("/proc/self/fd");
  std::size_t threads = entries("/proc/self/task");
  for (int i = 0; i < 2000; ++i) call_once();
  while (!settled()) std::this_thread::yield();
  EXPECT_EQ(entries("/proc/self/fd"), files);
  EXPECT_EQ(entries("/proc/self/task"), threads);
  EXPECT_EQ(server_.stats().calls_running, 0u);
}

}  // namespace
}  // namespace tern::test
