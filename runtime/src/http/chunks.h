// A chunked body (RFC 9112, section 7.1), strictly.
#pragma once

#include <cstddef>
#include <cstdint>

#include "http/head.h"
#include "tern/buffer.h"

namespace tern::http {

// The library that reads heads takes any two bytes for the line ends around chunks, as Debian
// builds it; here they are CRLF.
class Chunks {
 public:
  enum class Step : std::uint8_t { kMore, kWhole, kBroken };

  // Before each body.
  void begin() noexcept;

  // Takes bytes from the front of `in` and appends what they hold to `body`, which may grow to
  // `limit`. `used` is how many were taken; with kWhole, to the end of the message. Trailers are
  // read past. A fault of status 413 is a body over the limit.
  Step read(ByteView in, std::size_t limit, Buffer& body, std::size_t& used, Fault& fault);

  // The same without a copy and without a limit, for bodies that are taken as they come. Reads past
  // what stands around data: with kData `used` bytes were that, and data_left() bytes of data come
  // next, of which take_data() counts those that are taken. It may not have come yet.
  enum class Next : std::uint8_t { kMore, kData, kWhole, kBroken };
  Next find_data(ByteView in, std::size_t& used, Fault& fault);
  // The end of the body has been read.
  bool done() const noexcept { return done_; }
  std::uint64_t data_left() const noexcept { return left_; }
  void take_data(std::uint64_t bytes) noexcept {
    left_ -= bytes;
    if (left_ == 0) state_ = State::kDataCr;
  }

 private:
  enum class State : std::uint8_t {
    kSize,
    kExtension,
    kSizeEnd,
    kData,
    kDataCr,
    kDataLf,
    kTrailer,
    kTrailerEnd,
  };

  bool take(char c, std::size_t room, Fault& fault);
  bool add_digit(char c, Fault& fault);

  State state_ = State::kSize;
  std::uint64_t left_ = 0;   // of the chunk
  std::size_t digits_ = 0;   // of its size
  std::size_t skipped_ = 0;  // of extensions and trailers
  std::size_t trailer_ = 0;  // length of the trailer's line so far
  bool done_ = false;
};

}  // namespace tern::http
