// Why a handshake or a connection has failed.
#pragma once

#include <string>
#include <system_error>

#include "tern/tls_error.h"

namespace tern::tls {

// The code is one of tls::Error, or what the stream below has said.
struct Failure {
  Failure() = default;
  Failure(std::error_code why, std::string in_full) : code(why), text(std::move(in_full)) {}

  explicit operator bool() const noexcept { return static_cast<bool>(code); }

  std::error_code code;
  std::string text;
};

}  // namespace tern::tls
