#include "serve/serve_loops.h"

#include <algorithm>
#include <string>
#include <utility>

#include "net/loop.h"
#include "serve/router.h"

namespace tern::serve {

namespace {

std::vector<std::unique_ptr<ServeLoop>> make_loops(ServerCore& core, IoPool& pool,
                                                   std::size_t methods) {
  std::vector<std::unique_ptr<ServeLoop>> made;
  for (std::size_t i = 0; i < pool.size(); ++i) {
    made.push_back(std::make_unique<ServeLoop>(core, pool.loop(i), methods));
  }
  return made;
}

std::vector<Loop*> loops_of(IoPool& pool) {
  std::vector<Loop*> loops;
  for (std::size_t i = 0; i < pool.size(); ++i) loops.push_back(&pool.loop(i));
  return loops;
}

LoopWatch::Rules rules(std::span<const std::unique_ptr<ServeLoop>> loops, const Router& router,
                       std::chrono::nanoseconds limit, ServerLog& log) {
  LoopWatch::Rules rules;
  rules.limit = limit;
  rules.occupant = [loops, &router](std::size_t loop) {
    return loops[loop]->occupant(router.routes());
  };
  rules.report = [&log](const std::string& line) { log.warning(line); };
  return rules;
}

}  // namespace

ServeLoops::ServeLoops(ServerCore& core, IoPool& pool, const Router& router,
                       std::chrono::nanoseconds lag_limit, ServerLog& log)
    : loops_(make_loops(core, pool, router.indexes())),
      watch_(loops_of(pool), pool.clock(), rules(loops_, router, lag_limit, log)) {}

ServeLoop* ServeLoops::of(const Loop& loop) const noexcept {
  auto found = std::find_if(loops_.begin(), loops_.end(),
                            [&loop](const auto& one) { return &one->loop() == &loop; });
  return found == loops_.end() ? nullptr : found->get();
}

void ServeLoops::begin_stop(ServerEnd& end, std::chrono::nanoseconds drain) {
  for (const auto& one : loops_) {
    // Where nothing runs, there is nothing to wait for.
    const bool stopped = one->loop().io().stopped();
    const auto limit = stopped ? std::chrono::nanoseconds(0) : drain;
    end.run_on(one->loop(), [&serve_loop = *one, limit] { serve_loop.begin_stop(limit); });
  }
}

std::vector<std::chrono::nanoseconds> ServeLoops::lags() const {
  std::vector<std::chrono::nanoseconds> lags;
  for (std::size_t i = 0; i < loops_.size(); ++i) lags.push_back(watch_.lag(i));
  return lags;
}

}  // namespace tern::serve
