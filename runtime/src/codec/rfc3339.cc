#include "codec/rfc3339.h"

#include <chrono>
#include <cstdint>
#include <limits>

namespace tern::codec {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr int kFractionDigits = 9;

char* write_digits(char* out, std::int64_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return out + digits;
}

// Text that is read from the front; a step that does not find what it wants makes all later ones
// fail.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool ok() const { return ok_; }
  bool done() const { return ok_ && text_.empty(); }
  bool next_is(char c) const { return ok_ && text_.starts_with(c); }

  void expect(char c) {
    if (!next_is(c)) ok_ = false;
    if (ok_) text_.remove_prefix(1);
  }
  bool digit(int& out) {
    if (!ok_ || text_.empty() || text_[0] < '0' || text_[0] > '9') return false;
    out = text_[0] - '0';
    text_.remove_prefix(1);
    return true;
  }
  int number(int digits, int low, int high) {
    int value = 0;
    for (int i = 0; i < digits; ++i) {
      int one = 0;
      ok_ = digit(one) && ok_;
      value = value * 10 + one;
    }
    if (value < low || value > high) ok_ = false;
    return value;
  }
  // In nanoseconds.
  std::int64_t fraction() {
    if (!next_is('.')) return 0;
    expect('.');
    std::int64_t value = 0;
    int digits = 0;
    for (int one = 0; digit(one); ++digits) {
      if (digits < kFractionDigits) value = value * 10 + one;
    }
    if (digits == 0 || digits > kFractionDigits) ok_ = false;
    for (; digits < kFractionDigits; ++digits) value *= 10;
    return value;
  }
  // In seconds.
  std::int64_t offset() {
    if (next_is('Z')) {
      expect('Z');
      return 0;
    }
    const bool west = next_is('-');
    expect(west ? '-' : '+');
    const std::int64_t hours = number(2, 0, 23);
    expect(':');
    const int minutes = number(2, 0, 59);
    const std::int64_t seconds = (hours * 60 + minutes) * 60;
    return west ? -seconds : seconds;
  }

 private:
  std::string_view text_;
  bool ok_ = true;
};

}  // namespace

char* write_rfc3339(Timestamp time, char* out) {
  // By hand: the midnight before the smallest time is not a time.
  const std::int64_t count = time.time_since_epoch().count();
  std::int64_t nanoseconds = count % kDay;
  std::int64_t days = count / kDay;
  if (nanoseconds < 0) {
    nanoseconds += kDay;
    --days;
  }
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  const std::int64_t seconds = nanoseconds / kSecond;
  std::int64_t fraction = nanoseconds % kSecond;
  out = write_digits(out, static_cast<int>(date.year()), 4);
  *out++ = '-';
  out = write_digits(out, static_cast<unsigned>(date.month()), 2);
  *out++ = '-';
  out = write_digits(out, static_cast<unsigned>(date.day()), 2);
  *out++ = 'T';
  out = write_digits(out, seconds / 3600, 2);
  *out++ = ':';
  out = write_digits(out, seconds / 60 % 60, 2);
  *out++ = ':';
  out = write_digits(out, seconds % 60, 2);
  if (fraction != 0) {
    int digits = kFractionDigits;
    for (; fraction % 10 == 0; fraction /= 10) --digits;
    *out++ = '.';
    out = write_digits(out, fraction, digits);
  }
  *out++ = 'Z';
  return out;
}

bool read_rfc3339(std::string_view text, Timestamp& out) {
  using std::chrono::day;
  using std::chrono::month;
  using std::chrono::year;
  Scanner scan(text);
  const int y = scan.number(4, 0, 9999);
  scan.expect('-');
  const int mo = scan.number(2, 1, 12);
  scan.expect('-');
  const int d = scan.number(2, 1, 31);
  scan.expect('T');
  const int h = scan.number(2, 0, 23);
  scan.expect(':');
  const int mi = scan.number(2, 0, 59);
  scan.expect(':');
  const int s = scan.number(2, 0, 59);
  const std::int64_t fraction = scan.fraction();
  const std::int64_t offset = scan.offset();
  if (!scan.done()) return false;

  const std::chrono::year_month_day date(year(y), month(static_cast<unsigned>(mo)),
                                         day(static_cast<unsigned>(d)));
  if (!date.ok()) return false;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = ((days * 24 + h) * 60 + mi) * 60 + s - offset;
  // The second that the smallest time lies in begins before it.
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  if (seconds < kMin / kSecond - 1 || seconds > kMax / kSecond) return false;
  if (seconds == kMax / kSecond && fraction > kMax % kSecond) return false;
  std::int64_t count = 0;
  if (seconds < 0) {
    // Counts from the next second down: seconds * kSecond alone may not fit.
    const std::int64_t down = fraction - kSecond;
    const std::int64_t whole = (seconds + 1) * kSecond;
    if (whole < kMin - down) return false;
    count = whole + down;
  } else {
    count = seconds * kSecond + fraction;
  }
  out = Timestamp(Duration(count));
  return true;
}

}  // namespace tern::codec
