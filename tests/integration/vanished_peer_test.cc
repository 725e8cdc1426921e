// A peer that vanishes with its machine or the way to it: nothing says so, and TCP has to find out.
// In a network namespace of the test's own, whose link is cut.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "arith.service.h"
#include "tern/sleep.h"
#include "tern/tern.h"

namespace {

using namespace std::chrono_literals;

bool run(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

// Another host, with one link to this one.
class OtherHost {
 public:
  OtherHost() {
    static int made = 0;  // a namespace goes some time after it has been deleted
    const int pid = ::getpid() * 2 + made++ % 2;
    name_ = "tern-" + std::to_string(pid);
    const std::string here = "tern" + std::to_string(pid % 1'000'000) + "a";
    const std::string net = "10.231." + std::to_string(pid / 64 % 256) + ".";
    const int first = pid % 64 * 4;
    address_here_ = net + std::to_string(first + 1);
    address_there_ = net + std::to_string(first + 2);
    made_ = run("ip netns add " + name_) &&
            run("ip link add " + here + " type veth peer name far netns " + name_) &&
            run("ip addr add " + address_here_ + "/30 dev " + here) &&
            run("ip link set " + here + " up") &&
            run("ip -n " + name_ + " addr add " + address_there_ + "/30 dev far") &&
            run("ip -n " + name_ + " link set far up");
  }
  OtherHost(const OtherHost&) = delete;
  OtherHost& operator=(const OtherHost&) = delete;
  ~OtherHost() { run("ip netns del " + name_); }

  bool made() const { return made_; }
  const std::string& address_here() const { return address_here_; }
  const std::string& address_there() const { return address_there_; }

  // Runs `work` there, and whatever threads it starts.
  template <typename Work>
  void run_there(Work work) const {
    std::thread thread([this, &work] {
      int fd = ::open(("/var/run/netns/" + name_).c_str(), O_RDONLY | O_CLOEXEC);
      ASSERT_GE(fd, 0);
      ASSERT_EQ(::setns(fd, CLONE_NEWNET), 0);
      ::close(fd);
      work();
    });
    thread.join();
  }
  // Nothing gets through any more.
  void cut() const { EXPECT_TRUE(run("ip -n " + name_ + " link set far down")); }

 private:
  std::string name_;
  std::string address_here_;
  std::string address_there_;
  bool made_ = false;
};

// Asks soon, and gives up soon.
tern::TcpOptions impatient() {
  tern::TcpOptions tcp;
  tcp.keepalive_idle = 1s;
  tcp.keepalive_interval = 1s;
  tcp.keepalive_probes = 1;
  tcp.user_timeout = 2s;
  return tcp;
}

// Its Sleep ends only when it is cancelled.
class Waiting final : public arith::ArithService {
 public:
  tern::Reply<std::int64_t> Multiply(tern::ServerContext&, arith::Args args) override {
    return args.A * args.B;
  }
  tern::Reply<arith::Quotient> Divide(tern::ServerContext&, arith::Args) override {
    return arith::Quotient();
  }
  tern::Reply<void> Sleep(tern::ServerContext& context, tern::Duration) override {
    ++running;
    return wait(context);
  }

  std::atomic<int> running = 0;
  std::atomic<int> cancelled = 0;

 private:
  asio::awaitable<tern::Result<void>> wait(tern::ServerContext& context) {
    tern::Result<void> slept = co_await tern::sleep(context, 1h);
    if (!slept.ok()) ++cancelled;
    co_return slept;
  }
};

template <typename Done>
void wait_until(Done done) {
  while (!done()) std::this_thread::yield();
}

class VanishedPeer : public testing::Test {
 protected:
  void SetUp() override {
    if (!other_.made()) GTEST_SKIP() << "no network namespace can be made here; it takes root";
  }

  OtherHost other_;
  std::shared_ptr<Waiting> service_ = std::make_shared<Waiting>();
};

TEST_F(VanishedPeer, LeavesNoSessionAndNoHandlerBehind) {
  tern::ServerOptions options;
  options.tcp = impatient();
  options.log = [](std::string_view) {};
  tern::Server server(std::move(options));
  ASSERT_TRUE(server.add(service_).ok());
  tern::Result<tern::Endpoint> at = server.listen("tcp@" + other_.address_here() + ":0");
  ASSERT_TRUE(at.ok()) << at.status().to_string();
  std::optional<tern::Client> client;
  std::optional<tern::Call<void>> call;
  other_.run_there([&] {
    client.emplace(at->to_string());
    call.emplace(arith::ArithStub(*client).Sleep(1ms));
  });
  wait_until([&] { return service_->running == 1; });
  other_.cut();
  wait_until([&] { return server.stats().connections == 0; });
  wait_until([&] { return service_->cancelled == 1; });
  EXPECT_EQ(server.stats().calls_running, 0u);
}

TEST_F(VanishedPeer, EndsACallWithoutADeadlineInAProtocolWithoutPings) {
  std::optional<tern::Server> server;
  std::string address;
  other_.run_there([&] {
    tern::ServerOptions options;
    options.log = [](std::string_view) {};
    server.emplace(std::move(options));
    ASSERT_TRUE(server->add(service_).ok());
    tern::Result<tern::Endpoint> at = server->listen("tcp@" + other_.address_there() + ":0");
    ASSERT_TRUE(at.ok()) << at.status().to_string();
    address = at->to_string();
  });
  tern::ClientOptions options;
  options.tcp = impatient();
  tern::Client client("netrpc+" + address, std::move(options));
  tern::Call<void> call = arith::ArithStub(client).Sleep(1ms);
  wait_until([&] { return service_->running == 1; });
  other_.cut();
  tern::Result<void> ended = call.get();
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.status().code(), tern::Code::kUnavailable) << ended.status().to_string();
  EXPECT_EQ(ended.status().handler_ran(), tern::HandlerRan::kUnknown);
}

}  // namespace
