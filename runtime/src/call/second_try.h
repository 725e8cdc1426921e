// A call whose server may not believe the token that it carries.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/timer_queue.h"
#include "call/waiting_call.h"
#include "net/loop.h"
#include "tern/call_options.h"
#include "tern/client.h"
#include "tern/clock.h"
#include "tern/codegen/call_state.h"
#include "tern/codegen/method.h"

namespace tern::call {

class ClientChannel;

// Answered with kUnauthenticated, it is made once more when there is a fresh token, as
// is_refused_token() says. Of unary calls that carry the token of their channel. Keeps itself until
// the call has its outcome. Threads: start() and cancel() from any; the rest is on the loop's,
// after start().
class SecondTry final : public CallOwner, public std::enable_shared_from_this<SecondTry> {
 public:
  static void start(std::shared_ptr<ClientChannel> channel, Loop& loop, const ClientOptions& client,
                    const Method& method, const void* argument, const CallOptions& options,
                    CallRef call);

  void cancel(std::uint64_t id) override;
  void callback_threw(std::string_view what) override;

 private:
  enum class Phase : std::uint8_t { kFirst, kWaiting, kSecond, kDone };
  class Try;

  SecondTry(std::shared_ptr<ClientChannel> channel, Loop& loop, const ClientOptions& client,
            const Method& method, const void* argument, const CallOptions& options, CallRef call);

  void run(const void* argument);
  void on_end(CallRef tried);
  void wait(Status refused);
  void on_token(const Status& status);
  void finish(Status outcome);

  const std::shared_ptr<ClientChannel> channel_;
  Loop& loop_;
  const Method& method_;
  WaitingCall kept_;  // the argument and the metadata
  CallOptions options_;
  CallRef call_;  // the caller's
  CallRef tried_;
  Clock::TimePoint deadline_ = Clock::TimePoint::max();
  std::uint64_t seen_ = 0;  // the token of the last try, or the one when it began
  Phase phase_ = Phase::kFirst;
  Status refused_;
  base::Timer timer_;  // the deadline, while it waits
};

}  // namespace tern::call
