#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "base/log_throttle.h"
#include "base/peer_text.h"

namespace tern {
namespace {

using namespace std::chrono_literals;

TEST(GoDuration, PrintsAsGoDoes) {
  EXPECT_EQ(go_duration(0ns), "0s");
  EXPECT_EQ(go_duration(1ns), "1ns");
  EXPECT_EQ(go_duration(1100ns), "1.1µs");
  EXPECT_EQ(go_duration(250us), "250µs");
  EXPECT_EQ(go_duration(1500us), "1.5ms");
  EXPECT_EQ(go_duration(1s), "1s");
  EXPECT_EQ(go_duration(1s + 5ms), "1.005s");
  EXPECT_EQ(go_duration(90s), "1m30s");
  EXPECT_EQ(go_duration(1h), "1h0m0s");
  EXPECT_EQ(go_duration(3661s + 1ns), "1h1m1.000000001s");
  EXPECT_EQ(go_duration(-1500ms), "-1.5s");
  EXPECT_EQ(go_duration(std::chrono::nanoseconds::min()), "-2562047h47m16.854775808s");
  EXPECT_EQ(go_duration(std::chrono::nanoseconds::max()), "2562047h47m16.854775807s");
}

TEST(PeerText, LeavesOnlyPrintableAscii) {
  EXPECT_EQ(peer_text("Arith.Add"), "Arith.Add");
  EXPECT_EQ(peer_text(std::string_view("a\0\n\xff\\", 5)), "a\\x00\\x0a\\xff\\x5c");
  EXPECT_EQ(peer_text(std::string(65, 'a')), std::string(64, 'a') + "...");
}

TEST(LogThrottle, PassesOneLineASecondAndCountsTheOthers) {
  ManualClock clock;
  std::vector<std::string> lines;
  LogThrottle log(clock, [&lines](std::string_view line) { lines.emplace_back(line); });
  for (int i = 0; i < 5; ++i) log.line("first");
  clock.advance(999ms);
  log.line("first");
  EXPECT_EQ(lines, std::vector<std::string>{"first"});
  clock.advance(1ms);
  log.line("second");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[1], "second (and 5 more since the last line)");
  clock.advance(1s);
  log.line("third");
  EXPECT_EQ(lines.back(), "third");
}

}  // namespace
}  // namespace tern
