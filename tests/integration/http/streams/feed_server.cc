// Serves feed.Feed to curl, to Connect's clients and to web pages of any origin. Its first line is
// the address that it listens on. Ends with SIGTERM.
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "feed.service.h"
#include "tern/tern.h"

namespace {

class Feed final : public feed::FeedService {
 public:
  tern::Reply<void> Count(tern::ServerContext& context, feed::From from,
                          tern::Writer<feed::Tick> out) override {
    return count_on(context, from, std::move(out));
  }
  tern::Reply<feed::Total> Sum(tern::ServerContext& context, tern::Reader<feed::Tick> in) override {
    return add_up(context, std::move(in));
  }
  tern::Reply<void> Echo(tern::ServerContext&, tern::Reader<feed::Tick> in,
                         tern::Writer<feed::Tick> out) override {
    return echo(std::move(in), std::move(out));
  }
  tern::Reply<void> Repeat(tern::ServerContext& context, tern::Reader<feed::Line> in,
                           tern::Writer<feed::Line> out) override {
    context.set_compression(tern::Compression::kGzip);
    return repeat(std::move(in), std::move(out));
  }
  tern::Reply<feed::Line> Say(tern::ServerContext& context, feed::Line line) override {
    if (line.text.starts_with("compressed")) context.set_compression(tern::Compression::kGzip);
    return line;
  }
  tern::Reply<feed::Left> Leavers(tern::ServerContext&) override {
    feed::Left left;
    left.streams = leavers_;
    return left;
  }

 private:
  asio::awaitable<tern::Result<void>> count_on(tern::ServerContext& context, feed::From from,
                                               tern::Writer<feed::Tick> out) {
    const std::int64_t count = from.count == 0 ? 3 : std::abs(from.count);
    feed::Tick tick;
    for (std::int64_t i = 1; i <= count; ++i) {
      tick.at = from.at + i;
      if (out.try_write(tick)) continue;
      if (!co_await out.write(tick)) co_return out.status();
    }
    if (from.count < 0) co_return tern::Status(tern::Code::kNotFound, "no more ticks");
    if (from.count == 0) {
      co_await context.wait_cancelled();
      ++leavers_;
    }
    co_return tern::Result<void>();
  }

  static asio::awaitable<tern::Result<feed::Total>> add_up(tern::ServerContext& context,
                                                           tern::Reader<feed::Tick> in) {
    feed::Total total;
    std::int64_t count = 0;
    feed::Tick tick;
    while (co_await in.read(tick)) {
      total.sum += tick.at;
      ++count;
    }
    if (!in.status().ok()) co_return in.status();
    context.reply_metadata().add("ticks", std::to_string(count));
    co_return total;
  }

  static asio::awaitable<tern::Result<void>> echo(tern::Reader<feed::Tick> in,
                                                  tern::Writer<feed::Tick> out) {
    feed::Tick tick;
    while (co_await in.read(tick)) {
      if (!co_await out.write(tick)) co_return out.status();
    }
    co_return in.status().ok() ? tern::Result<void>() : tern::Result<void>(in.status());
  }

  static asio::awaitable<tern::Result<void>> repeat(tern::Reader<feed::Line> in,
                                                    tern::Writer<feed::Line> out) {
    feed::Line line;
    while (co_await in.read(line)) {
      if (!co_await out.write(line)) co_return out.status();
    }
    co_return in.status().ok() ? tern::Result<void>() : tern::Result<void>(in.status());
  }

  std::atomic<std::int64_t> leavers_ = 0;
};

}  // namespace

int main() {
  tern::ServerOptions options;
  options.cors.origins = {"*"};
  tern::Server server(options);
  tern::Status ready = server.add(std::make_shared<Feed>());
  tern::Result<tern::Endpoint> at = server.listen("tcp@127.0.0.1:0");
  if (!ready.ok() || !at.ok()) {
    std::cerr << ready.to_string() << ", " << at.status().to_string() << '\n';
    return 1;
  }
  std::cout << at->to_string() << std::endl;
  return tern::serve_until_signal(server).ok() ? 0 : 1;
}
