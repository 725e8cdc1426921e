// What a type consists of, known without a value: for codecs that send types ahead, and for tools.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "tern/field.h"

namespace tern {

enum class Kind : std::uint8_t {
  kBool,
  kInt32,
  kInt64,
  kUint32,
  kUint64,
  kFloat,
  kDouble,
  kString,
  kBytes,
  kTimestamp,
  kDuration,
  kEnum,
  kList,
  kMap,
  kStruct,
};

struct TypeShape;

// Whether a message always has a value for a field.
enum class Presence : std::uint8_t {
  kAlways,
  kOptional,
  kUnion,  // a member of a union: at most one of those with the same union_index is set
};

struct FieldShape {
  Field field;
  Presence presence = Presence::kAlways;
  std::uint16_t union_index = 0;  // from 1 in the order of first members; 0: not in a union
  const TypeShape* type = nullptr;
};

// One a type, constant and as long-lived as the process, so its address identifies it. A message
// that contains itself has a shape that does: code that walks shapes remembers those that it has
// visited.
struct TypeShape {
  Kind kind = Kind::kStruct;
  std::string_view name;               // "int64", "list<arith.Point>", "arith.Args"
  const TypeShape* key = nullptr;      // of a map
  const TypeShape* element = nullptr;  // of a list, or a map's values
  std::span<const FieldShape> fields;  // of a struct, in order of number; members of unions too
  std::size_t size = 0;                // of a value in memory, without what it has on the heap
};

}  // namespace tern
