#include "integration/no_memory/callers.h"

#include <chrono>
#include <utility>
#include <vector>

namespace tern::test {

using namespace std::chrono_literals;

namespace {

class OneServer final : public Caller {
 public:
  OneServer(std::string_view address, ClientOptions options, IoPool& pool)
      : client_(address, pool, std::move(options)) {}

  Channel& channel() noexcept override { return client_; }
  std::size_t left() const override {
    const ClientStats stats = client_.stats();
    return stats.calls_pending + stats.streams + stats.timers;
  }
  void close() override { client_.close(); }

 private:
  Client client_;
};

}  // namespace

std::unique_ptr<Caller> make_client(std::string_view address, ClientOptions options, IoPool& pool) {
  return std::make_unique<OneServer>(address, std::move(options), pool);
}

std::unique_ptr<Caller> make_cluster(std::string_view, ClientOptions options, IoPool& pool) {
  return std::make_unique<TwoServers>(std::move(options), pool);
}

TwoServers::TwoServers(ClientOptions options, IoPool& pool)
    : servers_(std::make_shared<ServerList>()),
      cluster_(servers_, pool, options_of(std::move(options))) {
  list(kBoth);
}

ClusterOptions TwoServers::options_of(ClientOptions options) {
  ClusterOptions made;
  // Every program of a test waits for as long.
  options.random = [] { return 0.5; };
  options.backoff = made.client.backoff;
  made.client = std::move(options);
  made.hedge.after = 10ms;
  made.stream_on_drain = StreamOnDrain::kMove;
  return made;
}

std::size_t TwoServers::left() const {
  const ClusterStats stats = cluster_.stats();
  std::size_t left = stats.calls_pending + stats.calls_waiting;
  for (const ClusterServerStats& server : stats.servers) left += server.pending;
  return left;
}

void TwoServers::list(Listed which) {
  std::vector<Instance> servers;
  if (which != kNone && which != kSecond) servers.emplace_back(*parse_endpoint("unix@one"));
  if (which != kNone && which != kFirst) servers.emplace_back(*parse_endpoint("unix@two"));
  servers_->update(std::move(servers));
}

}  // namespace tern::test
