#include "http/chunks.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/ascii.h"

namespace tern::http {

namespace {

constexpr std::size_t kMaxDigits = 16;
// Extensions of one chunk, or all trailers.
constexpr std::size_t kMaxSkipped = 4096;

bool refuse(Fault& fault, int status, std::string text) {
  fault.status = status;
  fault.text = "http: " + std::move(text);
  return false;
}

bool refuse_byte(Fault& fault, char c, std::string_view expected) {
  return refuse(fault, 400,
                fmt::format("byte {:#04x} in a chunked body; expected {}",
                            static_cast<unsigned char>(c), expected));
}

}  // namespace

void Chunks::begin() noexcept {
  *this = Chunks();
}

Chunks::Step Chunks::read(ByteView in, std::size_t limit, Buffer& body, std::size_t& used,
                          Fault& fault) {
  used = 0;
  while (used < in.size()) {
    if (state_ == State::kData) {
      std::size_t now = std::min<std::uint64_t>(left_, in.size() - used);
      body.append(in.subspan(used, now));
      used += now;
      left_ -= now;
      if (left_ == 0) state_ = State::kDataCr;
      continue;
    }
    if (!take(static_cast<char>(in[used]), limit - body.size(), fault)) return Step::kBroken;
    ++used;
    if (done_) return Step::kWhole;
  }
  return Step::kMore;
}

Chunks::Next Chunks::find_data(ByteView in, std::size_t& used, Fault& fault) {
  constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();
  used = 0;
  if (done_) return Next::kWhole;
  while (state_ != State::kData) {
    if (used == in.size()) return Next::kMore;
    if (!take(static_cast<char>(in[used]), kNoLimit, fault)) return Next::kBroken;
    ++used;
    if (done_) return Next::kWhole;
  }
  return Next::kData;
}

// One byte that is none of a chunk's own. `room`: what the body may still grow by.
bool Chunks::take(char c, std::size_t room, Fault& fault) {
  switch (state_) {
    case State::kSize:
      if (base::hex_value(c) >= 0) return add_digit(c, fault);
      if (digits_ == 0 || (c != '\r' && c != ';')) {
        return refuse_byte(fault, c, "a chunk's size in hexadecimal digits and CRLF");
      }
      state_ = c == ';' ? State::kExtension : State::kSizeEnd;
      return true;
    case State::kExtension:
      if (++skipped_ > kMaxSkipped) {
        return refuse(fault, 400, fmt::format("a chunk's extensions exceed {} bytes", kMaxSkipped));
      }
      if (c == '\r') {
        state_ = State::kSizeEnd;
      } else if (!is_field_value({&c, 1})) {
        return refuse_byte(fault, c, "a chunk's extension");
      }
      return true;
    case State::kSizeEnd:
      if (c != '\n') return refuse_byte(fault, c, "LF behind a chunk's size");
      if (left_ > room) return refuse(fault, 413, "the body is longer than the limit");
      state_ = left_ > 0 ? State::kData : State::kTrailer;
      digits_ = skipped_ = 0;
      return true;
    case State::kData:
      break;
    case State::kDataCr:
      if (c != '\r') return refuse_byte(fault, c, "CRLF behind a chunk");
      state_ = State::kDataLf;
      return true;
    case State::kDataLf:
      if (c != '\n') return refuse_byte(fault, c, "CRLF behind a chunk");
      state_ = State::kSize;
      return true;
    case State::kTrailer:
      if (++skipped_ > kMaxSkipped) {
        return refuse(fault, 431, fmt::format("the trailers exceed {} bytes", kMaxSkipped));
      }
      if (c == '\r') {
        state_ = State::kTrailerEnd;
      } else if (is_field_value({&c, 1})) {
        ++trailer_;
      } else {
        return refuse_byte(fault, c, "a trailer");
      }
      return true;
    case State::kTrailerEnd:
      if (c != '\n') return refuse_byte(fault, c, "LF behind a trailer");
      done_ = trailer_ == 0;
      trailer_ = 0;
      state_ = State::kTrailer;
      return true;
  }
  return false;
}

bool Chunks::add_digit(char c, Fault& fault) {
  if (++digits_ > kMaxDigits) {
    return refuse(fault, 400, fmt::format("a chunk's size has more than {} digits", kMaxDigits));
  }
  left_ = left_ * 16 + static_cast<std::uint64_t>(base::hex_value(c));
  return true;
}

}  // namespace tern::http
