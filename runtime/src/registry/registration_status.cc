#include "registry/registration_status.h"

#include <utility>

namespace tern::registry {

Status RegistrationStatus::get() const {
  std::lock_guard lock(mutex_);
  return status_;
}

void RegistrationStatus::set(Status status) {
  {
    std::lock_guard lock(mutex_);
    status_ = std::move(status);
    known_ = true;
  }
  std::lock_guard lock(telling_);
  tell();
}

void RegistrationStatus::on_change(Listener told) {
  std::lock_guard lock(telling_);
  told_ = std::move(told);
  tell();
}

// With telling_ held, and not mutex_: who is told may ask.
void RegistrationStatus::tell() {
  if (!told_) return;
  Status now;
  {
    std::lock_guard lock(mutex_);
    if (!known_) return;
    now = status_;
  }
  told_(now);
}

}  // namespace tern::registry
