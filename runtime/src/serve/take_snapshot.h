// What a server's loops have counted, and whom they serve, as data for its pages.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "debug_pages/server_snapshot.h"
#include "tern/clock.h"

namespace tern {
struct CertificateStats;
struct ServerStats;
}  // namespace tern

namespace tern::serve {

class ServeLoop;
struct Route;
struct Counters;

// How much goes into a snapshot.
inline constexpr std::size_t kSnapshotMethods = 1000;
inline constexpr std::size_t kSnapshotConnections = 1000;

// What is counted, without connections: all of it is added up here and nowhere else. `methods`:
// how many of them are listed. Threads: any.
debug_pages::ServerSnapshot add_up(std::span<const Route> routes,
                                   const std::vector<const Counters*>& loops,
                                   std::size_t methods = kSnapshotMethods);

// All of it. Threads: any. Does not wait for the loops, nor they for it; a loop that opens or
// closes a connection may wait until its connections are looked at.
debug_pages::ServerSnapshot take_snapshot(std::span<const Route> routes,
                                          std::span<const std::unique_ptr<ServeLoop>> loops,
                                          Clock::TimePoint now);

debug_pages::CertificateSnapshot take_snapshot(const CertificateStats& stats);

// The numbers that Server::stats() gives, of a snapshot that lists all methods.
ServerStats stats_of(const debug_pages::ServerSnapshot& snapshot);

std::vector<const Counters*> counters_of(std::span<const std::unique_ptr<ServeLoop>> loops);

}  // namespace tern::serve
