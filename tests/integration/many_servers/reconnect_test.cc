// A server that comes back to many clients.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "foo.service.h"
#include "integration/many_servers/foo_servers.h"
#include "tern/server.h"
#include "tern/server_list.h"

namespace tern::test {
namespace {

constexpr std::size_t kClients = 500;
constexpr std::chrono::milliseconds kSample{10};

class Reconnecting : public FooServersTest {
 protected:
  void SetUp() override {
    rlimit files{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
    ASSERT_GE(files.rlim_max, 4 * kClients) << "too few files may be open here";
  }

  // A call of every client that waits for the server. `ended` is set when all have succeeded.
  void call(std::promise<void>& ended) {
    left_ = kClients;
    CallOptions patient;
    patient.wait_for_ready = true;
    for (const std::unique_ptr<Cluster>& client : clients_) {
      foo::FooStub(*client).Sum({1, 2}, patient).then([&](Result<std::int64_t> sum) {
        EXPECT_TRUE(sum.ok()) << sum.status().to_string();
        if (--left_ == 0) ended.set_value();
      });
    }
  }

  std::atomic<std::size_t> left_ = 0;
  std::vector<std::unique_ptr<Cluster>> clients_;
};

class Foo final : public foo::FooService {
  Reply<std::int64_t> Sum(ServerContext& /*context*/, foo::Args args) override {
    return args.Num1 + args.Num2;
  }
  Reply<std::int64_t> Sleep(ServerContext& /*context*/, foo::Args args) override {
    return args.Num1 + args.Num2;
  }
};

// The most that came in any 100 ms, in relation to the mean from the first to the last; `total` is
// of how many there were at each sample.
double burst(const std::vector<std::uint64_t>& total) {
  constexpr std::size_t kWindow = std::chrono::milliseconds(100) / kSample;
  auto first = std::find_if(total.begin(), total.end(), [](std::uint64_t n) { return n > 0; });
  auto last = std::find(first, total.end(), total.back());
  const double windows = static_cast<double>(last - first + 1) / kWindow;
  std::uint64_t most = 0;
  for (std::size_t i = 0; i < total.size(); ++i) {
    most = std::max(most, total[i] - (i < kWindow ? 0 : total[i - kWindow]));
  }
  return static_cast<double>(most) / (static_cast<double>(total.back()) / std::max(windows, 1.0));
}

TEST_F(Reconnecting, ClientsDoNotAllComeAtOnce) {
  start_registry();
  add_server();
  const std::string address = servers_[0].address;
  for (std::size_t i = 0; i < kClients; ++i) {
    Result<std::shared_ptr<ServerList>> list = ServerList::of({address});
    ASSERT_TRUE(list.ok());
    clients_.push_back(std::make_unique<Cluster>(*list, pool_));
  }
  std::promise<void> connected;
  call(connected);
  connected.get_future().wait();

  servers_[0].process->kill();
  std::promise<void> promise;
  std::future<void> answered = promise.get_future();
  call(promise);
  ASSERT_EQ(answered.wait_for(std::chrono::seconds(3)), std::future_status::timeout);

  Server returned;
  ASSERT_TRUE(returned.add(std::make_shared<Foo>()).ok());
  Result<Endpoint> listening = returned.listen(address);
  ASSERT_TRUE(listening.ok()) << listening.status().to_string();
  std::vector<std::uint64_t> total = {0};
  while (answered.wait_for(kSample) == std::future_status::timeout) {
    total.push_back(returned.stats().connections_accepted);
  }
  total.push_back(returned.stats().connections_accepted);
  EXPECT_EQ(total.back(), kClients);
  EXPECT_LE(burst(total), 3.0);
  RecordProperty("burst", std::to_string(burst(total)));
  clients_.clear();
}

}  // namespace
}  // namespace tern::test
