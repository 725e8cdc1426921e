// Peers that speak to a server by hand, nonsense or nothing, and may leave at any time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/agenda.h"
#include "sim/dice.h"
#include "sim/network.h"
#include "sim/trace.h"
#include "tern/byte_stream.h"
#include "tern/dialer.h"
#include "tern/io_pool.h"

namespace tern::sim {

// What it is made with outlives it.
class Strangers {
 public:
  Strangers(Network& network, IoPool& pool, Agenda& agenda, Dice& dice, Trace& trace)
      : network_(network), pool_(pool), agenda_(agenda), dice_(dice), trace_(trace) {}
  Strangers(const Strangers&) = delete;
  Strangers& operator=(const Strangers&) = delete;

  // One more comes to one of the hosts.
  void meet(const std::vector<std::string>& hosts);
  // All hang up.
  void leave();
  // Lets go of them.
  void clear() { strangers_.clear(); }

 private:
  struct Stranger {
    std::unique_ptr<Dialer::Attempt> attempt;
    std::unique_ptr<ByteStream> stream;
  };

  Network& network_;
  IoPool& pool_;
  Agenda& agenda_;
  Dice& dice_;
  Trace& trace_;
  std::vector<std::unique_ptr<Stranger>> strangers_;
};

}  // namespace tern::sim
