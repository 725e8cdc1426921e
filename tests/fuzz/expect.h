// What a target claims of every input.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace fuzz {

// Ends the program unless the claim holds.
inline void expect(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "not true: %s\n", claim);
  std::abort();
}

}  // namespace fuzz
