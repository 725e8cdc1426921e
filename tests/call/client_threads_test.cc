// One client and many threads.
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "call/arith_server.h"
#include "call/client_fixture.h"

namespace tern::test {
namespace {

using arith::ArithStub;

class ClientThreads : public testing::Test {
 protected:
  ClientThreads() {
    options.dialer = dialer;
    options.limits.calls_in_flight = 100'000;
    options.backoff.initial = std::chrono::nanoseconds(1);
    options.backoff.max = std::chrono::milliseconds(1);
  }

  // Runs `work(thread number)` on several threads at once.
  template <typename F>
  void on_threads(int count, F work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) threads.emplace_back([&work, i] { work(i); });
    for (auto& thread : threads) thread.join();
  }

  ArithServer server;
  std::shared_ptr<ArithDialer> dialer = std::make_shared<ArithDialer>(server);
  ClientOptions options;
};

TEST_F(ClientThreads, GetTheirOwnReplies) {
  Client client("tcp@127.0.0.1:7", options);
  on_threads(6, [&](int thread) {
    ArithStub stub(client);
    for (int i = 0; i < 500; ++i) {
      Result<std::int64_t> product = stub.Multiply({thread * 1000 + i, 3}).get();
      ASSERT_TRUE(product.ok()) << product.status().to_string();
      ASSERT_EQ(*product, (std::int64_t{thread} * 1000 + i) * 3);
    }
  });
  ClientStats stats = client.stats();
  EXPECT_EQ(stats.calls_started, 3000u);
  EXPECT_EQ(stats.calls_pending, 0u);
  EXPECT_EQ(stats.late_replies + stats.unknown_replies, 0u);
}

// Replies, deadlines and cancels of the same calls race; connections break in between.
TEST_F(ClientThreads, EndEveryCallOnceWhateverRaces) {
  std::atomic<int> started{0};
  std::atomic<int> ended{0};
  std::atomic<int> wrong{0};
  {
    Client client("tcp@127.0.0.1:7", options);
    on_threads(5, [&](int thread) {
      ArithStub stub(client);
      std::minstd_rand random(static_cast<unsigned>(thread) + 1);
      for (int i = 0; i < 1500; ++i) {
        CallOptions call;
        unsigned kind = random() % 8;
        if (kind < 4) call.timeout = std::chrono::microseconds(random() % 300);
        if (kind == 5) call.wait_for_ready = true;
        std::int64_t a = kind == 0 ? -1 : static_cast<std::int64_t>(random() % 100);
        ++started;
        Call<std::int64_t> multiply = stub.Multiply({a, 7}, call);
        auto runs = std::make_shared<std::atomic<int>>(0);
        multiply.then([&, a, runs](Result<std::int64_t> product) {
          if (runs->fetch_add(1) != 0) ++wrong;
          if (product.ok() && *product != a * 7) ++wrong;
          ++ended;
        });
        if (kind % 2 == 1) multiply.cancel();
        if (thread == 0 && i % 100 == 50) dialer->break_connection();
      }
    });
  }
  EXPECT_EQ(ended, started);
  EXPECT_EQ(wrong, 0);
}

TEST_F(ClientThreads, MayDestroyTheClientWhileRepliesCome) {
  for (int round = 0; round < 200; ++round) {
    std::atomic<int> ended{0};
    {
      Client client("tcp@127.0.0.1:7", options);
      ArithStub stub(client);
      for (int i = 0; i < 50; ++i) {
        stub.Multiply({i, i}).then([&](Result<std::int64_t>) { ++ended; });
      }
    }
    ASSERT_EQ(ended, 50);  // the destructor waits for the callbacks
  }
}

TEST_F(ClientThreads, ShareAPoolWithOtherClients) {
  IoPool pool(2);
  std::atomic<int> ended{0};
  on_threads(4, [&](int) {
    for (int round = 0; round < 30; ++round) {
      Client client("tcp@127.0.0.1:7", pool, options);
      ArithStub stub(client);
      for (int i = 0; i < 10; ++i) {
        stub.Multiply({i, i}).then([&](Result<std::int64_t>) { ++ended; });
      }
      ASSERT_EQ(*stub.Multiply({6, 7}).get(), 42);
    }
  });
  EXPECT_EQ(ended, 4 * 30 * 10);
}

TEST_F(ClientThreads, ConnectWaitsForTheHandshake) {
  Client client("tcp@127.0.0.1:7", options);
  on_threads(4, [&](int) { EXPECT_TRUE(client.connect().ok()); });
  EXPECT_EQ(client.stats().connects, 1u);
}

TEST(ClientThatCannotConnect, SaysSoToEveryThreadThatWaits) {
  ClientOptions options;
  auto dialer = std::make_shared<FakeDialer>();
  for (int i = 0; i < 100; ++i) dialer->fail_next(Status(Code::kUnavailable, "refused"));
  options.dialer = dialer;
  Client client("tcp@127.0.0.1:7", options);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&client] {
      Status status = client.connect();
      EXPECT_EQ(status.code(), Code::kUnavailable);
      EXPECT_EQ(status.handler_ran(), HandlerRan::kNo);
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace tern::test
