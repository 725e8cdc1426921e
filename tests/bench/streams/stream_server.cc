// Streams of items, as many as are asked for.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../command_line.h"
#include "streams.service.h"
#include "tern/server.h"
#include "tern/stream.h"

namespace tern::bench {
namespace {

namespace streams = ::bench::streams;

class Feed final : public streams::FeedService {
 public:
  Reply<void> Items(ServerContext& /*context*/, streams::Order order,
                    Writer<streams::Item> out) override {
    if (order.idle) {
      Reply<void> reply = kept(out);
      kept_.push_back(std::move(out));
      return reply;
    }
    return write_items(std::move(order), std::move(out));
  }
  Reply<std::vector<std::byte>> Echo(ServerContext& /*context*/,
                                     std::vector<std::byte> data) override {
    return data;
  }

 private:
  static asio::awaitable<Result<void>> write_items(streams::Order order,
                                                   Writer<streams::Item> out) {
    streams::Item item;
    item.data.resize(static_cast<std::size_t>(order.size));
    for (std::int64_t i = 0; order.count == 0 || i < order.count; ++i) {
      item.number = i;
      if (!order.one_by_one && out.try_write(item)) continue;
      if (!co_await out.write(item)) co_return out.status();
    }
    co_return Result<void>();
  }

  std::vector<Writer<streams::Item>> kept_;
};

int serve(int argc, char** argv) {
  std::uint16_t port = 0;
  parse_command_line(argc, argv, {{"--port", port}});
  ServerOptions options;
  options.limits.streams = 100'000;
  Server server(std::move(options));
  if (Status added = server.add(std::make_shared<Feed>()); !added.ok()) return 1;
  const std::string address = "tcp@127.0.0.1:" + std::to_string(port);
  if (auto listening = server.listen(address); !listening.ok()) {
    std::fprintf(stderr, "%s\n", listening.status().to_string().c_str());
    return 1;
  }
  std::puts("READY");
  std::fflush(stdout);
  server.wait();
  return 0;
}

}  // namespace
}  // namespace tern::bench

int main(int argc, char** argv) {
  return tern::bench::serve(argc, argv);
}
