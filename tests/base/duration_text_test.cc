// Durations as text, and back.
#include "base/duration_text.h"

#include <gtest/gtest.h>

namespace tern {
namespace {

using namespace std::chrono_literals;
using std::chrono::hours;
using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST(DurationText, IsAsGoPrintsIt) {
  EXPECT_EQ(base::duration_text(0ns), "0s");
  EXPECT_EQ(base::duration_text(1ns), "1ns");
  EXPECT_EQ(base::duration_text(1100ns), "1.1µs");
  EXPECT_EQ(base::duration_text(250us), "250µs");
  EXPECT_EQ(base::duration_text(1500us), "1.5ms");
  EXPECT_EQ(base::duration_text(1s), "1s");
  EXPECT_EQ(base::duration_text(1s + 5ms), "1.005s");
  EXPECT_EQ(base::duration_text(90s), "1m30s");
  EXPECT_EQ(base::duration_text(1h), "1h0m0s");
  EXPECT_EQ(base::duration_text(3661s + 1ns), "1h1m1.000000001s");
  EXPECT_EQ(base::duration_text(-1500ms), "-1.5s");
  EXPECT_EQ(base::duration_text(nanoseconds::min()), "-2562047h47m16.854775808s");
  EXPECT_EQ(base::duration_text(nanoseconds::max()), "2562047h47m16.854775807s");
}

TEST(DurationText, HasThreeDigitsOnPages) {
  EXPECT_EQ(base::short_duration(0ns), "0");
  EXPECT_EQ(base::short_duration(-1ns), "0");
  EXPECT_EQ(base::short_duration(7ns), "7 ns");
  EXPECT_EQ(base::short_duration(999ns), "999 ns");
  EXPECT_EQ(base::short_duration(1024ns), "1.02 µs");
  EXPECT_EQ(base::short_duration(12'345ns), "12.3 µs");
  EXPECT_EQ(base::short_duration(999'499'999ns), "999 ms");
  EXPECT_EQ(base::short_duration(999'999'999ns), "1 s");
  EXPECT_EQ(base::short_duration(100s), "100 s");
}

TEST(DurationText, HasTwoUnitsOnPages) {
  EXPECT_EQ(base::long_duration(seconds(59)), "59 s");
  EXPECT_EQ(base::long_duration(seconds(60)), "1 min 0 s");
  EXPECT_EQ(base::long_duration(seconds(3725)), "1 h 2 min");
  EXPECT_EQ(base::long_duration(hours(51)), "2 d 3 h");
}

TEST(DurationText, IsReadWithItsUnit) {
  EXPECT_EQ(base::parse_duration("0ms"), 0ns);
  EXPECT_EQ(base::parse_duration("250ms"), 250ms);
  EXPECT_EQ(base::parse_duration("30s"), 30s);
  EXPECT_EQ(base::parse_duration("5m"), 5min);
  EXPECT_EQ(base::parse_duration("5min"), 5min);
  EXPECT_EQ(base::parse_duration("2h"), 2h);
  for (const char* text : {"", "s", "30", "-1s", "+1s", "1.5s", "30 s", "30sec", "30S", "5d",
                           "9223372037s", "2562048h", "9999999999999h", "99999999999999999999s"}) {
    EXPECT_EQ(base::parse_duration(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace tern
