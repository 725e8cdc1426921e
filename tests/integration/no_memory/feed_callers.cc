#include "integration/no_memory/feed_callers.h"

#include <array>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/dispatch.hpp>
#include <asio/post.hpp>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

#include "feed.service.h"
#include "integration/no_memory/call_key.h"
#include "integration/no_memory/feed_handlers.h"

namespace tern::test {

using namespace std::chrono_literals;

namespace {

using Watching = ServerStream<feed::Item>;
using Uploading = ClientStream<feed::Item, std::int64_t>;
using Chatting = BidiStream<feed::Item, feed::Item>;

// More than what is kept of a stream: who writes waits, and who reads.
constexpr std::int64_t kMessages = 12;
constexpr std::int64_t kBytes = 10'000;

feed::Order order(std::int64_t count) {
  feed::Order order;
  order.count = count;
  order.size = kBytes;
  return order;
}

feed::Item item() {
  feed::Item item;
  item.load.assign(static_cast<std::size_t>(kBytes), std::byte{'x'});
  return item;
}

// --- Coroutines ---

// Asio ends the process if there is no memory for a coroutine to begin, but each thread of a loop
// keeps the memory of what has run last: here it has so much, or throws.
void spawn(asio::io_context& io, asio::awaitable<void> coroutine) {
  asio::post(io, [&io, coroutine = std::move(coroutine)]() mutable {
    const asio::any_io_executor here = io.get_executor();
    std::array<std::byte, 128> as_large_as_that{};
    asio::dispatch(here, [as_large_as_that] { (void)as_large_as_that; });
    asio::co_spawn(here, std::move(coroutine), asio::detached);
  });
}

asio::awaitable<void> read_all(Ending ending, Watching stream, std::int64_t count) {
  feed::Item next;
  std::int64_t got = 0;
  while (co_await stream.read(next)) ++got;
  ending.end(stream.status(), got == count);
}

asio::awaitable<void> write_all(Ending ending, Uploading stream) {
  feed::Item next = item();
  while (next.number < kMessages) {
    ++next.number;
    if (!co_await stream.write(next)) break;
  }
  Result<std::int64_t> count = co_await stream.finish();
  const bool complete = count.ok() && *count == kMessages;
  ending.end(count.ok() ? Status() : count.status(), complete);
}

// Whether its caller says something; else it waits for ever.
enum class Talk : std::uint8_t { kAll, kNothing };

asio::awaitable<void> talk(Ending ending, Chatting stream, Talk says) {
  feed::Item next = item();
  std::int64_t got = 0;
  if (says == Talk::kNothing) {
    co_await stream.read(next);
    ending.end(stream.status(), false);
    co_return;
  }
  for (int pairs = 0; pairs < 3; ++pairs) {
    if (!co_await stream.write(next) || !co_await stream.write(next)) break;
    if (!co_await stream.read(next)) break;
    if (!co_await stream.read(next)) break;
    got += 2;
  }
  stream.end_writing();
  while (co_await stream.read(next)) ++got;
  ending.end(stream.status(), got == 6);
}

struct InCoroutines {
  static void watch(Turns& turns, Ending ending, Watching stream, std::int64_t count) {
    spawn(turns.io(), read_all(std::move(ending), std::move(stream), count));
  }
  static void upload(Turns& turns, Ending ending, Uploading stream) {
    spawn(turns.io(), write_all(std::move(ending), std::move(stream)));
  }
  static void chat(Turns& turns, Ending ending, Chatting stream, Talk says) {
    spawn(turns.io(), talk(std::move(ending), std::move(stream), says));
  }
};

// --- Callbacks ---

struct ReadsAll : std::enable_shared_from_this<ReadsAll> {
  ReadsAll(Ending of, Watching from, std::int64_t all)
      : ending(std::move(of)), stream(std::move(from)), count(all) {}

  void go_on() {
    stream.then(next, [self = shared_from_this()](bool is_one) {
      if (is_one) {
        ++self->got;
        self->go_on();
      } else {
        self->ending.end(self->stream.status(), self->got == self->count);
      }
    });
  }

  Ending ending;
  Watching stream;
  std::int64_t count;
  std::int64_t got = 0;
  feed::Item next;
};

struct WritesAll : std::enable_shared_from_this<WritesAll> {
  WritesAll(Ending of, Uploading to) : ending(std::move(of)), stream(std::move(to)) {}

  void go_on() {
    if (next.number == kMessages) return finish();
    ++next.number;
    stream.then(next, [self = shared_from_this()](bool written) {
      if (written) {
        self->go_on();
      } else {
        self->finish();
      }
    });
  }
  void finish() {
    stream.finish_then([self = shared_from_this()](Result<std::int64_t> count) {
      const bool complete = count.ok() && *count == kMessages;
      self->ending.end(count.ok() ? Status() : count.status(), complete);
    });
  }

