#include "http2/unsent_body.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>

namespace tern::http2 {
namespace {

Buffer buffer_of(std::string_view text) {
  Buffer buffer;
  buffer.append(text);
  return buffer;
}

TEST(UnsentBody, HasWhatWasAppendedAndNotTaken) {
  UnsentBody body(buffer_of("abc"));
  body.take(1);
  body.append(as_bytes(std::string_view("de")), as_bytes(std::string_view("f")));
  body.append(buffer_of("g"));
  EXPECT_EQ(as_text(body.view()), "bcdefg");
  EXPECT_EQ(body.size(), 6u);
  body.take(6);
  EXPECT_TRUE(body.empty());
  body.append(buffer_of("h"));
  EXPECT_EQ(as_text(body.view()), "h");
}

TEST(UnsentBody, IsWhatAStringWouldBe) {
  std::minstd_rand random;
  UnsentBody body;
  std::string expected;
  for (int i = 0; i < 10'000; ++i) {
    const std::string more(random() % 100, static_cast<char>('a' + i % 26));
    if (i % 3 == 0) {
      body.append(buffer_of(more));
    } else {
      body.append(as_bytes(more), as_bytes(std::string_view("|")));
    }
    expected += more + (i % 3 == 0 ? "" : "|");
    const std::size_t taken = std::min<std::size_t>(expected.size(), random() % 120);
    body.take(taken);
    expected.erase(0, taken);
    ASSERT_EQ(as_text(body.view()), expected);
  }
}

// A message of 64 MiB leaves in frames of 16 KiB: moved for each of them it would be 128 GiB.
TEST(UnsentBody, IsNotMovedForEachPartThatIsTaken) {
  constexpr std::size_t kPart = 16 * 1024;
  Buffer bytes;
  bytes.grow(4096 * kPart);
  UnsentBody body(std::move(bytes));
  std::size_t moves = 0;
  const std::byte* at = body.view().data();
  for (int i = 0; i < 4095; ++i) {
    body.take(kPart);
    if (body.view().data() != at + kPart) ++moves;
    at = body.view().data();
  }
  EXPECT_LE(moves, 12u);
}

}  // namespace
}  // namespace tern::http2
