// How much memory a value takes that is being read.
#pragma once

#include <cstddef>
#include <string>

#include "tern/codegen/type_ops.h"
#include "tern/codegen/type_shape.h"

namespace tern::codec {

// What DecodeLimits::memory_for() allows a value, and what it has taken of that.
class DecodeMemory {
 public:
  // Of a value in `bytes`.
  DecodeMemory(std::size_t bytes, const DecodeLimits& limits) noexcept
      : bytes_(bytes), limits_(&limits) {}

  // False, and nothing is taken, if there is not so much left. The bytes that came of strings and
  // flat lists are free.
  bool take(std::size_t more) noexcept {
    if (more > limits_->memory_for(bytes_) - taken_) [[unlikely]]
      return false;
    taken_ += more;
    return true;
  }
  // Why take(more) has failed, of what is named before it.
  [[gnu::cold]] std::string why_not(std::size_t more) const;

 private:
  std::size_t taken_ = 0;
  std::size_t bytes_;
  const DecodeLimits* limits_;
};

}  // namespace tern::codec
