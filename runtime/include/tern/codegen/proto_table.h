// What the codec of protobuf knows of a type: tables. The codec itself is compiled once, in the
// runtime, and not for each message.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "tern/codegen/type_shape.h"
#include "tern/field.h"
#include "tern/unknown_fields.h"

namespace tern::codec::proto {

struct MessageTable;
class MapEntries;

// What a value is in memory, and how it is written.
enum class ValueKind : std::uint8_t {
  kBool,
  kVarint32,  // without a sign
  kSigned32,  // a negative number has all 64 bits; also enums
  kVarint64,
  kZigzag32,
  kZigzag64,
  kFixed32,
  kFixed64,
  kString,
  kBytes,
  kTimestamp,
  kDuration,
  kMessage,
  kList,
  kMap
};

// What is done to a list of one type. Lists of bool have none: there is one such type.
struct ListOps {
  std::size_t stride;  // from an element to the next one
  void (*resize)(void* list, std::size_t size);
  std::span<const std::byte> (*elements)(const void* list);
};

// How a value that holds something already is read into.
enum class Into : std::uint8_t {
  kFresh,  // as into a new one
  kMerge   // what comes is added: an embedded message that comes a second time
};

// What is done to a map of one type.
struct MapOps {
  std::size_t entry_memory;  // what an entry takes
  bool (*read)(MapEntries& entries, void* map, Into into);
  void (*clear)(void* map);
  // Calls `use` with each key and its value, in order.
  void (*each)(const void* map, void* user,
               void (*use)(void* user, const void* key, const void* mapped));
};

// A value, wherever it lies.
struct ValueType {
  ValueKind kind;
  const TypeShape* shape;
  MessageTable* message = nullptr;     // of a kMessage
  const ListOps* list = nullptr;       // of a kList
  const MapOps* map = nullptr;         // of a kMap
  const ValueType* key = nullptr;      // of a kMap
  const ValueType* element = nullptr;  // of a kList, or the values of a kMap
};

// A member that need not have a value: an optional, or a union. `index`: of the alternative.
struct MemberOps {
  // Its value; null if it has none.
  const void* (*get)(const void* member, std::size_t index);
  // Its value, which it gets if it has none; `had`: it had one.
  void* (*engage)(void* member, std::size_t index, bool& had);
  // It has none any more. Of a union: if it is this alternative that is set.
  void (*reset)(void* member, std::size_t index);
};

struct FieldEntry {
  // Known when a program is compiled.
  const ValueType* type = nullptr;
  const MemberOps* ops = nullptr;  // null: it always has a value
  std::uint16_t index = 0;         // of the alternative of a union
  std::uint32_t boxed = 0;         // bytes that a value takes on the heap; 0: it lies in the member

  // Once the table is ready.
  std::uint32_t offset = 0;           // of the member; of the whole variant of a union
  ValueKind kind = ValueKind::kBool;  // that of the type
  bool has_default = false;
  std::uint8_t tag_size = 0;
  std::uint16_t tag = 0;  // its one or two bytes
  std::uint16_t number = 0;
  std::string_view name;
};

struct MessageTable {
  const TypeShape* shape;
  std::span<FieldEntry> fields;
  // Makes a new message, which stays, and sets the offsets.
  const void* (*lay_out)(FieldEntry* fields);
  // What a message keeps of fields that are not in the table. Null: it keeps nothing.
  UnknownFields* (*unknown)(void* message) = nullptr;
  std::atomic<const void*> fresh = nullptr;  // a new message; null: the table is not ready
};

// Entries of a map as they come, one behind the other.
class MapEntries {
 public:
  // Reads an entry; false if that fails.
  bool read(void* key, void* mapped);
  // Whether another one follows at once.
  bool more();

 private:
  friend class MapReader;
  struct State;
  explicit MapEntries(State& state) noexcept : state_(state) {}
  State& state_;
};

}  // namespace tern::codec::proto
