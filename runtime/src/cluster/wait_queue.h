// The calls of a cluster that wait for a server, or until a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "cluster/alarms.h"
#include "cluster/subchannel.h"
#include "tern/clock.h"
#include "tern/status.h"

namespace tern {

class WaitQueue;

// One that waits, until the cluster changes or its alarm rings because its time is over. Whoever
// takes it out of the queue goes on with it.
class Waiter : public Alarmed {
 public:
  // `server`: the one that it has waited for, if that is now connected; else null. Also when the
  // change is none that helps: it looks again.
  virtual void resume(const SubchannelPtr& server) = 0;
  // The cluster is closed. On the home loop, or when that has ended.
  virtual void give_up(Status why) = 0;

  Alarm alarm;  // while it waits, for the end of its time; else its own

 protected:
  ~Waiter() = default;

 private:
  friend class WaitQueue;

  // The queue's, and guarded by its mutex.
  std::uint64_t place_ = 0;                           // among the waiting ones; 0: it is none
  Clock::TimePoint until_ = Clock::TimePoint::max();  // then it has waited long enough
};

// What becomes of one who would wait.
struct Wait {
  enum class Kind : std::uint8_t {
    kWaiting,  // resume() or give_up() comes, perhaps at once
    kNow,      // there is no need to: look again
    kFailed    // there is nothing to wait for
  };
  Wait() = default;
  explicit Wait(Kind what) : kind(what) {}
  explicit Wait(Status why) : kind(Kind::kFailed), failure(std::move(why)) {}

  Kind kind = Kind::kWaiting;
  Status failure;
};

// Who would wait asks first for changes(), then looks whether it must wait, and then comes here: so
// it misses no change that happens meanwhile. Nothing is called with the mutex held but alarms.
// Threads: any, if not marked otherwise.
class WaitQueue {
 public:
  explicit WaitQueue(Loop& home, std::shared_ptr<Alarms> alarms);
  WaitQueue(const WaitQueue&) = delete;
  WaitQueue& operator=(const WaitQueue&) = delete;

  // How often resume() has been called.
  std::uint64_t changes() const;
  // Puts the waiter among the waiting ones: for `server`, which it had been given, or for any if
  // that is null. `until`: when its alarm rings, if nobody has taken it by then. `changes`: as of
  // before it looked; kNow if there are more by now.
  Wait add(std::shared_ptr<Waiter> waiter, SubchannelPtr server, Clock::TimePoint until,
           std::uint64_t changes);
  // No change is of interest to it.
  Wait add_for_time(std::shared_ptr<Waiter> waiter, Clock::TimePoint until);

  bool waits(const Waiter& waiter) const;
  // True if it was among the waiting ones, and is the caller's now.
  bool take(Waiter& waiter);
  // The same, if it has waited long enough.
  bool take_if_due(Waiter& waiter);
  std::size_t size() const;

  // Resumes those to whom a change of `changed`, or of any server if it is null, can matter.
  // `ready`: `changed`, if that is now connected. After the change can be seen. On the home loop.
  void resume(const Subchannel* changed, const SubchannelPtr& ready);

  // Gives up what it holds where it ends.
  class GivenUp;
  // Nobody waits from now on. Those who do are in the caller's hands.
  GivenUp close();
  // What it says from then on.
  static Status closed();

 private:
  struct Waiting {
    std::shared_ptr<Waiter> waiter;
    SubchannelPtr server;   // that it waits for, if it is one
    bool for_time = false;  // no change of the cluster is of interest
  };
  using Waiters = std::vector<Waiting>;

  // With the mutex held.
  void put(std::shared_ptr<Waiter> waiter, SubchannelPtr server, bool for_time,
           Clock::TimePoint until);
  bool take_out(Waiter& waiter);
  Waiters take_changed(const Subchannel* changed);

  Loop& home_;
  const std::shared_ptr<Alarms> alarms_;

  mutable std::mutex mutex_;  // guards the following, and places and times of the waiters
  bool closed_ = false;
  std::uint64_t changes_ = 0;
  std::uint64_t next_place_ = 1;
  std::map<std::uint64_t, Waiting> waiting_;  // in the order of their coming
};

class WaitQueue::GivenUp {
 public:
  GivenUp(GivenUp&&) noexcept = default;
  ~GivenUp();

 private:
  friend class WaitQueue;
  explicit GivenUp(Waiters waiters) noexcept : waiters_(std::move(waiters)) {}

  Waiters waiters_;
};

}  // namespace tern
