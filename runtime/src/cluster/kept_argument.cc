#include "cluster/kept_argument.h"

#include <limits>
#include <stdexcept>
#include <string>

namespace tern::cluster {

void KeptArgument::keep(const TypeOps& type, const void* value) {
  value_ = type.clone(value);
  type_ = &type;
}

void* KeptArgument::value() {
  if (value_) return value_;
  // They are bytes of our own: there is nothing to beware of.
  DecodeLimits limits;
  limits.depth = std::numeric_limits<std::size_t>::max();
  limits.decode_overhead_bytes = std::numeric_limits<std::size_t>::max();
  std::unique_ptr<void, void (*)(void*) noexcept> value(type_->create(), type_->destroy);
  Status read = type_->decode_native({outside_ ? outside_.get() : inside_.data(), size_},
                                     value.get(), limits);
  if (!read.ok()) throw std::runtime_error("the argument: " + std::string(read.message()));
  outside_.reset();
  value_ = value.release();
  return value_;
}

}  // namespace tern::cluster
