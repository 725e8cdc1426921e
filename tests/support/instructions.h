// Counts what a processor executes: no clock, and the same in every run.
#pragma once

#include <cstdint>
#include <functional>

namespace tern::test {

// How many instructions `run` takes, and a few that are the same for each: a child of this process
// executes them one by one, below ptrace(2). The child is a copy of the process as it is now, with
// this thread alone, and each one begins with the same state. 0 if that cannot be done here; then
// the test has failed.
std::uint64_t count_instructions(const std::function<void()>& run);

}  // namespace tern::test
