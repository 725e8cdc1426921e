// What the system knows of this process, under the names that Prometheus' own clients use.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tern::debug_pages {

struct ProcessNumbers {
  ProcessNumbers() = default;
  double cpu_seconds = 0;
  double start_time = 0;  // seconds since 1970
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t threads = 0;
  std::uint64_t open_fds = 0;
  std::uint64_t max_fds = 0;  // 0: not known, or no limit
};

// Reads /proc/self. Nothing on a system without it.
std::optional<ProcessNumbers> read_process();

// What the texts of /proc/self/stat and of /proc/stat say; sizes of the system's pages and ticks a
// second are given. Nothing if they are not as proc(5) has them.
std::optional<ProcessNumbers> parse_process(std::string_view stat, std::string_view system_stat,
                                            std::uint64_t page_bytes, std::uint64_t ticks);

void append_process(std::string& out, const ProcessNumbers& process);

}  // namespace tern::debug_pages
