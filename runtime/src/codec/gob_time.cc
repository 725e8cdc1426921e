#include "codec/gob_time.h"

#include <cstdint>
#include <cstring>

namespace tern::codec {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kFromYearOne = 62'135'596'800;  // to 1970, in seconds
constexpr std::byte kUtc{0xff};                        // both bytes of the zone

template <typename T>
T big_endian(const std::byte* at) noexcept {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value << 8 | std::to_integer<T>(at[i]));
  }
  return value;
}

}  // namespace

std::byte* put_gob_time(std::byte* at, Timestamp value) noexcept {
  const std::int64_t count = value.time_since_epoch().count();
  std::int64_t seconds = count / kSecond;
  std::int64_t nanos = count % kSecond;
  if (nanos < 0) {
    --seconds;
    nanos += kSecond;
  }
  const std::uint64_t wide = __builtin_bswap64(static_cast<std::uint64_t>(seconds + kFromYearOne));
  const std::uint32_t narrow = __builtin_bswap32(static_cast<std::uint32_t>(nanos));
  at[0] = std::byte{1};
  std::memcpy(at + 1, &wide, sizeof wide);
  std::memcpy(at + 9, &narrow, sizeof narrow);
  at[13] = kUtc;
  at[14] = kUtc;
  return at + kGobTimeBytes;
}

bool read_gob_time(ByteView in, Timestamp& out, std::string& why) {
  const unsigned version = in.empty() ? 0 : std::to_integer<unsigned>(in[0]);
  if (version != 1 && version != 2) {
    why = in.empty() ? "expected a time, got no bytes"
                     : "expected version 1 or 2 of a time, got " + std::to_string(version);
    return false;
  }
  // Version 2 has the seconds of the zone, too.
  const std::size_t size = kGobTimeBytes + (version - 1);
  if (in.size() != size) {
    why = "a time of version " + std::to_string(version) + " has " + std::to_string(size) +
          " bytes, got " + std::to_string(in.size());
    return false;
  }
  const auto since_year_one = static_cast<std::int64_t>(big_endian<std::uint64_t>(&in[1]));
  const std::uint32_t nanos = big_endian<std::uint32_t>(&in[9]);
  if (nanos >= kSecond) {
    why = "a time has less than 1000000000 nanoseconds, got " + std::to_string(nanos);
    return false;
  }
  if (since_year_one == 0 && nanos == 0) {
    out = Timestamp();
    return true;
  }
  std::int64_t seconds = 0;
  std::int64_t count = 0;
  // Of a time before 1970 the nanoseconds count from a second that may itself be out of range.
  const bool before = since_year_one < kFromYearOne;
  if (__builtin_sub_overflow(since_year_one, kFromYearOne - (before ? 1 : 0), &seconds) ||
      __builtin_mul_overflow(seconds, kSecond, &count) ||
      __builtin_add_overflow(count, static_cast<std::int64_t>(nanos) - (before ? kSecond : 0),
                             &count)) {
    why = "a time " + std::to_string(since_year_one) +
          " s after the year 1 is not between 1677-09-21 and 2262-04-11";
    return false;
  }
  out = Timestamp(Duration(count));
  return true;
}

}  // namespace tern::codec
