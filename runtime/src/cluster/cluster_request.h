// What a cluster's call asks for, for as many attempts as it takes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "cluster/kept_argument.h"
#include "tern/balancer.h"
#include "tern/call_options.h"
#include "tern/codegen/method.h"
#include "tern/metadata.h"
#include "tern/status.h"

namespace tern::cluster {

// What the exception that is being handled makes of a call that it keeps from being sent.
Status failure_of_thrown() noexcept;
// The same, which says so.
Status not_called(const Method& method) noexcept;

// Threads: one at a time.
class Request {
 public:
  // `argument`: the caller's, which is there until its start() returns or it is kept. `cluster`:
  // its name, for texts; outlives this.
  Request(const Method& method, std::string_view cluster, const void* argument,
          const CallOptions& options)
      : method_(method), cluster_(cluster), argument_(argument) {
    if (!options.metadata.empty()) metadata = options.metadata;
    if (!options.hash_key.empty()) key_ = hash_of_key(options.hash_key);
  }

  const Method& method() const noexcept { return method_; }
  PickRequest pick(Clock::TimePoint now, bool again) const noexcept {
    PickRequest request;
    request.method = &method_;
    request.key = key_;
    request.now = now;
    request.again = again;
    return request;
  }

  // Before the caller's argument is gone, if another attempt can follow.
  void keep_argument() {
    if (!argument_kept()) kept_.keep(method_.argument(), argument_);
  }
  // The same, where an attempt has just sent it; see CallAttempt::on_queued().
  void keep_argument(ByteView native) {
    if (argument_kept()) return;
    if (native.data()) {
      kept_.keep(method_.argument(), native);
    } else {
      keep_argument();
    }
  }
  // A call whose caller streams has none.
  bool argument_kept() const noexcept { return !argument_ || kept_; }
  const void* argument() { return kept_ ? kept_.value() : argument_; }
  // Of a stream that is resumed: what comes behind the position is asked for. The argument is kept.
  void set_position(std::int64_t position) { method_.resume->set_request(kept_.value(), position); }

  // The failures that come from the cluster and not from an attempt; `attempts` were sent. They
  // speak for themselves: kNo, whatever the attempts have said of their handlers. A text that there
  // is no memory for is not there.
  Status not_called(const Status& why, std::size_t attempts) const noexcept;
  Status cancelled() const noexcept;
  Status out_of_time(std::chrono::nanoseconds timeout, std::size_t attempts) const noexcept;
  Status no_time(std::chrono::nanoseconds timeout) const noexcept;

  Metadata metadata;

 private:
  const Method& method_;
  const std::string_view cluster_;
  std::optional<std::uint64_t> key_;
  const void* const argument_;
  KeptArgument kept_;
};

}  // namespace tern::cluster
