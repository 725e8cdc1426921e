// What streams of items cost, in one of these ways (--mode):
//   batch   one stream, read as much as is there at a time
//   each    one stream, a co_await for each message, on both sides
//   beside  calls of 100 bytes, one at a time: alone, then beside 16 streams that never end
//   idle    --streams of them on --conns connections, in which nothing comes
// Prints a line RESULT key=value …
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "../command_line.h"
#include "../histogram.h"
#include "../measure.h"
#include "streams.service.h"
#include "tern/client.h"
#include "tern/stream.h"

namespace tern::bench {
namespace {

namespace streams = ::bench::streams;

struct Setup {
  Setup() = default;
  std::uint16_t port = 0;
  int server_pid = 0;
  std::string mode = "batch";
  int count = 2'000'000;
  int size = 100;
  int streams = 1000;
  int connections = 10;
  int window = 0;
};

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "stream_client: %s\n", why.c_str());
  std::_Exit(1);
}

void must(const Status& status) {
  if (!status.ok()) fail(status.to_string());
}

class Bench {
 public:
  explicit Bench(const Setup& setup) : setup_(setup) {
    ClientOptions options;
    options.limits.streams = 100'000;
    if (setup.window > 0) {
      options.limits.stream_window = static_cast<std::size_t>(setup.window);
      options.limits.stream_bytes = options.limits.message_bytes = 1024;
    }
    const int connections = setup.mode == "idle" ? setup.connections : 1;
    for (int i = 0; i < connections; ++i) {
      clients_.push_back(
          std::make_unique<Client>("tcp@127.0.0.1:" + std::to_string(setup.port), pool_, options));
    }
  }

  int run() {
    asio::co_spawn(io_, main(), asio::detached);
    io_.run();
    return 0;
  }

 private:
  asio::awaitable<void> main() {
    co_await warm_up();
    if (setup_.mode == "batch") {
      co_await batch();
    } else if (setup_.mode == "each") {
      co_await each();
    } else if (setup_.mode == "beside") {
      co_await beside();
    } else {
      co_await idle();
    }
    std::fflush(stdout);
    std::_Exit(0);
  }

  asio::awaitable<void> warm_up() {
    for (auto& client : clients_) {
      streams::FeedStub feed(*client);
      std::vector<std::byte> data(8);
      Call<std::vector<std::byte>> call = feed.Echo(data);
      Result<std::vector<std::byte>> reply = co_await call.async();
      must(reply.status());
    }
  }

  asio::awaitable<void> batch() {
    streams::FeedStub feed(*clients_[0]);
    streams::Order order(setup_.count, setup_.size, false, false);
    const std::uint64_t start = now_ns();
    const std::uint64_t server = process_cpu_ns(setup_.server_pid);
    ServerStream<streams::Item> items = feed.Items(order);
    streams::Item item;
    std::int64_t came = 0;
    while (co_await items.read(item)) {
      do {
        if (item.number != came++) fail("an item is missing");
      } while (items.try_read(item));
    }
    must(items.status());
    report(came, start, server);
  }

  asio::awaitable<void> each() {
    streams::FeedStub feed(*clients_[0]);
    streams::Order order(setup_.count, setup_.size, true, false);
    const std::uint64_t start = now_ns();
    const std::uint64_t server = process_cpu_ns(setup_.server_pid);
    ServerStream<streams::Item> items = feed.Items(order);
    streams::Item item;
    std::int64_t came = 0;
    while (co_await items.read(item)) {
      if (item.number != came++) fail("an item is missing");
    }
    must(items.status());
    report(came, start, server);
  }

  void report(std::int64_t came, std::uint64_t start, std::uint64_t server) const {
    if (came != setup_.count) fail("the stream was too short");
    const double seconds = seconds_since(start);
    const double messages = static_cast<double>(came);
    std::printf("RESULT mode=%s messages_s=%.0f server_ns=%.0f client_ns=%.0f\n",
                setup_.mode.c_str(), messages / seconds,
                static_cast<double>(process_cpu_ns(setup_.server_pid) - server) / messages,
                static_cast<double>(thread_cpu_ns()) / messages);
  }

  asio::awaitable<void> beside() {
    const double alone = co_await calls();
    for (int i = 0; i < 16; ++i) asio::co_spawn(io_, read_for_ever(), asio::detached);
    const std::uint64_t begin = now_ns();
    const double with_streams = co_await calls();
    const double messages_s = static_cast<double>(items_) / seconds_since(begin);
    std::printf(
        "RESULT mode=beside alone_p99_us=%.1f beside_p99_us=%.1f ratio=%.2f messages_s=%.0f\n",
        alone / 1000, with_streams / 1000, with_streams / alone, messages_s);
  }

  // The 99th percentile of calls for two seconds.
  asio::awaitable<double> calls() {
    streams::FeedStub feed(*clients_[0]);
    const std::vector<std::byte> data(100);
    auto latencies = std::make_unique<Histogram>();
    for (const std::uint64_t begin = now_ns(); seconds_since(begin) < 2.0;) {
      const std::uint64_t start = now_ns();
      Call<std::vector<std::byte>> call = feed.Echo(data);
      Result<std::vector<std::byte>> reply = co_await call.async();
      must(reply.status());
      latencies->add(now_ns() - start);
    }
    co_return latencies->quantile(0.99);
  }

  asio::awaitable<void> read_for_ever() {
    streams::FeedStub feed(*clients_[0]);
    streams::Order order(0, setup_.size, false, false);
    ServerStream<streams::Item> items = feed.Items(order);
    streams::Item item;
    while (co_await items.read(item)) ++items_;
    fail("a stream ended: " + items.status().to_string());
  }

  asio::awaitable<void> idle() {
    const long before = resident_bytes(setup_.server_pid);
    std::vector<ServerStream<streams::Item>> open;
    streams::Order order(0, 0, false, true);
    for (int i = 0; i < setup_.streams; ++i) {
      Client& client = *clients_[static_cast<std::size_t>(i) % clients_.size()];
      streams::FeedStub feed(client);
      open.push_back(feed.Items(order));
      if (i % 256 == 255) co_await warm_up();
    }
    co_await warm_up();
    for (const auto& one : open) must(one.status());
    const double grown = static_cast<double>(resident_bytes(setup_.server_pid) - before);
    std::printf("RESULT mode=idle streams=%d connections=%d server_mib=%.1f bytes_a_stream=%.0f\n",
                setup_.streams, setup_.connections, grown / 1024 / 1024, grown / setup_.streams);
  }

  const Setup setup_;
  asio::io_context io_{1};
  IoPool pool_{io_};
  std::vector<std::unique_ptr<Client>> clients_;
  std::int64_t items_ = 0;  // that streams beside calls have brought
};

int run(int argc, char** argv) {
  Setup setup;
  parse_command_line(argc, argv,
                     {{"--port", setup.port},
                      {"--server-pid", setup.server_pid},
                      {"--mode", setup.mode},
                      {"--count", setup.count},
                      {"--size", setup.size},
                      {"--streams", setup.streams},
                      {"--conns", setup.connections},
                      {"--window", setup.window}});
  return Bench(setup).run();
}

}  // namespace
}  // namespace tern::bench

int main(int argc, char** argv) {
  return tern::bench::run(argc, argv);
}
