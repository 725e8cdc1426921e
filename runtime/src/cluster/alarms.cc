#include "cluster/alarms.h"

#include <iterator>
#include <utility>
#include <vector>

namespace tern::cluster {

Alarms::Alarms(Loop& home) : home_(home), timer_([this] { ring(); }) {}

void Alarms::end() noexcept {
  {
    std::lock_guard lock(mutex_);
    ended_ = true;
    for (auto& [due, alarm] : times_) alarm->set_ = false;
    times_.clear();
  }
  timer_.cancel();
}

bool Alarms::need_to_wake() const noexcept {
  return !times_.empty() && times_.begin()->first < wakes_at_;
}

void Alarms::wake() {
  if (!need_to_wake()) return;
  const Clock::TimePoint due = times_.begin()->first;
  if (due > home_.now()) {
    home_.start_timer(timer_, due);
  } else {
    // Not from here: this may be in the middle of anything.
    home_.post([self = shared_from_this()] { self->ring(); });
  }
  wakes_at_ = due;
}

void Alarms::look() {
  std::lock_guard lock(mutex_);
  look_posted_ = false;
  wake();
}

// Those that are due now. What they set is for the next time, so that this one ends.
void Alarms::ring() {
  std::vector<std::pair<std::shared_ptr<Alarmed>, Alarm*>> due;
  {
    std::lock_guard lock(mutex_);
    wakes_at_ = Clock::TimePoint::max();
    const auto later = times_.upper_bound(home_.now());
    due.reserve(static_cast<std::size_t>(std::distance(times_.begin(), later)));
    for (auto next = times_.begin(); next != later; next = times_.erase(next)) {
      Alarm& alarm = *next->second;
      alarm.set_ = false;
      // Null: its end waits for the mutex.
      if (auto who = alarm.who_.lock()) due.emplace_back(std::move(who), &alarm);
    }
    wake();
  }
  for (auto& [who, alarm] : due) {
    who->on_alarm(*alarm);
    who.reset();
  }
}

void Alarm::set(const std::shared_ptr<Alarms>& alarms, std::weak_ptr<Alarmed> who,
                Clock::TimePoint due) {
  if (!alarms_) alarms_ = alarms;
  bool post = false;
  {
    std::lock_guard lock(alarms->mutex_);
    if (set_) alarms->times_.erase(place_);
    set_ = false;
    if (alarms->ended_ || due == Clock::TimePoint::max()) return;
    place_ = alarms->times_.emplace(due, this);
    set_ = true;
    who_.swap(who);
    if (!alarms->need_to_wake()) return;
    if (alarms->home_.in_this_thread()) {
      alarms->wake();
    } else {
      post = !std::exchange(alarms->look_posted_, true);
    }
  }
  if (!post) return;
  try {
    alarms->home_.post([alarms] { alarms->look(); });
  } catch (...) {
    std::lock_guard lock(alarms->mutex_);
    alarms->look_posted_ = false;
    throw;
  }
}

void Alarm::clear() noexcept {
  if (!alarms_) return;
  std::lock_guard lock(alarms_->mutex_);
  if (!std::exchange(set_, false)) return;
  alarms_->times_.erase(place_);
}

}  // namespace tern::cluster
