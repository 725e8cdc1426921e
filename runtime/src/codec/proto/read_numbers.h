// Lists of numbers.
#pragma once

#include <cstdint>
#include <cstring>

#include "codec/proto/input.h"
#include "codec/proto/read_value.h"

namespace tern::codec::proto {

// Numbers without tags, added to those that are there. Inlined into its one caller: out of line, a
// message with a short list takes 3 % more instructions.
[[gnu::always_inline]] inline bool read_packed(const ValueType& type, At at, At end, void* out,
                                               Into into, Reading& reading) {
  const ValueKind kind = type.element->kind;
  if (kind == ValueKind::kBool) {
    auto& bools = *static_cast<Bools*>(out);
    if (into == Into::kFresh) bools.clear();
    bools.reserve(bools.size() + count_varints(at, end));
    while (at != end) {
      std::uint64_t bits = 0;
      at = read_varint(at, end, bits, reading);
      if (at == nullptr) return false;
      bools.push_back(bits != 0);
    }
    return true;
  }
  const std::size_t size = scalar_size(kind);
  const std::size_t before =
      into == Into::kFresh ? 0 : type.list->elements(out).size() / type.list->stride;
  const bool is_fixed = kind == ValueKind::kFixed32 || kind == ValueKind::kFixed64;
  if (is_fixed && bytes_between(at, end) % size != 0) {
    return reading.uneven(bytes_between(at, end), size) != nullptr;
  }
  const std::size_t more = is_fixed ? bytes_between(at, end) / size : count_varints(at, end);
  type.list->resize(out, before + more);
  if (more == 0) return at == end || reading.cut_off("a varint") != nullptr;
  auto* to = const_cast<std::byte*>(type.list->elements(out).data()) + before * size;
  if (is_fixed) {
    std::memcpy(to, at, bytes_between(at, end));
    return true;
  }
  const auto read_all = [&]<ValueKind Kind>() {
    while (at != end) {
      at = read_scalar(Kind, at, end, to, reading);
      if (at == nullptr) return false;
      to += scalar_size(Kind);
    }
    return true;
  };
  switch (kind) {
    case ValueKind::kVarint64:
      return read_all.template operator()<ValueKind::kVarint64>();
    case ValueKind::kZigzag64:
      return read_all.template operator()<ValueKind::kZigzag64>();
    case ValueKind::kZigzag32:
      return read_all.template operator()<ValueKind::kZigzag32>();
    default:
      return read_all.template operator()<ValueKind::kVarint32>();
  }
}

// One number of a list that is not packed, behind its tag.
At read_unpacked(const ValueType& type, At at, At end, void* out, Reading& reading);

}  // namespace tern::codec::proto
