#include "cluster/alarms.h"

#include <utility>

namespace tern::cluster {

Alarms::Alarms(Loop& home) : home_(home), timer_([this] { ring(); }) {}

void Alarms::end() noexcept {
  {
    std::lock_guard lock(mutex_);
    ended_ = true;
    for (Times* times : {&times_, &ringing_}) {
      for (auto& [due, alarm] : *times) alarm->in_ = nullptr;
      times->clear();
    }
  }
  timer_.cancel();
}

void Alarms::wake() noexcept {
  if (times_.empty() || times_.begin()->first >= wakes_at_) return;
  const Clock::TimePoint due = times_.begin()->first;
  // Not from here, if it is due: this may be in the middle of anything.
  if (due <= home_.now() || !home_.in_this_thread()) return ring_soon();
  home_.start_timer(timer_, due);
  wakes_at_ = due;
}

void Alarms::ring_soon() noexcept {
  home_.post(std::shared_ptr<net::LoopTask>(shared_from_this(), this));
  wakes_at_ = Clock::TimePoint::min();
}

// Those that are due now. What they set is for the next time, so that this one ends.
void Alarms::ring() {
  {
    std::lock_guard lock(mutex_);
    wakes_at_ = Clock::TimePoint::max();
    const Clock::TimePoint now = home_.now();
    while (!times_.empty() && times_.begin()->first <= now) {
      Alarm& alarm = *times_.begin()->second;
      alarm.take_out();
      alarm.put_into(ringing_);
    }
    wake();
  }
  try {
    while (ring_one()) {
    }
  } catch (...) {
    // The owner of the io_context may catch it and run on: the others still ring.
    std::lock_guard lock(mutex_);
    if (!ringing_.empty()) ring_soon();
    throw;
  }
}

bool Alarms::ring_one() {
  std::shared_ptr<Alarmed> who;
  Alarm* alarm = nullptr;
  {
    std::lock_guard lock(mutex_);
    if (ringing_.empty()) return false;
    alarm = ringing_.begin()->second;
    alarm->take_out();
    who = alarm->who_.lock();
  }
  // Null: its end waits for the mutex, or has done so.
  if (who) who->on_alarm(*alarm);
  return true;
}

void Alarm::prepare(const std::shared_ptr<Alarms>& alarms) {
  if (!alarms_) alarms_ = alarms;
  std::lock_guard lock(alarms->mutex_);
  if (in_ || !place_kept_.empty()) return;
  Alarms::Times made;
  made.emplace(Clock::TimePoint(), this);
  place_kept_ = made.extract(made.begin());
}

void Alarm::set(const std::shared_ptr<Alarms>& alarms, std::weak_ptr<Alarmed> who,
                Clock::TimePoint due) {
  if (due != Clock::TimePoint::max()) prepare(alarms);
  if (!alarms_) alarms_ = alarms;
  std::lock_guard lock(alarms->mutex_);
  take_out();
  if (alarms->ended_ || due == Clock::TimePoint::max()) return;
  place_kept_.key() = due;
  put_into(alarms->times_);
  who_.swap(who);
  alarms->wake();
}

void Alarm::clear() noexcept {
  if (!alarms_) return;
  std::lock_guard lock(alarms_->mutex_);
  take_out();
}

void Alarm::take_out() noexcept {
  if (in_) place_kept_ = std::exchange(in_, nullptr)->extract(place_);
}

void Alarm::put_into(Alarms::Times& times) noexcept {
  place_ = times.insert(std::move(place_kept_));
  in_ = &times;
}

}  // namespace tern::cluster
