#include "cluster/wait_queue.h"

#include <utility>

#include "base/no_destructor.h"

namespace tern::cluster {

namespace {

// Made before it is needed: who closes has no memory to ask for.
const base::NoDestructor<Status> kClosed(Code::kCancelled, "the cluster is closed",
                                         HandlerRan::kNo);

}  // namespace

WaitQueue::WaitQueue(Loop& home, std::shared_ptr<Alarms> alarms)
    : home_(home), alarms_(std::move(alarms)) {}

Status WaitQueue::closed() noexcept {
  return *kClosed;
}

std::uint64_t WaitQueue::changes() const {
  std::lock_guard lock(mutex_);
  return changes_;
}

Wait WaitQueue::add(std::shared_ptr<Waiter> waiter, SubchannelPtr server, Clock::TimePoint until,
                    std::uint64_t changes) {
  std::lock_guard lock(mutex_);
  if (closed_) return Wait(closed());
  if (changes != changes_) return Wait(Wait::Kind::kNow);
  put(std::move(waiter), std::move(server), false, until);
  return Wait();
}

Wait WaitQueue::add_for_time(std::shared_ptr<Waiter> waiter, Clock::TimePoint until) {
  std::lock_guard lock(mutex_);
  if (closed_) return Wait(closed());
  put(std::move(waiter), nullptr, true, until);
  return Wait();
}

void WaitQueue::put(std::shared_ptr<Waiter> waiter, SubchannelPtr server, bool for_time,
                    Clock::TimePoint until) {
  Waiter& its = *waiter;
  its.alarm.prepare(alarms_);
  const std::weak_ptr<Alarmed> alarmed = waiter;
  Waiting waiting;
  waiting.waiter = std::move(waiter);
  waiting.server = std::move(server);
  waiting.for_time = for_time;
  waiting_.emplace(next_place_, std::move(waiting));
  its.place_ = next_place_++;
  its.until_ = until;
  its.alarm.set(alarms_, alarmed, until);
}

bool WaitQueue::waits(const Waiter& waiter) const {
  std::lock_guard lock(mutex_);
  return waiter.place_ != 0;
}

bool WaitQueue::take(Waiter& waiter) {
  std::lock_guard lock(mutex_);
  return take_out(waiter);
}

bool WaitQueue::take_if_due(Waiter& waiter) {
  std::lock_guard lock(mutex_);
  return home_.now() >= waiter.until_ && take_out(waiter);
}

bool WaitQueue::take_out(Waiter& waiter) {
  if (waiter.place_ == 0) return false;
  waiter.alarm.clear();
  return waiting_.erase(std::exchange(waiter.place_, 0)) > 0;
}

std::size_t WaitQueue::size() const {
  std::lock_guard lock(mutex_);
  return waiting_.size();
}

void WaitQueue::resume(const Subchannel* changed, const SubchannelPtr& ready) noexcept {
  Waiters waiters;
  {
    std::lock_guard lock(mutex_);
    ++changes_;
    waiters = take_changed(changed);
  }
  for (const auto& [place, waiting] : waiters) {
    waiting.waiter->resume(waiting.server == ready ? ready : nullptr);
  }
}

// A call that waits for the first connection to its server goes on waiting while others change.
WaitQueue::Waiters WaitQueue::take_changed(const Subchannel* changed) noexcept {
  Waiters taken;
  for (auto place = waiting_.begin(); place != waiting_.end();) {
    const Waiting& waiting = place->second;
    const bool content = waiting.server && waiting.server.get() != changed &&
                         waiting.server->connectivity == Connectivity::kConnecting &&
                         waiting.server->listed;
    if (waiting.for_time || content) {
      ++place;
      continue;
    }
    waiting.waiter->place_ = 0;
    waiting.waiter->alarm.clear();
    taken.insert(taken.end(), waiting_.extract(place++));
  }
  return taken;
}

WaitQueue::GivenUp WaitQueue::close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
  for (auto& [place, waiting] : waiting_) waiting.waiter->place_ = 0;
  return GivenUp(std::exchange(waiting_, Waiters()));
}

WaitQueue::GivenUp::~GivenUp() {
  for (auto& [place, waiting] : waiters_) waiting.waiter->give_up(closed());
}

}  // namespace tern::cluster
