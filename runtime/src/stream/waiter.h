// Who waits for one direction of a stream.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "tern/function.h"

namespace tern::stream {

// At most one waits. Its memory comes with the first wait and stays: many streams never wait in one
// of their directions. No lock: a Stream keeps it under its own.
class Waiter {
 public:
  enum class For : std::uint8_t {
    kProgress,  // a message to read, or room for one
    kFlushed    // all that was queued has left for the kernel
  };

  bool waiting() const noexcept { return wait_ && wait_->ready; }
  // Only while it waits.
  For what() const noexcept { return wait_->what; }
  bool cancelled() const noexcept { return wait_->cancelled; }
  void cancel() noexcept { wait_->cancelled = true; }

  // Takes the memory now: begin() does not throw then. Throws std::bad_alloc.
  void make_room() {
    if (!wait_) wait_ = std::make_unique<Wait>();
  }
  // Not while it waits. Throws std::bad_alloc; `ready` is untouched then.
  void begin(For what, UniqueFunction<void()>& ready) {
    make_room();
    wait_->ready = std::move(ready);
    wait_->what = what;
    wait_->cancelled = false;
  }
  // Only while it waits: it waits no more.
  UniqueFunction<void()> take() noexcept { return std::move(wait_->ready); }

 private:
  struct Wait {
    UniqueFunction<void()> ready;
    For what = For::kProgress;
    bool cancelled = false;
  };
  std::unique_ptr<Wait> wait_;
};

}  // namespace tern::stream
