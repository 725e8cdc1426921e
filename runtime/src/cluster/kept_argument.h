// The argument of a call, kept for attempts that come when the caller's is gone.
#pragma once

#include "tern/type_ops.h"

namespace tern {

class KeptArgument {
 public:
  KeptArgument() = default;
  KeptArgument(const KeptArgument&) = delete;
  KeptArgument& operator=(const KeptArgument&) = delete;
  ~KeptArgument() {
    if (value_) type_->destroy(value_);
  }

  explicit operator bool() const noexcept { return type_ != nullptr; }

  // Once.
  void keep(const TypeOps& type, const void* value) {
    value_ = type.clone(value);
    type_ = &type;
  }

  // The argument. After keep().
  const void* value() const noexcept { return value_; }

 private:
  const TypeOps* type_ = nullptr;
  void* value_ = nullptr;
};

}  // namespace tern
