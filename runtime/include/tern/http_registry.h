// The HTTP registry, both halves, as GeeRPC and MyRPC have it and with what Tern adds.
// docs/registry.md has the bytes.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tern/backoff.h"
#include "tern/dialer.h"
#include "tern/io_pool.h"
#include "tern/registry.h"
#include "tern/result.h"
#include "tern/status.h"

namespace tern {

class Server;

// --- The registry itself ---

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

  // A number in [0, 1), for the name that a registry gives itself when it starts. Null: a generator
  // that the system seeds.
  std::function<double()> random;
};

// Makes a registry of `server`, beside all else that it serves, before it listens:
//
//   tern::Server server;
//   tern::Status added = tern::add_http_registry(server);
//   tern::Result<tern::Endpoint> where = server.listen("tcp@0.0.0.0:9999");
Status add_http_registry(Server& server,
                         HttpRegistryServerOptions options = HttpRegistryServerOptions());

// --- Servers and clients of it ---

struct HttpRegistryOptions {
  HttpRegistryOptions() = default;

  // How often a server says that it is there. More often if the registry forgets sooner.
  std::chrono::nanoseconds heartbeat{std::chrono::minutes(4)};
  // How often a client looks, at a registry that cannot tell of changes.
  std::chrono::nanoseconds refresh{std::chrono::seconds(10)};
  // For how long a client asks one that can to wait for a change.
  std::chrono::nanoseconds wait{std::chrono::seconds(30)};
  // One request, besides what it asks to wait.
  std::chrono::nanoseconds request_timeout{std::chrono::seconds(5)};
  // For so long a list that is empty all of a sudden is not believed: a registry that has been
  // started anew hears from every server in that time.
  std::chrono::nanoseconds grace{std::chrono::minutes(5)};
  // Between requests after one that came to nothing.
  Backoff backoff = [] {
    Backoff waits;
    waits.max = std::chrono::seconds(30);
    return waits;
  }();

  std::string token;                 // see HttpRegistryServerOptions
  std::size_t max_servers = 10'000;  // of a list; the rest of a longer one is left out

  // A number in [0, 1) for jitter, one call at a time, on any thread; null: a generator of its own.
  std::function<double()> random;
  // Null: TCP.
  std::shared_ptr<Dialer> dialer;
};

// "host:port[/path]"; the path is GeeRPC's unless it is given, and decides the names of the headers
// as above. Fails only for an address that cannot be read. `pool` outlives the registry and all
// that it hands out.
Result<std::shared_ptr<Registry>> open_http_registry(
    std::string_view where, IoPool& pool, HttpRegistryOptions options = HttpRegistryOptions());

}  // namespace tern
