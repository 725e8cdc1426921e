// Defines type_ops<T>(). Only sources that rpcgen writes include this: it instantiates, for each T
// named, what the codecs and the walk need, and everything inside T.
#pragma once

#include <string>
#include <utility>

#include "tern/codegen/absent.h"
#include "tern/codegen/native_read.h"
#include "tern/codegen/native_write.h"
#include "tern/codegen/proto_table_of.h"
#include "tern/codegen/shape_of.h"
#include "tern/codegen/type_ops.h"
#include "tern/codegen/walk_read.h"
#include "tern/codegen/walk_write.h"

namespace tern {
namespace codec {

// Of every type: it goes by the walk.
void print_value(const TypeOps& type, const void* value, std::string& out);

template <typename T>
inline constexpr TypeOps kTypeOps = {
    .name = TypeName<T>::kValue,
    .shape = &ShapeOf<T>::value,
    .encode_native = &encode_native<T>,
    .decode_native = &decode_native<T>,
    .proto = &proto::ValueTypeOf<T>::value,
    .write = [](const void* value,
                ValueWriter& out) { return write_value(*static_cast<const T*>(value), out); },
    .read = [](void* value, ValueReader& in) { return read_value(*static_cast<T*>(value), in); },
    .print = &print_value,
    .create = &create_value<T>,
    .clone = [](const void* value) -> void* { return new T(*static_cast<const T*>(value)); },
    .move = [](void* from, void* to) { *static_cast<T*>(to) = std::move(*static_cast<T*>(from)); },
    .destroy = &destroy_value<T>,
};

}  // namespace codec

template <typename T>
const TypeOps& type_ops() noexcept {
  return codec::kTypeOps<T>;
}

}  // namespace tern
