// What the peer takes of one stream, as SETTINGS and WINDOW_UPDATE change it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

namespace tern::http2 {

// Windows of HTTP/2 can go below what was sent (RFC 9113, section 6.9.2): whoever was told of a
// window hears of no more until that has been made good.
class SendWindow {
 public:
  SendWindow() = default;
  explicit SendWindow(std::uint64_t first) noexcept : first_(first) {}

  // What the sender may send at first. From now on grow() says how much more.
  std::uint64_t tell() noexcept {
    told_ = true;
    return std::exchange(first_, 0);
  }

  // The peer takes so much more. How much of it the sender is to hear of.
  std::uint64_t grow(std::uint64_t bytes) noexcept {
    const std::uint64_t made_good = std::min(shrunk_, bytes);
    shrunk_ -= made_good;
    if (told_) return bytes - made_good;
    first_ += bytes - made_good;
    return 0;
  }
  // It takes so much less.
  void shrink(std::uint64_t bytes) noexcept {
    const std::uint64_t taken = std::min(first_, bytes);
    first_ -= taken;
    shrunk_ += bytes - taken;
  }

 private:
  std::uint64_t first_ = 0;  // until it has been told
  std::uint64_t shrunk_ = 0;
  bool told_ = false;
};

}  // namespace tern::http2
