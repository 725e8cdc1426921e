// Who waits for one direction of a cluster's stream.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "net/loop_tasks.h"
#include "stream/stream.h"
#include "tern/function.h"

namespace tern::cluster {

class ClusterStream;

// At most one waits in a direction. Whichever attempt's stream the program's stream has: that one
// calls back, and the one that follows is asked again. It runs where it is called back, or else as
// a task of the home loop. Once one waits, nothing needs memory.
// Threads: any. Its stream's lock guards it.
class SideWait final : private net::LoopTask {
 public:
  enum class Side : std::uint8_t { kRead, kWrite };
  // `stream`: whose part it is.
  SideWait(ClusterStream& stream, Side side) noexcept : stream_(stream), side_(side) {}
  SideWait(const SideWait&) = delete;
  SideWait& operator=(const SideWait&) = delete;

  // As StreamState's wait_read() and wait_write(); `for_flush`: wait_flushed().
  bool leave(bool for_flush, UniqueFunction<void()>& ready);
  // Blocks until one who waits would go on.
  void block();
  void cancel() noexcept;
  // Something has happened that may let who waits go on. Without the lock.
  void settle() noexcept;

 private:
  using Lock = std::unique_lock<std::mutex>;
  using StreamPtr = std::shared_ptr<stream::Stream>;
  enum class Seen : std::uint8_t {
    kWaits,  // the attempt's stream calls back
    kReady,
    kEnded  // there is nothing more to come from the attempt's stream
  };

  enum class In : std::uint8_t {
    kCall,     // of the program: who waits runs later
    kCallback  // of the attempt's stream
  };
  enum class State : std::uint8_t {
    kIdle,  // nobody waits
    kWaits,
    kRunsSoon  // the home loop will run it
  };

  void settle(Lock lock, In in) noexcept;
  void on_progress() noexcept;
  Seen look(bool for_flush, const StreamPtr& stream) noexcept;
  Seen look_at_reading(const StreamPtr& stream, UniqueFunction<void()>& progress);
  Seen look_at_writing(bool for_flush, stream::Stream& stream, UniqueFunction<void()>& progress);
  void cancel_at(stream::Stream& stream) const noexcept;
  void run_on_loop() override;
  void dropped() noexcept override;
  // Takes who waits. With the lock.
  UniqueFunction<void()> take() noexcept;

  ClusterStream& stream_;
  const Side side_;

  // Guarded by the lock:
  State state_ = State::kIdle;
  UniqueFunction<void()> ready_;  // unless it is idle
  bool for_flush_ = false;
  bool cancelled_ = false;
  StreamPtr asked_;  // will call back
};

}  // namespace tern::cluster
