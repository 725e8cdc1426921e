// Makes the calls of a client process, and writes down what becomes of them.
#pragma once

#include <atomic>
#include <cstdint>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "chaos/channels.h"
#include "chaos/history.h"

namespace tern::chaos {

// Threads: one, besides its own.
class Caller {
 public:
  // `number` is in the nonces. `channels` and `history` outlive it.
  Caller(std::uint32_t number, std::uint64_t seed, const std::vector<CallingChannel>& channels,
         History& history);
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
  ~Caller();

  // Calls at about this rate, on a thread of its own, until rest() or the end.
  void begin(int calls_a_second);
  // No new calls; those on their way go on.
  void rest();

  // One call after the other over each channel, until one succeeds there: how long the slowest
  // channel took, and its name. Gives up on a channel after `bound`.
  struct Recovery {
    bool all = true;
    Nanoseconds slowest{0};
    std::string channel;
  };
  Recovery get_through(Nanoseconds bound);

 private:
  void run(int calls_a_second);
  void watch_pauses();

  const std::uint32_t number_;
  const std::vector<CallingChannel>& channels_;
  History& history_;
  std::mt19937_64 random_;  // of one thread at a time
  std::atomic<Nonce> next_;
  std::atomic<bool> resting_ = true;
  std::atomic<bool> ended_ = false;
  std::thread calling_;
  std::thread watching_;
};

}  // namespace tern::chaos
