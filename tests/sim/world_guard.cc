// What concerns tokens and the authenticator, in a simulation that has them.
#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>

#include "sim/world.h"

namespace tern::sim {

using namespace std::chrono_literals;

namespace {

// Its numbers are its own, so that a world without one is what it would be without this.
constexpr std::uint64_t kSalt = 0x7c6d3f2a915be480u;
// More than two small requests need that wait for the authenticator.
constexpr std::size_t kRoomOfTwo = 4000;
// For the authenticator, when room is probed.
constexpr std::chrono::nanoseconds kProbeWait = 2ms;

}  // namespace

void World::make_guard() {
  Dice dice(plan_.seed ^ kSalt);
  dice.next();
  if (!dice.percent(25)) return;
  tokens_ = std::make_unique<TokenOffice>(TokenOffice::World{clock_, agenda_, trace_, calm_},
                                          dice.fork());
  guard_ = std::make_shared<Guard>(Guard::World{agenda_, ledger_, trace_, *tokens_}, dice.fork());
  guard_dice_ = dice;
}

bool World::give_tokens(ClientOptions& options, Via via, const std::string& owner,
                        TokenOffice::Lifetimes lifetimes) {
  if (!guard_) return true;
  if (!via_has_metadata(via)) return guard_->knows_addresses();
  if (guard_dice_.percent(85)) {
    options.token_source = tokens_->source(owner, lifetimes);
    return true;
  }
  if (guard_dice_.percent(50)) options.token_source = tokens_->forger();
  return false;
}

void World::sign(CallOptions& options, Via via, Ledger::Nonce nonce) {
  if (guard_ && via_has_metadata(via)) options.metadata.add(kNonceKey, std::to_string(nonce));
}

Ledger::OneClient World::one_client(Via via, int sends) {
  return {sends, via_says_streams_ran(via), via_says_going_away(via)};
}

void World::plan_guard_faults() {
  agenda_.after(guard_dice_.between(0ns, 60 * pace_), [this] {
    if (faults_end_) return;
    tokens_->revoke();
    plan_guard_faults();
  });
}

// Whether two requests of it can wait beside each other for the authenticator.
bool World::has_room_to_wait(const Member& member) const {
  const auto place =
      std::find_if(places_.begin(), places_.end(),
                   [&member](const Place& candidate) { return candidate.name == member.host; });
  const ServerOptions& server = place->options;
  return server.limits.held_bytes >= kRoomOfTwo && server.limits.calls_in_flight >= 2 &&
         member.options.limits.calls_in_flight >= 2 &&
         (server.handle_timeout == 0ns || server.handle_timeout > 3 * kProbeWait);
}

// All is well, but the authenticator takes its time: there is room for those who wait for it. So
// who waited before, and is gone, has given back what it held.
void World::probe_guard() {
  guard_->heal(kProbeWait);
  for (int round = 0; round < 2; ++round) {
    for (Member& member : members_) {
      if (!member.known || !via_has_metadata(member.via) || !has_room_to_wait(member)) continue;
      for (int beside = 0; beside < 2; ++beside) {
        CallOptions options;
        options.timeout = 5s;
        Ledger::Nonce nonce =
            ledger_.start("a probe of the authenticator, " + member.name, true, options.timeout);
        sign(options, member.via, nonce);
        Ticket ticket;
        ticket.nonce = static_cast<std::int64_t>(nonce);
        ticket.load.assign(as_bytes(kProbe).begin(), as_bytes(kProbe).end());
        bank::BankStub(*member.client)
            .Pay(ticket, options)
            .then([this, nonce](Result<Ticket> result) {
              on_end(nonce, result, members_.size());
              if (!result.ok()) {
                ledger_.violate("there is no room to wait for the authenticator: " +
                                ledger_.describe(nonce));
              }
            });
      }
    }
    run_until(clock_.now() + 6s);
  }
  ledger_.expect_ends();
  guard_->heal();
}

// Of the servers nothing waits any more, whatever the authenticator still owes.
void World::end_guard() {
  if (guard_->waiting() > 0 || tokens_->waiting() > 0) {
    ledger_.violate("the authenticator or a token source still has to answer");
  }
  guard_->let_go();
  run_until(clock_.now() + 1s);
}

}  // namespace tern::sim
