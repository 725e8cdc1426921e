#include "sim/bank_handler.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "sim/dice.h"

namespace tern::sim {

// One handler of a connection, while it runs.
class BankHandler::Running {
 public:
  Running(BankHandler& handler, const std::string& peer, const Ticket& ticket)
      : count_(handler.running_[peer]),
        ledger_(handler.world_.ledger),
        nonce_(static_cast<Ledger::Nonce>(ticket.nonce)) {
    if (++count_ > handler.world_.calls_in_flight) {
      handler.world_.ledger.violate(fmt::format("{} handlers of {} run at once; the limit is {}",
                                                count_, peer, handler.world_.calls_in_flight));
    }
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    --count_;
    ledger_.end_run(nonce_);
  }

 private:
  std::size_t& count_;
  Ledger& ledger_;
  const Ledger::Nonce nonce_;
};

Reply<Ticket> BankHandler::handle(ServerContext& context, Ticket ticket) {
  const auto nonce = static_cast<Ledger::Nonce>(ticket.nonce);
  std::string peer(context.peer());
  world_.ledger.run(nonce, peer);
  if (world_.guard) world_.guard->expect_accepted(context, nonce);
  Running running(*this, peer, ticket);
  if (as_text(ticket.load) == kProbe) return ticket;
  if (as_text(ticket.load) == kLongProbe) {
    world_.trace.fault(Fault::kHandlerBeyondKeepalive, nonce);
    return later(std::move(peer), std::move(ticket), kLongProbeTime);
  }
  if (world_.calls_back && context.caller() != nullptr && nonce % 4 == 0) {
    world_.trace.fault(Fault::kCallOfTheCaller, nonce);
    return ask(context, std::move(peer), std::move(ticket));
  }
  if (world_.open_stream && context.caller() != nullptr && nonce % 4 == 1) {
    world_.trace.fault(Fault::kStreamOfTheCaller, nonce);
    world_.open_stream(*context.caller());
  }
  Dice dice(world_.seed ^ (nonce * 0x9e3779b97f4a7c15u));
  dice.next();
  if (world_.heavy && dice.percent(50)) {
    world_.trace.fault(Fault::kLargeReply, nonce);
    ticket.load.assign(dice.between(1000, kLargestReply), std::byte{7});
    return later(std::move(peer), std::move(ticket),
                 dice.between(std::chrono::nanoseconds(0), std::chrono::milliseconds(20)));
  }
  switch (dice.below(20)) {
    case 0:
      world_.trace.fault(Fault::kThrowingHandler, nonce);
      throw std::runtime_error("the handler throws");
    case 1:
      world_.trace.fault(Fault::kDeclaredError, nonce);
      return Refused(ticket.nonce);
    case 2:
      world_.trace.fault(Fault::kLargeReply, nonce);
      ticket.load.assign(dice.between(1000, 100'000), std::byte{7});
      return ticket;
    case 3:
      if (!dice.percent(30)) return ticket;
      world_.trace.fault(Fault::kHandlerWithoutEnd, nonce);
      // Shorter than a client's write_timeout: over HTTP a server reads no more until it has
      // answered.
      return later(std::move(peer), std::move(ticket), std::chrono::seconds(25));
    case 4:
      // It may be called again, where a server drains; and not every protocol says whose words
      // the first were.
      world_.ledger.allow_doubt(nonce);
      return Status(Code::kUnavailable, std::string(Ledger::kHandlersWords));
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
    case 10:
      world_.trace.fault(Fault::kSlowHandler, nonce);
      return later(std::move(peer), std::move(ticket),
                   dice.between(std::chrono::nanoseconds(0), std::chrono::milliseconds(20)));
    default:
      return ticket;
  }
}

asio::awaitable<Result<Ticket>> BankHandler::ask(ServerContext& context, std::string peer,
                                                 Ticket ticket) {
  Running running(*this, peer, ticket);
  CallOptions options;
  options.timeout = context.time_left();
  Ledger::Nonce nonce = world_.ledger.start("a handler to its caller", true, options.timeout);
  Ticket question;
  question.nonce = static_cast<std::int64_t>(nonce);
  Call<Ticket> call = bank::BankStub(*context.caller()).Pay(question, options);
  // The handler is cancelled with its own call, and the one that it has made is so then.
  world_.ledger.allow_cancelled(nonce);
  world_.ledger.allow_loss(nonce);
  call.then([&ledger = world_.ledger, nonce](const Result<Ticket>& result) {
    if (result.ok()) {
      ledger.end_well(nonce, static_cast<Ledger::Nonce>(result->nonce));
    } else {
      ledger.end_badly(nonce, result.status());
    }
  });
  co_await world_.agenda.sleep(std::chrono::milliseconds(nonce % 3));
  call.cancel();
  co_return ticket;
}

asio::awaitable<Result<Ticket>> BankHandler::later(std::string peer, Ticket ticket,
                                                   std::chrono::nanoseconds wait) {
  Running running(*this, peer, ticket);
  co_await world_.agenda.sleep(wait);
  co_return ticket;
}

}  // namespace tern::sim
