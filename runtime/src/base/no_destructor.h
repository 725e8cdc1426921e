// Constants that take memory.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

namespace tern::base {

// Made when the program starts, so that who needs it later asks for no memory; and never destroyed:
// static objects of the program may end behind it, and need it then.
template <typename T>
class NoDestructor {
 public:
  template <typename... Args>
  explicit NoDestructor(Args&&... args) {
    new (storage_) T(std::forward<Args>(args)...);
  }
  NoDestructor(const NoDestructor&) = delete;
  NoDestructor& operator=(const NoDestructor&) = delete;

  const T& operator*() const noexcept {
    return *std::launder(reinterpret_cast<const T*>(storage_));
  }

 private:
  alignas(T) std::byte storage_[sizeof(T)];
};

}  // namespace tern::base
