// The callers of a simulation's streams: programs that read and write in every way that there is,
// are slow, change their mind, and leave.
#pragma once

#include <asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bank.service.h"
#include "sim/agenda.h"
#include "sim/dice.h"
#include "sim/ledger.h"
#include "sim/stream_ledger.h"
#include "sim/stream_plan.h"
#include "sim/stream_ways.h"
#include "sim/trace.h"
#include "sim/via.h"
#include "tern/call_options.h"
#include "tern/channel.h"

namespace tern::sim {

class StreamPrograms {
 public:
  using Nonce = Ledger::Nonce;

  // The way of a stream to its server.
  struct Way {
    Way() = default;
    std::string name;                       // in the ledger
    ViaStreams carries = ViaStreams::kAll;  // by its protocol
    bool tells = true;  // it can say that a server stops, and that a caller leaves
    bool is_cluster = false;
    bool may_be_lost = false;  // its peer may leave at any time
    // Nothing: a cluster opens it, or its servers ask nobody who they are.
    std::optional<Ledger::OneClient> one_client;
  };

  // All outlive this.
  StreamPrograms(asio::io_context& io, const Clock& clock, Agenda& agenda, Ledger& ledger,
                 StreamLedger& streams, Trace& trace, std::uint64_t seed)
      : io_(io),
        clock_(clock),
        agenda_(agenda),
        ledger_(ledger),
        streams_(streams),
        trace_(trace),
        ways_(io, agenda, ledger, trace),
        seed_(seed) {}

  // Opens one over `channel`, and uses it to its end. What is not in `options` follows from its
  // number.
  void open(Channel& channel, const Way& way, CallOptions options);
  void open(Channel& channel, const Way& way, CallOptions options, const StreamPlan& plan);

 private:
  struct Program;
  template <typename S>
  struct ProgramOf;
  template <typename T>
  using Ptr = std::shared_ptr<T>;

  template <typename S, typename Body>
  void begin(std::shared_ptr<Program> program, S stream, Body body);
  void set_options(Program& program, CallOptions& options);

  template <typename S>
  asio::awaitable<void> read_all(Ptr<ProgramOf<S>> program);
  asio::awaitable<void> write_all(Ptr<ProgramOf<BidiStream<Item, Item>>> program);
  asio::awaitable<void> upload(Ptr<ProgramOf<ClientStream<Item, bank::Total>>> program);
  asio::awaitable<void> chat(Ptr<ProgramOf<BidiStream<Item, Item>>> program);

  asio::awaitable<void> pause(Program& program, std::int64_t done);
  template <typename S>
  asio::awaitable<bool> read(ProgramOf<S>& program, std::vector<Item>& got);
  template <typename S>
  asio::awaitable<bool> read_somehow(ProgramOf<S>& program, std::vector<Item>& got);
  template <typename S>
  asio::awaitable<bool> write(ProgramOf<S>& program, std::int64_t position);

  void leave(const Program& program);
  void drop(const Program& program);
  void judge_end(Program& program, const Status& end);
  void judge_silence(const Program& program, const Status& end);
  template <typename S>
  asio::awaitable<void> watch_end(ProgramOf<S>& program, const Status& end);

  asio::io_context& io_;
  const Clock& clock_;
  Agenda& agenda_;
  Ledger& ledger_;
  StreamLedger& streams_;
  Trace& trace_;
  StreamWays ways_;
  const std::uint64_t seed_;
};

}  // namespace tern::sim
