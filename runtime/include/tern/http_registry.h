// The HTTP registry, server and client: GeeRPC's and MyRPC's, with what Tern adds. docs/registry.md
// has the bytes.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tern/backoff.h"
#include "tern/credentials.h"
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
  // A server that does not renew its entry for this long is removed. 0: it stays.
  std::chrono::nanoseconds expire{std::chrono::minutes(5)};

  // If not empty, requests that register or withdraw need "Authorization: Bearer <token>".
  std::string token;
  bool token_for_reading = false;  // requests that read the list need it, too

  // The roles that may register and withdraw, on a server with an authenticator; one of them is
  // enough. Empty: every authenticated caller may. Reading the list requires no role.
  std::vector<std::string> roles;

  std::size_t max_servers = 10'000;                            // entries; more are refused
  std::size_t max_waiting = 10'000;                            // requests that wait for a change
  std::chrono::nanoseconds max_wait{std::chrono::minutes(1)};  // of one of them

  // Numbers in [0, 1), for the id that the registry chooses when it starts. Null: a generator that
  // the system seeds.
  std::function<double()> random;
};

// Adds a registry to `server`, before it listens:
//
//   tern::Server server;
//   tern::Status added = tern::add_http_registry(server);
//   tern::Result<tern::Endpoint> where = server.listen("tcp@0.0.0.0:9999");
Status add_http_registry(Server& server,
                         HttpRegistryServerOptions options = HttpRegistryServerOptions());

// --- Servers and clients of it ---

struct HttpRegistryOptions {
  HttpRegistryOptions() = default;

  // How often a server renews its entry; more often if the registry removes entries sooner.
  std::chrono::nanoseconds heartbeat{std::chrono::minutes(4)};
  // How often a client reads the list of a registry that cannot report changes.
  std::chrono::nanoseconds refresh{std::chrono::seconds(10)};
  // How long a client asks a registry that can to wait for a change.
  std::chrono::nanoseconds wait{std::chrono::seconds(30)};
  // The limit of one request, besides the time that it asks the registry to wait.
  std::chrono::nanoseconds request_timeout{std::chrono::seconds(5)};
  // How long an empty list is ignored after one with servers: a registry that has restarted hears
  // from every server in that time.
  std::chrono::nanoseconds grace{std::chrono::minutes(5)};
  // The waits after requests that failed.
  Backoff backoff = [] {
    Backoff waits;
    waits.max = std::chrono::seconds(30);
    return waits;
  }();

  std::string token;                 // see HttpRegistryServerOptions
  std::size_t max_servers = 10'000;  // of a list; the rest of a longer one is left out

  // A number in [0, 1) for jitter, one call at a time, on any thread. Null: a generator that the
  // system seeds.
  std::function<double()> random;
  // Null: TCP.
  std::shared_ptr<Dialer> dialer;
  // Set: the registry is asked over TLS, tern::tls::channel_credentials() for example. Its address
  // is then "https@…" in errors, and in Registries, if it is added there:
  //   registries.add("https", [options](std::string_view where, tern::IoPool& pool) {
  //     return tern::open_http_registry(where, pool, options);
  //   });
  std::shared_ptr<ChannelCredentials> credentials;
};

// "host:port[/path]"; the path is GeeRPC's unless it is given, and decides the names of the headers
// as above. Fails only for an address that cannot be read. `pool` outlives the registry and all
// that it returns.
Result<std::shared_ptr<Registry>> open_http_registry(
    std::string_view where, IoPool& pool, HttpRegistryOptions options = HttpRegistryOptions());

}  // namespace tern
