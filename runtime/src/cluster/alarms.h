// Times at which something is to happen on a cluster's home loop, whoever sets them.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>

#include "base/timer_queue.h"
#include "net/loop.h"
#include "tern/clock.h"

namespace tern::cluster {

class Alarm;

// What an alarm is a part of.
class Alarmed {
 public:
  // The alarm has rung, and is not set any more, unless somebody has set it anew meanwhile. On the
  // home loop.
  virtual void on_alarm(Alarm& alarm) = 0;

 protected:
  ~Alarmed() = default;
};

// The alarms of one cluster. A Timer must be used and destroyed on its loop's thread, but calls and
// servers may end on any thread. So there is one timer, for the earliest of the alarms, and it
// never leaves the loop. Threads: any.
class Alarms final : private net::LoopTask, public std::enable_shared_from_this<Alarms> {
 public:
  explicit Alarms(Loop& home);
  Alarms(const Alarms&) = delete;
  Alarms& operator=(const Alarms&) = delete;

  // None rings after that, and to set one does nothing. On the home loop, or when that has stopped.
  void end() noexcept;

 private:
  friend class Alarm;
  using Times = std::multimap<Clock::TimePoint, Alarm*>;

  // On the home loop.
  void run_on_loop() override { ring(); }
  void ring();
  bool ring_one();

  // With the mutex held.
  void wake() noexcept;
  void ring_soon() noexcept;

  Loop& home_;

  std::mutex mutex_;  // guards the following, and parts of the alarms
  Times times_;
  Times ringing_;  // those that were due when ring() began
  bool ended_ = false;
  Clock::TimePoint wakes_at_ = Clock::TimePoint::max();  // when ring() comes; or never

  base::Timer timer_;  // the home loop's
};

// Rings once. Its end clears it. Threads: any; but the first set() comes before others know of it.
class Alarm {
 public:
  Alarm() noexcept = default;
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;
  ~Alarm() { clear(); }

  // Takes the memory now: set() does not throw then. `alarms` as there; throws std::bad_alloc.
  void prepare(const std::shared_ptr<Alarms>& alarms);
  // Instead of what was set before. Clock::TimePoint::max(): never. `alarms` are always the same.
  // Whoever `who` is lives until on_alarm() has returned. Throws std::bad_alloc the first time,
  // unless it is prepared.
  void set(const std::shared_ptr<Alarms>& alarms, std::weak_ptr<Alarmed> who, Clock::TimePoint due);
  void clear() noexcept;

 private:
  friend class Alarms;

  // With the mutex held.
  void take_out() noexcept;
  void put_into(Alarms::Times& times) noexcept;

  std::shared_ptr<Alarms> alarms_;  // null before the first prepare() or set()

  // Guarded by the mutex of the alarms.
  Alarms::Times* in_ = nullptr;          // if it is set
  Alarms::Times::iterator place_;        // there
  Alarms::Times::node_type place_kept_;  // if it is not, but was
  std::weak_ptr<Alarmed> who_;
};

}  // namespace tern::cluster
