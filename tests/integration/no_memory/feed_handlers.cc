#include "integration/no_memory/feed_handlers.h"

#include <memory>
#include <utility>

#include "integration/no_memory/call_key.h"

namespace tern::test {

namespace {

feed::Item first_item(const feed::Order& order) {
  feed::Item item;
  item.load.assign(static_cast<std::size_t>(order.size), std::byte{'x'});
  return item;
}

asio::awaitable<Result<void>> watch(Handling, feed::Order order, Writer<feed::Item> out) {
  feed::Item item = first_item(order);
  while (item.number < order.count) {
    ++item.number;
    if (!co_await out.write(item)) co_return out.status();
  }
  co_return Result<void>();
}

asio::awaitable<Result<std::int64_t>> upload(Handling, Reader<feed::Item> in) {
  feed::Item item;
  std::int64_t count = 0;
  while (co_await in.read(item)) ++count;
  if (Status end = in.status(); !end.ok()) co_return end;
  co_return count;
}

asio::awaitable<Result<void>> chat(Handling, Reader<feed::Item> in, Writer<feed::Item> out) {
  feed::Item item;
  while (co_await in.read(item)) {
    if (!co_await out.write(item)) co_return out.status();
  }
  co_return in.status();
}

// What a handler leaves behind that keeps its stream.
struct Watcher : std::enable_shared_from_this<Watcher> {
  Watcher(Handling of, const feed::Order& order, Writer<feed::Item> to)
      : handling(std::move(of)), item(first_item(order)), count(order.count), out(std::move(to)) {}

  void go_on() {
    while (item.number < count) {
      ++item.number;
      if (out.try_write(item)) continue;
      out.then(item, [self = shared_from_this()](bool written) {
        if (written) self->go_on();
      });
      return;
    }
    out.finish();
  }

  Handling handling;
  feed::Item item;
  std::int64_t count;
  Writer<feed::Item> out;
};

struct Echo : std::enable_shared_from_this<Echo> {
  Echo(Handling of, Reader<feed::Item> from, Writer<feed::Item> to)
      : handling(std::move(of)), in(std::move(from)), out(std::move(to)) {}

  void read() {
    in.then(item, [self = shared_from_this()](bool is_one) {
      if (is_one) {
        self->write();
      } else {
        self->out.finish(self->in.status());
      }
    });
  }
  void write() {
    out.then(item, [self = shared_from_this()](bool written) {
      if (written) self->read();
    });
  }

  Handling handling;
  feed::Item item;
  Reader<feed::Item> in;
  Writer<feed::Item> out;
};

}  // namespace

Reply<void> CoroutineFeed::Watch(ServerContext& context, feed::Order order,
                                 Writer<feed::Item> out) {
  return watch(handling(ledger_, context), order, std::move(out));
}
Reply<std::int64_t> CoroutineFeed::Upload(ServerContext& context, Reader<feed::Item> in) {
  return upload(handling(ledger_, context), std::move(in));
}
Reply<void> CoroutineFeed::Chat(ServerContext& context, Reader<feed::Item> in,
                                Writer<feed::Item> out) {
  return chat(handling(ledger_, context), std::move(in), std::move(out));
}

Reply<void> CallbackFeed::Watch(ServerContext& context, feed::Order order, Writer<feed::Item> out) {
  Handling its = handling(ledger_, context);
  Reply<void> reply = kept(out);
  std::make_shared<Watcher>(std::move(its), order, std::move(out))->go_on();
  return reply;
}
Reply<std::int64_t> CallbackFeed::Upload(ServerContext& context, Reader<feed::Item> in) {
  return upload(handling(ledger_, context), std::move(in));
}
Reply<void> CallbackFeed::Chat(ServerContext& context, Reader<feed::Item> in,
                               Writer<feed::Item> out) {
  Handling its = handling(ledger_, context);
  Reply<void> reply = kept(out);
  std::make_shared<Echo>(std::move(its), std::move(in), std::move(out))->read();
  return reply;
}

}  // namespace tern::test
