// A limit of running calls that a server finds by itself.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tern/version.h"

namespace tern {

// How many calls a server runs at the same time, of all connections and all methods, beside the
// fixed limits of tern/limits.h. A call runs from the start of its handler until the handler is
// done, so one that waits for a worker runs, too.
//
// The server measures how long calls take. While they take more than twice as long as when few of
// them run, it lowers the limit; while they do not and the limit is reached, it raises it. Where
// fewer calls make them no shorter, it takes their time for the usual one and leaves the limit. A
// limit that is not reached stays as it is, however long calls take.
//
// A call over the limit is refused at once with kResourceExhausted and HandlerRan::kNo: nothing has
// run, and a tern::Cluster sends it to another server, within its budget for retries. The refusal
// is counted as "over the adaptive limit". A server near its capacity refuses some calls of a burst
// that it could have run a little later.
//
// What a handler does without waiting (no coroutine, no tern::blocking) never runs twice at a time
// on one loop and is practically never refused: then requests wait in sockets, where no limit is.
struct AdaptiveConcurrency {
  AdaptiveConcurrency() = default;

  bool enabled = false;

  // The limit at first, and its bounds.
  std::size_t initial = 64;
  std::size_t lowest = 4;
  std::size_t highest = 8192;

  // So many calls of each method may run whatever the limit is: one method whose calls hang leaves
  // room for the others.
  std::size_t always_of_each_method = 2;

  // Methods that are neither counted nor refused: those that wait for something to happen, or must
  // always be answered. "arith.Arith.Watch"; listen() fails for a name that is not served.
  std::vector<std::string> exempt;
};

}  // namespace tern
