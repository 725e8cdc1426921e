#include "chaos/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <future>
#include <optional>
#include <sstream>
#include <thread>
#include <utility>

#include "chaos/wait_for.h"

namespace tern::chaos {

namespace {

using namespace std::chrono_literals;

// How long after its deadline an outcome may come on a machine that has other things to do, too.
constexpr Nanoseconds kSlack = 2s;
// How long a channel may need to get through when all has healed: more than the longest pause
// between attempts to connect, an ejection, and the loss of a peer that has vanished.
constexpr std::uint64_t kThroughMs = 15'000;
// How long servers may keep what a client has left.
constexpr auto kLeft = 20s;

std::string in_words(const PlannedFault& one, bool begins) {
  return fmt::format("{:>7} ms  {}{}  (server {}, client {}, {} ms)",
                     (begins ? one.from : one.to).count(),
                     begins ? "" : "healed: ", fault_name(one.fault), one.server, one.client,
                     (one.to - one.from).count());
}

}  // namespace

// The beginning or the end of a fault; or of the drain of one server of all.
struct Run::Event {
  enum class What : std::uint8_t { kBegin, kEnd, kDrain, kRestart };
  std::chrono::milliseconds when;
  What what;
  PlannedFault fault;
};

Run::Run(Town& town, Network& network, std::function<void(const std::string&)> told)
    : town_(town), network_(network), told_(std::move(told)) {}

void Run::suffer(const std::vector<PlannedFault>& plan) {
  std::vector<Event> events;
  for (const PlannedFault& one : plan) {
    events.push_back({one.from, Event::What::kBegin, one});
    events.push_back({one.to, Event::What::kEnd, one});
    if (one.fault != Fault::kAllDrained) continue;
    const auto each = (one.to - one.from) / static_cast<int>(town_.servers());
    for (std::size_t i = 0; i < town_.servers(); ++i) {
      PlannedFault drain = one;
      drain.server = i;
      const auto from = one.from + each * static_cast<int>(i);
      events.push_back({from, Event::What::kDrain, drain});
      events.push_back({from + each * 9 / 10, Event::What::kRestart, drain});
    }
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& a, const Event& b) { return a.when < b.when; });
  const auto begun = std::chrono::steady_clock::now();
  for (const Event& event : events) {
    std::this_thread::sleep_until(begun + event.when);
    switch (event.what) {
      case Event::What::kBegin:
        begin(event.fault);
        break;
      case Event::What::kEnd:
        end(event.fault);
        break;
      case Event::What::kDrain:
        town_.begin_drain(event.fault.server);
        break;
      case Event::What::kRestart:
        town_.start_server(event.fault.server);
        break;
    }
  }
}

void Run::begin(const PlannedFault& one) {
  told_(in_words(one, true));
  ++faults_[static_cast<std::size_t>(one.fault)];
  switch (one.fault) {
    case Fault::kServerKilled:
      return town_.kill_server(one.server);
    case Fault::kServerDrained:
      return town_.begin_drain(one.server);
    case Fault::kAllDrained:
      return;
    case Fault::kServerStopped:
      return town_.signal_server(one.server, SIGSTOP);
    case Fault::kServerStarved:
      return town_.starve_server(one.server, true);
    case Fault::kClientKilled:
      return town_.kill_client(one.client);
    case Fault::kClientStopped:
      return town_.signal_client(one.client, SIGSTOP);
    case Fault::kRegistryKilled:
      return town_.kill_registry();
    case Fault::kConnectionsDestroyed:
      told_(fmt::format(
          "           {} connections",
          Network::destroy_connections(Town::server_host(one.server), Town::kServerPort)));
      return;
    case Fault::kRegistryDropped:
    case Fault::kPairDropped:
    case Fault::kOneWayDropped:
    case Fault::kPairReset:
    case Fault::kPortRejected:
      return add_rules(one);
    case Fault::kSlowLink:
      Network::shape(Town::server_host(one.server), "tbf rate 256kbit burst 16k latency 300ms");
      return;
    case Fault::kLossyLink:
      Network::shape(Town::server_host(one.server), "netem delay 20ms 10ms loss 5%");
      return;
    case Fault::kRoughProxy:
      return town_.be_rough(true);
    case Fault::kCount:
      return;
  }
}

