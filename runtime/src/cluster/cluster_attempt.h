// One attempt of a cluster's call, and all of one call's.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "call/call_attempt.h"
#include "call/started_call.h"
#include "cluster/cluster_request.h"
#include "cluster/subchannel.h"
#include "tern/clock.h"
#include "tern/metadata.h"

namespace tern::cluster {

class ClusterCall;

// An attempt as the client of its server sees it. It is a part of its call, and keeps that alive
// while it runs. The call decides what follows when it ends.
class Attempt final : public call::CallAttempt {
 public:
  // Sends it. It may end at once: after this only cancel() may be called. A failure is only
  // returned, not reported to the call, and leaves `started` and `call` as they were.
  Status send(call::StartedCall& started, const void* argument, const Metadata& metadata) {
    if (!server->listed) return not_listed(*started.method);
    try {
      return server->client->start_attempt(started, argument, metadata);
    } catch (...) {
      // An interceptor's exception is a failure like any other.
      return not_called(*started.method);
    }
  }
  // Ends it, unless it has ended or its client has not taken it yet. Threads: any, once it is among
  // its call's attempts. Of two threads of which one sends it and then reads a flag, and the other
  // sets the flag and then comes here, at least one sees the other.
  void cancel() const noexcept;

  std::shared_ptr<ClusterCall> call;  // while it runs
  SubchannelPtr server;
  Clock::TimePoint started_at{};        // or written, since nothing happens before
  std::uint32_t round = 0;              // of those between which the call has paused
  std::uint64_t token = 0;              // that it carries: see ClientChannel::token_number()
  bool starting = false;                // with the call itself
  std::atomic<bool> untouched = false;  // no server can have seen it

 private:
  friend class Attempts;

  Status not_listed(const Method& method) const noexcept;

  void on_queued(std::uint64_t id, ByteView native) override;
  void on_written(Clock::TimePoint now) noexcept override { started_at = now; }
  void on_end(CallRef place, Status outcome) noexcept override;

  std::atomic<std::uint64_t> id_ = 0;  // the client's for it, while it runs; or 0
  Attempt* previous_ = nullptr;        // in the list of the call's
};

// Those that have been started, which only become more. Threads: any.
class Attempts {
 public:
  Attempts() = default;
  Attempts(const Attempts&) = delete;
  Attempts& operator=(const Attempts&) = delete;
  ~Attempts() {
    Attempt* one = last_.load(std::memory_order_relaxed);
    while (one && one != &first_) delete std::exchange(one, one->previous_);
  }

  bool none() const noexcept { return last_.load(std::memory_order_relaxed) == nullptr; }

  // One that is not among them yet; the first one is a part of this.
  struct Drop {
    bool first = false;
    void operator()(Attempt* attempt) const noexcept {
      if (!first) delete attempt;
    }
  };
  using Made = std::unique_ptr<Attempt, Drop>;
  // The first one costs no allocation. One thread at a time while there is none.
  Made make() { return none() ? Made(&first_, Drop{true}) : Made(new Attempt(), Drop{false}); }
  // Puts one among them: `server` and `round` are final.
  Attempt& add(Made made) noexcept {
    Attempt& attempt = *made.release();
    put(attempt);
    return attempt;
  }

  // All but `but`, which may be null.
  void cancel(const Attempt* but = nullptr) const noexcept {
    for (Attempt* one = last_.load(std::memory_order_acquire); one; one = one->previous_) {
      if (one != but) one->cancel();
    }
  }

  // Only `one` of them counts from now on. Of a call whose attempts are not cancelled here.
  void forget_others(Attempt& one) noexcept;
  // Those that a server may have seen.
  std::size_t sent() const noexcept;
  // Adds the servers' ids of those of one round.
  void add_servers(std::uint32_t round, std::vector<std::uint64_t>& ids) const;

 private:
  void put(Attempt& attempt) noexcept {
    if (none()) {
      last_.store(&attempt, std::memory_order_release);
      return;
    }
    Attempt* last = last_.load(std::memory_order_relaxed);
    do {
      attempt.previous_ = last;
    } while (!last_.compare_exchange_weak(last, &attempt, std::memory_order_release,
                                          std::memory_order_relaxed));
  }

  std::atomic<Attempt*> last_ = nullptr;
  Attempt first_;
};

}  // namespace tern::cluster
