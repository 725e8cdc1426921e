// Finds addresses of this process's memory in what it sends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tern::test {

// As text, "0x" and at least six hexadecimal digits; or as eight bytes of a pointer to memory that
// the process had when this was made.
class MemoryAddresses {
 public:
  MemoryAddresses();

  // The first one in `bytes`, as text.
  std::optional<std::string> find(std::string_view bytes) const;

 private:
  bool is_mapped(std::uint64_t address) const;

  std::vector<std::pair<std::uint64_t, std::uint64_t>> mapped_;  // from and to, in their order
};

}  // namespace tern::test
