// An interceptor that sees every message of a simulation's streams, and has the program write from
// within.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "sim/ledger.h"
#include "sim/trace.h"
#include "tern/interceptor.h"

namespace tern::sim {

// What an interceptor is promised: the messages of a stream and direction are told in their order,
// each once, behind on_start() and before on_finish(), which comes once.
class MessageWitness final : public StreamInterceptor {
 public:
  // With which the program may write to the stream of that number, or end it, from within the
  // interceptor.
  using Poke = std::function<void(Ledger::Nonce nonce)>;

  // All outlive this.
  MessageWitness(Ledger& ledger, Trace& trace, Poke poke)
      : ledger_(ledger), trace_(trace), poke_(std::move(poke)) {}

  Status on_start(InterceptedCall& call) override;
  Status on_message(InterceptedCall& call, const InterceptedMessage& message) override;
  void on_finish(InterceptedCall& call, const Status& outcome) noexcept override;

  // Calls that have begun and not ended.
  std::size_t open() const noexcept { return open_; }

 private:
  Ledger& ledger_;
  Trace& trace_;
  Poke poke_;
  std::size_t open_ = 0;
};

}  // namespace tern::sim
