// Whether a server is listed: the status of a registration, and a callback for its changes.
#pragma once

#include <functional>
#include <mutex>

#include "tern/status.h"

namespace tern::registry {

// Threads: any.
class RegistrationStatus {
 public:
  using Listener = std::function<void(const Status& status)>;

  // `at_first`: while nothing is known.
  explicit RegistrationStatus(Status at_first) : status_(std::move(at_first)) {}

  Status get() const;
  void set(Status status);
  // Tells `told` of each set(), on its thread, and of the last one before at once; in order, and
  // the latest. Replaces who was told before; empty: nobody. It must not call this or set().
  void on_change(Listener told);

 private:
  void tell();

  mutable std::mutex mutex_;  // guards the following
  Status status_;
  bool known_ = false;

  std::mutex telling_;  // held while somebody is told; guards the following
  Listener told_;
};

}  // namespace tern::registry
