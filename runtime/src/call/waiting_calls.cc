#include "call/waiting_calls.h"

#include <fmt/format.h>

#include <exception>
#include <utility>

#include "call/failure_text.h"

namespace tern::call {

WaitingCalls::WaitingCalls(Loop& loop, const Limits& limits, const std::string& address,
                           std::function<void(std::uint64_t)> on_deadline)
    : loop_(loop), limits_(limits), address_(address), on_deadline_(std::move(on_deadline)) {}

Status WaitingCalls::keep(std::uint64_t id, StartedCall& started, const void* argument,
                          const Metadata& metadata, bool wait_for_ready, Sent sent) {
  const Method& method = *started.method;
  const bool is_stream = started.call->stream() != nullptr;
  Status failure = over_limit(method, is_stream, sent);
  if (!failure.ok()) return failure;
  try {
    auto call =
        std::make_unique<WaitingCall>(method.argument(), argument, metadata, wait_for_ready);
    call->deadline_.set_callback([this, id] { on_deadline_(id); });
    WaitingCall& waiting = *calls_.emplace(id, std::move(call)).first->second;
    waiting.started = std::move(started);
    if (is_stream) ++streams_;
  } catch (const std::exception& thrown) {
    return Status(Code::kInternal,
                  failure_text(method, address_, fmt::format("request: {}", thrown.what())),
                  HandlerRan::kNo);
  }
  return {};
}

Status WaitingCalls::over_limit(const Method& method, bool is_stream, Sent sent) const {
  const std::size_t count = is_stream ? streams_ + sent.streams : size() - streams_ + sent.calls;
  const std::size_t limit = is_stream ? limits_.streams : limits_.calls_in_flight;
  if (count < limit) return {};
  std::string what =
      is_stream
          ? fmt::format("{} streams are open or wait for a connection; the limit is {}", count,
                        limit)
          : fmt::format("{} calls wait for a connection or a reply; the limit is {}", count, limit);
  return Status(Code::kResourceExhausted, failure_text(method, address_, what), HandlerRan::kNo);
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

TakenCalls WaitingCalls::take_early() {
  return take_if([](const WaitingCall& call) {
    return !call.wait_for_ready() && !call.started.call->stream();
  });
}

TakenCalls WaitingCalls::take_fail_fast() {
  return take_if([](const WaitingCall& call) { return !call.wait_for_ready(); });
}

template <typename Choose>
TakenCalls WaitingCalls::take_if(Choose choose) {
  TakenCalls taken(calls_.size());  // so that none is lost once it is taken out
  for (auto place = calls_.begin(); place != calls_.end();) {
    auto here = place++;
    if (!choose(*here->second)) continue;
    std::uint64_t id = here->first;
    taken.add(id, take(here));
  }
  return taken;
}

TakenCalls WaitingCalls::take_all() {
  TakenCalls taken(calls_.size());
  while (!calls_.empty()) {
    std::uint64_t id = calls_.begin()->first;
    taken.add(id, take(calls_.begin()));
  }
  return taken;
}

std::unique_ptr<WaitingCall> WaitingCalls::take(Calls::iterator place) noexcept {
  std::unique_ptr<WaitingCall> call = std::move(place->second);
  calls_.erase(place);
  if (call->started.call->stream()) --streams_;
  if (call->watched_) {
    call->deadline_.cancel();
    call->watched_ = false;
    --timers_;
  }
  return call;
}

}  // namespace tern::call
