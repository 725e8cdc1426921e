#include "load.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace tern::bench {

namespace {

std::uint64_t nanoseconds(const timespec& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000u +
         static_cast<std::uint64_t>(time.tv_nsec);
}

// User and system time of a process.
std::uint64_t cpu_ns(pid_t pid) {
  clockid_t clock;
  timespec time{};
  if (pid <= 0 || ::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) {
    return 0;
  }
  return nanoseconds(time);
}

void wait(double seconds) {
  timespec time{};
  time.tv_sec = static_cast<time_t>(seconds);
  time.tv_nsec = static_cast<long>((seconds - static_cast<double>(time.tv_sec)) * 1e9);
  ::nanosleep(&time, nullptr);
}

std::size_t payload_bytes(std::string_view kind) {
  if (kind == "p32") return 32;
  if (kind == "p1k") return 1024;
  if (kind == "p1m") return 1024 * 1024;
  if (kind == "struct") return 0;
  std::fprintf(stderr, "--payload: \"%s\"; expected p32, p1k, p1m or struct\n",
               std::string(kind).c_str());
  std::exit(2);
}

bool is_cluster(std::string_view channel) {
  if (channel == "cluster") return true;
  if (channel == "client") return false;
  std::fprintf(stderr, "--channel: \"%s\"; expected client or cluster\n",
               std::string(channel).c_str());
  std::exit(2);
}

}  // namespace

Options parse_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    std::string_view key = argv[i];
    std::string value = argv[i + 1];
    if (key == "--port") {
      options.port = static_cast<std::uint16_t>(std::stoi(value));
    } else if (key == "--protocol") {
      options.protocol = value;
    } else if (key == "--gather") {
      options.gather_us = std::stoi(value);
    } else if (key == "--server-pid") {
      options.server_pid = std::stoi(value);
    } else if (key == "--payload") {
      options.bytes = payload_bytes(value);
    } else if (key == "--conns") {
      options.connections = std::stoi(value);
    } else if (key == "--depth") {
      options.depth = std::stoi(value);
    } else if (key == "--warm") {
      options.warm_seconds = std::stod(value);
    } else if (key == "--secs") {
      options.seconds = std::stod(value);
    } else if (key == "--calls") {
      options.calls = std::stoi(value);
    } else if (key == "--channel") {
      options.through_cluster = is_cluster(value);
    } else if (key == "--idle") {
      options.idle = std::stoi(value);
    } else {
      std::fprintf(stderr, "unknown option %s\n", argv[i]);
      std::exit(2);
    }
  }
  if (options.idle > 0) options.connections = options.idle;
  return options;
}

std::uint64_t now_ns() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return nanoseconds(time);
}

long resident_bytes(pid_t pid) {
  std::string path = "/proc/" + std::to_string(pid) + "/statm";
  long size = 0, resident = 0;
  if (std::FILE* file = std::fopen(path.c_str(), "r")) {
    if (std::fscanf(file, "%ld %ld", &size, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return resident * ::sysconf(_SC_PAGESIZE);
}

std::uint64_t Histogram::total() const noexcept {
  std::uint64_t sum = 0;
  for (std::uint64_t count : counts_) sum += count;
  return sum;
}

double Histogram::quantile(double q) const noexcept {
  auto want = static_cast<std::uint64_t>(q * static_cast<double>(total()));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen > want) return value(i);
  }
  return 0;
}

std::size_t Histogram::index(std::uint64_t ns) noexcept {
  if (ns < kSteps) return static_cast<std::size_t>(ns);
  int shift = 58 - __builtin_clzll(ns);
  std::size_t at = static_cast<std::size_t>(shift) * kSteps + static_cast<std::size_t>(ns >> shift);
  return std::min(at, kSize - 1);
}

double Histogram::value(std::size_t index) noexcept {
  if (index < 2 * kSteps) return static_cast<double>(index);
  std::size_t shift = index / kSteps - 1;
  return (static_cast<double>(index - shift * kSteps) + 0.5) *
         static_cast<double>(std::uint64_t{1} << shift);
}

Load::Load(const Options& options) : options_(options), control_([this] { run(); }) {
  control_.detach();
}

void Load::fail(std::string_view why) {
  std::fprintf(stderr, "client: %s\n", std::string(why).c_str());
  std::_Exit(3);
}

void Load::report_idle(const Options& options, long resident_before) {
  wait(0.5);
  long after = resident_bytes(options.server_pid);
  std::printf("RESULT idle=%d rss_before=%ld rss_after=%ld bytes_per_conn=%.0f\n", options.idle,
              resident_before, after, static_cast<double>(after - resident_before) / options.idle);
  std::fflush(stdout);
  ::_exit(0);
}

void Load::run() {
  wait(options_.warm_seconds);
  std::uint64_t server = cpu_ns(options_.server_pid), client = cpu_ns(::getpid()), start = now_ns();
  measuring_.store(true, std::memory_order_release);
  wait(options_.seconds);
  measuring_.store(false, std::memory_order_release);
  server = cpu_ns(options_.server_pid) - server;
  client = cpu_ns(::getpid()) - client;
  auto elapsed = static_cast<double>(now_ns() - start);
  wait(0.002);
  auto calls = static_cast<double>(histogram_.total());
  if (calls == 0) fail("no call completed");
  std::printf(
      "RESULT calls=%.0f secs=%.3f rate=%.1f p50_ns=%.0f p99_ns=%.0f srv_cpu_ns=%.0f "
      "cli_cpu_ns=%.0f srv_util=%.2f\n",
      calls, elapsed * 1e-9, calls / elapsed * 1e9, histogram_.quantile(0.5),
      histogram_.quantile(0.99), static_cast<double>(server) / calls,
      static_cast<double>(client) / calls, static_cast<double>(server) / elapsed);
  std::fflush(stdout);
  ::_exit(0);
}

}  // namespace tern::bench
