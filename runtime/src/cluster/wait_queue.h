// The calls of a cluster that wait for a server, or until a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

#include "cluster/alarms.h"
#include "cluster/subchannel.h"
#include "tern/clock.h"
#include "tern/status.h"

namespace tern::cluster {

class WaitQueue;

// Waits until the cluster changes, or until its time is over and its alarm rings. The thread that
// takes it out of the queue continues with it.
class Waiter : public Alarmed {
 public:
  // The cluster has changed, perhaps not enough: the waiter may have to wait again. `server`: the
  // one that it has waited for, if that is now connected; else null.
  virtual void resume(const SubchannelPtr& server) noexcept = 0;
  // The cluster is closed. On the home loop, or when that has ended.
  virtual void give_up(Status why) noexcept = 0;

  Alarm alarm;  // the queue's while it waits, else the waiter's

 protected:
  ~Waiter() = default;

 private:
  friend class WaitQueue;

  // Belong to the queue, and are guarded by its mutex.
  std::uint64_t place_ = 0;  // in the queue; 0: it does not wait
  Clock::TimePoint until_ = Clock::TimePoint::max();
};

// Whether a waiter waits.
struct Wait {
  enum class Kind : std::uint8_t {
    kWaiting,  // resume() or give_up() comes, perhaps at once
    kNow,      // it need not wait: look again
    kFailed    // waiting is of no use
  };
  Wait() = default;
  explicit Wait(Kind what) : kind(what) {}
  explicit Wait(Status why) : kind(Kind::kFailed), failure(std::move(why)) {}

  Kind kind = Kind::kWaiting;
  Status failure;
};

// A waiter first asks for changes(), then looks whether it must wait, and then calls add(), which
// refuses it if there has been another change meanwhile. So it misses none. Only alarms are called
// with the mutex held. Threads: any, if not marked otherwise.
class WaitQueue {
 public:
  explicit WaitQueue(Loop& home, std::shared_ptr<Alarms> alarms);
  WaitQueue(const WaitQueue&) = delete;
  WaitQueue& operator=(const WaitQueue&) = delete;

  // How often resume() has been called.
  std::uint64_t changes() const;
  // The waiter waits for `server`, or for any server if that is null. Its alarm rings at `until`,
  // if it still waits then. `changes`: their number before it looked; kNow if there are more by
  // now.
  Wait add(std::shared_ptr<Waiter> waiter, SubchannelPtr server, Clock::TimePoint until,
           std::uint64_t changes);
  // The waiter waits until its time is over, whatever changes.
  Wait add_for_time(std::shared_ptr<Waiter> waiter, Clock::TimePoint until);

  bool waits(const Waiter& waiter) const;
  // True if it has waited, and is the caller's now.
  bool take(Waiter& waiter);
  // The same, if its time is over.
  bool take_if_due(Waiter& waiter);
  std::size_t size() const;

  // Resumes the waiters that a change of `changed`, or of any server if that is null, can matter
  // to. `ready`: `changed`, if that is now connected. Called when other threads can see the change.
  // On the home loop.
  void resume(const Subchannel* changed, const SubchannelPtr& ready) noexcept;

  // Holds waiters, and gives them up when it is destroyed.
  class GivenUp;
  // Takes all waiters out, and refuses new ones from now on.
  GivenUp close();
  // The failure of those.
  static Status closed() noexcept;

 private:
  struct Waiting {
    std::shared_ptr<Waiter> waiter;
    SubchannelPtr server;   // that it waits for, if it is one
    bool for_time = false;  // no change of the cluster is of interest
  };
  // In the order of their coming. They move from one to another without memory.
  using Waiters = std::map<std::uint64_t, Waiting>;

  // With the mutex held. Nothing has changed if it throws std::bad_alloc.
  void put(std::shared_ptr<Waiter> waiter, SubchannelPtr server, bool for_time,
           Clock::TimePoint until);
  bool take_out(Waiter& waiter);
  Waiters take_changed(const Subchannel* changed) noexcept;

  Loop& home_;
  const std::shared_ptr<Alarms> alarms_;

  mutable std::mutex mutex_;  // guards the following, and places and times of the waiters
  bool closed_ = false;
  std::uint64_t changes_ = 0;
  std::uint64_t next_place_ = 1;
  Waiters waiting_;
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

}  // namespace tern::cluster
