// The end of a client, or of a cluster, that has a pool of its own.
#pragma once

#include <memory>
#include <utility>

#include "base/kept_thread.h"
#include "tern/io_pool.h"
#include "tern/loop_thread.h"

namespace tern::call {

// `pool`: its own, or null.
template <typename Core>
void close_with_pool(std::shared_ptr<Core>& core, std::unique_ptr<IoPool>& pool) {
  core->close();
  if (!pool || !on_loop_thread()) return;
  // On a loop's thread, perhaps its own: another thread waits for the pool in its place.
  base::KeptThread([pool = std::move(pool), core = std::move(core)]() mutable {
    core->close();
    core.reset();
    pool.reset();
  }).leave();
}

}  // namespace tern::call
