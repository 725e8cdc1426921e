// What is left of a certificate.
#pragma once

#include <chrono>

namespace tern::base {

// Until `expires`; below 0 when that has been. Certificates expire on the wall clock, by which no
// timer goes: it can be set while the program runs.
inline std::chrono::seconds time_left(std::chrono::system_clock::time_point expires) {
  return std::chrono::floor<std::chrono::seconds>(expires - std::chrono::system_clock::now());
}

}  // namespace tern::base
