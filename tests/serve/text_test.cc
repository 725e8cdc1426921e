#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "base/log_throttle.h"
#include "base/peer_text.h"

namespace tern {
namespace {

using namespace std::chrono_literals;

TEST(PeerText, LeavesOnlyPrintableAscii) {
  EXPECT_EQ(base::peer_text("Arith.Add"), "Arith.Add");
  EXPECT_EQ(base::peer_text(std::string_view("a\0\n\xff\\", 5)), "a\\x00\\x0a\\xff\\x5c");
  EXPECT_EQ(base::peer_text(std::string(65, 'a')), std::string(64, 'a') + "...");
}

TEST(LogThrottle, PassesOneLineASecondAndCountsTheOthers) {
  ManualClock clock;
  std::vector<std::string> lines;
  base::LogThrottle log(clock, [&lines](std::string_view line) { lines.emplace_back(line); });
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

TEST(LogThrottle, PassesOnWhatMattersEnoughWithItsLevel) {
  ManualClock clock;
  std::vector<std::string> lines;
  auto sink = [&lines](LogLevel level, std::string_view line) {
    lines.push_back(std::string(log_level_name(level)) + ": " + std::string(line));
  };
  base::LogThrottle log(clock, sink, LogLevel::kInfo);
  EXPECT_FALSE(log.takes(LogLevel::kDebug));
  log.line("connected", LogLevel::kDebug);
  log.line("lost", LogLevel::kInfo);
  log.line("refused", LogLevel::kWarning);
  log.line("refused again", LogLevel::kWarning);
  log.line("threw", LogLevel::kError);
  EXPECT_EQ(lines, (std::vector<std::string>{"info: lost", "warning: refused", "error: threw"}));
}

TEST(LogThrottle, IsSilentWhenSwitchedOff) {
  ManualClock clock;
  int lines = 0;
  base::LogThrottle log(
      clock, [&lines](std::string_view) { ++lines; }, LogLevel::kOff);
  log.line("threw", LogLevel::kError);
  EXPECT_EQ(lines, 0);
}

TEST(LogSink, IsEmptyIfItIsMadeOfAnEmptyFunction) {
  EXPECT_FALSE(LogSink());
  EXPECT_FALSE(LogSink(std::function<void(std::string_view)>()));
  EXPECT_TRUE(LogSink([](std::string_view) {}));
}

}  // namespace
}  // namespace tern