void Run::end(const PlannedFault& one) {
  told_(in_words(one, false));
  switch (one.fault) {
    case Fault::kServerKilled:
    case Fault::kServerDrained:
      return town_.start_server(one.server);
    case Fault::kServerStopped:
      return town_.signal_server(one.server, SIGCONT);
    case Fault::kServerStarved:
      return town_.starve_server(one.server, false);
    case Fault::kClientKilled:
      return town_.start_client(one.client);
    case Fault::kClientStopped:
      return town_.signal_client(one.client, SIGCONT);
    case Fault::kRegistryKilled:
      return town_.start_registry();
    case Fault::kSlowLink:
    case Fault::kLossyLink:
      return Network::unshape(Town::server_host(one.server));
    case Fault::kRoughProxy:
      return town_.be_rough(false);
    default:
      std::erase_if(rules_, [&one](const auto& rule) { return rule.first == one; });
      return;
  }
}

void Run::add_rules(const PlannedFault& one) {
  const std::string server = network_.address(Town::server_host(one.server));
  const std::string client = network_.address(Town::client_host(one.client));
  const std::string registry = network_.address(Town::kRegistryHost);
  const std::string there = fmt::format("ip saddr {} ip daddr {} ", client, server);
  const std::string back = fmt::format("ip saddr {} ip daddr {} ", server, client);
  auto add = [&](const std::string& text) { rules_.emplace_back(one, network_.rule(text)); };
  switch (one.fault) {
    case Fault::kRegistryDropped:
      add(fmt::format("ip daddr {} drop", registry));
      add(fmt::format("ip saddr {} drop", registry));
      return;
    case Fault::kPairDropped:
      add(there + "drop");
      add(back + "drop");
      return;
    case Fault::kOneWayDropped:
      return add(back + "drop");
    case Fault::kPairReset:
      return add(there + "meta l4proto tcp reject with tcp reset");
    case Fault::kPortRejected:
      return add(fmt::format("ip daddr {} tcp dport {} reject with icmp host-unreachable", server,
                             Town::kServerPort));
    default:
      return;
  }
}

std::vector<ClientRecovery> Run::heal(Complaints& complaints) {
  std::vector<std::future<std::string>> answers;
  for (std::size_t i = 0; i < town_.clients(); ++i) {
    answers.push_back(
        std::async(std::launch::async, [this, i] { return town_.ask_client(i, "heal"); }));
  }
  std::vector<ClientRecovery> recoveries;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const std::string answer = answers[i].get();
    std::istringstream words(answer);
    ClientRecovery recovery;
    std::string outcome;
    words >> outcome >> recovery.slowest_ms >> std::ws;
    std::getline(words, recovery.channel);
    recovery.through = outcome == "through" && recovery.slowest_ms <= kThroughMs;
    if (!recovery.through) {
      complaints.push_back(
          fmt::format("client {} does not get through when all has healed: \"{}\"", i, answer));
    }
    recoveries.push_back(recovery);
  }
  for (std::size_t i = 0; i < town_.clients(); ++i) {
    std::string pending;
    if (!wait_for(10s, [&] { return (pending = town_.ask_client(i, "pending")) == "0"; })) {
      complaints.push_back(fmt::format("client {} has {} calls that never end", i, pending));
    }
  }
  for (std::size_t i = 0; i < town_.servers(); ++i) {
    ServerState state;
    auto idle = [&] {
      state = town_.server_state(i);
      return state.running == 0 && state.unsent == 0;
    };
    if (!wait_for(kLeft, idle)) {
      complaints.push_back(fmt::format("server {} still has {} calls and {} unsent bytes", i,
                                       state.running, state.unsent));
    }
  }
  return recoveries;
}

void Run::close(Complaints& complaints) {
  for (std::size_t i = 0; i < town_.clients(); ++i) town_.ask_client(i, "close");
  for (std::size_t i = 0; i < town_.servers(); ++i) {
    ServerState state;
    auto empty = [&] {
      state = town_.server_state(i);
      return state.connections == 0 && state.descriptors <= town_.base_descriptors(i);
    };
    if (!wait_for(kLeft, empty)) {
      complaints.push_back(fmt::format(
          "server {} has {} connections and {} file descriptors without a client; before the first "
          "one it had {}",
          i, state.connections, state.descriptors, town_.base_descriptors(i)));
      complaints.push_back(Network::sockets(Town::server_host(i)));
    } else {
      told_(fmt::format("server {}: {} file descriptors, {} before the first client", i,
                        state.descriptors, town_.base_descriptors(i)));
    }
  }
  for (const std::string& end : town_.bad_ends()) complaints.push_back(end);
}

Verdict judge(const Town& town, Complaints& complaints) {
  Judge judge(kSlack);
  for (std::uint32_t client : town.killed_clients()) judge.client_was_killed(client);
  for (const std::filesystem::path& path : town.histories()) {
    if (std::optional<std::vector<Record>> records = read_history(path)) {
      judge.add(*records);
    } else {
      complaints.push_back("this history is not whole: " + path.string());
    }
  }
  return judge.judge();
}

}  // namespace tern::chaos
