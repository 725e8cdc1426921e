#include "chaos/drills.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
#include <thread>
#include <utility>

#include "chaos/desk.h"
#include "chaos/time_limits.h"
#include "chaos/wait_for.h"

namespace tern::chaos {

namespace {

using namespace std::chrono_literals;

long ms(Nanoseconds time) {
  return static_cast<long>(time.count() / 1'000'000);
}

class Drill {
 public:
  Drill(Town& town, Network& network, Complaints& complaints)
      : town_(town), network_(network), complaints_(complaints) {}

  // The way between a client and a server is cut while a call without a deadline runs.
  void vanish() {
    if (!network_.missing(Fault::kPairDropped).empty()) return;
    Desk desk(town_, Town::client_host(0));
    Client client("netrpc+tcp@" + town_.server_where(0), desk.pool(), client_options(true));
    std::atomic<bool> ended = false;
    RecordedCall wish = desk.call(std::nullopt, 1h);
    Call<till::Receipt> call = wish.start(client, 0, desk.history());
    call.then([&](const Result<till::Receipt>& result) {
      wish.write_end(result, desk.history());
      ended = true;
    });
    expect(wait_for(10s, [&] { return town_.server_state(0).running == 1; }),
           "vanish: the call does not reach its server");
    auto cut = cut_off(0, 0);
    const Nanoseconds begun = monotonic_now();
    std::optional<Nanoseconds> at_client;
    std::optional<Nanoseconds> at_server;
    wait_for(kVanished * 4, [&] {
      if (ended && !at_client) at_client = monotonic_now() - begun;
      if (town_.server_state(0).running == 0 && !at_server) at_server = monotonic_now() - begun;
      return at_client && at_server;
    });
    cut.clear();
    report_vanished("4 s", kVanished, at_client, at_server);
    client.close();
  }

  // The same with the default times, over our frames and over net/rpc.
  void vanish_by_default(const std::string& server_program) {
    if (!network_.missing(Fault::kPairDropped).empty()) return;
    Desk desk(town_, Town::client_host(1));
    const std::string where = network_.address(Town::server_host(1)) + ":7001";
    test::ChildProcess server(
        Network::on(Town::server_host(1), {server_program, "--patient", "--listen", "tcp@" + where,
                                           "--history", town_.new_history("patient").string()}));
    expect(server.next_line().has_value(), "vanish: the patient server does not listen");
    Client frames("tcp@" + where, desk.pool(), client_options(false));
    Client go("netrpc+tcp@" + where, desk.pool(), client_options(false));
    std::atomic<int> ended = 0;
    for (Client* client : {&frames, &go}) {
      RecordedCall wish = desk.call(std::nullopt, 1h);
      Call<till::Receipt> call = wish.start(*client, 0, desk.history());
      call.then([&desk, &ended, wish](const Result<till::Receipt>& result) {
        wish.write_end(result, desk.history());
        ++ended;
      });
    }
    auto state = [&server] {
      server.type("stats\n");
      std::istringstream line(server.next_line().value_or("0 0"));
      std::pair<int, int> connections_and_running{0, 0};
      line >> connections_and_running.first >> connections_and_running.second;
      return connections_and_running;
    };
    expect(wait_for(10s, [&] { return state().second == 2; }),
           "vanish: the calls do not reach the patient server");
    auto cut = cut_off(1, 1);
    const Nanoseconds begun = monotonic_now();
    std::optional<Nanoseconds> at_client;
    std::optional<Nanoseconds> at_server;
    wait_for(100s, [&] {
      if (ended == 2 && !at_client) at_client = monotonic_now() - begun;
      if (state() == std::pair(0, 0) && !at_server) at_server = monotonic_now() - begun;
      return at_client && at_server;
    });
    cut.clear();
    report_vanished("the default, 40 s", 40s, at_client, at_server);
    frames.close();
    go.close();
  }

