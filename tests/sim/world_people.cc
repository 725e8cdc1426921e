// What a simulation consists of: its servers, clients and cluster, with limits by chance.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "net/loop.h"
#include "sim/world.h"
#include "tern/duplex.h"

namespace tern::sim {

using namespace std::chrono_literals;

void World::make_servers() {
  ServerOptions own;
  own.log = [](std::string_view) {};
  own.send_exception_text = true;
  own_handler_ = std::make_shared<BankHandler>(
      BankHandler::World{agenda_, ledger_, trace_, plan_.seed, own.limits.calls_in_flight, false,
                         heavy_, nullptr, nullptr});
  const Limits own_limits = own.limits;
  own_server_ = std::make_unique<Server>(pool_, std::move(own));
  for (std::shared_ptr<Service> service :
       {std::static_pointer_cast<Service>(own_handler_),
        std::static_pointer_cast<Service>(make_flow(own_limits, nullptr))}) {
    if (Status added = own_server_->add(std::move(service)); !added.ok()) {
      ledger_.violate("add: " + added.to_string());
    }
  }
  constexpr std::array<std::string_view, 4> kNames = {"a", "b", "c", "d"};
  const std::size_t count = dice_.between(has_registry_ ? 2 : 1, kNames.size());
  places_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    Place place;
    place.name = kNames[i];
    place.options = server_options();
    place.handler = std::make_shared<BankHandler>(BankHandler::World{
        agenda_, ledger_, trace_, plan_.seed, place.options.limits.calls_in_flight, true, heavy_,
        [this](Channel& caller) { open_stream_to_caller(caller); }, guard_.get()});
    place.streams = make_flow(place.options.limits, guard_.get());
    places_.push_back(std::move(place));
    open(places_.back());
  }
}

ServerOptions World::server_options() {
  ServerOptions options;
  options.log = [](std::string_view) {};
  options.dialer = network_.dialer();
  options.random = [dice = dice_.fork()]() mutable { return dice.unit(); };
  if (dice_.percent(calm_ ? 60 : 30)) {
    trace_.fault(Fault::kSmallLimits);
    options.limits.calls_in_flight = heavy_ ? dice_.between(8, 40) : dice_.between(1, 8);
    options.limits.held_bytes = dice_.between(1000, 100'000);
    options.limits.unsent_bytes = dice_.between(4096, 64 * 1024);
    // A peer that reads more slowly than it asks loses its connection.
    if (!calm_) options.limits.unsent_reply_bytes = dice_.between(16 * 1024, 256 * 1024);
  }
  draw_stream_limits(options.limits);
  options.send_exception_text = true;
  options.authenticator = guard_;
  if (witness_) options.interceptors = {witness_};
  if (dice_.percent(20)) options.stream_idle_timeout = dice_.between(20ms, 5s);
  if (dice_.percent(20)) options.handle_timeout = dice_.between(1ms, 30ms);
  if (!calm_ && dice_.percent(20)) options.idle_timeout = dice_.between(5ms, 1s);
  if (!calm_ && dice_.percent(20)) options.message_timeout = dice_.between(10ms, 1s);
  if (!calm_ && dice_.percent(20)) options.write_timeout = dice_.between(20ms, 1s);
  call_back_on_connections(options);
  return options;
}

void World::open(Place& place) {
  place.server = std::make_unique<Server>(pool_, place.options);
  for (std::shared_ptr<Service> service : {std::static_pointer_cast<Service>(place.handler),
                                           std::static_pointer_cast<Service>(place.streams)}) {
    if (Status added = place.server->add(std::move(service)); !added.ok()) {
      ledger_.violate("add: " + added.to_string());
    }
  }
  network_.host(place.name).accept = [server = place.server.get()](
                                         Loop& loop, std::unique_ptr<ByteStream> stream) {
    server->serve(loop, std::move(stream));
  };
  if (!registry_) return;
  trace_.fault(Fault::kServerReturned);
  registry_->enlist(*place.server, address_of(place));
}

Via World::draw_via() {
  if (plan_.via) return *plan_.via;
  if (dice_.percent(30)) return Via::kTern;
  return static_cast<Via>(dice_.below(static_cast<std::uint64_t>(Via::kCount)));
}

ClientOptions World::client_options(Via via) {
  ClientOptions options;
  options.codec = via_codec(via);
  options.log = [](std::string_view) {};
  if (witness_) options.interceptors = {witness_};
  options.dialer = network_.dialer();
  options.random = [dice = dice_.fork()]() mutable { return dice.unit(); };
  if (!calm_ && dice_.percent(30)) options.connect_timeout = dice_.between(1ms, 500ms);
  if (dice_.percent(50)) {
    // On a calm network an answer takes a few milliseconds.
    options.keepalive_interval = dice_.between(5ms, 200ms);
    options.keepalive_timeout = calm_ ? dice_.between(100ms, 200ms) : dice_.between(5ms, 200ms);
  }
  if (dice_.percent(20)) options.default_timeout = dice_.between(1ms, 100ms);
  if (!calm_ && dice_.percent(20)) options.write_timeout = dice_.between(20ms, 1s);
  // A server whose calls are at their limit reads nothing in protocols that have requests only, and
  // its handlers may take as long as they like: in a calm world that is no reason to leave it.
  if (calm_) options.write_timeout = 10min;
  if (dice_.percent(30)) {
    trace_.fault(Fault::kSmallLimits);
    options.limits.calls_in_flight = dice_.between(1, 8);
    options.limits.unsent_bytes = dice_.between(4096, 64 * 1024);
    // No replies in chunks, less of them than the largest reply has, or more.
    options.limits.chunked_bytes = options.limits.unsent_bytes % 4 * options.limits.unsent_bytes;
  }
  draw_stream_limits(options.limits);
  if (dice_.percent(50)) options.backoff.initial = dice_.between(1ms, 50ms);
  return options;
}

void World::open(Member& member) {
  member.client =
      std::make_unique<Client>(via_address(member.via, member.host), pool_, member.options);
}

void World::make_clients() {
  const std::size_t count = dice_.between(1, 4);
  members_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    Member member;
    member.via = draw_via();
    // The last place is the one that may be given up, and is the cluster's alone then.
    const std::size_t hosts = places_.size() - (has_registry_ ? 1 : 0);
    member.host = places_[static_cast<std::size_t>(dice_.below(hosts))].name;
    member.name = fmt::format("client {}, {} to {}", i, via_name(member.via), member.host);
    member.options = client_options(member.via);
    member.known =
        give_tokens(member.options, member.via, member.name, TokenOffice::Lifetimes::kSome);
    if (member.via <= Via::kTernJson && dice_.percent(50)) {
      trace_.fault(Fault::kClientServes);
      serve_on_connections(member.options, *own_server_);
    }
    open(member);
    members_.push_back(std::move(member));
  }
}

