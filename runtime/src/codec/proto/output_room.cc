#include "codec/proto/output_room.h"

#include <cstring>

namespace tern::codec::proto {

std::byte* OutputRoom::more(std::byte* at, std::size_t size) {
  const std::size_t used = base_ == nullptr ? start_ : place_of(at);
  out_.truncate(used);
  out_.reserve(size + kSlack);
  out_.grow(out_.capacity() - used);
  base_ = out_.data();
  limit_ = base_ + out_.size() - kSlack;
  return base_ + used;
}

std::byte* OutputRoom::put_long_length(std::size_t place, std::byte* end) {
  const std::size_t size = place_of(end) - place - 1;
  const std::size_t more = varint_size(size) - 1;
  end = at(end, more);
  std::byte* to = base_ + place;
  std::memmove(to + 1 + more, to + 1, size);
  for (std::size_t left = size; left != 0; left >>= 7) {
    *to++ = static_cast<std::byte>(left < 0x80 ? left : left | 0x80);
  }
  return end + more;
}

std::size_t OutputRoom::end(const std::byte* at) {
  const std::size_t size = place_of(at) - start_;
  out_.truncate(start_ + size);
  return size;
}

}  // namespace tern::codec::proto
