// The service of a simulated server: what it does with a call is decided by the call's number.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "bank.service.h"
#include "sim/agenda.h"
#include "sim/guard.h"
#include "sim/ledger.h"
#include "sim/trace.h"

namespace tern::sim {

// Bytes of a reply's load, at most.
inline constexpr std::size_t kLargestReply = 300'000;

// Tickets of a probe are answered at once, whatever their number.
inline constexpr std::string_view kProbe = "probe";
// And those after this time, which is longer than any client waits for the answer to a ping.
inline constexpr std::string_view kLongProbe = "long probe";
inline constexpr std::chrono::milliseconds kLongProbeTime{600};

using bank::Refused;
using bank::Ticket;

class BankHandler final : public bank::BankService {
 public:
  struct World {
    Agenda& agenda;
    Ledger& ledger;
    Trace& trace;
    std::uint64_t seed;
    std::size_t calls_in_flight;  // the server's limit
    bool calls_back;              // its caller, if that one serves
    bool heavy;                   // half of the replies are large
    // Opens a stream to who calls; null: none are.
    std::function<void(Channel& caller)> open_stream;
    Guard* guard;  // of its server; null: it has none
  };
  // All of `world` outlives this.
  explicit BankHandler(World world) noexcept : world_(std::move(world)) {}

  Reply<Ticket> Pay(ServerContext& context, Ticket ticket) override {
    return handle(context, std::move(ticket));
  }
  Reply<Ticket> Look(ServerContext& context, Ticket ticket) override {
    return handle(context, std::move(ticket));
  }

 private:
  class Running;

  Reply<Ticket> handle(ServerContext& context, Ticket ticket);
  asio::awaitable<Result<Ticket>> ask(ServerContext& context, std::string peer, Ticket ticket);
  asio::awaitable<Result<Ticket>> later(std::string peer, Ticket ticket,
                                        std::chrono::nanoseconds wait);

  World world_;
  std::map<std::string, std::size_t> running_;  // of each connection
};

}  // namespace tern::sim
