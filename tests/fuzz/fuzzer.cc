// A fuzzer of libFuzzer's: one program for each target, whose name is TERN_FUZZ_TARGET.
#include <cstddef>
#include <cstdint>

#include "fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::TERN_FUZZ_TARGET({reinterpret_cast<const std::byte*>(data), size});
  return 0;
}
