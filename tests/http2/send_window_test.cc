#include "http2/send_window.h"

#include <gtest/gtest.h>

namespace tern::http2 {
namespace {

TEST(SendWindow, TellsOfWhatComesOnceItWasTold) {
  SendWindow window(100);
  EXPECT_EQ(window.grow(20), 0u);
  EXPECT_EQ(window.tell(), 120u);
  EXPECT_EQ(window.grow(7), 7u);
}

TEST(SendWindow, ThatShrinksIsMadeGoodFirst) {
  SendWindow window(100);
  window.tell();
  window.shrink(30);
  EXPECT_EQ(window.grow(20), 0u);
  EXPECT_EQ(window.grow(15), 5u);
}

TEST(SendWindow, ThatShrinksBelowNothingBeforeItIsToldIsMadeGoodToo) {
  SendWindow window(10);
  window.shrink(30);
  EXPECT_EQ(window.grow(15), 0u);
  EXPECT_EQ(window.tell(), 0u);
  EXPECT_EQ(window.grow(15), 10u);
}

}  // namespace
}  // namespace tern::http2
