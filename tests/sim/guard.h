// Who is accepted, in a simulation: the authenticator of all its servers.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "sim/agenda.h"
#include "sim/dice.h"
#include "sim/ledger.h"
#include "sim/token_office.h"
#include "sim/trace.h"
#include "tern/authenticator.h"
#include "tern/server_context.h"

namespace tern::sim {

// What it promises of the servers: a handler runs for a request that was accepted, once for each
// time, and knows by whose name. Nobody else's does, however the answer came: at once, later,
// behind the end of the call, twice, with an exception, or never.
class Guard final : public Authenticator {
 public:
  struct World {
    Agenda& agenda;
    Ledger& ledger;
    Trace& trace;
    const TokenOffice& tokens;
  };
  // All of `world` outlives this.
  Guard(World world, Dice dice) noexcept
      : world_(world), dice_(dice), knows_addresses_(dice_.percent(60)) {}

  void authenticate(const Credentials& credentials, Done done) override;

  // Whether callers whose protocol has no metadata are accepted, by their address.
  bool knows_addresses() const noexcept { return knows_addresses_; }

  // A handler begins.
  void expect_accepted(const ServerContext& context, Ledger::Nonce nonce);

  // From now on it says who it is at once, or after this time.
  void heal(std::chrono::nanoseconds wait = {}) noexcept { healed_ = wait; }
  // Requests that it has not answered, but for those that it never will.
  std::size_t waiting() const noexcept { return waiting_.size() - never_; }
  // Lets go of those, too.
  void let_go() noexcept;

 private:
  // The peer, the name, and what the metadata say the number of the call is.
  using Key = std::tuple<std::string, std::string, std::string>;
  struct Request {
    std::string peer;
    std::string number;
    std::optional<Ledger::Nonce> nonce;
    std::string name;          // "": unknown
    bool can_be_told = false;  // that its caller waits no more
  };

  Request look_at(const Credentials& credentials);
  void answer(const Request& request, Done& done);
  void refuse(const Request& request, Done& done);
  void fail(const Request& request);
  void wait(const Request& request, Done done, std::chrono::nanoseconds time);

  const World world_;
  Dice dice_;
  const bool knows_addresses_;
  std::optional<std::chrono::nanoseconds> healed_;
  std::map<Key, std::size_t> accepted_;  // and have not run
  std::map<std::uint64_t, Done> waiting_;
  std::uint64_t last_waiting_ = 0;
  std::size_t never_ = 0;
};

}  // namespace tern::sim
