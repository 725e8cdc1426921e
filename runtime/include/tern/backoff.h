// The waits between attempts to connect.
#pragma once

#include <chrono>

#include "tern/version.h"

namespace tern {

// Waits between attempts to connect: the first is made at once, then initial, initial x factor, …,
// at most max, each made shorter or longer by up to jitter.
struct Backoff {
  Backoff() = default;
  std::chrono::nanoseconds initial{std::chrono::seconds(1)};
  double factor = 1.6;
  std::chrono::nanoseconds max{std::chrono::seconds(120)};
  double jitter = 0.2;
};

}  // namespace tern
