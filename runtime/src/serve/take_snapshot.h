// What a server's loops have counted, and whom they serve, as data for its pages.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "debug_pages/server_snapshot.h"
#include "tern/clock.h"

namespace tern {

class Router;
class ServeLoop;

// How much goes into a snapshot.
inline constexpr std::size_t kSnapshotMethods = 1000;
inline constexpr std::size_t kSnapshotConnections = 1000;

// Threads: any. Does not wait for the loops, nor they for it; a loop that opens or closes a
// connection may wait until its connections are looked at.
ServerSnapshot take_snapshot(const Router& router,
                             std::span<const std::unique_ptr<ServeLoop>> loops,
                             Clock::TimePoint now);

}  // namespace tern
