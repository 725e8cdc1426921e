// Memory that runs out once: the n-th allocation of a piece of the program throws std::bad_alloc.
// Replaces operator new and delete of the program it is linked to. Threads: one.
#pragma once

#include <cstddef>

namespace tern::test {

// Which allocation fails, of those that are counted; 0: none.
void fail_allocation(std::size_t n) noexcept;
// From now on allocations count, or do not.
void count_allocations(bool on) noexcept;
// How many have counted since fail_allocation().
std::size_t counted_allocations() noexcept;
// Blocks that are on the heap now, counted or not.
long blocks_on_heap() noexcept;

}  // namespace tern::test
