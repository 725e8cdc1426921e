// Hosts of a network that is the run's alone, and what can befall its links.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chaos/fault.h"
#include "tern/result.h"

namespace tern::chaos {

// Each host is a network namespace with one link to this process's own, which passes packets on
// between them. All go with this process. Threads: one, and none but the caller's when it is made.
class Network {
 public:
  // Moves this process into namespaces of its own. The failure says what is missing for that.
  static Result<std::unique_ptr<Network>> make();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  // Why this machine cannot have that fault; "" if it can.
  std::string missing(Fault fault) const;

  // Its name is of letters and digits. Its address is that of all its life.
  void add_host(const std::string& name);
  std::string address(const std::string& host) const;

  // The command that runs `command` there.
  static std::vector<std::string> on(const std::string& host, std::vector<std::string> command);
  // Runs `work` on a thread there; threads that it starts are there, too.
  static void run_on(const std::string& host, const std::function<void()>& work);

  // A rule for packets that are passed on, until it is lifted: "ip daddr 10.77.1.2 drop".
  class Rule;
  std::shared_ptr<Rule> rule(std::string text);

  // Packets to the host: tc's words for how.
  static bool shape(const std::string& host, const std::string& qdisc);
  static void unshape(const std::string& host);

  // Destroys the host's connections to that port of its own; their number.
  static int destroy_connections(const std::string& host, std::uint16_t port);
  // What ss says of the host's sockets.
  static std::string sockets(const std::string& host);

 private:
  Network() = default;
  void apply_rules();

  std::vector<std::string> hosts_;
  std::list<std::string> rules_;
  bool has_nft_ = false;
  bool has_tbf_ = false;
  bool has_netem_ = false;
  bool destroys_sockets_ = false;
};

// In force as long as it lives; the network outlives it.
class Network::Rule {
 public:
  Rule(Network& network, std::list<std::string>::iterator text) : network_(network), text_(text) {}
  Rule(const Rule&) = delete;
  Rule& operator=(const Rule&) = delete;
  ~Rule();

 private:
  Network& network_;
  const std::list<std::string>::iterator text_;
};

}  // namespace tern::chaos
