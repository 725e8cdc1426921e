// The types that a peer has defined on its gob stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tern/buffer.h"
#include "tern/status.h"

namespace tern::codec {

// Ids that every stream begins with.
inline constexpr std::int32_t kGobBool = 1;
inline constexpr std::int32_t kGobInt = 2;
inline constexpr std::int32_t kGobUint = 3;
inline constexpr std::int32_t kGobFloat = 4;
inline constexpr std::int32_t kGobBytes = 5;
inline constexpr std::int32_t kGobString = 6;
inline constexpr std::int32_t kGobComplex = 7;
inline constexpr std::int32_t kGobInterface = 8;

// The fields of a wireType: which kind of type a definition has.
inline constexpr unsigned kGobWireArray = 1;
inline constexpr unsigned kGobWireSlice = 2;
inline constexpr unsigned kGobWireStruct = 3;
inline constexpr unsigned kGobWireMap = 4;
inline constexpr unsigned kGobWireGobEncoder = 5;
inline constexpr unsigned kGobWireBinaryMarshaler = 6;
inline constexpr unsigned kGobWireTextMarshaler = 7;

enum class GobKind : std::uint8_t {
  kBool,
  kInt,
  kUint,
  kFloat,
  kBytes,
  kString,
  kComplex,
  kInterface,
  kList,  // slices and arrays
  kMap,
  kStruct,
  kBinary,  // bytes that the type has made of itself
  kText,    // likewise, as text
};

struct GobField {
  std::uint32_t name_at = 0;  // in the type's text
  std::uint32_t name_size = 0;
  std::int32_t type = 0;
};

struct GobType {
  GobKind kind = GobKind::kBool;
  std::int32_t key = 0;      // of a map
  std::int32_t element = 0;  // of a list, or a map's values
  std::uint32_t name_at = 0;
  std::uint32_t name_size = 0;
  std::vector<GobField> fields;
  std::unique_ptr<char[]> text;  // the definition, in which the names are

  std::string_view name() const noexcept { return {text.get() + name_at, name_size}; }
  std::string_view name(const GobField& field) const noexcept {
    return {text.get() + field.name_at, field.name_size};
  }
};

// "struct Args", "string", "list": for messages.
std::string gob_description(const GobType& type);
// For a message: field `next` + `delta` of a struct that has fewer.
std::string gob_no_field(const GobType& type, std::size_t next, std::uint64_t delta);

// Keeps what a connection may keep: kMaxTypes types of kMaxBytes together.
class GobTypes {
 public:
  static constexpr std::size_t kMaxTypes = 1024;
  static constexpr std::size_t kMaxBytes = 1024 * 1024;
  // Below it are those that need no definition, and those that definitions are made of.
  static constexpr std::int32_t kFirstId = 64;

  // Reads the wireType at the front of `in` as the definition of type -`negative`; `size` says how
  // long it is. A failure ends the stream.
  Status define(std::int64_t negative, ByteView in, std::size_t& size);
  // Likewise, inside a value, which may be read twice: a definition that is there is passed over.
  Status define_inside(std::int64_t negative, ByteView in, std::size_t& size);

  // Null if there is no such type. The pointer is good as long as this is.
  const GobType* find(std::int32_t id) const noexcept;

  // Of all definitions.
  std::size_t bytes() const noexcept { return bytes_; }
  // Whether some type holds a Go interface, in which anything may lie.
  bool interfaces() const noexcept { return interfaces_; }

 private:
  std::map<std::int32_t, GobType> types_;
  std::size_t bytes_ = 0;
  bool interfaces_ = false;
};

}  // namespace tern::codec
