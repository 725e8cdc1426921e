// Times as text (RFC 3339), as JSON carries them.
#pragma once

#include <cstddef>
#include <string_view>

#include "tern/field.h"

namespace tern::codec {

inline constexpr std::size_t kRfc3339Size = 30;  // 2006-01-02T15:04:05.999999999Z

// Writes `time` in UTC with as many digits of the fraction as it needs; returns where it ends.
char* write_rfc3339(Timestamp time, char* out);

// Takes an offset from UTC and up to nine digits of a fraction. False for anything else, and for a
// time that a Timestamp cannot hold: before 1677-09-21 or after 2262-04-11.
bool read_rfc3339(std::string_view text, Timestamp& out);

}  // namespace tern::codec
