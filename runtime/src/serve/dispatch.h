// The way of one request to its handler.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "serve/call_authentication.h"
#include "serve/refusal.h"
#include "serve/server_gate.h"
#include "serve/unserved.h"
#include "tern/codec.h"
#include "tern/result.h"
#include "wire/frame.h"

namespace tern::serve {

class Session;
class SessionCall;

// Past the metadata, the authenticator, the interceptors and the service's factory, each of which
// may end the call before its handler has run. A part of its call, and used again as that is.
// Threads: the loop's.
class Dispatch {
 public:
  explicit Dispatch(SessionCall& call) noexcept : call_(call), authentication_(call, *this) {}
  Dispatch(const Dispatch&) = delete;
  Dispatch& operator=(const Dispatch&) = delete;

  // Another request, which need not outlive run().
  void begin(const wire::Frame& request) noexcept {
    request_ = &request;
    handler_began_ = false;
  }
  // Starts the handler, unless time is up, or somebody refuses. Afterwards the call has ended, or a
  // coroutine holds it, or it holds itself until the authenticator has answered.
  void run();
  // What the handler is called with. False: it cannot be read, and the call has ended with that.
  bool read_argument(const TypeOps& type, void* argument);
  // Whether the argument keeps memory of the session's codec, which is to be given back when the
  // call is over.
  bool keeps_memory() const noexcept { return memory_kept_ > 0; }
  void give_back_memory() noexcept;

  // Whether the authenticator is to answer.
  bool waits() const noexcept { return authentication_.waits(); }
  // See CallAuthentication.
  void stop_waiting() noexcept { authentication_.stop_waiting(); }
  // False if the call was refused before: by an interceptor, for its argument, too late.
  bool handler_began() const noexcept { return handler_began_; }
  // Whose code runs, for the report of what it throws. Only the handler's own counts as a run.
  bool at_handler() const noexcept { return at_ == At::kHandler; }
  std::string_view thrower() const noexcept;

  // --- For the authentication ---

  // The method that was asked for; null: there is none of that name.
  const Method* asked_for() const noexcept;
  // The authenticator has answered at once: starts the handler, or refuses.
  void on_admission(Result<Admitted> answer);
  // The same for an answer that came later. The call is held; the request need not outlive this.
  void on_late_admission(const wire::Frame& request, Result<Admitted> answer);
  // The end of a call whose handler does not run, for a reason that is counted.
  void refuse(Refusal reason, const Status& why);
  // Interceptors are not told of messages that come from now on, until they have let the call pass.
  void hold_messages();

 private:
  enum class At : std::uint8_t { kAuthenticator, kInterceptors, kFactory, kCodec, kHandler };

  // The only way to the handler.
  void start(Admitted admitted);
  // The same in place, for calls that need not ask: most servers have no others.
  [[gnu::always_inline]] inline void start_here(Session& session, Admitted admitted);
  bool start_interceptors();
  void fail_unserved(const Unserved& unserved);
  [[gnu::noinline]] void refuse_argument(const Status& failure);
  // Of a call whose handler is not to run: its caller may not even know that there is one.
  void refuse_late(Clock::TimePoint now);

  SessionCall& call_;
  const wire::Frame* request_ = nullptr;  // during run()
  std::size_t memory_kept_ = 0;           // by the argument
  At at_ = At::kHandler;
  bool handler_began_ = false;
  CallAuthentication authentication_;
};

}  // namespace tern::serve
