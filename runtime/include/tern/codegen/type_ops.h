// How one C++ type is written and read, without its type: the seam between generated code and
// everything in the runtime that handles values.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

#include "tern/buffer.h"
#include "tern/status.h"

namespace tern {

class ValueWriter;
class ValueReader;
struct TypeShape;

// How much a decoder accepts from a peer.
struct DecodeLimits {
  // How many messages, lists and maps may lie inside one another.
  std::size_t depth = 200;
  // How many bytes of memory a value may take beyond eight times the bytes that it came in.
  std::size_t decode_overhead_bytes = 1024 * 1024;
  // The option that sets decode_overhead_bytes; named in errors.
  std::string_view overhead_limit = "Limits::decode_overhead_bytes";

  // How much memory a value may take that came in `bytes`. Strings and lists of numbers take about
  // as much as was sent. Elements take more if little or nothing was sent of each.
  std::size_t memory_for(std::size_t bytes) const noexcept {
    constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
    constexpr std::size_t kFactor = 8;
    return bytes > (kMost - decode_overhead_bytes) / kFactor
               ? kMost
               : decode_overhead_bytes + kFactor * bytes;
  }
};

namespace codec::proto {
struct ValueType;  // tern/codegen/proto_table.h
}  // namespace codec::proto

// One table a type, made by type_ops<T>(). Everything is const and lives as long as the process.
struct TypeOps {
  std::string_view name;   // "arith.Args", "int64", "list<arith.Point>"
  const TypeShape* shape;  // tern/codegen/type_shape.h

  // The native codec, straight to and from the type. `value` points to a T. Encoding appends; it
  // fails only on values over 4 GiB. Decoding reads all of `in`, reuses what `value` holds where
  // it can, and leaves a valid but unspecified value on failure.
  Status (*encode_native)(const void* value, Buffer& out);
  Status (*decode_native)(ByteView in, void* value, const DecodeLimits& limits);

  // For the codec of protobuf (docs/codecs.md).
  const codec::proto::ValueType* proto;

  // The walk of every other codec (tern/walk.h): false if the writer or reader has failed.
  bool (*write)(const void* value, ValueWriter& out);
  bool (*read)(void* value, ValueReader& in);

  // Appends the value as text for people (tern/print.h). `type` is this table.
  void (*print)(const TypeOps& type, const void* value, std::string& out);

  // A value of the type on the heap, and its end.
  void* (*create)();
  void* (*clone)(const void* value);
  void (*move)(void* from, void* to);  // leaves a valid but unspecified value behind
  void (*destroy)(void* value) noexcept;
};

// The table of T. Defined in tern/codegen/type_ops_of.h, which generated sources include and
// headers do not; generated code instantiates it for each type that a service names.
template <typename T>
const TypeOps& type_ops() noexcept;

}  // namespace tern
