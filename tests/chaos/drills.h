// One fault at a time, on a town that is otherwise well, and how long things take then.
#pragma once

#include <cstdint>

#include "chaos/run.h"

namespace tern::chaos {

// kLong also waits for the default times, which takes three minutes.
enum class Drills : std::uint8_t { kNone, kShort, kLong };

// Prints what it has measured. The town's clients are at rest.
void drill(Drills drills, Town& town, Network& network, Complaints& complaints);

}  // namespace tern::chaos
