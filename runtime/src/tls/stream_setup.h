// What one connection with TLS is made of.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tls/handles.h"
#include "tls/handshake_turns.h"

namespace tern::tls {

struct HandshakeCounters {
  std::atomic<std::uint64_t> done = 0;
  std::atomic<std::uint64_t> failed = 0;
};

struct StreamSetup {
  StreamSetup() = default;
  ContextPtr context;
  std::shared_ptr<HandshakeTurns> turns;
  std::shared_ptr<HandshakeCounters> counters;
  std::vector<std::string> trust_domains;
  bool verifies = false;  // a certificate of the peer's counts

  // Of a server.
  bool takes_plaintext = false;

  // Of a client.
  std::string server_name;  // for SNI and the certificate; a name or a number
  std::vector<std::string> server_ids;
  std::string application_protocol;
  bool must_agree = false;
};

}  // namespace tern::tls
