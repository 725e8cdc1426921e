#include "sim/stream_handler.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <utility>

namespace tern::sim {

using namespace std::chrono_literals;

namespace {

// Longer than any simulation.
constexpr std::chrono::hours kForEver{24};
// Longer than a caller stalls, and a host that has vanished is believed in: a Writer that has had
// no room for so long will have none.
constexpr std::chrono::minutes kNoRoom{3};

std::optional<Ledger::Nonce> nonce_of(const Metadata& metadata) {
  const std::string_view text = metadata.get(kNonceKey);
  Ledger::Nonce nonce = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), nonce);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return nonce;
}

}  // namespace

// One handler of a connection, while it runs; or what it has kept, while that is used.
class FlowHandler::Running {
 public:
  Running(FlowHandler& handler, const std::string& peer, Ledger::Nonce number,
          std::int64_t position)
      : nonce(number),
        plan(handler.world_.streams.plan(number)),
        run(handler.world_.streams.run(number, position)),
        dice(handler.world_.seed ^ (number * 0x2545f4914f6cdd1du) ^ (run + 1)),
        world_(handler.world_),
        count_(&handler.running_[peer]) {
    if (++*count_ > world_.most_streams) {
      world_.ledger.violate(fmt::format("{} handlers of streams of {} run at once; the limit is {}",
                                        *count_, peer, world_.most_streams));
    }
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    leave();
    world_.ledger.end_run(nonce);
  }

  // The handler has ended, and its stream has not.
  void leave() noexcept {
    if (count_) --*count_;
    count_ = nullptr;
  }

  const Ledger::Nonce nonce;
  const StreamPlan plan;
  const std::size_t run;
  Dice dice;

 private:
  World& world_;
  std::size_t* count_;
};

// The Writer of a handler that has ended.
struct FlowHandler::Kept {
  Kept(std::shared_ptr<Running> of, std::int64_t position, Writer<Item> writer)
      : running(std::move(of)), last(position), out(std::move(writer)) {}

  std::shared_ptr<Running> running;
  std::int64_t last;
  std::optional<Writer<Item>> out;
  std::optional<Clock::TimePoint> no_room_since;
};

std::shared_ptr<FlowHandler::Running> FlowHandler::begin(ServerContext& context,
                                                         std::int64_t position) {
  const std::optional<Ledger::Nonce> nonce = nonce_of(context.metadata());
  if (!nonce || *nonce >= world_.ledger.calls()) {
    world_.ledger.violate("a handler runs for a stream without a number");
    return nullptr;
  }
  std::string peer(context.peer());
  world_.ledger.run(*nonce, peer);
  if (world_.guard) world_.guard->expect_accepted(context, *nonce);
  context.initial_metadata().add(kNonceKey, std::to_string(*nonce));
  if (*nonce % 2 == 0) context.reply_metadata().add(kNonceKey, std::to_string(*nonce));
  return std::make_shared<Running>(*this, peer, *nonce, position);
}

asio::awaitable<void> FlowHandler::pause(Running& running) {
  if (running.plan.handler_pace == 0ns) co_return;
  co_await world_.agenda.sleep(running.dice.between(0ns, running.plan.handler_pace));
}

FlowHandler::Step FlowHandler::step(const Running& running, std::int64_t done) const {
  switch (running.plan.handler_end) {
    case HandlerEnd::kFails:
    case HandlerEnd::kThrows:
    case HandlerEnd::kEarly:
    case HandlerEnd::kWaitsForEver:
      return done >= running.plan.handler_stops_at ? Step::kStops : Step::kGoesOn;
    default:
      return Step::kGoesOn;
  }
}

