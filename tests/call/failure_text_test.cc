// The words for what goes wrong.
#include "call/failure_text.h"

#include <gtest/gtest.h>

namespace tern {
namespace {

using namespace std::chrono_literals;

TEST(FailureText, WritesTimesAsPeopleDo) {
  EXPECT_EQ(text_of(0ns), "0s");
  EXPECT_EQ(text_of(1ns), "1ns");
  EXPECT_EQ(text_of(999ns), "999ns");
  EXPECT_EQ(text_of(1500ns), "1.5us");
  EXPECT_EQ(text_of(500ms), "500ms");
  EXPECT_EQ(text_of(1600ms), "1.6s");
  EXPECT_EQ(text_of(1234567890ns), "1.234s");
  EXPECT_EQ(text_of(120s), "120s");
  EXPECT_EQ(text_of(10050us), "10.05ms");
  EXPECT_EQ(text_of(-1500ms), "-1.5s");
  EXPECT_EQ(text_of(std::chrono::nanoseconds::max()), "9223372036.854s");
  EXPECT_EQ(text_of(std::chrono::nanoseconds::min()), "-9223372036.854s");
}

TEST(FailureText, NamesMethodAndAddress) {
  Method method{};
  method.service = "arith.Arith";
  method.name = "Multiply";
  EXPECT_EQ(failure_text(method, "unix@/run/x", "no reply within 1s"),
            "arith.Arith/Multiply on unix@/run/x: no reply within 1s");
}

}  // namespace
}  // namespace tern
