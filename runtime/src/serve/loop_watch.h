// Whether loops run, or a handler holds one up.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tern/clock.h"

namespace tern {
class Loop;
}  // namespace tern

namespace tern::serve {

// Asks each loop now and then for a sign of life, from a thread of its own, and reports a loop that
// gives none for too long, once, while that is so. A call costs nothing for it.
// Threads: any. Loops outlive it, or have been stopped.
class LoopWatch {
 public:
  struct Rules {
    // A loop that has not answered for so long is reported. 0: never.
    std::chrono::nanoseconds limit{0};
    // What the loop is at just now, for the report.
    std::function<std::string(std::size_t loop)> occupant;
    std::function<void(const std::string& line)> report;
  };

  LoopWatch(std::vector<Loop*> loops, Clock& clock, Rules rules);
  LoopWatch(const LoopWatch&) = delete;
  LoopWatch& operator=(const LoopWatch&) = delete;
  ~LoopWatch();

  // Begins to look. Not with a clock that is turned by hand: then the one who turns it calls
  // check().
  void start();
  // Waits for the thread that looks.
  void stop();
  // Whether there is one.
  bool has_thread() const;

  void check();
  // What the loop's last answer took, or how long it has been waited for, whichever is longer.
  std::chrono::nanoseconds lag(std::size_t loop) const;

 private:
  struct Watched;

  void run();

  Clock& clock_;
  const Rules rules_;
  std::vector<std::shared_ptr<Watched>> loops_;

  mutable std::mutex mutex_;  // guards the following
  std::condition_variable ends_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace tern::serve
