#include "wire/connect/envelopes.h"

#include <algorithm>

namespace tern::wire::connect {

void put_prefix(std::uint8_t flags, std::uint64_t size, Buffer& out) {
  const std::array<std::byte, kPrefixBytes> prefix = {
      static_cast<std::byte>(flags), static_cast<std::byte>(size >> 24),
      static_cast<std::byte>(size >> 16), static_cast<std::byte>(size >> 8),
      static_cast<std::byte>(size)};
  out.append(ByteView(prefix));
}

EnvelopeReader::Step EnvelopeReader::read(ByteView in, Piece& piece, std::size_t& used) noexcept {
  used = 0;
  if (has_ < kPrefixBytes) {
    while (has_ < kPrefixBytes && used < in.size()) prefix_[has_++] = in[used++];
    if (has_ < kPrefixBytes) return Step::kMore;
    size_ = 0;
    for (std::size_t at = 1; at < kPrefixBytes; ++at) {
      size_ = size_ << 8 | std::to_integer<std::uint32_t>(prefix_[at]);
    }
    left_ = size_;
    first_ = true;
    return Step::kPrefix;
  }
  if (in.empty() && left_ > 0) return Step::kMore;
  used = std::min<std::size_t>(left_, in.size());
  left_ -= static_cast<std::uint32_t>(used);
  piece.bytes = in.first(used);
  piece.first = first_;
  piece.last = left_ == 0;
  first_ = false;
  if (piece.last) has_ = 0;
  return Step::kPiece;
}

}  // namespace tern::wire::connect
