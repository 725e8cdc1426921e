// A call between its start and its end.
#pragma once

#include <chrono>
#include <memory>
#include <utility>

#include "call/call_attempt.h"
#include "call/interception.h"
#include "tern/clock.h"
#include "tern/codegen/call_state.h"
#include "tern/codegen/method.h"
#include "tern/compression.h"

namespace tern::call {

// Its owner must finish it. Moving passes that duty on.
struct StartedCall {
  StartedCall() = default;
  StartedCall(StartedCall&&) noexcept = default;
  StartedCall& operator=(StartedCall&&) noexcept = default;

  bool has_deadline() const noexcept { return deadline != Clock::TimePoint::max(); }

  // Ends the call: the interceptors first, then the caller, or who has made it for the caller. Runs
  // their code: not under a mutex.
  void finish(Status outcome) noexcept {
    CallRef ending = std::move(call);
    if (interception) interception->finish(ending->reply_metadata(), outcome);
    if (attempt) {
      attempt->on_end(std::move(ending), std::move(outcome));
    } else {
      ending->complete(std::move(outcome));
    }
  }

  CallRef call;
  CallAttempt* attempt = nullptr;  // who hears of the end, if it is not the caller
  // Takes the number of the token that the request carries, before the end: see Tokens::number().
  // Null: nobody asks. Part of `call`.
  std::uint64_t* token = nullptr;
  const Method* method = nullptr;
  std::chrono::nanoseconds timeout{0};  // as it was asked for; 0: none
  Clock::TimePoint deadline = Clock::TimePoint::max();
  Compression compression = Compression::kIdentity;  // of what the caller sends, over gRPC
  std::shared_ptr<Interception> interception;        // null without interceptors
};

}  // namespace tern::call