  Ending ending;
  Uploading stream;
  feed::Item next = item();
};

// Reads and writes at the same time.
struct Talks : std::enable_shared_from_this<Talks> {
  Talks(Ending of, Chatting with) : ending(std::move(of)), stream(std::move(with)) {}

  void write() {
    if (mine.number == kMessages) return stream.end_writing();
    ++mine.number;
    try {
      stream.write_then(mine, [self = shared_from_this()](bool written) {
        if (written) self->write();
      });
    } catch (const std::bad_alloc&) {
      stream.cancel();  // else its reader waited for ever
      throw;
    }
  }
  void read() {
    stream.read_then(theirs, [self = shared_from_this()](bool is_one) {
      if (is_one) {
        ++self->got;
        self->read();
      } else {
        self->ending.end(self->stream.status(), self->got == kMessages);
      }
    });
  }

  Ending ending;
  Chatting stream;
  std::int64_t got = 0;
  feed::Item mine = item();
  feed::Item theirs;
};

struct WithCallbacks {
  static void watch(Turns&, Ending ending, Watching stream, std::int64_t count) {
    std::make_shared<ReadsAll>(std::move(ending), std::move(stream), count)->go_on();
  }
  static void upload(Turns&, Ending ending, Uploading stream) {
    std::make_shared<WritesAll>(std::move(ending), std::move(stream))->go_on();
  }
  static void chat(Turns&, Ending ending, Chatting stream, Talk says) {
    auto talks = std::make_shared<Talks>(std::move(ending), std::move(stream));
    talks->read();
    if (says == Talk::kAll) talks->write();
  }
};

// --- One round ---

template <typename How>
void call_feed(Channel& channel, Ledger& ledger, Turns& turns, Pace pace) {
  feed::FeedStub stub(channel);
  const auto one_is_begun = [&] {
    if (pace == Pace::kOneByOne) turns.settle();
  };
  {
    Ending ending(ledger);
    Watching stream = stub.Watch(order(kMessages), options(ending));
    How::watch(turns, std::move(ending), std::move(stream), kMessages);
  }
  one_is_begun();
  {
    Ending ending(ledger);
    Uploading stream = stub.Upload(options(ending));
    How::upload(turns, std::move(ending), std::move(stream));
  }
  one_is_begun();
  {
    Ending ending(ledger);
    Chatting stream = stub.Chat(options(ending));
    How::chat(turns, std::move(ending), std::move(stream), Talk::kAll);
  }
  turns.settle();
  {
    Ending ending(ledger);
    Watching cancelled = stub.Watch(order(kEndless), options(ending));
    turns.settle();
    cancelled.cancel();
    turns.settle();
    note_end(std::move(ending), cancelled);
  }
  {
    Ending ending(ledger);
    Uploading dropped = stub.Upload(options(ending));
    turns.settle();
  }
  {
    Ending ending(ledger);
    Watching late = stub.Watch(order(kEndless), limited(ending));
    turns.advance(1s);
    note_end(std::move(ending), late);
  }
  {
    Ending ending(ledger);
    Chatting silent = stub.Chat(limited(ending));
    How::chat(turns, std::move(ending), std::move(silent), Talk::kNothing);
  }
  turns.advance(1s);
}

asio::awaitable<void> check_server(feed::FeedStub stub, std::function<void(bool)> done) {
  CallOptions limited;
  limited.timeout = 2s;
  feed::Item next;
  std::int64_t got = 0;
  Watching watching = stub.Watch(order(kMessages), limited);
  while (co_await watching.read(next)) ++got;
  done(got == kMessages);
}

asio::awaitable<void> check(feed::FeedStub stub, std::function<void(bool)> done) {
  CallOptions limited;
  limited.timeout = 2s;
  feed::Item next;
  std::int64_t got = 0;
  Watching watching = stub.Watch(order(kMessages), limited);
  while (co_await watching.read(next)) ++got;
  Uploading uploading = stub.Upload(limited);
  co_await uploading.write(next);
  const Result<std::int64_t> sent = co_await uploading.finish();
  done(got == kMessages && sent.ok() && *sent == 1);
}

}  // namespace

void call_feed_in_coroutines(Channel& channel, Ledger& ledger, Turns& turns, Pace pace) {
  call_feed<InCoroutines>(channel, ledger, turns, pace);
}

void call_feed_with_callbacks(Channel& channel, Ledger& ledger, Turns& turns, Pace pace) {
  call_feed<WithCallbacks>(channel, ledger, turns, pace);
}

void check_watching(Channel& channel, Turns& turns, std::function<void(bool)> done) {
  spawn(turns.io(), check_server(feed::FeedStub(channel), std::move(done)));
}

void check_feed(Channel& channel, Turns& turns, std::function<void(bool)> done) {
  spawn(turns.io(), check(feed::FeedStub(channel), std::move(done)));
}

}  // namespace tern::test
