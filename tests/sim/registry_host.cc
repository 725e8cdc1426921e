#include "sim/registry_host.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/connection.h"

namespace tern::sim {

using namespace std::chrono_literals;

namespace {

constexpr const char* kHost = "registry";
constexpr const char* kClient = "the cluster's client";
constexpr const char* kService = "bank.Bank";

std::function<double()> numbers(Dice& dice) {
  return [own = dice.fork()]() mutable { return own.unit(); };
}

std::vector<std::string> addresses_of(const ServerView& view) {
  std::vector<std::string> all;
  if (!view.known()) return all;
  for (const Instance& one : *view.servers) all.push_back(one.endpoint.to_string());
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

RegistryHost::RegistryHost(World world, Dice dice) : world_(world), dice_(dice) {
  options_.expire = dice_.between(9s, 18s);
  client_options_.refresh = dice_.between(1s, 3s);
  client_options_.wait = dice_.between(2s, 10s);
  client_options_.request_timeout = dice_.between(500ms, 1s);
  client_options_.grace = dice_.between(options_.expire / 2, 2 * options_.expire);
  client_options_.backoff.initial = dice_.between(10ms, 500ms);
  client_options_.backoff.max = 10s;
  open_server();
  registry_ = open(kClient);
  discovery_ = registry_->discover(kService);
  watch_ = discovery_->watch([this](const ServerView& view) { on_list(view); });
}

RegistryHost::~RegistryHost() = default;

std::shared_ptr<tern::Registry> RegistryHost::open(const std::string& from) {
  HttpRegistryOptions options = client_options_;
  options.random = numbers(dice_);
  options.dialer = world_.network.dialer(from);
  return *open_http_registry(fmt::format("{}:1", kHost), world_.pool, std::move(options));
}

void RegistryHost::open_server() {
  ServerOptions options;
  options.log = [](std::string_view) {};
  options.random = numbers(dice_);
  server_ = std::make_unique<Server>(world_.pool, std::move(options));
  options_.random = numbers(dice_);  // so that each has an id of its own
  if (Status added = add_http_registry(*server_, options_); !added.ok()) {
    world_.ledger.violate("add_http_registry: " + added.to_string());
  }
  started_at_ = world_.clock.now();
  state_ = State::kThere;
  Host& host = world_.network.host(kHost);
  host.reachable = Host::Reachable::kYes;
  host.accept = [server = server_.get()](Loop& loop, std::unique_ptr<ByteStream> stream) {
    server->serve(loop, std::move(stream));
  };
}

void RegistryHost::enlist(Server& server, const std::string& address) {
  auto process = std::make_shared<Process>();
  process->name = fmt::format("{}, process {}", address, ++processes_);
  process->address = address;
  process->registry = open(process->name);
  places_[address].process = process;
  world_.trace.step("enlisted", processes_);
  Instance instance(*parse_endpoint(address));
  if (dice_.percent(30)) {
    Status listed = tern::announce(server, *process->registry, kService, std::move(instance));
    if (!listed.ok()) world_.ledger.violate("announce: " + listed.to_string());
    return;
  }
  process->registration = process->registry->announce(kService, std::move(instance));
  process->registration->on_status(
      [this, known = std::weak_ptr<Process>(process)](const Status& status) {
        auto of = known.lock();
        if (of && status.ok()) of->last_success = world_.clock.now();
      });
  server.async_before_stop([registration = process->registration](UniqueFunction<void()> done) {
    registration->async_withdraw(std::move(done));
  });
}

void RegistryHost::leaves(const std::string& address) {
  Place& place = places_[address];
  place.process = nullptr;
  place.may_be_withdrawn = true;
}

void RegistryHost::dies(const std::string& address) {
  Place& place = places_[address];
  world_.network.kill(place.process->name);
  place.process = nullptr;
}

// --- What befalls it ---

void RegistryHost::kill() {
  for (const auto& connection : world_.network.connections_of(kHost)) {
    connection->kill(Connection::End::kServer);
  }
  Host& host = world_.network.host(kHost);
  host.reachable = Host::Reachable::kRefuses;
  host.accept = nullptr;
  killed_at_.push_back(world_.clock.now());
  state_ = State::kDown;
  Server* dead = server_.get();
  ending_.push_back(std::move(server_));
  dead->async_stop(0ns, [this, dead] {
    std::erase_if(ending_, [dead](const auto& server) { return server.get() == dead; });
  });
}

void RegistryHost::befall() {
  if (state_ != State::kThere) return;
  std::chrono::nanoseconds lasts =
      dice_.between(0ns, world_.calm ? options_.expire / 4 : options_.expire * 3 / 2);
  switch (dice_.below(5)) {
    case 0:
    case 1:
      world_.trace.fault(Fault::kRegistryKilled);
      kill();
      world_.agenda.after(lasts, [this] {
        if (state_ == State::kDown) open_server();
      });
      return;
    case 2:
      world_.trace.fault(Fault::kRegistryHung);
      state_ = State::kHung;
      world_.network.host(kHost).reachable = Host::Reachable::kHangs;
      for (const auto& connection : world_.network.connections_of(kHost)) connection->swallow();
      world_.agenda.after(lasts, [this] {
        if (state_ != State::kHung) return;
        state_ = State::kThere;
        world_.network.host(kHost).reachable = Host::Reachable::kYes;
        for (const auto& connection : world_.network.connections_of(kHost)) connection->heal();
      });
      return;
    case 3: {
      std::vector<std::string> parties{kClient};
      for (const auto& [address, place] : places_) {
        if (place.process) parties.push_back(place.process->name);
      }
      std::string from = parties[static_cast<std::size_t>(dice_.below(parties.size()))];
      world_.trace.fault(Fault::kRegistryCutOff);
      world_.network.cut(from, kHost);
      world_.agenda.after(lasts, [this, from] { world_.network.join(from, kHost); });
      return;
    }
    default:
      world_.trace.fault(Fault::kRegistrySlow);
      world_.network.host(kHost).connect_time = dice_.between(0ns, 300ms);
  }
}

void RegistryHost::heal() {
  if (state_ == State::kDown) open_server();
  state_ = State::kThere;
}

void RegistryHost::restart() {
  kill();
  world_.agenda.after(dice_.between(0ns, 1s), [this] {
    if (state_ == State::kDown) open_server();
  });
}

void RegistryHost::retire() {
  kill();
  state_ = State::kRetired;
  for (auto& [address, place] : places_) {
    if (place.process && place.process->registration && dice_.percent(80)) {
      place.process->registration->async_withdraw([] {});
    }
  }
}

void RegistryHost::end() {
  watch_.reset();
  discovery_.reset();
  fresh_.reset();
  registry_.reset();
  for (auto& [address, place] : places_) {
    if (place.process) registrations_.push_back(place.process->registration);
  }
  places_.clear();
}

// --- The judgement ---

// A server may be off the list if its entry can have expired.
void RegistryHost::judge(const std::string& address, const Place& place) {
  const Process& process = *place.process;
  if (place.may_be_withdrawn || !process.was_seen) return;
  // When the registry has begun to count, at the earliest.
  const Clock::TimePoint counts = *process.last_success - client_options_.request_timeout;
  Clock::TimePoint ends = counts + options_.expire;
  auto killed = std::lower_bound(killed_at_.begin(), killed_at_.end(), counts);
  if (killed != killed_at_.end()) {
    // Lists of two registries before this one may be on their way, and one of an entry's end.
    if (std::next(killed) != killed_at_.end() || ends <= *killed) return;
    ends = started_at_ + std::min(options_.expire, client_options_.grace);
    if (state_ == State::kDown) ends = world_.clock.now() + 1ns;
  }
  if (world_.clock.now() < ends) {
    world_.ledger.violate(fmt::format(
        "{} lives, and is off the list {} ms too early", address,
        std::chrono::duration_cast<std::chrono::milliseconds>(ends - world_.clock.now()).count()));
  }
}

void RegistryHost::on_list(const ServerView& view) {
  std::vector<std::string> now = addresses_of(view);
  world_.trace.step("list", now.size());
  if (world_.trace.prints()) {
    world_.trace.note(fmt::format("listed: {}", fmt::join(now, " ")));
  }
  std::set<std::string> listed(now.begin(), now.end());
  for (const std::string& address : listed) {
    auto place = places_.find(address);
    if (place == places_.end()) {
      world_.ledger.violate(address + " is listed, and has never been there");
    } else if (place->second.process && place->second.process->last_success) {
      place->second.process->was_seen = true;
    }
  }
  for (const std::string& address : listed_) {
    const Place& place = places_[address];
    if (listed.count(address) == 0 && place.process) judge(address, place);
  }
  listed_ = std::move(listed);
}

std::vector<std::string> RegistryHost::living() const {
  std::vector<std::string> all;
  for (const auto& [address, place] : places_) {
    if (place.process) all.push_back(address);
  }
  return all;
}

bool RegistryHost::lists_all() const {
  return addresses_of(discovery_->view()) == living();
}

void RegistryHost::expect_living(const Discovery& discovery, const char* who, const char* when) {
  std::vector<std::string> listed = addresses_of(discovery.view());
  std::vector<std::string> lives = living();
  if (listed == lives) return;
  world_.ledger.violate(fmt::format("{}, {} lists \"{}\", and \"{}\" live: {}", when, who,
                                    fmt::join(listed, " "), fmt::join(lives, " "),
                                    discovery.view().status.to_string()));
}

// Entries of the dead expire, and nobody is waited for any more.
std::chrono::nanoseconds RegistryHost::settling_time() const {
  return 2 * options_.expire + client_options_.grace + client_options_.wait +
         2 * client_options_.backoff.max + 2 * client_options_.request_timeout;
}

void RegistryHost::expect_settled(const char* when) {
  expect_living(*discovery_, "the cluster", when);
}

// It comes back within a second. The wait before a heartbeat that follows then is not much longer
// than that, and shorter than the pause between two that succeed.
std::chrono::nanoseconds RegistryHost::restarting_time() const {
  return 1s + 1500ms + client_options_.request_timeout;
}

void RegistryHost::begin_fresh() {
  fresh_ = registry_->discover(kService);
}

void RegistryHost::expect_fresh_settled(const char* when) {
  expect_living(*fresh_, "a new client", when);
}

}  // namespace tern::sim