asio::awaitable<Status> FlowHandler::stop(Running& running) {
  if (running.plan.handler_end == HandlerEnd::kWaitsForEver) {
    world_.trace.fault(Fault::kHandlerWithoutEnd, running.nonce);
    co_await world_.agenda.sleep(kForEver);
  }
  Status end;
  if (running.plan.handler_end == HandlerEnd::kFails ||
      running.plan.handler_end == HandlerEnd::kThrows) {
    end = Status(Code::kAborted, StreamLedger::words(running.nonce));
  }
  world_.streams.handler_ends(running.nonce, running.run, end);
  if (running.plan.handler_end == HandlerEnd::kThrows) {
    world_.trace.fault(Fault::kThrowingHandler, running.nonce);
    throw std::runtime_error(StreamLedger::words(running.nonce));
  }
  co_return end;
}

asio::awaitable<bool> FlowHandler::read(Running& running, Reader<Item>& in, Item& item) {
  bool more = running.dice.percent(30) && in.try_read(item);
  if (!more) more = co_await in.read(item);
  if (more) {
    world_.streams.handler_reads(running.nonce, running.run, item);
  } else {
    world_.streams.handler_sees_end(running.nonce, running.run, in.status());
  }
  co_return more;
}

asio::awaitable<bool> FlowHandler::write(Running& running, Writer<Item>& out, const Item& item) {
  bool written = running.dice.percent(30) && out.try_write(item);
  if (!written) written = co_await out.write(item);
  if (!written) co_return false;
  world_.streams.handler_wrote(running.nonce, running.run, item.position);
  if (running.dice.percent(10)) co_await out.flushed();
  co_return true;
}

// --- Count ---

Reply<void> FlowHandler::Count(ServerContext& context, bank::Ask ask, Writer<Item> out) {
  std::shared_ptr<Running> running = begin(context, ask.position);
  if (!running) return Status(Code::kInvalidArgument, "no number");
  std::int64_t position = ask.position;
  const HandlerEnd end = running->plan.handler_end;
  if (position > 0 && end == HandlerEnd::kForgets) {
    world_.trace.fault(Fault::kStreamForgotten, running->nonce);
    return Status(Code::kOutOfRange, "forgotten");
  }
  position = std::max<std::int64_t>(0, position - running->plan.repeats);
  if (end != HandlerEnd::kKept && end != HandlerEnd::kKeptFails &&
      end != HandlerEnd::kKeptDropped) {
    return count(context, std::move(running), position, std::move(out));
  }
  world_.trace.fault(Fault::kStreamKept, running->nonce);
  Reply<void> reply = kept(out);
  running->leave();
  const Ledger::Nonce nonce = running->nonce;
  auto used = std::make_shared<Kept>(std::move(running), position, std::move(out));
  kept_[nonce] = used;
  use_later(std::move(used));
  return reply;
}

asio::awaitable<Result<void>> FlowHandler::count(ServerContext& context,
                                                 std::shared_ptr<Running> running,
                                                 std::int64_t position, Writer<Item> out) {
  const StreamPlan& plan = running->plan;
  const bool heeds_drain =
      plan.handler_end == HandlerEnd::kAtDrain || plan.handler_end == HandlerEnd::kForgets;
  for (std::int64_t at = position + 1; at <= plan.messages; ++at) {
    if (step(*running, at - 1) == Step::kStops) break;
    if (heeds_drain && context.draining()) {
      world_.trace.fault(Fault::kStreamDrained, running->nonce);
      co_return Status(Code::kUnavailable, "the server drains", HandlerRan::kYes);
    }
    co_await pause(*running);
    const Item item = world_.streams.item(running->nonce, at);
    if (!co_await write(*running, out, item)) co_return out.status();
  }
  Status end = co_await stop(*running);
  if (!end.ok()) co_return end;
  co_return Result<void>();
}

// What a hub does with its watchers.
void FlowHandler::use_later(std::shared_ptr<Kept> kept) {
  Running& running = *kept->running;
  const std::chrono::nanoseconds wait = running.dice.between(0ns, running.plan.handler_pace + 2ms);
  world_.agenda.after(wait, [this, kept = std::move(kept)] {
    if (use(*kept)) use_later(kept);
  });
}

void FlowHandler::poke(Ledger::Nonce nonce) {
  auto found = kept_.find(nonce);
  if (found == kept_.end()) return;
  if (auto kept = found->second.lock()) {
    world_.trace.fault(Fault::kPokedStream, nonce);
    use(*kept);
  }
}

