// A run: the faults of a plan befall a town, everything heals, and it is judged.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "chaos/fault.h"
#include "chaos/network.h"
#include "chaos/plan.h"
#include "chaos/town.h"
#include "chaos/verdict.h"

namespace tern::chaos {

// How a client came through, when all had healed.
struct ClientRecovery {
  bool through = false;
  std::uint64_t slowest_ms = 0;  // until all of its channels had
  std::string channel;           // the last of them
};

// Breaks of promises that are not about one call, in words.
using Complaints = std::vector<std::string>;

class Run {
 public:
  // `told` gets a line for each fault. All outlive it.
  Run(Town& town, Network& network, std::function<void(const std::string&)> told);

  // Lets them befall it, and heals them. Returns when all are over.
  void suffer(const std::vector<PlannedFault>& plan);
  // Everybody gets through, and nothing is pending. Clients call no more afterwards.
  std::vector<ClientRecovery> heal(Complaints& complaints);
  // Closes the clients: nothing is left at the servers.
  void close(Complaints& complaints);

  const FaultCounts& faults() const noexcept { return faults_; }

 private:
  struct Event;

  void begin(const PlannedFault& one);
  void end(const PlannedFault& one);
  void add_rules(const PlannedFault& one);

  Town& town_;
  Network& network_;
  const std::function<void(const std::string&)> told_;
  FaultCounts faults_{};
  std::vector<std::pair<PlannedFault, std::shared_ptr<Network::Rule>>> rules_;
};

// All histories of the town, judged.
Verdict judge(const Town& town, Complaints& complaints);

}  // namespace tern::chaos
