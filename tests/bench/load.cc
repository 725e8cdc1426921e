#include "load.h"

#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "command_line.h"

namespace tern::bench {

namespace {

void wait(double seconds) {
  timespec time{};
  time.tv_sec = static_cast<time_t>(seconds);
  time.tv_nsec = static_cast<long>((seconds - static_cast<double>(time.tv_sec)) * 1e9);
  ::nanosleep(&time, nullptr);
}

std::size_t payload_bytes(const std::string& kind) {
  if (kind == "p32") return 32;
  if (kind == "p100") return 100;
  if (kind == "p1k") return 1024;
  if (kind == "p1m") return 1024 * 1024;
  if (kind == "struct") return 0;
  refuse_value("--payload", kind, "p32, p100, p1k, p1m or struct");
}

bool is_cluster(const std::string& channel) {
  if (channel == "cluster") return true;
  if (channel == "client") return false;
  refuse_value("--channel", channel, "client or cluster");
}

}  // namespace

Options parse_options(int argc, char** argv) {
  Options options;
  auto payload = [&](const std::string& value) { options.bytes = payload_bytes(value); };
  auto channel = [&](const std::string& value) { options.through_cluster = is_cluster(value); };
  auto fresh = [&](const std::string& value) { options.fresh = value == "1"; };
  parse_command_line(argc, argv,
                     {{"--port", options.port},
                      {"--protocol", options.protocol},
                      {"--gather", options.gather_us},
                      {"--server-pid", options.server_pid},
                      {"--payload", payload},
                      {"--conns", options.connections},
                      {"--depth", options.depth},
                      {"--warm", options.warm_seconds},
                      {"--secs", options.seconds},
                      {"--calls", options.calls},
                      {"--channel", channel},
                      {"--tls", options.certificates},
                      {"--fresh", fresh},
                      {"--idle", options.idle},
                      {"--at-once", options.at_once}});
  if (options.idle > 0) options.connections = options.idle;
  return options;
}

Load::Load(const Options& options) : options_(options), control_([this] { run(); }) {
  control_.detach();
}

void Load::fail(std::string_view why) {
  std::fprintf(stderr, "client: %s\n", std::string(why).c_str());
  std::_Exit(3);
}

void Load::report_idle(const Options& options, long resident_before, long own_before) {
  wait(0.5);
  long after = resident_bytes(options.server_pid);
  auto each = [&](long before, long now) {
    return static_cast<double>(now - before) / options.idle;
  };
  std::printf(
      "RESULT idle=%d rss_before=%ld rss_after=%ld bytes_per_conn=%.0f cli_bytes_per_conn=%.0f\n",
      options.idle, resident_before, after, each(resident_before, after),
      each(own_before, resident_bytes(::getpid())));
  std::fflush(stdout);
  ::_exit(0);
}

void Load::run() {
  wait(options_.warm_seconds);
  std::uint64_t server = process_cpu_ns(options_.server_pid);
  std::uint64_t client = process_cpu_ns(::getpid());
  std::uint64_t start = now_ns();
  measuring_.store(true, std::memory_order_release);
  wait(options_.seconds);
  measuring_.store(false, std::memory_order_release);
  server = process_cpu_ns(options_.server_pid) - server;
  client = process_cpu_ns(::getpid()) - client;
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
