// Integers of a JSON list, many at a time.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "codec/json_digits.h"

namespace tern::codec {

// Integers of a list, as long as there is nothing but a comma and spaces between them. Of 64
// characters those that end a number are found together, so that no number waits for the one
// before.
template <typename T>
struct PlainIntegers {
  enum class Stop { kEndOfList, kMinus, kOther };

  const char* at;  // at the first character that has not been taken
  T* to;           // behind the last number
  T* const full;   // there is no room from here on
  const char* const start;
  const char* const end;

  // Without `Minus` the first minus is a reason to stop, and what is left to look at is less.
  template <bool Minus>
  Stop take() noexcept {
    // Numbers are read by what lies before their ends.
    while (to != full && at - start >= 16 && at < end) {
      const char* const window = at;
      // Nothing behind the end is read: the last character ends a number, whatever it is.
      std::uint64_t stops = not_digits<Minus>(at, end - 1);
      for (; stops != 0 && to != full; stops &= stops - 1) {
        const char* const stop = window + std::countr_zero(stops);
        const bool negative = Minus && at < end && *at == '-';
        const char* const first = at + (negative ? 1 : 0);
        const auto digits = static_cast<unsigned>(stop - first);
        std::uint64_t magnitude = 0;
        if (!Minus && digits - 1 < 8) [[likely]] {
          magnitude = few_digits_before(stop, digits);
        } else if (digits == 0) {
          if (at < end && *at == ' ') {
            ++at;
            continue;
          }
          return !Minus && at < end && *at == '-' ? Stop::kMinus : Stop::kOther;
        } else if (digits > 16 || !digits_before(stop, digits, magnitude) ||
                   (digits > 8 && magnitude > std::uint64_t{std::numeric_limits<T>::max()})) {
          return Stop::kOther;
        }
        if ((*first == '0' && digits != 1) || (negative && std::is_unsigned_v<T>)) [[unlikely]] {
          return Stop::kOther;
        }
        const bool more = *stop == ',';
        if (!more && *stop != ']') [[unlikely]]
          return Stop::kOther;
        const T value = static_cast<T>(magnitude);
        *to++ = negative ? T{0} - value : value;
        at = stop + 1;
        if (!more) return Stop::kEndOfList;
      }
      if (at == window) break;
    }
    return Stop::kOther;
  }
};

}  // namespace tern::codec
