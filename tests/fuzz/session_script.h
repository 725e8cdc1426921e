// The input of the session that is fuzzed: what its steps are drawn from.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tern/buffer.h"

namespace fuzz {

// From its front; behind its end it is zeros.
class Script {
 public:
  explicit Script(tern::ByteView bytes) noexcept : bytes_(bytes) {}

  bool ended() const noexcept { return bytes_.empty(); }
  std::uint8_t byte() noexcept {
    if (bytes_.empty()) return 0;
    const auto first = std::to_integer<std::uint8_t>(bytes_.front());
    bytes_ = bytes_.subspan(1);
    return first;
  }
  // With its length before it.
  std::string_view text() noexcept {
    const std::size_t wanted = byte();
    const std::size_t size = std::min(wanted, bytes_.size());
    const std::string_view text = tern::as_text(bytes_.first(size));
    bytes_ = bytes_.subspan(size);
    return text;
  }

 private:
  tern::ByteView bytes_;
};

}  // namespace fuzz