bool FlowHandler::use(Kept& kept) {
  Running& running = *kept.running;
  if (!kept.out || !kept.out->status().ok()) {
    kept.out.reset();  // its caller has left
    return false;
  }
  for (int burst = static_cast<int>(running.dice.below(4)); burst >= 0; --burst) {
    if (kept.last == running.plan.messages) break;
    const Item item = world_.streams.item(running.nonce, kept.last + 1);
    if (!kept.out->try_write(item)) {
      if (!kept.no_room_since) kept.no_room_since = world_.ledger.now();
      break;
    }
    kept.no_room_since.reset();
    world_.streams.handler_wrote(running.nonce, running.run, ++kept.last);
  }
  if (kept.no_room_since && world_.ledger.now() > *kept.no_room_since + kNoRoom) {
    world_.ledger.violate("a Writer gets no room: " + world_.ledger.describe(running.nonce));
    kept.out.reset();
    return false;
  }
  const bool drops = running.plan.handler_end == HandlerEnd::kKeptDropped;
  if (kept.last < (drops ? running.plan.handler_stops_at : running.plan.messages)) return true;
  if (drops) {
    world_.trace.fault(Fault::kStreamKeptDropped, running.nonce);
  } else {
    const bool fails = running.plan.handler_end == HandlerEnd::kKeptFails;
    const Status end =
        fails ? Status(Code::kAborted, StreamLedger::words(running.nonce)) : Status();
    world_.streams.handler_ends(running.nonce, running.run, end);
    kept.out->finish(end);
  }
  kept.out.reset();
  return false;
}

// --- Sum ---

Reply<bank::Total> FlowHandler::Sum(ServerContext& context, Reader<Item> in) {
  std::shared_ptr<Running> running = begin(context, 0);
  if (!running) return Status(Code::kInvalidArgument, "no number");
  return sum(std::move(running), std::move(in));
}

asio::awaitable<Result<bank::Total>> FlowHandler::sum(std::shared_ptr<Running> running,
                                                      Reader<Item> in) {
  std::optional<Reader<Item>> reader(std::move(in));
  bank::Total total;
  total.nonce = static_cast<std::int64_t>(running->nonce);
  Item item;
  while (step(*running, total.messages) == Step::kGoesOn) {
    co_await pause(*running);
    if (!co_await read(*running, *reader, item)) {
      Status end = reader->status();
      if (!end.ok()) co_return end;
      total.complete = true;
      break;
    }
    ++total.messages;
  }
  if (running->plan.drops_reader || running->dice.percent(50)) {
    // What still comes is nobody's; and so is what has come meanwhile.
    if (running->plan.drops_reader) {
      co_await world_.agenda.sleep(running->dice.between(0ns, 50ms));
    }
    if (!total.complete) world_.trace.fault(Fault::kStreamReaderDropped, running->nonce);
    reader.reset();
    co_await pause(*running);
  }
  Status end = co_await stop(*running);
  if (!end.ok()) co_return end;
  co_return total;
}

// --- Echo ---

Reply<void> FlowHandler::Echo(ServerContext& context, Reader<Item> in, Writer<Item> out) {
  std::shared_ptr<Running> running = begin(context, 0);
  if (!running) return Status(Code::kInvalidArgument, "no number");
  return echo(std::move(running), std::move(in), std::move(out));
}

asio::awaitable<Result<void>> FlowHandler::echo(std::shared_ptr<Running> running, Reader<Item> in,
                                                Writer<Item> out) {
  Item item;
  for (std::int64_t done = 0; step(*running, done) == Step::kGoesOn; ++done) {
    co_await pause(*running);
    if (!co_await read(*running, in, item)) {
      Status lost = in.status();
      if (!lost.ok()) co_return lost;
      break;
    }
    if (!co_await write(*running, out, item)) co_return out.status();
  }
  Status end = co_await stop(*running);
  if (!end.ok()) co_return end;
  co_return Result<void>();
}

}  // namespace tern::sim
