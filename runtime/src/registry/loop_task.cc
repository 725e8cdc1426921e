#include "registry/loop_task.h"

#include <future>
#include <memory>
#include <utility>

#include "tern/loop_thread.h"

namespace tern::registry {

void run_on_loop(IoPool& pool, Loop& loop, UniqueFunction<void()> task) {
  if (!pool.has_threads() || on_loop_thread()) {
    loop.post(std::move(task));
    return;
  }
  auto done = std::make_shared<std::promise<void>>();
  std::future<void> ran = done->get_future();
  loop.post([&loop, done, task = std::move(task)]() mutable {
    task();
    task.reset();
    loop.post([done = std::move(done)] { done->set_value(); });
  });
  ran.wait();
}

void run_soon(Loop& loop, UniqueFunction<void()> task) {
  if (loop.io().stopped()) {
    task();
  } else {
    loop.post(std::move(task));
  }
}

}  // namespace tern::registry
