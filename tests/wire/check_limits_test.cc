// The limits of a frame's parts.
#include "wire/check_limits.h"

#include <gtest/gtest.h>

#include <set>

namespace tern {
namespace {

TEST(CheckLimits, AcceptsWhatIsJustWithinThem) {
  Limits limits;
  FrameSizes sizes;
  for (const FrameLimitRow& row : kFrameLimits) sizes.*row.size = limits.*row.most;
  Status refused;
  FrameLimit limit = FrameLimit::kNone;
  EXPECT_TRUE(check_limits(sizes, limits, refused, limit));
  EXPECT_TRUE(refused.ok());
  EXPECT_EQ(limit, FrameLimit::kNone);
}

TEST(CheckLimits, NamesThePartThatIsTooLarge) {
  Limits limits;
  for (const FrameLimitRow& row : kFrameLimits) {
    limits.*row.most = 10;
    FrameSizes sizes;
    sizes.*row.size = 11;
    Status refused;
    FrameLimit limit = FrameLimit::kNone;
    EXPECT_FALSE(check_limits(sizes, limits, refused, limit, HandlerRan::kYes));
    EXPECT_EQ(limit, row.limit);
    EXPECT_EQ(refused.code(), Code::kResourceExhausted);
    EXPECT_EQ(refused.handler_ran(), HandlerRan::kYes);
    EXPECT_EQ(refused.message(), std::string(row.part) + " is 11 bytes long; the limit is 10");
  }
}

TEST(CheckLimits, NamesTheFirstOfSeveral) {
  FrameSizes sizes;
  for (const FrameLimitRow& row : kFrameLimits) sizes.*row.size = ~std::uint64_t{0};
  Status refused;
  FrameLimit limit = FrameLimit::kNone;
  EXPECT_FALSE(check_limits(sizes, Limits(), refused, limit));
  EXPECT_EQ(limit, FrameLimit::kMethodName);
  EXPECT_EQ(refused.handler_ran(), HandlerRan::kNo);
}

TEST(CheckLimits, HasARowForEachLimitOfAFrame) {
  std::set<FrameLimit> rows;
  for (const FrameLimitRow& row : kFrameLimits) rows.insert(row.limit);
  EXPECT_EQ(rows.size(), kFrameLimits.size());
  EXPECT_EQ(rows.count(FrameLimit::kNone), 0u);
}

}  // namespace
}  // namespace tern
