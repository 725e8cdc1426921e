#include "tern/in_process.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "net/loop.h"
#include "serve/sample_service.h"

namespace tern::test {
namespace {

TEST(Settle, WaitsForWorkThatLoopsGiveToEachOther) {
  ManualClock clock;
  IoPool pool(3, clock);
  for (int times = 0; times < 50; ++times) {
    int turns = 0;
    std::function<void(int)> go = [&](int left) {
      ++turns;
      if (left == 0) return;
      pool.loop(static_cast<std::size_t>(left) % 3).post([&go, left] { go(left - 1); });
    };
    pool.loop(0).post([&go] { go(100); });
    settle(pool);
    EXPECT_EQ(turns, 101);
  }
}

TEST(Settle, WaitsForTimersThatAreDue) {
  ManualClock clock;
  IoPool pool(2, clock);
  int fired = 0;
  base::Timer timer([&fired] { ++fired; });
  pool.loop(1).post([&] { pool.loop(1).start_timer(timer, std::chrono::seconds(1)); });
  settle(pool);
  clock.advance(std::chrono::milliseconds(999));
  settle(pool);
  EXPECT_EQ(fired, 0);
  clock.advance(std::chrono::milliseconds(1));
  settle(pool);
  EXPECT_EQ(fired, 1);
}

TEST(InProcessDialer, DoesNotCallBackAfterACancel) {
  IoPool pool;
  Server server(pool);
  ASSERT_TRUE(server.add(std::make_shared<ScriptedService>()).ok());
  std::shared_ptr<Dialer> dialer = in_process_dialer(server);
  int calls = 0;
  std::unique_ptr<Dialer::Attempt> kept;
  std::unique_ptr<ByteStream> stream;
  pool.loop(0).post([&] {
    Endpoint endpoint;
    auto given_up = dialer->dial(pool.loop(0), endpoint, std::chrono::seconds(1),
                                 [&calls](Result<std::unique_ptr<ByteStream>>) { ++calls; });
    given_up.reset();
    kept = dialer->dial(pool.loop(0), endpoint, std::chrono::seconds(1),
                        [&calls, &stream](Result<std::unique_ptr<ByteStream>> dialed) {
                          calls += 10;
                          stream = std::move(*dialed);
                        });
    EXPECT_EQ(calls, 0);
  });
  settle(pool);
  EXPECT_EQ(calls, 10);
  ASSERT_NE(stream, nullptr);
  EXPECT_TRUE(stream->peer_is_local());
  pool.loop(0).post([&stream] { stream.reset(); });
  settle(pool);
}

}  // namespace
}  // namespace tern::test
