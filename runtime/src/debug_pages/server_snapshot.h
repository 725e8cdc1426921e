// What a server can tell about itself at one moment.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/code_counts.h"
#include "tern/authenticator.h"
#include "tern/codegen/method.h"

namespace tern::debug_pages {

// The bounds of a histogram of durations: those below 1,024 ns, then a bucket for each doubling,
// then those of 68.7 s and more.
inline constexpr int kFirstBoundBits = 10;
inline constexpr int kLastBoundBits = 36;
inline constexpr std::size_t kBounds = kLastBoundBits - kFirstBoundBits + 1;
// What the durations in bucket `i` are below.
constexpr std::chrono::nanoseconds latency_bound(std::size_t i) noexcept {
  return std::chrono::nanoseconds(std::int64_t{1} << (kFirstBoundBits + static_cast<int>(i)));
}

// Views are good as long as the server.
struct MethodSnapshot {
  MethodSnapshot() = default;
  std::string_view service;
  std::string_view method;
  std::string_view argument;
  std::string_view result;
  std::vector<std::string_view> errors;  // those that it declares
  std::chrono::nanoseconds timeout{0};   // declared; 0: none
  bool idempotent = false;
  MethodKind kind = MethodKind::kUnary;
  Access access{};  // who may call it, if the server has an authenticator

  std::uint64_t calls = 0;
  std::uint64_t failed = 0;           // declared errors, too
  base::CodeCounts failed_by_code{};  // of those, by the number of their Code
  std::uint64_t running = 0;
  std::uint64_t messages_in = 0;  // if it streams
  std::uint64_t messages_out = 0;
  // Of the calls that are done: from the request's arrival to its reply.
  std::chrono::nanoseconds total{0};
  std::chrono::nanoseconds p50{0};
  std::chrono::nanoseconds p90{0};
  std::chrono::nanoseconds p99{0};
  std::chrono::nanoseconds max{0};
  std::array<std::uint64_t, kBounds + 1> latencies{};  // the last: from the last bound on
};

// A stream that is open.
struct StreamSnapshot {
  StreamSnapshot() = default;
  std::string_view service;
  std::string_view method;
  MethodKind kind = MethodKind::kServerStream;
  std::chrono::nanoseconds open_for{0};
  std::uint64_t messages_in = 0;  // taken by the handler
  std::uint64_t messages_out = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::string_view waits_for;  // what must happen before it goes on; "" if nothing must
};

struct ConnectionSnapshot {
  ConnectionSnapshot() = default;
  std::string peer;           // "" of a Unix socket that has no name
  std::string_view protocol;  // "" during the handshake; good as long as the server
  std::string_view codec;
  std::chrono::nanoseconds open_for{0};
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t calls_running = 0;  // streams, too
  std::uint64_t streams_open = 0;
  std::vector<StreamSnapshot> streams;  // some of them, if there are too many
};

// What the server shows to clients over TLS.
struct CertificateSnapshot {
  CertificateSnapshot() = default;
  std::string subject;
  std::chrono::seconds expires_in{0};  // below 0: it has expired
  std::uint64_t reloads = 0;
  std::uint64_t reload_failures = 0;
  std::string last_failure;  // of a reload, if none has succeeded since
  std::uint64_t handshakes = 0;
  std::uint64_t handshake_failures = 0;
};

struct ServerSnapshot {
  ServerSnapshot() = default;
  std::string version;
  std::chrono::nanoseconds uptime{0};
  bool draining = false;
  bool authenticates = false;  // it has an authenticator, and so methods have rules

  // Over all methods and connections, also those that are left out below.
  std::uint64_t calls = 0;
  std::uint64_t failed = 0;
  std::uint64_t calls_running = 0;
  std::uint64_t streams_open = 0;
  std::uint64_t late_frames = 0;  // data and credit of streams that had ended
  std::uint64_t late_replies = 0;
  std::uint64_t unsent_bytes = 0;
  std::uint64_t concurrency_limit = 0;  // the adaptive one; 0 if it is off
  std::uint64_t connections_open = 0;
  std::uint64_t connections_accepted = 0;
  std::optional<CertificateSnapshot> certificate;   // if it has credentials
  std::optional<KeyStats> keys;                     // if its authenticator has some
  std::vector<std::chrono::nanoseconds> loop_lags;  // what each loop takes to get to something
  std::vector<std::pair<std::string_view, std::uint64_t>> refused;  // every reason, also with 0

  // In the order in which they were added; if there are too many, those that were called first.
  std::vector<MethodSnapshot> methods;
  std::size_t methods_left_out = 0;
  // The oldest first; if there are too many, any of them.
  std::vector<ConnectionSnapshot> connections;
  std::size_t connections_left_out = 0;
};

}  // namespace tern::debug_pages
