#include "tls/openssl_error.h"

#include <openssl/err.h>

#include <array>

namespace tern::tls {

std::string take_openssl_error() {
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  if (error == 0) return "OpenSSL names no reason";
  if (const char* reason = ERR_reason_error_string(error)) return reason;
  std::array<char, 128> text{};
  ERR_error_string_n(error, text.data(), text.size());
  return text.data();
}

}  // namespace tern::tls
