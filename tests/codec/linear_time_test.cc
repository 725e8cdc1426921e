// Sixteen times the bytes take about sixteen times the time to read, whatever they are; not the 256
// times of code that looks at everything again for each new thing.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "every_codec.h"
#include "support/cpu_time.h"

namespace sample {
namespace {

constexpr std::size_t kSmall = 8 * 1024;
constexpr std::size_t kTimes = 16;
// Far from 16, since memory, caches and the machine's other work count; code that looks at
// everything again comes to 256 each time.
constexpr double kMostTimes = 128;
constexpr int kAttempts = 3;

double thread_seconds() {
  return std::chrono::duration<double>(tern::test::thread_cpu_time()).count();
}

template <typename T>
double seconds_to_read(const tern::Codec& codec, const std::string& bytes) {
  tern::DecodeLimits limits;
  limits.decode_overhead_bytes = std::numeric_limits<std::size_t>::max() / 2;
  double best = std::numeric_limits<double>::max();
  for (int i = 0; i < 5; ++i) {
    T value{};
    double start = thread_seconds();
    tern::Status status = decode_into(codec, bytes, value, limits);
    best = std::min(best, thread_seconds() - start);
    EXPECT_TRUE(status.ok()) << status.to_string();
  }
  return best;
}

// `make` gives the bytes of a size.
template <typename T, typename F>
void expect_linear(const tern::Codec& codec, F make) {
  double least = std::numeric_limits<double>::max();
  for (int i = 0; i < kAttempts && least > kMostTimes; ++i) {
    double small = seconds_to_read<T>(codec, make(kSmall));
    double large = seconds_to_read<T>(codec, make(kSmall * kTimes));
    least = std::min(least, large / small);
  }
  EXPECT_LE(least, kMostTimes);
}

class TimeToRead : public testing::TestWithParam<Which> {
 protected:
  template <typename T, typename F>
  void expect_linear_values(F value_of) {
    const tern::Codec& codec = codec_of(GetParam());
    expect_linear<T>(codec, [&](std::size_t size) { return encode(codec, value_of(size)); });
  }
};
INSTANTIATE_TEST_SUITE_P(Of, TimeToRead, every_codec(), which_name);

TEST_P(TimeToRead, TextGrowsWithItsLength) {
  expect_linear_values<std::string>([](std::size_t size) { return std::string(size, 'x'); });
}

TEST_P(TimeToRead, TextOfEscapesGrowsWithItsLength) {
  expect_linear_values<std::string>([](std::size_t size) {
    std::string text;
    while (text.size() < size) text += "\"\\\n\x01";
    return text;
  });
}

TEST_P(TimeToRead, TextOfManyAlphabetsGrowsWithItsLength) {
  expect_linear_values<std::string>([](std::size_t size) {
    std::string text;
    while (text.size() < size) text += "aé€😀";
    return text;
  });
}

TEST_P(TimeToRead, ListsGrowWithTheirLength) {
  expect_linear_values<std::vector<std::string>>(
      [](std::size_t size) { return std::vector<std::string>(size, "x"); });
}

TEST_P(TimeToRead, NumbersGrowWithTheirCount) {
  expect_linear_values<std::vector<std::int64_t>>(
      [](std::size_t size) { return std::vector<std::int64_t>(size, INT64_MIN); });
}

TEST_P(TimeToRead, MapsOfKeysThatDifferAtTheirEndGrowWithTheirSize) {
  expect_linear_values<std::map<std::string, std::int64_t>>([](std::size_t size) {
    std::map<std::string, std::int64_t> map;
    for (std::size_t i = 0; i < size; ++i) {
      map.emplace("the same beginning " + std::to_string(i), 1);
    }
    return map;
  });
}

// --- What only text can be ---

TEST(TimeToReadJson, SpacesGrowWithTheirLength) {
  expect_linear<std::int64_t>(json(),
                              [](std::size_t size) { return std::string(size, ' ') + "1"; });
}

TEST(TimeToReadJson, UnicodeEscapesGrowWithTheirCount) {
  expect_linear<std::string>(json(), [](std::size_t size) {
    std::string text = "\"";
    for (std::size_t i = 0; i < size; ++i) text += "\\ud83d\\ude00";
    return text + "\"";
  });
}

TEST(TimeToReadJson, TheDigitsOfAFractionGrowWithTheirCount) {
  expect_linear<double>(json(), [](std::size_t size) { return "0." + std::string(size, '7'); });
}

TEST(TimeToReadJson, EqualKeysGrowWithTheirCount) {
  expect_linear<std::map<std::string, std::int64_t>>(json(), [](std::size_t size) {
    std::string text = "{\"a\":1";
    for (std::size_t i = 0; i < size; ++i) text += ",\"a\":1";
    return text + "}";
  });
}

}  // namespace
}  // namespace sample
