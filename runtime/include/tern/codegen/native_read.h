// The native codec, reading.
#pragma once

#include <cstddef>

#include "tern/buffer.h"
#include "tern/codegen/native_failure.h"
#include "tern/codegen/native_layout.h"
#include "tern/codegen/native_read_elements.h"
#include "tern/codegen/native_read_message.h"
#include "tern/codegen/native_values.h"
#include "tern/codegen/shape_of.h"
#include "tern/codegen/type_ops.h"
#include "tern/status.h"

namespace tern::codec {

template <typename T>
bool read_content(const std::byte* at, std::size_t size, T& out, std::size_t depth,
                  NativeFailure& failure) {
  if constexpr (Fixed<T>) {
    if (size != kFixedSize<T>) {
      return failure.wrong_size(ShapeOf<T>::value, size, kFixedSize<T>);
    }
    out = load_fixed<T>(at);
    return true;
  } else if constexpr (kIsFlat<T> && !List<T>) {
    return read_flat(at, size, out, failure);
  } else {
    if (depth == 0) return failure.too_deep(ShapeOf<T>::value);
    if constexpr (Message<T>) {
      return read_message(at, size, out, depth - 1, failure);
    } else if constexpr (kIsFlat<T>) {
      return read_flat(at, size, out, failure);
    } else {
      return Elements<T>::read(ByteView(at, size), out, depth - 1, failure);
    }
  }
}

template <typename T>
Status decode_native(ByteView in, void* opaque, const DecodeLimits& limits) {
  NativeFailure failure(in.size(), limits);
  T& value = *static_cast<T*>(opaque);
  if constexpr (Message<T>) {
    if (limits.depth == 0) {
      failure.too_deep(ShapeOf<T>::value);
    } else {
      read_message(in.data(), in.size(), value, limits.depth - 1, failure);
    }
  } else {
    read_content(in.data(), in.size(), value, limits.depth, failure);
  }
  return failure.take();
}

}  // namespace tern::codec
