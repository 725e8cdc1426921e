#include "base/mix_bits.h"
#include "tern/balancer.h"

namespace tern {

std::uint64_t hash_of_key(std::string_view key) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return base::mix_bits(hash);
}

}  // namespace tern
