#include "serve/take_snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/time_left.h"
#include "serve/counters.h"
#include "serve/router.h"
#include "serve/serve_loop.h"
#include "tern/server.h"
#include "tern/version.h"

namespace tern::serve {

namespace {

using LoopCounters = std::vector<const Counters*>;

void add_totals(const LoopCounters& loops, debug_pages::ServerSnapshot& snapshot) {
  for (const Counters* loop : loops) {
    snapshot.connections_open += loop->open.get();
    snapshot.connections_accepted += loop->accepted.get();
    snapshot.streams_open += loop->streams.get();
    snapshot.late_frames += loop->late_frames.get();
    snapshot.late_replies += loop->late_replies.get();
    snapshot.unsent_bytes += loop->unsent_bytes.get();
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(Refusal::kCount); ++i) {
    std::uint64_t count = 0;
    for (const Counters* loop : loops) count += loop->refused[i].get();
    snapshot.refused.emplace_back(refusal_name(static_cast<Refusal>(i)), count);
  }
}

debug_pages::MethodSnapshot describe(const Method& method, const MethodTotals& totals) {
  debug_pages::MethodSnapshot seen;
  seen.service = method.service;
  seen.method = method.name;
  seen.argument = method.argument().name;
  seen.result = method.result().name;
  for (TypeOpsOf error : method.errors) seen.errors.push_back(error().name);
  seen.timeout = method.timeout;
  seen.idempotent = method.idempotent;
  seen.kind = method.kind;
  seen.access = method.access;
  seen.calls = totals.started;
  seen.failed = totals.errors;
  seen.failed_by_code = totals.errors_by_code;
  seen.running = totals.running();
  seen.messages_in = totals.messages_in;
  seen.messages_out = totals.messages_out;
  seen.total = totals.total;
  seen.max = totals.max;
  return seen;
}

void add_latencies(const Latencies& latencies, debug_pages::MethodSnapshot& seen) {
  seen.p50 = std::min(latencies.quantile(0.5), seen.max);
  seen.p90 = std::min(latencies.quantile(0.9), seen.max);
  seen.p99 = std::min(latencies.quantile(0.99), seen.max);
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < debug_pages::kBounds; ++i) {
    auto bound = static_cast<std::uint64_t>(debug_pages::latency_bound(i).count());
    seen.latencies[i] = latencies.between(below, bound);
    below = bound;
  }
  std::uint64_t counted = 0;
  for (std::size_t i = 0; i < debug_pages::kBounds; ++i) counted += seen.latencies[i];
  seen.latencies[debug_pages::kBounds] = latencies.count() - counted;
}

void add_methods(std::span<const Route> routes, const LoopCounters& loops, std::size_t most,
                 debug_pages::ServerSnapshot& snapshot) {
  std::vector<MethodTotals> totals;
  std::size_t never_called = 0;
  for (const Route& route : routes) {
    const MethodTotals& one = totals.emplace_back(total_of(loops, route.index));
    snapshot.calls += one.started;
    snapshot.failed += one.errors;
    snapshot.calls_running += one.running();
    if (one.started == 0) ++never_called;
  }
  // Room for those that were called, and what is left of it for the others.
  std::size_t room = most - std::min(routes.size() - never_called, most);
  for (const Route& route : routes) {
    const MethodTotals& one = totals[route.index];
    bool called = one.started > 0;
    if (snapshot.methods.size() == most || (!called && room == 0)) {
      ++snapshot.methods_left_out;
      continue;
    }
    if (!called) --room;
    debug_pages::MethodSnapshot& seen = snapshot.methods.emplace_back(describe(*route.method, one));
    if (one.finished > 0) add_latencies(Latencies(loops, route.index), seen);
  }
}

}  // namespace

debug_pages::ServerSnapshot add_up(std::span<const Route> routes, const LoopCounters& loops,
                                   std::size_t methods) {
  debug_pages::ServerSnapshot snapshot;
  add_totals(loops, snapshot);
  add_methods(routes, loops, methods, snapshot);
  return snapshot;
}

debug_pages::ServerSnapshot take_snapshot(std::span<const Route> routes,
                                          std::span<const std::unique_ptr<ServeLoop>> loops,
                                          Clock::TimePoint now) {
  debug_pages::ServerSnapshot snapshot = add_up(routes, counters_of(loops));
  snapshot.version =
      fmt::format("{}.{}.{}", TERN_VERSION_MAJOR, TERN_VERSION_MINOR, TERN_VERSION_PATCH);
  for (const auto& loop : loops) {
    loop->describe(now, kSnapshotConnections, snapshot.connections);
  }
  std::sort(snapshot.connections.begin(), snapshot.connections.end(),
            [](const auto& a, const auto& b) { return a.open_for > b.open_for; });
  std::size_t listed = snapshot.connections.size();
  snapshot.connections_left_out =
      snapshot.connections_open > listed ? snapshot.connections_open - listed : 0;
  return snapshot;
}

debug_pages::CertificateSnapshot take_snapshot(const CertificateStats& stats) {
  debug_pages::CertificateSnapshot seen;
  seen.subject = stats.subject;
  seen.expires_in = base::time_left(stats.expires);
  seen.reloads = stats.reloads;
  seen.reload_failures = stats.reload_failures;
  seen.last_failure = stats.last_failure;
  seen.handshakes = stats.handshakes;
  seen.handshake_failures = stats.handshake_failures;
  return seen;
}

ServerStats stats_of(const debug_pages::ServerSnapshot& snapshot) {
  ServerStats stats;
  stats.connections = snapshot.connections_open;
  stats.connections_accepted = snapshot.connections_accepted;
  stats.calls_running = snapshot.calls_running;
  stats.streams_open = snapshot.streams_open;
  stats.late_frames = snapshot.late_frames;
  stats.late_replies = snapshot.late_replies;
  stats.unsent_bytes = snapshot.unsent_bytes;
  for (const auto& [reason, count] : snapshot.refused) {
    if (count > 0) stats.refused.emplace_back(reason, count);
  }
  for (const debug_pages::MethodSnapshot& seen : snapshot.methods) {
    MethodStats& method = stats.methods.emplace_back();
    method.service = seen.service;
    method.method = seen.method;
    method.calls = seen.calls;
    method.errors = seen.failed;
    method.errors_by_code = seen.failed_by_code;
    method.running = seen.running;
    method.messages_in = seen.messages_in;
    method.messages_out = seen.messages_out;
    method.total = seen.total;
    method.p50 = seen.p50;
    method.p90 = seen.p90;
    method.p99 = seen.p99;
    method.max = seen.max;
  }
  return stats;
}

std::vector<const Counters*> counters_of(std::span<const std::unique_ptr<ServeLoop>> loops) {
  LoopCounters counters;
  for (const auto& loop : loops) counters.push_back(&std::as_const(*loop).counters());
  return counters;
}

}  // namespace tern::serve
