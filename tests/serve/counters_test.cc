#include "serve/counters.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <vector>

#include "serve/router.h"
#include "serve/take_snapshot.h"
#include "tern/codegen/type_ops_of.h"
#include "tern/server.h"

namespace tern {
namespace {

using std::chrono::nanoseconds;

// What a server of one method says that has counted this.
ServerStats stats_of(const std::vector<const serve::Counters*>& loops) {
  static const Method method{"a.A", "M", 1,    type_ops<std::int64_t>, type_ops<std::int64_t>,
                             {},    {},  false};
  serve::Route route;
  route.method = &method;
  return tern::serve::stats_of(serve::add_up({&route, 1}, loops));
}

TEST(LatencyHistogram, PutsEveryDurationIntoABucketNotFarFromIt) {
  std::size_t last = 0;
  for (std::uint64_t value = 1; value < (std::uint64_t{1} << 40); value += value / 5 + 1) {
    std::size_t bucket = serve::LatencyHistogram::bucket_of(value);
    EXPECT_GE(bucket, last);
    last = bucket;
    auto middle = static_cast<double>(serve::LatencyHistogram::value_of(bucket).count());
    EXPECT_NEAR(middle, static_cast<double>(value), static_cast<double>(value) / 8 + 1);
  }
}

TEST(LatencyHistogram, TakesWhatIsTooLongIntoItsLastBucket) {
  EXPECT_EQ(serve::LatencyHistogram::bucket_of(std::numeric_limits<std::uint64_t>::max()),
            serve::LatencyHistogram::kBuckets - 1);
  EXPECT_LT(serve::LatencyHistogram::bucket_of((std::uint64_t{1} << 41) - 1),
            serve::LatencyHistogram::kBuckets);
  EXPECT_EQ(serve::LatencyHistogram::bucket_of(0), 0u);
}

TEST(Counters, AddUpOverTheLoops) {
  serve::Counters one(1);
  serve::Counters two(1);
  one.methods[0].started.add(3);
  for (int i = 0; i < 2; ++i) one.methods[0].finish(nanoseconds(1000), Code::kOk);
  two.methods[0].started.add(1);
  two.methods[0].finish(nanoseconds(9'000'000), Code::kNotFound);
  two.open.add(2);
  two.refuse(serve::Refusal::kIdle);
  ServerStats stats = stats_of({&one, &two});
  ASSERT_EQ(stats.methods.size(), 1u);
  EXPECT_EQ(stats.methods[0].calls, 4u);
  EXPECT_EQ(stats.methods[0].running, 1u);
  EXPECT_EQ(stats.calls_running, 1u);
  EXPECT_EQ(stats.methods[0].errors, 1u);
  EXPECT_EQ(stats.methods[0].errors_by_code[static_cast<std::size_t>(Code::kNotFound)], 1u);
  EXPECT_EQ(stats.methods[0].total, nanoseconds(9'002'000));
  EXPECT_EQ(stats.methods[0].max, nanoseconds(9'000'000));
  EXPECT_NEAR(static_cast<double>(stats.methods[0].p50.count()), 1000, 125);
  EXPECT_EQ(stats.connections, 2u);
  ASSERT_EQ(stats.refused.size(), 1u);
  EXPECT_EQ(stats.refused[0], (std::pair<std::string, std::uint64_t>("idle", 1)));
}

TEST(Counters, KnowTheSlowestPercent) {
  serve::Counters loop(1);
  for (int i = 0; i < 1000; ++i) {
    loop.methods[0].finish(nanoseconds(i < 980 ? 10'000 : 1'000'000), Code::kOk);
  }
  ServerStats stats = stats_of({&loop});
  ASSERT_EQ(stats.methods.size(), 1u);
  EXPECT_NEAR(static_cast<double>(stats.methods[0].p90.count()), 10'000, 1250);
  EXPECT_NEAR(static_cast<double>(stats.methods[0].p99.count()), 1'000'000, 125'000);
}

TEST(Counters, GiveEveryRefusalANameOfItsOwn) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < static_cast<std::size_t>(serve::Refusal::kCount); ++i) {
    names.insert(serve::refusal_name(static_cast<serve::Refusal>(i)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(serve::Refusal::kCount));
}

}  // namespace
}  // namespace tern
