// Who is accepted: asked for every request of a server, whatever its protocol is.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tern/codegen/method.h"
#include "tern/function.h"
#include "tern/identity.h"
#include "tern/metadata.h"
#include "tern/peer_certificate.h"
#include "tern/result.h"

namespace tern {

// What a request shows. Good during authenticate() only.
struct Credentials {
  explicit Credentials(const Metadata& metadata_in) noexcept : metadata(metadata_in) {}

  // Of a call: its metadata, in HTTP those headers that are not HTTP's own. Of a page: all headers,
  // their names in lower case. Empty in protocols without metadata: net/rpc, GeeRPC, JSON-RPC over
  // TCP. A client writes what it likes: it is to be verified.
  const Metadata& metadata;
  // Null: the peer has shown none that was verified. The same for all requests of a connection.
  std::shared_ptr<const PeerCertificate> certificate;
  std::string_view peer;       // "127.0.0.1:53612", "[::1]:53612", the path of a Unix socket
  bool peer_is_local = false;  // certainly on this machine
  std::string_view
      protocol;  // "tern", "HTTP/2" (gRPC, too), "http", "net/rpc", "GeeRPC", "JSON-RPC"
  // Null: the request is for a page, or for a method that the server does not have; only an
  // authenticated caller is told that it does not exist.
  const Method* method = nullptr;
  std::string_view page;  // its path; "" of a call

  // What stands behind "Bearer " in the metadata `authorization`; "" if there is none.
  std::string_view bearer_token() const noexcept;
};

// The keys with which an authenticator verifies what callers show it.
struct KeyStats {
  KeyStats() = default;
  std::size_t keys = 0;               // that tokens are verified with
  std::chrono::nanoseconds age{0};    // since they were taken: read without a failure, or set
  std::uint64_t reloads = 0;          // sets that took the place of another
  std::uint64_t reload_failures = 0;  // files that could not be used: the keys before stay
  std::string last_failure;           // why, of the last one, unless keys have been taken since
};

// A server that has one (ServerOptions::authenticator) is closed: each call of each protocol, each
// page, /metrics and the registry are refused with kUnauthenticated unless it gives an identity,
// and a method that its .rpc file does not mark with [allow = …] with kPermissionDenied. Excepted
// are methods with [allow = public], and handlers of pages that say they are public. A stream is
// asked for once, at its start: it lives on when its token expires.
//
// It is asked before the argument is decoded and before any interceptor. docs/authentication.md has
// the whole.
//
// Threads: any loop's, several at the same time.
class Authenticator {
 public:
  // Takes the outcome, on any thread; the first call counts. A failure is the answer to the
  // request: its code, mostly kUnauthenticated, and its text, which the caller reads, so that it
  // must not say what a secret is like. Destroyed without a call, it answers with kInternal.
  using Done = UniqueFunction<void(Result<Identity>)>;

  virtual ~Authenticator() = default;

  // Calls `done` before it returns, or later. Must not block: all connections of the loop wait for
  // it. A request that waits counts as one that runs, with its bytes, its deadline and its cancel;
  // other requests go on. `done` is of no effect once the request, its connection or the server has
  // ended. An exception is kInternal, and is logged.
  virtual void authenticate(const Credentials& credentials, Done done) = 0;

  // For /metrics and the debug page, on a thread of pages: the state of its keys, if it has keys
  // that are replaced while it runs.
  virtual std::optional<KeyStats> key_stats() { return std::nullopt; }
};

}  // namespace tern
