// The streams of a simulated server: what becomes of one is decided by its number.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "bank.service.h"
#include "sim/agenda.h"
#include "sim/dice.h"
#include "sim/guard.h"
#include "sim/ledger.h"
#include "sim/stream_ledger.h"
#include "sim/stream_plan.h"
#include "sim/trace.h"

namespace tern::sim {

// A stream has its number in its metadata, under this key; and so have its answers, and calls where
// servers have an authenticator.
inline constexpr const char* kNonceKey = "nonce";

class FlowHandler final : public bank::FlowService {
 public:
  struct World {
    Agenda& agenda;
    Ledger& ledger;
    StreamLedger& streams;
    Trace& trace;
    std::uint64_t seed;
    std::size_t most_streams;  // the server's limit
    Guard* guard;              // of its server; null: it has none
  };
  // All of `world` outlives this.
  explicit FlowHandler(World world) noexcept : world_(world) {}

  Reply<void> Count(ServerContext& context, bank::Ask ask, Writer<Item> out) override;
  Reply<bank::Total> Sum(ServerContext& context, Reader<Item> in) override;
  Reply<void> Echo(ServerContext& context, Reader<Item> in, Writer<Item> out) override;

  // Uses the Writer of that stream at once, if one is kept.
  void poke(Ledger::Nonce nonce);

 private:
  class Running;
  struct Kept;
  enum class Step : std::uint8_t { kGoesOn, kStops };

  std::shared_ptr<Running> begin(ServerContext& context, std::int64_t position);
  asio::awaitable<Result<void>> count(ServerContext& context, std::shared_ptr<Running> running,
                                      std::int64_t position, Writer<Item> out);
  asio::awaitable<Result<bank::Total>> sum(std::shared_ptr<Running> running, Reader<Item> in);
  asio::awaitable<Result<void>> echo(std::shared_ptr<Running> running, Reader<Item> in,
                                     Writer<Item> out);
  asio::awaitable<void> pause(Running& running);
  asio::awaitable<bool> read(Running& running, Reader<Item>& in, Item& item);
  asio::awaitable<bool> write(Running& running, Writer<Item>& out, const Item& item);
  // What its plan has for a handler that has read or written so many messages.
  Step step(const Running& running, std::int64_t done) const;
  asio::awaitable<Status> stop(Running& running);
  void use_later(std::shared_ptr<Kept> kept);
  // False: it is used no more.
  bool use(Kept& kept);

  World world_;
  std::map<std::string, std::size_t> running_;  // of each connection
  std::map<Ledger::Nonce, std::weak_ptr<Kept>> kept_;
};

}  // namespace tern::sim
