// The command line and the RESULT line that every peer of a round shares.
//
// The options and output lines are those that a round's driver expects of each system:
//   server: --port P, prints READY;  client: --port P --server-pid PID --payload
//   p32|p100|struct|p1k|p1m
//   --conns C --depth D --warm S --secs S [--idle N], prints RESULT key=value …
// and --protocol netrpc, for a server in Go, and --gather US: ClientOptions::gather_replies.
// With --tls DIRECTORY, one of make_certificates.sh with a pair "server", the connections are over
// TLS. With --fresh 1 each call has a connection of its own, and there are --depth at a time.
// With --idle N the connections are made --at-once M at a time; without it all at once.
// A client with --calls N makes N calls on each connection and ends; --channel cluster makes them
// through a tern::Cluster.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

#include "histogram.h"
#include "measure.h"

namespace tern::bench {

struct Options {
  Options() = default;
  std::uint16_t port = 0;
  std::string protocol;  // that the client speaks, as "netrpc"; "": Tern's frames
  int gather_us = 0;     // ClientOptions::gather_replies
  pid_t server_pid = 0;
  std::size_t bytes = 32;  // of the payload; 0: the small struct
  int connections = 1;
  int depth = 1;  // calls in flight on each
  double warm_seconds = 0.3;
  double seconds = 1.0;
  int calls = 0;                 // > 0: so many on each connection, and no times
  bool through_cluster = false;  // a tern::Cluster instead of a tern::Client
  std::string certificates;      // the directory of --tls; "": plaintext
  bool fresh = false;            // a connection for each call
  int idle = 0;     // > 0: open so many connections, one call on each, and report memory
  int at_once = 0;  // of which so many are being made at a time; 0: all

  bool is_struct() const noexcept { return bytes == 0; }
};

// Prints what is wrong and exits with 2 if it is.
Options parse_options(int argc, char** argv);

// Warms up, measures, prints RESULT and leaves the process, on a thread of its own. The calls are
// made on one other thread, which reports each that is done.
class Load {
 public:
  explicit Load(const Options& options);
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  // A call that began at `start` is done. Returns the time: the start of the next one.
  std::uint64_t done(std::uint64_t start) {
    std::uint64_t now = now_ns();
    if (measuring_.load(std::memory_order_acquire)) histogram_.add(now - start);
    return now;
  }

  [[noreturn]] static void fail(std::string_view why);
  // `resident_before`: of the server, and of this process.
  [[noreturn]] static void report_idle(const Options& options, long resident_before,
                                       long own_before);

 private:
  [[noreturn]] void run();

  Options options_;
  std::atomic<bool> measuring_{false};
  Histogram histogram_;
  std::thread control_;
};

}  // namespace tern::bench
