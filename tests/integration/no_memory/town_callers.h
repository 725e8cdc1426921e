// Callers of town.Town, which are clusters.
#pragma once

#include <functional>

#include "integration/no_memory/program.h"

namespace tern::test {

// One round of what a cluster does: streams that are lost and opened again, move, or are given up
// meanwhile; calls that are retried, hedged, or wait for a server; and calls to every server.
// `caller` is a TwoServers.
void call_town(Caller& caller, Ledger& ledger, Turns& turns);
// See Work::check.
void check_town(Caller& caller, Turns& turns, std::function<void(bool)> done);

}  // namespace tern::test
