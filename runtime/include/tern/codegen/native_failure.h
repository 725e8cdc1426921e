// Why the native codec cannot read a message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "tern/codegen/decode_memory.h"
#include "tern/codegen/native_layout.h"
#include "tern/codegen/type_ops.h"
#include "tern/codegen/type_shape.h"
#include "tern/status.h"

namespace tern::codec {

// Why a decode ended. The functions return false; they are out of line, since they are rare.
class NativeFailure {
 public:
  // Of a value in `bytes`.
  NativeFailure(std::size_t bytes, const DecodeLimits& limits) noexcept : memory_(bytes, limits) {}

  // Takes memory for what is in `type`, or is it; or a failure. Counts were held against the bytes,
  // so that the product cannot be too large for its type.
  bool charge(const TypeShape& type, std::size_t count, std::size_t each) {
    return memory_.take(count * each) || too_much_overhead(type, count * each);
  }

  [[gnu::cold]] bool too_short(const TypeShape& type, std::string_view field, std::size_t missing);
  [[gnu::cold]] bool too_long(const TypeShape& type, std::size_t extra);
  [[gnu::cold]] bool too_deep(const TypeShape& type);
  [[gnu::cold]] bool wrong_class(const TypeShape& type, const Field& field, Wire got, Wire want);
  [[gnu::cold]] bool uneven(const TypeShape& type, std::size_t size, std::size_t element);
  [[gnu::cold]] bool too_many(const TypeShape& type, std::size_t count, std::size_t left);
  [[gnu::cold]] bool wrong_size(const TypeShape& type, std::size_t size, std::size_t want);
  Status take() noexcept { return std::move(status_); }

 private:
  bool fail(std::string text);
  [[gnu::cold]] bool too_much_overhead(const TypeShape& type, std::size_t more);

  DecodeMemory memory_;
  Status status_;
};

}  // namespace tern::codec
