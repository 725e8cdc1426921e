#include "call/waiting_calls.h"

#include <utility>

namespace tern::call {

WaitingCall::WaitingCall(const TypeOps& type, const void* argument, const Metadata& metadata,
                         bool wait_for_ready)
    : type_(type), metadata_(metadata), wait_for_ready_(wait_for_ready) {
  argument_ = type_.clone(argument);
}

WaitingCall::~WaitingCall() {
  type_.destroy(argument_);
}

WaitingCalls::WaitingCalls(Loop& loop, std::function<void(std::uint64_t)> on_deadline)
    : loop_(loop), on_deadline_(std::move(on_deadline)) {}

void WaitingCalls::insert(std::uint64_t id, StartedCall& started,
                          std::unique_ptr<WaitingCall> call) {
  call->deadline_.set_callback([this, id] { on_deadline_(id); });
  WaitingCall& waiting = *calls_.emplace(id, std::move(call)).first->second;
  waiting.started = std::move(started);
}

void WaitingCalls::start_deadlines() {
  for (auto place = calls_.upper_bound(watched_up_to_); place != calls_.end(); ++place) {
    WaitingCall& call = *place->second;
    watched_up_to_ = place->first;
    if (!call.started.has_deadline()) continue;
    loop_.start_timer(call.deadline_, call.started.deadline);
    call.watched_ = true;
    ++timers_;
  }
}

std::unique_ptr<WaitingCall> WaitingCalls::take(std::uint64_t id) noexcept {
  auto place = calls_.find(id);
  return place == calls_.end() ? nullptr : take(place);
}

std::vector<WaitingCalls::Taken> WaitingCalls::take_fail_fast() {
  std::vector<Taken> taken;
  taken.reserve(calls_.size());  // so that none is lost once it is taken out
  for (auto place = calls_.begin(); place != calls_.end();) {
    auto here = place++;
    if (here->second->wait_for_ready()) continue;
    std::uint64_t id = here->first;
    taken.push_back({id, take(here)});
  }
  return taken;
}

std::vector<WaitingCalls::Taken> WaitingCalls::take_all() {
  std::vector<Taken> taken;
  taken.reserve(calls_.size());
  while (!calls_.empty()) {
    std::uint64_t id = calls_.begin()->first;
    taken.push_back({id, take(calls_.begin())});
  }
  return taken;
}

std::unique_ptr<WaitingCall> WaitingCalls::take(Calls::iterator place) noexcept {
  std::unique_ptr<WaitingCall> call = std::move(place->second);
  calls_.erase(place);
  if (call->watched_) {
    call->deadline_.cancel();
    call->watched_ = false;
    --timers_;
  }
  return call;
}

}  // namespace tern::call
