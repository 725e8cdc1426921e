// The loops that a server serves on, and the watch over them.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "serve/loop_watch.h"
#include "serve/serve_loop.h"
#include "serve/server_end.h"
#include "serve/server_log.h"
#include "tern/io_pool.h"

namespace tern::serve {

class Router;

// One for each loop of the pool, fixed from the beginning. Threads: any; what each gives is for
// those that it says.
class ServeLoops {
 public:
  // `lag_limit`: see LoopWatch::Rules. The router gets no more services.
  ServeLoops(ServerCore& core, IoPool& pool, const Router& router,
             std::chrono::nanoseconds lag_limit, ServerLog& log);
  ServeLoops(const ServeLoops&) = delete;
  ServeLoops& operator=(const ServeLoops&) = delete;

  std::span<const std::unique_ptr<ServeLoop>> all() const noexcept { return loops_; }
  // Null for a loop of another pool.
  ServeLoop* of(const Loop& loop) const noexcept;
  LoopWatch& watch() noexcept { return watch_; }
  // Lets the sessions of each finish, on its loop; see ServeLoop. These tasks have been counted,
  // one for each loop.
  void begin_stop(ServerEnd& end, std::chrono::nanoseconds drain);
  // What each loop takes to get to something.
  std::vector<std::chrono::nanoseconds> lags() const;

 private:
  const std::vector<std::unique_ptr<ServeLoop>> loops_;
  LoopWatch watch_;
};

}  // namespace tern::serve
