// The limits of a frame's parts.
#include "wire/check_limits.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

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

TEST(StreamLimits, RefuseAWindowThatIsOfNoUse) {
  Limits limits;
  EXPECT_TRUE(wire::check_stream_limits(limits).ok());
  for (std::size_t window : {std::size_t{1}, std::size_t{1023}, std::size_t{1} << 31}) {
    limits.stream_window = window;
    const Status failure = wire::check_stream_limits(limits);
    EXPECT_EQ(failure.code(), Code::kInvalidArgument);
    EXPECT_EQ(failure.message(), "limits: stream_window is " + std::to_string(window) +
                                     "; expected 1024 to 2147483647, or 0 for no streams");
  }
  for (std::size_t window : {std::size_t{0}, std::size_t{1024}}) {
    limits.stream_window = window;
    EXPECT_TRUE(wire::check_stream_limits(limits).ok());
  }
  limits.stream_window = 1;
  limits.streams = 0;
  EXPECT_TRUE(wire::check_stream_limits(limits).ok());
  EXPECT_FALSE(wire::allow_streams(limits));
  EXPECT_EQ(wire::stream_windows(limits), 0u);
}

TEST(StreamLimits, LetAMessageOfTheLimitCome) {
  Limits limits;
  limits.stream_bytes = 10;
  EXPECT_EQ(wire::stream_budget(limits), limits.message_bytes);
  EXPECT_EQ(wire::stream_windows(limits), 256u * 64 * 1024 + limits.message_bytes);
}

}  // namespace
}  // namespace tern
