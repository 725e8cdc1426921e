// The times that a run's clients and servers have in place of the defaults: a run of a minute has
// to see each of them end something, often.
#pragma once

#include <chrono>

#include "tern/client.h"
#include "tern/server.h"

namespace tern::chaos {

// A peer that vanishes is found after 4 s.
constexpr std::chrono::seconds kVanished{4};

inline TcpOptions impatient_tcp() {
  TcpOptions tcp;
  tcp.keepalive_idle = std::chrono::seconds(2);
  tcp.keepalive_interval = std::chrono::seconds(1);
  tcp.keepalive_probes = 2;
  tcp.user_timeout = kVanished;
  return tcp;
}

inline void make_impatient(ClientOptions& options) {
  options.tcp = impatient_tcp();
  options.connect_timeout = std::chrono::seconds(2);
  options.write_timeout = std::chrono::seconds(5);
  options.keepalive_interval = std::chrono::seconds(2);
  options.keepalive_timeout = std::chrono::seconds(2);
  options.backoff.initial = std::chrono::milliseconds(100);
  options.backoff.max = std::chrono::seconds(2);
}

inline void make_impatient(ServerOptions& options) {
  options.tcp = impatient_tcp();
  options.handshake_timeout = std::chrono::seconds(3);
  options.message_timeout = std::chrono::seconds(5);
  options.write_timeout = std::chrono::seconds(5);
  options.half_close_timeout = std::chrono::seconds(5);
}

}  // namespace tern::chaos
