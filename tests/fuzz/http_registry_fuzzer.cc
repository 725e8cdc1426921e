// A libFuzzer entry; README.md says how to build and run it.
#include <cstddef>
#include <cstdint>

#include "targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::http_registry({reinterpret_cast<const std::byte*>(data), size});
  return 0;
}
