// Addresses as people write them: "tcp@127.0.0.1:7000", "unix@/run/arith.sock".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tern/result.h"

namespace tern {

// Where a server listens or a client connects.
struct Endpoint {
  enum class Transport : std::uint8_t { kTcp, kUnix };

  Endpoint() = default;

  Transport transport = Transport::kTcp;
  std::string host;  // name or number without brackets; "" listens on every address. TCP only.
  std::uint16_t port = 0;  // 0 lets the system choose when listening. TCP only.
  std::string path;        // Unix sockets only.

  // As parse_endpoint reads it: "tcp@[::1]:7000".
  std::string to_string() const;
  bool operator==(const Endpoint&) const = default;
};

// "transport@where"; kInvalidArgument says what was expected and what came.
Result<Endpoint> parse_endpoint(std::string_view text);

}  // namespace tern
