#include "tls/gather.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace tern::tls {

std::span<std::byte, kRecord> record_buffer() {
  thread_local std::array<std::byte, kRecord> buffer;
  return buffer;
}

ByteView next_record(std::span<const ByteView> pieces, std::size_t skip) {
  ByteView first = pieces.front().subspan(skip);
  if (first.size() >= kRecord || pieces.size() == 1) {
    return first.first(std::min(first.size(), kRecord));
  }
  std::span<std::byte> gathered = record_buffer();
  std::size_t size = 0;
  for (ByteView piece : pieces) {
    ByteView rest = piece.subspan(skip);
    skip = 0;
    rest = rest.first(std::min(rest.size(), gathered.size() - size));
    if (!rest.empty()) std::memcpy(gathered.data() + size, rest.data(), rest.size());
    size += rest.size();
    if (size == gathered.size()) break;
  }
  return gathered.first(size);
}

}  // namespace tern::tls
