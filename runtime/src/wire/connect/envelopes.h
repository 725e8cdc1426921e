// The envelopes of Connect and of gRPC-Web: a byte of flags, four bytes of length, big-endian, and
// a message.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "tern/buffer.h"

namespace tern::wire::connect {

inline constexpr std::size_t kPrefixBytes = 5;
inline constexpr std::uint8_t kCompressed = 1;
inline constexpr std::uint8_t kEndOfStream = 2;  // Connect's alone

// The prefix of a message of `size` bytes, which are less than 4 GiB.
void put_prefix(std::uint8_t flags, std::uint64_t size, Buffer& out);

// Finds envelopes in bytes that come in pieces. What they hold is not gathered here.
class EnvelopeReader {
 public:
  enum class Step : std::uint8_t {
    kMore,
    kPrefix,  // flags() and size() are those of the envelope that begins
    kPiece    // of what it holds; at least one, though it be empty
  };
  struct Piece {
    Piece() = default;
    ByteView bytes;  // into `in`
    bool first = false;
    bool last = false;
  };

  // Takes bytes from the front of `in`; `used` is how many.
  Step read(ByteView in, Piece& piece, std::size_t& used) noexcept;
  std::uint8_t flags() const noexcept { return static_cast<std::uint8_t>(prefix_[0]); }
  std::uint32_t size() const noexcept { return size_; }
  // An envelope has begun and is not complete.
  bool in_envelope() const noexcept { return has_ > 0; }
  // How much of what it holds is still to come. Nothing: its length is not known yet.
  std::optional<std::size_t> to_come() const noexcept {
    return has_ == kPrefixBytes ? std::optional<std::size_t>(left_) : std::nullopt;
  }
  // One has begun that holds nothing: its piece needs no more bytes.
  bool is_empty() const noexcept { return has_ == kPrefixBytes && size_ == 0; }
  void restart() noexcept { *this = EnvelopeReader(); }

 private:
  std::array<std::byte, kPrefixBytes> prefix_{};
  std::size_t has_ = 0;  // bytes of the prefix
  std::uint32_t size_ = 0;
  std::uint32_t left_ = 0;
  bool first_ = false;  // no piece has been given out
};

}  // namespace tern::wire::connect
