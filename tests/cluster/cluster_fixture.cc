#include "cluster/cluster_fixture.h"

#include <atomic>

#include "net/loop.h"

namespace tern::test {

Reply<std::int64_t> unavailable(ServerContext&, arith::Args) {
  return Status(Code::kUnavailable, "overloaded");
}

class TownDialer::Dialing final : public Attempt {
 public:
  explicit Dialing(Done done) : done_(std::make_shared<Done>(std::move(done))) {}
  ~Dialing() override { done_->reset(); }

  void come_to(Loop& loop, Result<std::unique_ptr<ByteStream>> result) {
    loop.post([done = done_, result = std::move(result)]() mutable {
      Done once = std::move(*done);
      if (once) once(std::move(result));
    });
  }

 private:
  std::shared_ptr<Done> done_;
};

std::unique_ptr<Dialer::Attempt> TownDialer::dial(Loop& loop, const Endpoint& endpoint,
                                                  std::chrono::nanoseconds, Done done) {
  dials.emplace_back(endpoint.host, loop.now());
  auto attempt = std::make_unique<Dialing>(std::move(done));
  auto place = servers.find(endpoint.host);
  if (place == servers.end() || place->second->network == TownServer::Network::kRefuses) {
    attempt->come_to(loop, Status(Code::kUnavailable,
                                  "connect to \"" + endpoint.to_string() + "\": Connection refused",
                                  HandlerRan::kNo));
    return attempt;
  }
  TownServer& there = *place->second;
  ++there.dials;
  if (there.network == TownServer::Network::kSilent) return attempt;
  MemoryLink& link = *there.links.emplace_back(std::make_unique<MemoryLink>());
  there.server->serve(loop, link.right().open(loop, "client"));
  attempt->come_to(loop, link.left().open(loop, endpoint.to_string()));
  return attempt;
}

ClusterTest::ClusterTest() {
  options.name = "arith";
  options.balancer = round_robin([] { return 0.0; });
  options.client.dialer = town;
  options.client.random = [] { return 0.5; };
  options.client.keepalive_interval = 0ns;
}

ClusterTest::~ClusterTest() {
  cluster_.reset();
  loop.settle();
  for (auto& [name, there] : town->servers) {
    if (there->gate) there->gate->open();
  }
  loop.settle();
  loop.io().stop();
  for (auto& [name, there] : town->servers) there->server.reset();
}

Instance ClusterTest::instance(const std::string& name, std::uint32_t weight,
                               const std::string& zone) {
  Instance made(*parse_endpoint(address(name)));
  made.weight = weight;
  made.zone = zone;
  return made;
}

void ClusterTest::list(const std::vector<std::string>& names) {
  std::vector<Instance> instances;
  for (const std::string& name : names) {
    if (!town->servers.contains(name)) {
      auto made = std::make_shared<TownServer>();
      made->server = make_server(made);
      town->servers.emplace(name, std::move(made));
    }
    instances.push_back(instance(name));
  }
  listed_ = names;
  servers->update(std::move(instances));
  loop.settle();
}

std::unique_ptr<Server> ClusterTest::make_server(const std::shared_ptr<TownServer>& service) {
  ServerOptions made = server_options;
  made.log = [](std::string_view) {};
  auto server = std::make_unique<Server>(loop.pool(), std::move(made));
  // The service outlives its server, which it owns.
  std::shared_ptr<TownServer> borrowed(service.get(), [](TownServer*) {});
  EXPECT_TRUE(server->add(std::move(borrowed)).ok());
  add_services(*server, *service);
  return server;
}

TownServer& ClusterTest::server(const std::string& name) {
  return *town->servers.at(name);
}

Cluster& ClusterTest::cluster() {
  if (!cluster_) {
    cluster_ = std::make_unique<Cluster>(servers, loop.pool(), options);
    loop.settle();
  }
  return *cluster_;
}

EndedPtr ClusterTest::multiply(CallOptions call_options) {
  Call<std::int64_t> call = stub().Multiply({6, 7}, std::move(call_options));
  EndedPtr ended = watch(call);
  loop.settle();
  return ended;
}

std::shared_ptr<Ended<arith::Quotient>> ClusterTest::divide(CallOptions call_options) {
  Call<arith::Quotient> call = stub().Divide({7, 2}, std::move(call_options));
  auto ended = watch(call);
  loop.settle();
  return ended;
}

int ClusterTest::multiply_times(int times) {
  int failed = 0;
  for (int i = 0; i < times; ++i) {
    EndedPtr ended = multiply();
    if (!ended->ok()) ++failed;
  }
  return failed;
}

CallOptions ClusterTest::within(std::chrono::nanoseconds timeout) {
  CallOptions call;
  call.timeout = timeout;
  return call;
}

CallOptions ClusterTest::wait_for_ready() {
  CallOptions call;
  call.wait_for_ready = true;
  return call;
}

std::vector<int> ClusterTest::calls() {
  std::vector<int> counts;
  for (const std::string& name : listed_) counts.push_back(server(name).calls);
  return counts;
}

ClusterServerStats ClusterTest::stats_of(const std::string& name) {
  for (ClusterServerStats& one : cluster().stats().servers) {
    if (one.address == address(name)) return one;
  }
  ADD_FAILURE() << name << " is not listed";
  return {};
}

void ClusterTest::kill(const std::string& name) {
  TownServer& there = server(name);
  there.network = TownServer::Network::kRefuses;
  for (auto& link : there.links) link->right().reset();
  loop.settle();
}

void ClusterTest::bring_back(const std::string& name) {
  server(name).network = TownServer::Network::kUp;
}

void ClusterTest::drain(const std::string& name) {
  TownServer& there = server(name);
  there.network = TownServer::Network::kRefuses;
  std::atomic<bool> done = false;
  std::thread stopping([&] {
    there.server->stop();
    done = true;
  });
  while (!done) {
    loop.settle();
    std::this_thread::yield();
  }
  stopping.join();
}

}  // namespace tern::test
