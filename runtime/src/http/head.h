// The head of an HTTP/1 message: its first line and its headers, strictly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tern/buffer.h"

namespace tern::http {

struct Header {
  std::string_view name;   // as it came; names are compared without regard to case
  std::string_view value;  // without the space around it
};

// Views into `text`: it stays where it is.
struct Head {
  Head() = default;
  Head(const Head&) = delete;
  Head& operator=(const Head&) = delete;

  // How many headers have that name, which is in lower case.
  std::size_t count(std::string_view name) const noexcept;
  // The first header of that name, or "".
  std::string_view get(std::string_view name) const noexcept;

  std::string text;
  std::string_view method;  // requests
  std::string_view target;  // requests: "/path?query", or "*"
  int status = 0;           // responses
  int major_version = 1;    // 1 or 2, which has no codings or connections in its heads
  int minor_version = 1;    // of HTTP/1
  std::vector<Header> headers;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
};

// Why a message is refused.
struct Fault {
  int status = 400;
  std::string text;
};

// Finds the end of a head in bytes that come in pieces, and takes the head apart. What two readers
// could read in two ways is refused: lines that do not end with CRLF, folded lines, space before a
// colon, control characters, two lengths or a length beside a coding, codings other than chunked,
// a missing or second Host, a target that is no path.
class HeadReader {
 public:
  enum class Side : std::uint8_t { kRequest, kResponse };
  enum class Step : std::uint8_t { kMore, kWhole, kBroken };

  static constexpr std::size_t kMaxBytes = 16 * 1024;
  static constexpr std::size_t kMaxHeaders = 100;

  // The library beneath reads no more than 80 KiB.
  explicit HeadReader(Side side, std::size_t max_bytes = kMaxBytes) noexcept
      : side_(side), max_bytes_(max_bytes) {}

  // `in` begins where the head does, at every call. With kWhole `size` is how long the head is and
  // the reader is ready for the next one.
  Step read(ByteView in, Head& head, std::size_t& size, Fault& fault);

 private:
  bool check_line(std::string_view line, Fault& fault);

  Side side_;
  std::size_t max_bytes_;
  std::size_t line_ = 0;     // where the line begins that is not complete
  std::size_t scanned_ = 0;  // no end of a line before it
  std::size_t lines_ = 0;    // complete ones
};

// Whether `name` can be a header's name, and `value` its value.
bool is_token(std::string_view name) noexcept;
bool is_field_value(std::string_view value) noexcept;

}  // namespace tern::http
