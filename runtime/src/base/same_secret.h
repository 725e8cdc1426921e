// Secrets that are compared without saying where they differ.
#pragma once

#include <cstddef>
#include <string_view>

namespace tern::base {

// Takes a time that depends on the length of `guess`, which is the peer's, and on nothing of
// `secret` but whether it is empty.
inline bool same_secret(std::string_view guess, std::string_view secret) noexcept {
  unsigned differ = guess.size() == secret.size() ? 0 : 1;
  for (std::size_t i = 0; i < guess.size(); ++i) {
    const unsigned char other =
        secret.empty() ? 0 : static_cast<unsigned char>(secret[i % secret.size()]);
    differ |= static_cast<unsigned char>(static_cast<unsigned char>(guess[i]) ^ other);
  }
  return differ == 0;
}

}  // namespace tern::base
