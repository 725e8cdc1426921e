// What the kernel says of time, and of what a process uses.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace tern::bench {

// Of a clock that never goes back.
std::uint64_t now_ns();
double seconds_since(std::uint64_t start_ns);
// Returns at once if that time of this clock has been: who does something so often in a second
// names the times, and what takes longer once does not move the next ones.
void wait_until(std::uint64_t time_ns);

// User and system time: of a process, 0 if it is gone; and of the calling thread.
std::uint64_t process_cpu_ns(pid_t pid);
std::uint64_t thread_cpu_ns();

// Resident memory of a process; 0 if it is gone.
long resident_bytes(pid_t pid);

// All of it; "" if there is none.
std::string read_file(const std::string& path);

}  // namespace tern::bench
