// A stream that a session serves.
#pragma once

#include <memory>
#include <utility>

#include "debug_pages/server_snapshot.h"
#include "serve/router.h"
#include "stream/stream.h"
#include "tern/clock.h"
#include "tern/status.h"

namespace tern::serve {

class SessionCall;

// With what its session knows of it, so that an open stream is one entry of one table.
class ServedStream final : public stream::Stream {
 public:
  ServedStream(std::shared_ptr<Loop> loop, const stream::StreamSetup& setup, const Route& route,
               Clock::TimePoint arrived)
      : Stream(std::move(loop), setup), route_(route), arrived_(arrived) {}

  // --- Any thread ---

  const Route& route() const noexcept { return route_; }
  Clock::TimePoint arrived() const noexcept { return arrived_; }
  // What can be seen of it.
  debug_pages::StreamSnapshot describe(Clock::TimePoint now) const;

  // --- The loop's thread ---

  // Null: it was let go, and the stream stays alone.
  SessionCall* call() const noexcept { return call_; }
  void set_call(SessionCall* call) noexcept { call_ = call; }
  // Of one without a call, once it is finished.
  Code outcome() const noexcept { return outcome_; }
  void set_outcome(Code outcome) noexcept { outcome_ = outcome; }

 private:
  Code outcome_ = Code::kOk;  // first: there is room for it behind the members of Stream
  const Route& route_;
  const Clock::TimePoint arrived_;
  SessionCall* call_ = nullptr;
};

}  // namespace tern::serve
