// Waiting for what other processes do.
#pragma once

#include <chrono>
#include <thread>

#include "chaos/history.h"

namespace tern::chaos {

// Asks again and again. False if it is not done within `limit`.
template <typename Done>
bool wait_for(Nanoseconds limit, Done done) {
  const Nanoseconds end = monotonic_now() + limit;
  while (!done()) {
    if (monotonic_now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

}  // namespace tern::chaos
