// Servers that restart one after the other under many watchers.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "cluster/stream_town.h"

namespace tern::test {
namespace {

class StreamRestarts : public StreamTown, public testing::WithParamInterface<StreamOnDrain> {};

TEST_P(StreamRestarts, BringAThousandWatchersEachChangeOnceInItsOrder) {
  constexpr std::size_t kWatchers = 1000;
  const std::array<std::string, 4> names = {"a", "b", "c", "d"};
  server_options.limits.streams = 2 * kWatchers;
  options.client.limits.streams = 2 * kWatchers;
  options.stream_on_drain = GetParam();
  list({names.begin(), names.end()});
  std::vector<std::shared_ptr<Watching>> watchers;
  for (std::size_t i = 0; i < kWatchers; ++i) watchers.push_back(watch());
  for (int round = 0; round < 10; ++round) {
    for (const std::string& name : names) {
      publish();
      begin_drain(name, 100ms);
      publish();
      loop.advance(100ms);
      publish();
      loop.advance(3s);  // the last connections close
      restart(name);
      loop.advance(11s);  // so long is the longest back-off
    }
  }
  std::vector<std::int64_t> all(120);
  std::iota(all.begin(), all.end(), 1);
  std::size_t wrong = 0;
  for (const auto& one : watchers) {
    if (one->ended() || one->got() != all) ++wrong;
  }
  EXPECT_EQ(wrong, 0u) << watchers.front()->status().to_string() << ", "
                       << watchers.front()->got().size() << " changes";
  ClusterStats stats = cluster().stats();
  EXPECT_EQ(stats.calls_pending, kWatchers);
  EXPECT_EQ(stats.ejections, 0u);
  EXPECT_GE(stats.attempts, 10 * kWatchers);
}

INSTANTIATE_TEST_SUITE_P(Both, StreamRestarts,
                         testing::Values(StreamOnDrain::kEnd, StreamOnDrain::kMove),
                         [](const auto& tested) {
                           return std::string(tested.param == StreamOnDrain::kMove ? "Move"
                                                                                   : "End");
                         });

}  // namespace
}  // namespace tern::test
