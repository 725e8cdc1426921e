// A server that comes back to many clients, on real sockets. When they come is
// tests/cluster/reconnect_spread_test.cc's.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
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

TEST_F(Reconnecting, EveryClientComesBackOnOneConnection) {
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
  std::promise<void> answered;
  call(answered);
  Server returned;
  ASSERT_TRUE(returned.add(std::make_shared<Foo>()).ok());
  Result<Endpoint> listening = returned.listen(address);
  ASSERT_TRUE(listening.ok()) << listening.status().to_string();
  answered.get_future().wait();
  EXPECT_EQ(returned.stats().connections_accepted, kClients);
  clients_.clear();
}

}  // namespace
}  // namespace tern::test
