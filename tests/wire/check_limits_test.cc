// The limits of a frame's parts.
#include "wire/check_limits.h"

#include <gtest/gtest.h>

#include <set>

namespace tern {
namespace {

TEST(CheckLimits, AcceptsWhatIsJustWithinThem) {
  Limits limits;
  wire::FrameSizes sizes;
  for (const wire::FrameLimitRow& row : wire::kFrameLimits) sizes.*row.size = limits.*row.most;
  Status refused;
  wire::FrameLimit limit = wire::FrameLimit::kNone;
  EXPECT_TRUE(wire::check_limits(sizes, limits, refused, limit));
  EXPECT_TRUE(refused.ok());
  EXPECT_EQ(limit, wire::FrameLimit::kNone);
}

TEST(CheckLimits, NamesThePartThatIsTooLarge) {
  Limits limits;
  for (const wire::FrameLimitRow& row : wire::kFrameLimits) {
    limits.*row.most = 10;
    wire::FrameSizes sizes;
    sizes.*row.size = 11;
    Status refused;
    wire::FrameLimit limit = wire::FrameLimit::kNone;
    EXPECT_FALSE(wire::check_limits(sizes, limits, refused, limit, HandlerRan::kYes));
    EXPECT_EQ(limit, row.limit);
    EXPECT_EQ(refused.code(), Code::kResourceExhausted);
    EXPECT_EQ(refused.handler_ran(), HandlerRan::kYes);
    EXPECT_EQ(refused.message(), std::string(row.part) + " is 11 bytes long; the limit is 10");
  }
}

TEST(CheckLimits, NamesTheFirstOfSeveral) {
  wire::FrameSizes sizes;
  for (const wire::FrameLimitRow& row : wire::kFrameLimits) sizes.*row.size = ~std::uint64_t{0};
  Status refused;
  wire::FrameLimit limit = wire::FrameLimit::kNone;
  EXPECT_FALSE(wire::check_limits(sizes, Limits(), refused, limit));
  EXPECT_EQ(limit, wire::FrameLimit::kMethodName);
  EXPECT_EQ(refused.handler_ran(), HandlerRan::kNo);
}

TEST(CheckLimits, HasARowForEachLimitOfAFrame) {
  std::set<wire::FrameLimit> rows;
  for (const wire::FrameLimitRow& row : wire::kFrameLimits) rows.insert(row.limit);
  EXPECT_EQ(rows.size(), wire::kFrameLimits.size());
  EXPECT_EQ(rows.count(wire::FrameLimit::kNone), 0u);
}

}  // namespace
}  // namespace tern