  // A server is stopped and goes on, while calls with deadlines go there.
  void suspend(Nanoseconds length) {
    Desk desk(town_, Town::client_host(0));
    std::vector<std::unique_ptr<Client>> clients;
    std::vector<std::unique_ptr<Calling>> calling;
    for (const char* scheme : {"tcp", "netrpc+tcp", "jsonrpc2+tcp", "connect+http"}) {
      clients.push_back(std::make_unique<Client>(
          fmt::format("{}@{}", scheme, town_.server_where(0)), desk.pool(), client_options(true)));
      expect(desk.get(*clients.back(), desk.call(5s)).ok(), "suspend: no first call");
    }
    for (auto& client : clients) {
      calling.push_back(std::make_unique<Calling>(desk, *client, 300ms, 10ms));
    }
    expect(wait_for(10s, [&] { return calling[0]->calls() >= 5; }), "suspend: no calls");
    town_.signal_server(0, SIGSTOP);
    const Nanoseconds begun = monotonic_now();
    wait_for(length, [] { return false; });
    town_.signal_server(0, SIGCONT);
    const Nanoseconds stopped = monotonic_now() - begun;
    const Nanoseconds again = monotonic_now();
    std::string through;
    for (auto& client : clients) {
      expect(wait_for(15s, [&] { return desk.get(*client, desk.call(1s)).ok(); }),
             "suspend: a client does not get through");
      through += fmt::format(" {}", ms(monotonic_now() - again));
    }
    std::uint64_t calls = 0;
    std::uint64_t failed = 0;
    std::string connects;
    std::string late;
    for (std::size_t i = 0; i < clients.size(); ++i) {
      calling[i]->stop();
      calls += calling[i]->calls();
      failed += calling[i]->failed();
      const ClientStats stats = clients[i]->stats();
      connects += fmt::format(" {}", stats.connects + stats.connect_failures);
      late += fmt::format(" {}", stats.late_replies);
      // The connection that is lost is made again: every 2 s at most, and once when all is well.
      const auto most = static_cast<std::uint64_t>(stopped / 1s) + 5;
      expect(stats.connects + stats.connect_failures <= most, "suspend: a storm of connects");
    }
    fmt::print(
        "K9: a server stopped for {} ms: {} calls, {} failed; late replies dropped (tern, netrpc, "
        "jsonrpc2, connect):{}; attempts to connect:{}; through again after{} ms\n",
        ms(stopped), calls, failed, late, connects, through);
  }

  // A server is killed while calls run on each.
  void kill() {
    Desk desk(town_, Town::client_host(0));
    Cluster cluster(discover(town_, desk.pool()), desk.pool(), cluster_options());
    expect(wait_for(15s,
                    [&] {
                      (void)desk.get(cluster, desk.call(1s));
                      std::size_t ready = 0;
                      for (const auto& server : cluster.stats().servers) {
                        ready += server.state == "ready" ? 1 : 0;
                      }
                      return ready == town_.servers();
                    }),
           "kill: not all servers are connected");
    constexpr int kCalls = 100;
    std::atomic<int> ended = 0;
    std::atomic<int> failed = 0;
    std::atomic<int> definite = 0;
    for (int i = 0; i < kCalls; ++i) {
      RecordedCall wish = desk.call(20s, 2s);
      Call<till::Receipt> call = wish.start(cluster, 0, desk.history());
      call.then([&, wish](const Result<till::Receipt>& result) {
        wish.write_end(result, desk.history());
        if (!result.ok()) {
          ++failed;
          if (result.status().handler_ran() != HandlerRan::kUnknown) ++definite;
        }
        ++ended;
      });
    }
    std::uint64_t running = 0;
    const bool all_run = wait_for(2s, [&] {
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < town_.servers(); ++i) {
        const std::uint64_t its = town_.server_state(i).running;
        if (i == 1) running = its;
        sum += its;
      }
      return sum == kCalls;
    });
    town_.kill_server(1);
    expect(wait_for(30s, [&] { return ended == kCalls; }), "kill: calls do not end");
    town_.start_server(1);
    expect(static_cast<std::uint64_t>(failed) <= running,
           fmt::format("kill: {} calls failed, {} ran on the server", failed.load(), running));
    expect(definite == 0, "kill: a failure says that it knows whether its handler has run");
    fmt::print("S3: kill -9 of 1 of {} servers, {} calls in flight{}: {} ran there, {} failed\n",
               town_.servers(), kCalls, all_run ? "" : " (not all had begun)", running,
               failed.load());
  }

  // The registry is cut off while clusters call.
  void cut_registry(Nanoseconds length) {
    if (!network_.missing(Fault::kRegistryDropped).empty()) return;
    Desk desk(town_, Town::client_host(0));
    Cluster cluster(discover(town_, desk.pool()), desk.pool(), cluster_options());
    expect(wait_for(20s, [&] { return cluster.servers().size() == town_.servers(); }),
           "registry: not all servers are listed");
    const std::string registry = network_.address(Town::kRegistryHost);
    Calling calling(desk, cluster, 5s, 5ms);
    std::vector<std::shared_ptr<Network::Rule>> cut{
        network_.rule(fmt::format("ip daddr {} drop", registry)),
        network_.rule(fmt::format("ip saddr {} drop", registry))};
    wait_for(length, [] { return false; });
    cut.clear();
    const Nanoseconds begun = monotonic_now();
    expect(wait_for(60s,
                    [&] {
                      Cluster fresh(discover(town_, desk.pool()), desk.pool(), cluster_options());
                      return wait_for(500ms,
                                      [&] { return fresh.servers().size() == town_.servers(); });
                    }),
           "registry: not all servers are listed again");
    const Nanoseconds again = monotonic_now() - begun;
    calling.stop();
    expect(calling.failed() == 0, "registry: calls failed: " + calling.last_failure());
    fmt::print(
        "D1: the registry cut off for {} ms: {} calls, {} failed; a new client finds every server "
        "after {} ms\n",
        ms(length), calling.calls(), calling.failed(), ms(again));
  }

