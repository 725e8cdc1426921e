// Whose the bytes of a connection for calls in both directions are.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "tern/buffer.h"

namespace tern::net {

// The two roles of one side of such a connection.
enum class DuplexHalf : std::uint8_t { kCalling, kServing };

// Takes what comes apart, by the kinds of frames: requests, cancels, pings, and the data and credit
// of clients are for the serving half; replies, errors, pongs, going-away, and the data and credit
// of servers for the calling half.
class FrameSplitter {
 public:
  // Bytes for one half.
  struct Piece {
    DuplexHalf half = DuplexHalf::kServing;
    ByteView bytes;
    // Whether nothing else bounds how many of them may wait. Data of streams is bounded by windows,
    // and credit, cancels, pings and pongs are what must pass.
    bool counts = true;
  };

  FrameSplitter() = default;
  FrameSplitter(const FrameSplitter&) = delete;
  FrameSplitter& operator=(const FrameSplitter&) = delete;

  // What comes first is the calling half's, to the end of the line of JSON that answers its Option.
  void expect_handshake() noexcept { in_handshake_ = true; }
  // The next piece, off the front of `bytes`; it is valid until the next call. None: all bytes are
  // taken, and the rest of them stays here until more comes.
  std::optional<Piece> next(ByteView& bytes) noexcept;
  // What stays here has been given to the serving half already.
  void note_given() noexcept { head_given_ = head_have_; }

 private:
  // As much of a frame as tells whose it is: its size and its kind.
  static constexpr std::size_t kHead = 5;

  std::size_t handshake_size(ByteView bytes) noexcept;

  bool in_handshake_ = false;
  bool at_line_start_ = true;
  bool in_last_line_ = false;
  std::array<std::byte, kHead> head_{};
  std::size_t head_have_ = 0;
  std::size_t head_given_ = 0;    // of those, read by the server before the stream was taken apart
  std::uint64_t frame_left_ = 0;  // bytes of the frame behind its head
  DuplexHalf frame_for_ = DuplexHalf::kServing;
  bool frame_counts_ = true;
};

}  // namespace tern::net
