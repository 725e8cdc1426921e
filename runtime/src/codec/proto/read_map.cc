#include "codec/proto/read_map.h"

#include "codec/proto/clear.h"
#include "codec/proto/read_value.h"
#include "codec/proto/tag.h"

namespace tern::codec::proto {

struct MapEntries::State {
  const ValueType& type;
  Tag tag;
  At at;
  At end;
  std::size_t depth;
  Reading& reading;
};

namespace {

// An entry of a map is a message whose fields are the key and the value.
bool read_entry(const ValueType& key_type, void* key, const ValueType& mapped_type, void* mapped,
                At at, At end, std::size_t depth, Reading& reading) {
  const auto key_tag = static_cast<std::byte>(tag_of(1, wire_type_of(key_type.kind)));
  const auto mapped_tag = static_cast<std::byte>(tag_of(2, wire_type_of(mapped_type.kind)));
  if (at == end || *at != key_tag) {
    clear_value(key_type, key);
  } else {
    at = read_value(key_type, at + 1, end, key, Into::kFresh, depth, reading);
    if (at == nullptr) return false;
  }
  if (at == end || *at != mapped_tag) {
    clear_value(mapped_type, mapped);
  } else {
    at = read_value(mapped_type, at + 1, end, mapped, Into::kFresh, depth, reading);
    if (at == nullptr) return false;
  }
  while (at != end) {
    std::uint64_t tag = 0;
    at = read_tag(at, end, tag, reading);
    if (at == nullptr) return false;
    if (tag == std::to_integer<std::uint64_t>(key_tag)) {
      at = read_value(key_type, at, end, key, Into::kFresh, depth, reading);
    } else if (tag == std::to_integer<std::uint64_t>(mapped_tag)) {
      at = read_value(mapped_type, at, end, mapped, Into::kMerge, depth, reading);
    } else {
      at = skip_field(at, end, tag, depth, reading);
    }
    if (at == nullptr) return false;
  }
  return true;
}

}  // namespace

bool MapEntries::read(void* key, void* mapped) {
  std::size_t size = 0;
  Reading& reading = state_.reading;
  const At at = read_length(state_.at, state_.end, size, reading);
  if (at == nullptr) return false;
  if (state_.depth == 0) return reading.too_deep() != nullptr;
  if (!reading.charge(*state_.type.shape, 1, state_.type.map->entry_memory)) return false;
  state_.at = at + size;
  return read_entry(*state_.type.key, key, *state_.type.element, mapped, at, state_.at,
                    state_.depth - 1, reading);
}

bool MapEntries::more() {
  if (!state_.tag.comes(state_.at, state_.end)) return false;
  state_.at += state_.tag.size;
  return true;
}

class MapReader {
 public:
  static At read(const ValueType& type, std::uint32_t number, At at, At end, void* out, Into into,
                 std::size_t depth, Reading& reading) {
    MapEntries::State state{type, Tag(number, WireType::kLength), at, end, depth, reading};
    MapEntries entries(state);
    return type.map->read(entries, out, into) ? state.at : nullptr;
  }
};

At read_map(const ValueType& type, std::uint32_t number, At at, At end, void* out, Into into,
            std::size_t depth, Reading& reading) {
  return MapReader::read(type, number, at, end, out, into, depth, reading);
}

}  // namespace tern::codec::proto