  // A server has no file descriptors left, and 120 connections want one each.
  void starve() {
    Desk desk(town_, Town::client_host(0));
    Client old("tcp@" + town_.server_where(0), desk.pool(), client_options(true));
    expect(wait_for(10s, [&] { return desk.get(old, desk.call(1s)).ok(); }),
           "starve: no first call");
    town_.starve_server(0, true);
    std::vector<int> sockets;
    Network::run_on(Town::client_host(1), [&] {
      for (int i = 0; i < 120; ++i) {
        sockets.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      }
    });
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(Town::kServerPort);
    address.sin_addr.s_addr = ::inet_addr(network_.address(Town::server_host(0)).c_str());
    for (int socket : sockets) {
      ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
    }
    const long before = processor_time(0);
    const Nanoseconds begun = monotonic_now();
    std::uint64_t failed = 0;
    std::uint64_t calls = 0;
    wait_for(2s, [&] {
      failed += desk.get(old, desk.call(2s)).ok() ? 0 : 1;
      ++calls;
      std::this_thread::sleep_for(100ms);
      return false;
    });
    const double share = 1e7 * static_cast<double>(processor_time(0) - before) /
                         static_cast<double>((monotonic_now() - begun).count());
    for (int socket : sockets) ::close(socket);
    town_.starve_server(0, false);
    const Nanoseconds freed = monotonic_now();
    Client fresh("tcp@" + town_.server_where(0), desk.pool(), client_options(true));
    expect(wait_for(15s, [&] { return desk.get(fresh, desk.call(1s)).ok(); }),
           "starve: the server accepts nobody any more");
    const Nanoseconds recovered = monotonic_now() - freed;
    expect(failed == 0, "starve: calls on a connection that was there failed");
    expect(recovered <= 3s, fmt::format("starve: accepts again after {} ms", ms(recovered)));
    fmt::print(
        "R5: no file descriptors, 120 connections wait: {} calls of an old connection, {} failed; "
        "{:.1f} % of a processor; accepts again {} ms after there are some\n",
        calls, failed, 100 * share, ms(recovered));
  }

 private:
  void expect(bool good, std::string what) {
    if (!good) complaints_.push_back("drill: " + std::move(what));
  }

  std::vector<std::shared_ptr<Network::Rule>> cut_off(std::size_t client, std::size_t server) {
    const std::string a = network_.address(Town::client_host(client));
    const std::string b = network_.address(Town::server_host(server));
    return {network_.rule(fmt::format("ip saddr {} ip daddr {} drop", a, b)),
            network_.rule(fmt::format("ip saddr {} ip daddr {} drop", b, a))};
  }

  void report_vanished(const std::string& configured, Nanoseconds limit,
                       std::optional<Nanoseconds> at_client, std::optional<Nanoseconds> at_server) {
    auto in_time = [limit](const std::optional<Nanoseconds>& time) {
      return time && *time <= limit * 12 / 10;
    };
    auto text = [](const std::optional<Nanoseconds>& time) {
      return time ? fmt::format("{} ms", ms(*time)) : "not at all";
    };
    fmt::print(
        "K8: a peer vanishes (nft drop), configured {}: the client finds it after {}, the "
        "server after {}\n",
        configured, text(at_client), text(at_server));
    expect(in_time(at_client) && in_time(at_server),
           fmt::format("vanish: found too late: {} and {}", text(at_client), text(at_server)));
  }

  // In hundredths of a second, user and system.
  long processor_time(std::size_t server) {
    std::ifstream file(fmt::format("/proc/{}/stat", town_.server_pid(server)));
    std::string line;
    std::getline(file, line);
    std::istringstream words(line.substr(line.rfind(')') + 1));
    std::vector<std::string> all{std::istream_iterator<std::string>(words), {}};
    return std::stol(all.at(11)) + std::stol(all.at(12));
  }

  Town& town_;
  Network& network_;
  Complaints& complaints_;
};

}  // namespace

void drill(Drills drills, Town& town, Network& network, Complaints& complaints) {
  if (drills == Drills::kNone) return;
  Drill one(town, network, complaints);
  one.starve();
  one.vanish();
  one.kill();
  one.suspend(drills == Drills::kLong ? 30s : 3s);
  one.cut_registry(drills == Drills::kLong ? 60s : 3s);
  if (drills == Drills::kLong) one.vanish_by_default(town.server_program());
}

}  // namespace tern::chaos
