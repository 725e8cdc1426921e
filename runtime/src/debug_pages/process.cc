#include "debug_pages/process.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <iterator>
#include <vector>

#include "base/metrics_text.h"

namespace tern::debug_pages {

namespace {

std::string read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

// When the system was started, in seconds since 1970.
std::optional<std::uint64_t> boot_time(std::string_view system_stat) {
  constexpr std::string_view kKey = "\nbtime ";
  std::size_t at = system_stat.find(kKey);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view rest = system_stat.substr(at + kKey.size());
  return number_in(rest.substr(0, rest.find('\n')));
}

std::uint64_t count_open_fds() {
  DIR* folder = ::opendir("/proc/self/fd");
  if (!folder) return 0;
  std::uint64_t entries = 0;
  while (::readdir(folder)) ++entries;
  ::closedir(folder);
  return entries > 3 ? entries - 3 : 0;  // without ".", ".." and the folder itself
}

}  // namespace

std::optional<ProcessNumbers> parse_process(std::string_view stat, std::string_view system_stat,
                                            std::uint64_t page_bytes, std::uint64_t ticks) {
  // The second field is the program's name in parentheses, with anything in it.
  std::size_t name_end = stat.rfind(')');
  if (name_end == std::string_view::npos || ticks == 0) return std::nullopt;
  std::vector<std::string_view> words = words_of(stat.substr(name_end + 1));
  // The first of these is the third field.
  auto field = [&words](std::size_t number) -> std::optional<std::uint64_t> {
    return number - 3 < words.size() ? number_in(words[number - 3]) : std::nullopt;
  };
  auto user = field(14), system = field(15), threads = field(20), started = field(22);
  auto size = field(23), resident = field(24), booted = boot_time(system_stat);
  if (!user || !system || !threads || !started || !size || !resident || !booted) {
    return std::nullopt;
  }
  auto seconds = [ticks](std::uint64_t in_ticks) {
    return static_cast<double>(in_ticks) / static_cast<double>(ticks);
  };
  ProcessNumbers numbers;
  numbers.cpu_seconds = seconds(*user + *system);
  numbers.start_time = static_cast<double>(*booted) + seconds(*started);
  numbers.threads = *threads;
  numbers.virtual_bytes = *size;
  numbers.resident_bytes = *resident * page_bytes;
  return numbers;
}

std::optional<ProcessNumbers> read_process() {
  std::optional<ProcessNumbers> numbers =
      parse_process(read_file("/proc/self/stat"), read_file("/proc/stat"),
                    static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)),
                    static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK)));
  if (!numbers) return numbers;
  numbers->open_fds = count_open_fds();
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    numbers->max_fds = limit.rlim_cur;
  }
  return numbers;
}

void append_process(std::string& out, const ProcessNumbers& process) {
  base::MetricsText text(out);
  text.only("process_cpu_seconds_total", "counter", "Time of processors, user and system.",
            process.cpu_seconds);
  text.only("process_start_time_seconds", "gauge", "When it was started, since 1970.",
            process.start_time);
  text.only("process_resident_memory_bytes", "gauge", "Memory that it occupies.",
            process.resident_bytes);
  text.only("process_virtual_memory_bytes", "gauge", "Addresses that it has mapped.",
            process.virtual_bytes);
  text.only("process_threads", "gauge", "Its threads.", process.threads);
  text.only("process_open_fds", "gauge", "File descriptors that are open.", process.open_fds);
  if (process.max_fds > 0) {
    text.only("process_max_fds", "gauge", "File descriptors that may be open.", process.max_fds);
  }
}

}  // namespace tern::debug_pages
