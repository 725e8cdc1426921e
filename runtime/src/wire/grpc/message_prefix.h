// The five bytes before each message of gRPC: whether it is compressed, and how long it is.
#pragma once

#include <array>
#include <cstddef>

#include "tern/buffer.h"
#include "tern/compression.h"
#include "tern/status.h"
#include "wire/check_limits.h"

namespace tern::wire::grpc {

class MessagePrefix {
 public:
  static constexpr std::size_t kSize = 5;

  // Takes from the front of `in` what belongs to it. False: more of it is to come.
  bool take(ByteView& in) noexcept;
  // How many bytes of it have come.
  std::size_t have() const noexcept { return have_; }
  // The next one begins.
  void reset() noexcept { have_ = 0; }

  // --- When it is complete ---

  std::size_t message_size() const noexcept;
  bool compressed() const noexcept { return bytes_.front() == std::byte{1}; }
  // Ok, or why there can be no message; `limit` is set if it is too long. `encoding`: how messages
  // may be compressed.
  Status check(std::size_t message_bytes, Compression encoding, FrameLimit& limit) const;

  // Writes one.
  static std::array<std::byte, kSize> of(std::size_t message_size,
                                         bool compressed = false) noexcept;

 private:
  std::array<std::byte, kSize> bytes_{};
  std::size_t have_ = 0;
};

}  // namespace tern::wire::grpc
