#include "integration/no_memory/town_callers.h"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "integration/no_memory/call_key.h"
#include "integration/no_memory/town_handlers.h"
#include "tern/fan_out.h"
#include "town.service.h"

namespace tern::test {

using namespace std::chrono_literals;

namespace {

using Following = ServerStream<town::Item>;

town::Since since(std::int64_t number) {
  town::Since since;
  since.number = number;
  return since;
}

// Reads all numbers, each once.
struct Follows : std::enable_shared_from_this<Follows> {
  Follows(Ending of, Following from) : ending(std::move(of)), stream(std::move(from)) {}

  void go_on() {
    stream.then(item, [self = shared_from_this()](bool is_one) {
      if (!is_one) {
        return self->ending.end(self->stream.status(), self->next == kLastNumber + 1);
      }
      if (self->item.number == self->next) ++self->next;
      self->go_on();
    });
  }

  Ending ending;
  Following stream;
  town::Item item;
  std::int64_t next = 1;
};

// Reads the streams of all servers as one. None of them is opened again.
struct FollowsAll : std::enable_shared_from_this<FollowsAll> {
  FollowsAll(Ending of, MergedStream<town::Item> from)
      : ending(std::move(of)), stream(std::move(from)) {}

  void go_on() {
    stream.then(message, [self = shared_from_this()](bool is_one) {
      if (!is_one) return self->ending.end(self->stream.status(), self->ended == 2);
      if (self->message.ended()) ++self->ended;
      self->go_on();
    });
  }

  Ending ending;
  MergedStream<town::Item> stream;
  ServerMessage<town::Item> message;
  int ended = 0;
};

template <typename T>
void watch(Ending ending, Call<T> call) {
  std::move(call).then([ending = std::move(ending)](Result<T> result) mutable {
    ending.end(result.ok() ? Status() : result.status(), true);
  });
}

// --- Parts of a round ---

void lose_streams(town::TownStub& stub, Ledger& ledger, Turns& turns) {
  {
    Ending ending(ledger);
    Following stream = stub.Follow(since(0), options(ending));
    std::make_shared<Follows>(std::move(ending), std::move(stream))->go_on();
  }
  turns.settle();
  turns.advance(1s);
  // While something is left to be read of them.
  {
    Ending ending(ledger);
    Following cancelled = stub.Follow(since(0), options(ending));
    turns.settle();
    cancelled.cancel();
    turns.settle();
    note_end(std::move(ending), cancelled);
  }
  {
    Ending ending(ledger);
    Following late = stub.Follow(since(0), limited(ending));
    turns.settle();
    turns.advance(1s);
    note_end(std::move(ending), late);
  }
  {
    Ending ending(ledger);
    Following dropped = stub.Follow(since(0), options(ending));
    turns.settle();
  }
  turns.settle();
}

void move_stream(TwoServers& servers, town::TownStub& stub, Ledger& ledger, Turns& turns) {
  Ending ending(ledger);
  Following stream = stub.Follow(since(kLastNumber), options(ending));
  turns.settle();
  for (auto left : {TwoServers::kFirst, TwoServers::kSecond, TwoServers::kBoth}) {
    servers.list(left);
    turns.settle();
    turns.advance(1s);
  }
  stream.cancel();
  turns.settle();
  note_end(std::move(ending), stream);
}

void retry_and_hedge(town::TownStub& stub, Ledger& ledger, Turns& turns) {
  {
    Ending ending(ledger);
    auto call = stub.Ask(1, limited(ending));
    watch(std::move(ending), std::move(call));
  }
  turns.settle();
  {
    Ending ending(ledger);
    auto call = stub.Linger(1, limited(ending));
    watch(std::move(ending), std::move(call));
  }
  turns.settle();
  turns.advance(10ms);
  turns.advance(1s);
}

void wait_for_servers(TwoServers& servers, town::TownStub& stub, Ledger& ledger, Turns& turns) {
  servers.list(TwoServers::kNone);
  turns.settle();
  turns.advance(1s);
  const auto patient = [](CallOptions options) {
    options.wait_for_ready = true;
    return options;
  };
  {
    Ending ending(ledger);
    auto call = stub.Ask(1, patient(limited(ending)));
    watch(std::move(ending), std::move(call));
  }
  {
    Ending ending(ledger);
    auto cancelled = stub.Ask(1, patient(limited(ending)));
    turns.settle();
    cancelled.cancel();
    watch(std::move(ending), std::move(cancelled));
  }
  turns.settle();
  turns.advance(1s);
  {
    Ending ending(ledger);
    auto call = stub.Ask(1, patient(options(ending)));
    watch(std::move(ending), std::move(call));
  }
  {
    Ending ending(ledger);
    Following stream = stub.Follow(since(0), patient(options(ending)));
    std::make_shared<Follows>(std::move(ending), std::move(stream))->go_on();
  }
  servers.list(TwoServers::kBoth);
  turns.settle();
  turns.advance(1s);
}

void call_every_server(TwoServers& servers, Ledger& ledger, Turns& turns) {
  {
    Ending ending(ledger);
    const CallOptions its = limited(ending);
    auto stream = call_each(servers.cluster(), [its](Channel& server) {
      return town::TownStub(server).Follow(since(0), its);
    });
    std::make_shared<FollowsAll>(std::move(ending), std::move(stream))->go_on();
  }
  turns.settle();
  {
    Ending ending(ledger);
    const CallOptions its = limited(ending);
    auto answers = call_each(servers.cluster(),
                             [its](Channel& server) { return town::TownStub(server).Ask(1, its); });
    watch(std::move(ending), std::move(answers));
  }
  turns.settle();
  turns.advance(1s);
}

}  // namespace

void call_town(Caller& caller, Ledger& ledger, Turns& turns) {
  auto& servers = static_cast<TwoServers&>(caller);
  town::TownStub stub(servers.channel());
  lose_streams(stub, ledger, turns);
  move_stream(servers, stub, ledger, turns);
  retry_and_hedge(stub, ledger, turns);
  wait_for_servers(servers, stub, ledger, turns);
  call_every_server(servers, ledger, turns);
}

void check_town(Caller& caller, Turns& turns, std::function<void(bool)> done) {
  town::TownStub stub(caller.channel());
  CallOptions limited;
  limited.timeout = 2s;
  Following following = stub.Follow(since(0), limited);
  Call<std::int64_t> asked = stub.Ask(7, limited);
  town::Item item;
  for (int turn = 0; turn < 10; ++turn) {
    turns.settle();
    while (following.try_read(item)) {
    }
  }
  std::move(asked).then([done, all = item.number == kLastNumber](Result<std::int64_t> number) {
    done(all && number.ok() && *number == 7);
  });
}

}  // namespace tern::test
