// The argument of a call, kept for attempts that come when the caller's is gone.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <memory>

#include "tern/buffer.h"
#include "tern/codegen/type_ops.h"

namespace tern::cluster {

// Where the native codec has just written the argument, its bytes are kept: they cost less than a
// copy of the value, and hardly any call is made again.
class KeptArgument {
 public:
  KeptArgument() noexcept {}  // not inside_: nobody reads it before it is written
  KeptArgument(const KeptArgument&) = delete;
  KeptArgument& operator=(const KeptArgument&) = delete;
  ~KeptArgument() {
    if (value_) type_->destroy(value_);
  }

  explicit operator bool() const noexcept { return type_ != nullptr; }

  // Once.
  void keep(const TypeOps& type, const void* value);
  void keep(const TypeOps& type, ByteView native) {
    std::byte* place = inside_.data();
    if (native.size() > kInside) {
      outside_.reset(new std::byte[native.size()]);
      place = outside_.get();
    }
    if (!native.empty()) std::memcpy(place, native.data(), native.size());
    size_ = native.size();
    type_ = &type;
  }

  // The argument. After keep(), one thread at a time.
  void* value();

 private:
  static constexpr std::size_t kInside = 128;

  const TypeOps* type_ = nullptr;
  void* value_ = nullptr;  // null: only its bytes are there
  std::size_t size_ = 0;
  std::unique_ptr<std::byte[]> outside_;  // if they are more than fit inside
  std::array<std::byte, kInside> inside_;
};

}  // namespace tern::cluster
