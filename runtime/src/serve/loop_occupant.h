// Whose handler a loop is at.
#pragma once

#include <atomic>

#include "serve/counters.h"
#include "tern/codegen/method.h"

namespace tern::serve {

// Says so, as long as it lives, to the loop's watch.
class LoopOccupant {
 public:
  LoopOccupant(Counters& counters, const Method& method) : occupant_(counters.occupant) {
    occupant_.store(&method, std::memory_order_release);
  }
  LoopOccupant(const LoopOccupant&) = delete;
  LoopOccupant& operator=(const LoopOccupant&) = delete;
  ~LoopOccupant() { occupant_.store(nullptr, std::memory_order_release); }

 private:
  std::atomic<const Method*>& occupant_;
};

}  // namespace tern::serve
