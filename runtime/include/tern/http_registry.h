// The HTTP registry, as GeeRPC and MyRPC have it and with what Tern adds.
// docs/registry.md has the bytes.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "tern/status.h"

namespace tern {

class Server;

struct HttpRegistryServerOptions {
  HttpRegistryServerOptions() = default;

  // All of them show the same servers; "/_myrpc_/registry" with MyRPC's headers, others with
  // GeeRPC's.
  std::vector<std::string> paths{"/_geerpc_/registry", "/_myrpc_/registry"};
  // Without a word from a server for so long, it is no longer listed. 0: it stays.
  std::chrono::nanoseconds expire{std::chrono::minutes(5)};

  // If not empty, whoever registers and withdraws says "Authorization: Bearer <token>".
  std::string token;
  bool token_for_reading = false;  // and whoever asks for the list

  std::size_t max_servers = 10'000;                            // entries; more are refused
  std::size_t max_waiting = 10'000;                            // requests that wait for a change
  std::chrono::nanoseconds max_wait{std::chrono::minutes(1)};  // of one of them
};

// Makes a registry of `server`, beside all else that it serves, before it listens:
//
//   tern::Server server;
//   tern::Status added = tern::add_http_registry(server);
//   tern::Result<tern::Endpoint> where = server.listen("tcp@0.0.0.0:9999");
Status add_http_registry(Server& server,
                         HttpRegistryServerOptions options = HttpRegistryServerOptions());

}  // namespace tern
