// Watch of the interop example: on one loop and across several.
#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "interop.service.h"
#include "services.h"
#include "tern/tern.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

class KvStoreWatch : public testing::Test {
 protected:
  KvStoreWatch() {
    EXPECT_TRUE(add_interop_services(server_).ok());
    Result<Endpoint> at = server_.listen("tcp@127.0.0.1:0");
    EXPECT_TRUE(at.ok()) << at.status().to_string();
    at_ = *at;
  }

  std::unique_ptr<Client> connect() { return std::make_unique<Client>(at_.to_string()); }
  // Once this has come back, what was asked before on the same connection has begun.
  static void settle(Client& client) {
    EXPECT_TRUE(interop::FooStub(client).Sum({1, 3}).get().ok());
  }

  Server server_{ServerOptions(), 3};
  Endpoint at_;
};

TEST_F(KvStoreWatch, TellsEveryWatcherOnEveryLoopOfTheFirstKey) {
  std::vector<std::unique_ptr<Client>> clients;
  std::vector<Call<std::string>> watching;
  for (int i = 0; i < 9; ++i) {
    clients.push_back(connect());
    watching.push_back(interop::KVStoreServiceStub(*clients.back()).Watch(60));
    settle(*clients.back());
  }
  interop::KVStoreServiceStub store(*clients.front());
  ASSERT_TRUE(store.Set({"first", "1"}).get().ok());
  ASSERT_TRUE(store.Set({"second", "2"}).get().ok());
  for (Call<std::string>& watch : watching) {
    Result<std::string> key = watch.get();
    ASSERT_TRUE(key.ok()) << key.status().to_string();
    EXPECT_EQ(*key, "first");
  }
}

TEST_F(KvStoreWatch, ForgetsCallersThatHaveGivenUpOrGone) {
  std::unique_ptr<Client> patient = connect();
  std::unique_ptr<Client> other = connect();
  interop::KVStoreServiceStub store(*patient);
  Call<std::string> watching = store.Watch(60);
  Call<std::string> cancelled = interop::KVStoreServiceStub(*other).Watch(60);
  Call<std::string> lost = interop::KVStoreServiceStub(*other).Watch(60);
  settle(*patient);
  settle(*other);
  cancelled.cancel();
  EXPECT_EQ(cancelled.get().status().code(), Code::kCancelled);
  other.reset();
  ASSERT_TRUE(store.Set({"key", "text"}).get().ok());
  Result<std::string> key = watching.get();
  ASSERT_TRUE(key.ok()) << key.status().to_string();
  EXPECT_EQ(*key, "key");
}

TEST_F(KvStoreWatch, EndsAtOnceForNoTimeAndForEverStillMeansADay) {
  std::unique_ptr<Client> client = connect();
  interop::KVStoreServiceStub store(*client);
  for (std::int64_t seconds : {std::int64_t{0}, std::int64_t{-5}}) {
    Result<std::string> none = store.Watch(seconds).get();
    const auto* timed_out = none.status().as<interop::TimedOut>();
    ASSERT_NE(timed_out, nullptr) << none.status().to_string();
    EXPECT_EQ(timed_out->seconds, seconds);
  }
  Call<std::string> watching = store.Watch(std::numeric_limits<std::int64_t>::max());
  ASSERT_TRUE(store.Set({"key", "text"}).get().ok());
  Result<std::string> key = watching.get();
  EXPECT_TRUE(key.ok()) << key.status().to_string();
}

}  // namespace
}  // namespace tern::test
