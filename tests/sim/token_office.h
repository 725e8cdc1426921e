// The tokens of a simulation: who has which, and whether it is good now.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sim/agenda.h"
#include "sim/dice.h"
#include "sim/trace.h"
#include "tern/clock.h"
#include "tern/token_source.h"

namespace tern::sim {

// Gives tokens to clients: at once, later, with a lifetime that they know or do not, or none.
class TokenOffice {
 public:
  struct World {
    const Clock& clock;
    Agenda& agenda;
    Trace& trace;
    bool calm;  // who asks has a token, soon
  };
  // All of `world` outlives this.
  TokenOffice(World world, Dice dice) noexcept : world_(world), dice_(dice) {}
  TokenOffice(const TokenOffice&) = delete;
  TokenOffice& operator=(const TokenOffice&) = delete;

  // --- The client's side. What these return is used no longer than this lives ---

  // Whether all tokens have a lifetime that the client knows. One that does not expects to hear
  // from a unary call that its token is good no more; its streams do not tell it.
  enum class Lifetimes : std::uint8_t { kSome, kAllKnown };
  // Has tokens of `owner`.
  std::shared_ptr<TokenSource> source(std::string owner, Lifetimes lifetimes);
  // Has tokens of which nobody knows.
  std::shared_ptr<TokenSource> forger();

  // --- The server's side ---

  // Whose it is; nothing: it is not known, or not good any more.
  std::optional<std::string> owner_of(std::string_view token) const;
  // Later ones have higher numbers; 0: it is none.
  static std::uint64_t number_of(std::string_view token) noexcept;

  // --- What befalls it ---

  // All that were given are good no more.
  void revoke();
  // Everybody has a good token from now on, which does not expire.
  void heal() noexcept { healed_ = true; }
  // Sources that owe an answer.
  std::size_t waiting() const noexcept { return waiting_.size(); }

 private:
  class Source;
  class Forger;
  struct Issued {
    std::string owner;
    Clock::TimePoint end = Clock::TimePoint::max();
  };

  void give(const std::string& owner, Lifetimes lifetimes, TokenSource::Done done);
  Token issue(const std::string& owner, Lifetimes lifetimes);

  const World world_;
  Dice dice_;
  bool healed_ = false;
  std::uint64_t last_ = 0;
  std::map<std::string, Issued, std::less<>> issued_;
  std::map<std::uint64_t, TokenSource::Done> waiting_;
  std::uint64_t last_waiting_ = 0;
};

}  // namespace tern::sim
