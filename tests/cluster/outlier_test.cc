#include "cluster/outlier.h"

#include <gtest/gtest.h>

#include <chrono>

namespace tern {
namespace {

using namespace std::chrono_literals;

constexpr Clock::TimePoint kNow{std::chrono::hours(1)};

// An overflow shows under a sanitizer.
TEST(OutlierTest, MayStayOutForEver) {
  OutlierPolicy policy;
  policy.first = std::chrono::nanoseconds::max();
  policy.longest = std::chrono::nanoseconds::max();
  cluster::Outlier outlier(policy);
  EXPECT_EQ(outlier.eject(kNow), std::chrono::nanoseconds::max());
  EXPECT_EQ(outlier.stay_out(kNow + 1h), std::chrono::nanoseconds::max());
  EXPECT_EQ(outlier.eject(kNow + 2h), std::chrono::nanoseconds::max());
  EXPECT_TRUE(outlier.ejected());
}

TEST(OutlierTest, IsForgivenOneTimeForEachThatItHasStoodThrough) {
  OutlierPolicy policy;
  policy.first = 30s;
  policy.longest = 300s;
  cluster::Outlier outlier(policy);
  EXPECT_EQ(outlier.eject(kNow), 30s);
  outlier.come_back(kNow + 30s);
  EXPECT_EQ(outlier.eject(kNow + 31s), 60s);
  outlier.come_back(kNow + 91s);
  EXPECT_EQ(outlier.eject(kNow + 91s + 60s), 60s);
}

}  // namespace
}  // namespace tern
