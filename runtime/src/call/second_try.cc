#include "call/second_try.h"

#include <exception>
#include <string>
#include <utility>

#include "call/call_timeout.h"
#include "call/client_channel.h"
#include "call/refused_token.h"

namespace tern::call {

// The state of one try, which decodes its reply to where the caller's call has it.
class SecondTry::Try final : public CallState {
 public:
  explicit Try(void* slot) noexcept : CallState(slot) {}

  std::uint64_t token = 0;  // that it carries; 0: it was not sent. Good when it has ended
};

SecondTry::SecondTry(std::shared_ptr<ClientChannel> channel, Loop& loop,
                     const ClientOptions& client, const Method& method, const void* argument,
                     const CallOptions& options, CallRef call)
    : channel_(std::move(channel)),
      loop_(loop),
      method_(method),
      kept_(method.argument(), argument, options.metadata, options.wait_for_ready),
      options_(options),
      call_(std::move(call)),
      seen_(channel_->token_number()) {
  options_.timeout = timeout_of(options, method, client);
  if (options_.timeout) deadline_ = saturating_add(loop_.now(), *options_.timeout);
}

void SecondTry::start(std::shared_ptr<ClientChannel> channel, Loop& loop,
                      const ClientOptions& client, const Method& method, const void* argument,
                      const CallOptions& options, CallRef call) {
  CallRef caller = call;
  std::shared_ptr<SecondTry> made;
  try {
    made.reset(new SecondTry(std::move(channel), loop, client, method, argument, options,
                             std::move(call)));
  } catch (const std::exception& thrown) {
    caller->complete(
        Status(Code::kInternal, std::string("request: ") + thrown.what(), HandlerRan::kNo));
    return;
  }
  made->call_->set_owner(made, 0);
  made->run(argument);
}

void SecondTry::run(const void* argument) {
  Try& state = *new Try(call_->reply_slot());
  tried_ = CallRef(&state);
  CallRef tried = tried_;
  channel_->start_once(method_, argument, options_, CallRef(tried), &state.token);
  state.on_done([self = shared_from_this(), &state, tried = std::move(tried)]() mutable {
    // It may have waited for the connection, with other tokens.
    if (state.token != 0) self->seen_ = state.token;
    self->on_end(std::move(tried));
  });
}

void SecondTry::on_end(CallRef tried) {
  if (phase_ == Phase::kFirst && is_refused_token(tried->status(), method_)) {
    // Not from here, which may be the thread of the caller.
    loop_.post([self = shared_from_this(), refused = tried->status()] {
      if (self->phase_ == Phase::kFirst) self->wait(refused);
    });
    return;
  }
  call_->reply_metadata() = std::move(tried->reply_metadata());
  if (!tried->initial_metadata().empty()) {
    call_->set_initial_metadata(tried->initial_metadata());
  }
  finish(tried->status());
}

void SecondTry::wait(Status refused) {
  phase_ = Phase::kWaiting;
  refused_ = std::move(refused);
  timer_.set_callback([this] {
    const std::shared_ptr<SecondTry> alive = shared_from_this();
    finish(Status(Code::kDeadlineExceeded, "the deadline has passed before there was a fresh token",
                  HandlerRan::kNo));
  });
  if (deadline_ != Clock::TimePoint::max()) loop_.start_timer(timer_, deadline_);
  channel_->renew_token(
      seen_, [self = shared_from_this()](const Status& status) { self->on_token(status); });
}

void SecondTry::on_token(const Status& status) {
  if (phase_ != Phase::kWaiting) return;
  timer_.cancel();
  if (!status.ok()) {
    finish(refused_.with_context("there is no fresh token, either"));
    return;
  }
  phase_ = Phase::kSecond;
  if (deadline_ != Clock::TimePoint::max()) options_.timeout = deadline_ - loop_.now();
  run(kept_.argument());
}

void SecondTry::finish(Status outcome) {
  if (phase_ == Phase::kDone) return;
  phase_ = Phase::kDone;
  timer_.cancel();
  const CallRef call = call_;
  call->complete(std::move(outcome));
}

void SecondTry::cancel(std::uint64_t) {
  loop_.post([self = shared_from_this()] {
    if (self->phase_ == Phase::kWaiting) {
      self->finish(Status(Code::kCancelled, "the call was cancelled", HandlerRan::kNo));
    } else if (self->phase_ != Phase::kDone) {
      self->tried_->cancel();
    }
  });
}

void SecondTry::callback_threw(std::string_view what) {
  channel_->callback_threw(what);
}

}  // namespace tern::call
