// The streams of a simulation: over which channels they go, and what bounds them.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "sim/world.h"

namespace tern::sim {

using namespace std::chrono_literals;

namespace {

// More than the largest reply has, in JSON, too.
constexpr std::size_t kSmallMessageBytes = 512 * 1024;
// Messages of about that size, encoded.
constexpr std::size_t kWholeBudget = 520'000;
constexpr std::size_t kWholeBudgetInJson = 390'000;

}  // namespace

std::shared_ptr<FlowHandler> World::make_flow(const Limits& limits, Guard* guard) {
  return std::make_shared<FlowHandler>(
      FlowHandler::World{agenda_, ledger_, streams_, trace_, plan_.seed, limits.streams, guard});
}

void World::poke(Ledger::Nonce nonce) {
  for (const Place& place : places_) place.streams->poke(nonce);
}

// Windows of any size, down to the smallest, and budgets that one long message uses up.
void World::draw_stream_limits(Limits& limits) {
  if (dice_.percent(40)) limits.stream_window = dice_.between(1024, 64 * 1024);
  if (dice_.percent(30)) limits.streams = dice_.between(2, 20);
  if (dice_.percent(40)) {
    limits.message_bytes = kSmallMessageBytes;
    limits.stream_bytes = limits.message_bytes;
  }
}

void World::start_stream(bool in_callback) {
  const auto which = static_cast<std::size_t>(dice_.below(members_.size() + (cluster_ ? 5 : 0)));
  const bool is_member = which < members_.size();
  Channel* channel = cluster_.get();
  if (is_member) channel = members_[which].client.get();
  if (!channel) return;
  const Via via = is_member ? members_[which].via : cluster_via_;
  // Once in a while, to see that the connection bears it.
  if (via_streams(via) == ViaStreams::kNone && !dice_.percent(5)) return;
  if (in_callback) trace_.fault(Fault::kCallInCallback);
  StreamPrograms::Way way;
  way.name =
      is_member ? members_[which].name : fmt::format("a cluster, {}", via_name(cluster_via_));
  way.carries = via_streams(via);
  way.tells = via_says_streams_ran(via);
  way.is_cluster = !is_member;
  if (is_member && guard_) way.one_client = one_client(via, 1);
  way.may_be_lost = via_streams(via) != ViaStreams::kAll;
  const bool watches = !is_member && way.carries == ViaStreams::kAll && dice_.percent(40);
  if (watches) {
    programs_.open(*channel, way, CallOptions(), watch_plan(plan_.seed, ledger_.calls()));
  } else {
    programs_.open(*channel, way, CallOptions());
  }
}

// A handler's, which goes on when that has ended.
void World::open_stream_to_caller(Channel& caller) {
  StreamPrograms::Way way;
  way.name = "a handler's stream to its caller";
  way.may_be_lost = true;
  programs_.open(caller, way, CallOptions());
}

bool World::has_small_budget(const Member& member) const {
  if (member.options.limits.message_bytes == kSmallMessageBytes) return true;
  return std::any_of(places_.begin(), places_.end(), [&member](const Place& place) {
    return place.name == member.host && place.options.limits.message_bytes == kSmallMessageBytes;
  });
}

// Over every client, when all is well again: what streams have used is free. The first message
// needs the whole budget of windows in both directions, if that is a small one.
void World::probe_streams() {
  const std::size_t broken = ledger_.violations().size();
  for (Member& member : members_) {
    if (via_streams(member.via) != ViaStreams::kAll || !member.known || !has_small_budget(member)) {
      continue;
    }
    StreamPrograms::Way way;
    way.name = "a probe of budgets, " + member.name;
    programs_.open(*member.client, way, CallOptions(),
                   echo_plan(member.via == Via::kTern ? kWholeBudget : kWholeBudgetInJson));
  }
  run_until(clock_.now() + 10s);
  if (ledger_.violations().size() == broken) ledger_.expect_ends();
  for (int round = 0; round < 3; ++round) {
    for (Member& member : members_) {
      if (via_streams(member.via) != ViaStreams::kAll || !member.known) continue;
      StreamPrograms::Way way;
      way.name = "a probe, " + member.name;
      programs_.open(*member.client, way, CallOptions());
    }
    run_until(clock_.now() + 30s);
  }
  if (ledger_.violations().size() == broken) ledger_.expect_ends();
}

}  // namespace tern::sim
