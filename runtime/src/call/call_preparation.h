// What a call is given before it goes anywhere: its deadline, its stream's rules, its interceptors.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "call/call_timeout.h"
#include "call/started_call.h"
#include "net/loop.h"
#include "tern/call_options.h"
#include "tern/client.h"
#include "tern/clock.h"
#include "tern/codegen/method.h"
#include "tern/metadata.h"
#include "tern/status.h"

namespace tern::call {

// Of the calls of one channel. What it is made with outlives it. Threads: any.
class CallPreparation {
 public:
  // `address` is for messages.
  CallPreparation(Loop& loop, const ClientOptions& options, const std::string& address) noexcept
      : loop_(loop), options_(options), address_(address) {}

  // `call` has its caller's `call`, and gets everything else. A failure refuses the call, which is
  // to be finished with it.
  [[gnu::always_inline]] inline Status prepare(StartedCall& call, const Method& method,
                                               const CallOptions& options) const {
    call.method = &method;
    call.compression = options.grpc_compression.value_or(options_.grpc_compression);
    const std::optional<std::chrono::nanoseconds> timeout = timeout_of(options, method, options_);
    if (timeout) {
      call.timeout = *timeout;
      call.deadline = saturating_add(loop_.now(), *timeout);
    }
    if (call.call->stream()) {
      Status refused = begin_stream(call, options);
      if (!refused.ok()) return refused;
    }
    if (!options_.interceptors.empty()) {
      Status refused = start_interceptors(call, options.metadata);
      if (!refused.ok()) return refused;
    }
    if (timeout && *timeout <= std::chrono::nanoseconds::zero()) return no_time(call);
    return {};
  }
  // Asks the interceptors, if there are any. A failure refuses the call.
  Status intercept(StartedCall& call, const Metadata& metadata) const {
    return options_.interceptors.empty() ? Status() : start_interceptors(call, metadata);
  }
  // What the request carries, of a call that was intercepted with `metadata`.
  static const Metadata& sent_metadata(const StartedCall& call, const Metadata& metadata) noexcept {
    return call.interception ? call.interception->metadata() : metadata;
  }

 private:
  Status begin_stream(StartedCall& call, const CallOptions& options) const;
  Status start_interceptors(StartedCall& call, const Metadata& metadata) const;
  Status no_time(const StartedCall& call) const;

  Loop& loop_;
  const ClientOptions& options_;
  const std::string& address_;
};

}  // namespace tern::call
