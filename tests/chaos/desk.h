// Calls that the driver of a run makes itself, from one of the hosts.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "chaos/recorded_call.h"
#include "chaos/town.h"
#include "tern/client.h"
#include "tern/cluster.h"
#include "tern/io_pool.h"

namespace tern::chaos {

// What its calls have in common: where they are made, and the history they stand in. Outlives the
// channels on its pool. Threads: any.
class Desk {
 public:
  Desk(Town& town, const std::string& host);

  IoPool& pool() noexcept { return *pool_; }
  History& history() noexcept { return history_; }

  // A call of a method that must not run twice; its handler waits for `work`.
  RecordedCall call(std::optional<Nanoseconds> timeout, Nanoseconds work = Nanoseconds(0));
  Result<till::Receipt> get(Channel& channel, const RecordedCall& made);

 private:
  History history_;
  std::atomic<Nonce> next_;
  std::unique_ptr<IoPool> pool_;
};

// With the times of the run, or with the defaults. They log nothing.
ClientOptions client_options(bool impatient);
ClusterOptions cluster_options();
// The servers that the registry of the town lists.
std::shared_ptr<Discovery> discover(const Town& town, IoPool& pool);

// Calls one after the other on a thread of its own, each with a deadline, until it is stopped.
class Calling {
 public:
  Calling(Desk& desk, Channel& channel, Nanoseconds timeout, Nanoseconds pause);
  Calling(const Calling&) = delete;
  Calling& operator=(const Calling&) = delete;
  ~Calling() { stop(); }

  void stop();
  std::uint64_t calls() const { return calls_; }
  std::uint64_t failed() const { return failed_; }
  const std::string& last_failure() const { return last_failure_; }  // after stop()

 private:
  std::atomic<bool> ended_ = false;
  std::atomic<std::uint64_t> calls_ = 0;
  std::atomic<std::uint64_t> failed_ = 0;
  std::string last_failure_;
  std::thread thread_;
};

}  // namespace tern::chaos