std::string World::address_of(const Place& place) const {
  return via_address(cluster_via_, place.name);
}

void World::list_servers() {
  std::vector<Instance> instances;
  for (const Place& place : places_) {
    if (!place.listed) continue;
    instances.emplace_back(*parse_endpoint(address_of(place)));
  }
  list_->update(std::move(instances));
}

void World::make_cluster() {
  if (!has_registry_ && !dice_.percent(70)) return;
  cluster_via_ = draw_via();
  if (has_registry_) {
    registry_ = std::make_unique<RegistryHost>(
        RegistryHost::World{pool_, network_, agenda_, trace_, ledger_, clock_, calm_},
        dice_.fork());
    for (Place& place : places_) registry_->enlist(*place.server, address_of(place));
  } else {
    list_ = std::make_shared<ServerList>();
    list_servers();
  }
  ClusterOptions options;
  auto random = [dice = dice_.fork()]() mutable { return dice.unit(); };
  options.client = client_options(cluster_via_);
  options.client.random = random;
  cluster_known_ =
      give_tokens(options.client, cluster_via_, "the cluster", TokenOffice::Lifetimes::kAllKnown);
  options.balancer = dice_.percent(50) ? round_robin(random) : power_of_two(random);
  options.retry.max_attempts = dice_.between(1, 4);
  if (dice_.percent(50)) options.hedge.after = dice_.between(1ms, 20ms);
  if (dice_.percent(30)) options.outliers.first = dice_.between(10ms, 1s);
  if (dice_.percent(20)) options.max_connections = dice_.between(1, 2);
  if (dice_.percent(20)) options.max_calls_per_server = dice_.between(1, 4);
  if (dice_.percent(20)) options.max_calls = dice_.between(4, 20);
  if (dice_.percent(50)) options.stream_on_drain = StreamOnDrain::kMove;
  std::shared_ptr<Discovery> servers = list_;
  if (registry_) servers = registry_->discovery();
  cluster_ = std::make_unique<Cluster>(std::move(servers), pool_, std::move(options));
  fan_outs_ = {FanOut::broadcast(*cluster_), FanOut::fork(*cluster_),
               FanOut::quorum(*cluster_, std::min<std::size_t>(2, places_.size()))};
}

}  // namespace tern::sim
