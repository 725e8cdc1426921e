// Runs chaos:
//   chaos [--seed N] [--seconds N] [--servers N] [--clients N] [--rate N] [--drills
//   none|short|long]
//         [--steps]
// Prints the seed, and at the end what has happened. Ends with 0; with 1 if a promise was broken;
// with 77 if this machine cannot have it, and says why. README.md has more.
#include <fmt/format.h>
#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <random>
#include <sstream>
#include <string>

#include "chaos/drills.h"
#include "chaos/rough_proxy.h"
#include "chaos/run.h"

namespace {

using namespace tern::chaos;

constexpr int kSkipped = 77;

struct Arguments {
  TownOptions town;
  std::int64_t seconds = 60;
  Drills drills = Drills::kShort;
  bool steps = false;
};

std::vector<Fault> faults_of(const Network& network) {
  std::vector<Fault> faults;
  for (std::size_t i = 0; i < kFaults; ++i) {
    const auto fault = static_cast<Fault>(i);
    if (const std::string why = network.missing(fault); !why.empty()) {
      fmt::print("not to be had here: {}: {}\n", fault_name(fault), why);
    } else {
      faults.push_back(fault);
    }
  }
  return faults;
}

void print_faults(const FaultCounts& faults, const std::string& treated) {
  for (std::size_t i = 0; i < kFaults; ++i) {
    fmt::print("{:>10}  {}\n", faults[i], fault_name(static_cast<Fault>(i)));
  }
  std::istringstream counts(treated);
  std::uint64_t count = 0;
  for (std::size_t i = 0; counts >> count; ++i) {
    fmt::print("{:>10}  by the proxy: bytes {}\n", count,
               treatment_name(static_cast<Treatment>(i)));
  }
}

void print_verdict(const Verdict& verdict) {
  fmt::print(
      "{} calls, {} executions: {} succeeded; of the failures {} say that no handler has run, {} "
      "that one can have, {} that one has; {} died with their client; {} idempotent ones ran more "
      "than once\n",
      verdict.calls, verdict.runs, verdict.succeeded, verdict.failed[0], verdict.failed[1],
      verdict.failed[2], verdict.died_with_their_client, verdict.ran_more_than_once);
  fmt::print("failures:");
  for (std::size_t i = 0; i < verdict.by_code.size(); ++i) {
    if (verdict.by_code[i] == 0) continue;
    fmt::print(" {} {}", tern::code_name(static_cast<tern::Code>(i)), verdict.by_code[i]);
  }
  fmt::print(
      "\nthe latest outcome came {} ms after its deadline, {} came 100 ms or more after it\n",
      verdict.latest.count() / 1'000'000, verdict.later_than_tenth);
  for (std::size_t i = 0; i < verdict.breaches.size(); ++i) {
    fmt::print("{:>10}  {}\n", verdict.breaches[i], breach_name(static_cast<Breach>(i)));
  }
  for (const std::string& example : verdict.examples) fmt::print("BROKEN {}\n", example);
}

int run(Arguments& arguments, Network& network) {
  std::string directory = std::filesystem::temp_directory_path() / "tern-chaos-XXXXXX";
  if (::mkdtemp(directory.data()) == nullptr) {
    fmt::print(stderr, "chaos: no directory like {}\n", directory);
    return 1;
  }
  arguments.town.directory = directory;
  PlanOptions planned;
  planned.seed = arguments.town.seed;
  planned.length = std::chrono::seconds(arguments.seconds);
  planned.servers = arguments.town.servers;
  planned.clients = arguments.town.clients;
  planned.faults = faults_of(network);
  auto tell = [&arguments](const std::string& line) {
    if (arguments.steps) fmt::print("{}\n", line);
    std::fflush(stdout);
  };

  Complaints complaints;
  Verdict verdict;
  {
    Town town(network, arguments.town);
    Run run(town, network, tell);
    run.suffer(make_plan(planned));
    const std::string treated = town.ask_proxy("stats");
    for (const ClientRecovery& client : run.heal(complaints)) {
      fmt::print("healed: a client gets through on every channel after {} ms, the last is {}\n",
                 client.slowest_ms, client.channel);
    }
    drill(arguments.drills, town, network, complaints);
    run.close(complaints);
    verdict = judge(town, complaints);
    print_faults(run.faults(), treated);
  }
  print_verdict(verdict);
  for (const std::string& complaint : complaints) fmt::print("BROKEN {}\n", complaint);
  if (verdict.broken() == 0 && complaints.empty()) {
    std::filesystem::remove_all(directory);
    fmt::print("seed {}: every promise was kept\n", arguments.town.seed);
    return 0;
  }
  fmt::print("seed {}: promises were broken; the histories are in {}\n", arguments.town.seed,
             directory);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Runs servers, clients and a registry, and lets faults befall them.");
  Arguments arguments;
  arguments.town.seed = std::random_device()() % 1'000'000;
  arguments.town.programs = {TERN_COMMAND, TERN_CHAOS_SERVER, TERN_CHAOS_CLIENT, TERN_CHAOS_PROXY};
  std::string drills = "short";
  app.add_option("--seed", arguments.town.seed, "chooses the faults; any, at first");
  app.add_option("--seconds", arguments.seconds, "of faults")->capture_default_str();
  app.add_option("--servers", arguments.town.servers)->check(CLI::Range(1, 20));
  app.add_option("--clients", arguments.town.clients)->check(CLI::Range(1, 20));
  app.add_option("--rate", arguments.town.rate, "calls a second of each client")
      ->capture_default_str();
  app.add_option("--drills", drills, "single faults afterwards, with times that are measured")
      ->check(CLI::IsMember({"none", "short", "long"}));
  app.add_flag("--steps", arguments.steps, "prints every fault");
  CLI11_PARSE(app, argc, argv);
  arguments.drills = drills == "none"    ? Drills::kNone
                     : drills == "short" ? Drills::kShort
                                         : Drills::kLong;
  fmt::print("seed {}\n", arguments.town.seed);
  try {
    auto network = Network::make();
    if (!network.ok()) {
      fmt::print("skipped: {}\n", network.status().message());
      return kSkipped;
    }
    return run(arguments, **network);
  } catch (const std::exception& failure) {
    fmt::print("BROKEN {}\n", failure.what());
    return 1;
  }
}
