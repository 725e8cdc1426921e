// Reading into a map that is not empty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "tern/codegen/kinds.h"

namespace tern::codec {

// What an entry takes: a node has three pointers and a colour, and the heap keeps a size.
template <Map T>
inline constexpr std::size_t kEntryMemory = sizeof(typename T::value_type) + 40;

enum class Refill : std::uint8_t {
  kReplaces,  // what the map had
  kAdds       // to what the map has
};

// Empties a map and fills it again with its own nodes, so that neither they nor what their keys and
// values have reserved is allocated anew. Of equal keys the last one wins.
template <Map T>
class MapRefill {
 public:
  using Node = typename T::node_type;

  explicit MapRefill(T& map, Refill refill = Refill::kReplaces) : map_(map) {
    if (refill == Refill::kReplaces) old_.swap(map_);
  }

  // A key and a value to be read into; they may hold anything.
  [[gnu::noinline]] Node next() {
    if (!old_.empty()) return old_.extract(old_.begin());
    T one;
    one.try_emplace(typename T::key_type());
    return one.extract(one.begin());
  }
  // Writers send keys in order, so that the end is where it belongs. A node whose key is there
  // already stays with its owner.
  [[gnu::noinline]] void insert(Node node) {
    auto at = map_.insert(map_.end(), std::move(node));
    if (!node.empty()) at->second = std::move(node.mapped());  // NOLINT(bugprone-use-after-move)
  }

 private:
  T& map_;
  T old_;
};

}  // namespace tern::codec
