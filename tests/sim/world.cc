#include "sim/world.h"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <utility>

#include "net/loop.h"
#include "tern/byte_stream.h"

namespace tern::sim {

using namespace std::chrono_literals;

World::World(const Plan& plan)
    : plan_(plan),
      dice_(plan.seed),
      trace_(clock_, plan.print),
      agenda_(clock_),
      ledger_(clock_, trace_),
      streams_(ledger_, trace_, plan.seed),
      programs_(io_, clock_, agenda_, ledger_, streams_, trace_, plan.seed),
      pool_(io_, clock_),
      network_(pool_.loop(0), agenda_, trace_, dice_.fork(),
               [this](std::string what) { ledger_.violate(std::move(what)); }),
      heavy_(dice_.percent(20)),
      calm_(dice_.percent(20)),
      has_registry_(dice_.percent(15)),
      witness_(dice_.percent(40)
                   ? std::make_shared<MessageWitness>(ledger_, trace_,
                                                      [this](Ledger::Nonce nonce) { poke(nonce); })
                   : nullptr),
      calls_left_(plan.calls),
      pace_(has_registry_       ? dice_.between(50ms, 1s)
            : dice_.percent(70) ? dice_.between(10us, 2ms)
                                : dice_.between(1ms, 100ms)) {
  if (calm_) ledger_.expect_calm();
  make_guard();
  make_servers();
  make_clients();
  make_cluster();
}

World::~World() {
  fan_outs_.clear();
  cluster_.reset();
  members_.clear();
  strangers_.clear();
  settle();
  io_.stop();
  draining_.clear();
  places_.clear();
  registry_.reset();
  own_server_.reset();
}

void World::settle() {
  constexpr std::size_t kMostTasks = 300'000;  // at one time: one asks for the next
  for (std::size_t tasks = 0; io_.poll_one() > 0; ++tasks) {
    if (tasks < kMostTasks) continue;
    ledger_.violate("nothing ends at this time: so many tasks and no step; " +
                    ledger_.describe_open());
    io_.stop();
    return;
  }
}

void World::run_until(Clock::TimePoint end) {
  constexpr std::uint64_t kMostSteps = 200'000;  // at one time: nothing would ever end
  settle();
  std::uint64_t steps = trace_.steps();
  while (!stuck()) {
    std::optional<Clock::TimePoint> next = agenda_.next();
    std::optional<Clock::TimePoint> timer = pool_.loop(0).next_due();
    if (!next || (timer && *timer < *next)) next = timer;
    if (!next || *next > end) break;
    Clock::Duration wait = *next > clock_.now() ? *next - clock_.now() : 0ns;
    if (wait > 0ns) steps = trace_.steps();
    if (trace_.steps() - steps > kMostSteps) {
      ledger_.violate("nothing ends at this time: so many steps and no progress");
      return;
    }
    clock_.advance(wait);  // and timers that are due run in the next settle()
    if (dice_.percent(50)) settle();
    while (agenda_.run_one()) {
      if (dice_.percent(50)) settle();
    }
    settle();
    if (trace_.steps() % 16 == 0) expect_limits();
  }
  if (end > clock_.now()) clock_.advance(end - clock_.now());
  settle();
}

void World::expect_limits() {
  constexpr std::size_t kOneMessage = kLargestReply * 3 / 2;  // in any protocol
  for (const Place& place : places_) {
    if (!place.server) continue;
    ServerStats stats = place.server->stats();
    if (stats.unsent_bytes >
        stats.connections * (place.options.limits.unsent_reply_bytes + kOneMessage)) {
      ledger_.violate(fmt::format("server {} keeps {} unsent bytes for {} connections", place.name,
                                  stats.unsent_bytes, stats.connections));
    }
  }
}

void World::live() {
  if (registry_) open_registry();
  plan_calls();
  plan_faults();
  if (guard_) plan_guard_faults();
  while (calls_left_ > 0 && ledger_.violations().empty()) run_until(clock_.now() + 100ms);
  run_until(clock_.now() + dice_.between(0ns, 100ms));
  if (stuck()) return;
  heal();
  if (registry_) expect_registry();
  // Over HTTP one handler after the other may take its whole time.
  run_until(clock_.now() + 1000s);
}

void World::judge() {
  ledger_.expect_ends();
  probe();
  probe_full_servers();
  if (guard_) probe_guard();
  probe_streams();
  expect_nothing_left();
}

Outcome World::run() {
  Clock::TimePoint start = clock_.now();
  live();
  // What does not end at one time has been said, and nothing can be run to its end.
  if (!stuck()) judge();

  Outcome outcome;
  outcome.violations = ledger_.violations();
  outcome.hash = trace_.hash();
  outcome.steps = trace_.steps();
  outcome.faults = trace_.faults();
  outcome.calls = ledger_.calls();
  outcome.ended_well = ledger_.ended_well();
  outcome.ran_no = ledger_.ended_badly(HandlerRan::kNo);
  outcome.ran_unknown = ledger_.ended_badly(HandlerRan::kUnknown);
  outcome.ran_yes = ledger_.ended_badly(HandlerRan::kYes);
  outcome.streams = streams_.streams();
  outcome.messages = streams_.messages();
  outcome.simulated = clock_.now() - start;
  return outcome;
}

Outcome simulate(const Plan& plan) {
  auto world = std::make_unique<World>(plan);
  Outcome outcome = world->run();
  // Where nothing comes to its end there is no order to take it down in: it stays.
  if (world->stuck()) (void)world.release();
  return outcome;
}

}  // namespace tern::sim
