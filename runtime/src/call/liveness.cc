#include "call/liveness.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/duration_text.h"

namespace tern::call {

namespace {

// A protocol that has no pings has no keepalive.
Clock::Duration keepalive_interval(const ClientSessionSetup& setup,
                                   const wire::ClientProtocol& protocol) {
  const Clock::Duration wanted = setup.options.keepalive_interval;
  if (!protocol.has_pings() || wanted <= Clock::Duration::zero()) return Clock::Duration::zero();
  return setup.patience.of(std::max(wanted, protocol.least_ping_interval()));
}

}  // namespace

Liveness::Liveness(const ClientSessionSetup& setup, const wire::ClientProtocol& protocol,
                   net::Connection& connection, base::Guarded<RequestQueue>& queue,
                   UniqueFunction<void(const Status&)> on_lost)
    : setup_(setup),
      protocol_(protocol),
      connection_(connection),
      queue_(queue),
      on_lost_(std::move(on_lost)),
      keepalive_(setup.loop, keepalive_interval(setup, protocol), setup.options.keepalive_timeout,
                 [this] { on_quiet(); }) {}

bool Liveness::ask(UniqueFunction<void(Status)>& done) {
  if (!protocol_.has_pings()) return false;
  const std::uint64_t number = pings_.ask(std::move(done));
  base::MutexLock lock(setup_.mutex);
  queue_.with(lock).write_ping(number);
  return true;
}

void Liveness::on_quiet() {
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  {
    base::MutexLock lock(setup_.mutex);
    RequestQueue& queue = queue_.with(lock);
    if (queue.pending() == 0) {
      queue.release_memory();
      keepalive_.stop_listening();
      return;
    }
  }
  switch (keepalive_.next(traffic())) {
    case Keepalive::Step::kListen:
      return;
    case Keepalive::Step::kPing: {
      base::MutexLock lock(setup_.mutex);
      keepalive_.set_asked(queue_.with(lock).write_ping(pings_.next()));
      break;
    }
    case Keepalive::Step::kGiveUp:
      on_lost_(Status(Code::kUnavailable,
                      fmt::format("nothing received for {}, and no answer to a ping",
                                  base::duration_text(keepalive_.interval() +
                                                      setup_.options.keepalive_timeout)),
                      HandlerRan::kUnknown));
      return;
  }
  connection_.flush();
}

}  // namespace tern::call
