// The HTTP registry of a simulation: its host, the servers that list themselves there, and the list
// that a cluster has of them.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/agenda.h"
#include "sim/dice.h"
#include "sim/ledger.h"
#include "sim/network.h"
#include "sim/trace.h"
#include "tern/discovery.h"
#include "tern/http_registry.h"
#include "tern/io_pool.h"
#include "tern/server.h"

namespace tern::sim {

// The promises:
// - a server that lives is not off the list because the registry has been started anew;
// - nor for another reason, as long as its entry cannot have expired;
// - a list has only servers that have been there;
// - when all is well for a while, the list is who lives, as it is for a client that begins then;
// - a registry that has been started anew soon knows every server;
// - a server that stops is off the list when it has ended.
class RegistryHost {
 public:
  struct World {
    IoPool& pool;
    Network& network;
    Agenda& agenda;
    Trace& trace;
    Ledger& ledger;
    const Clock& clock;
    bool calm;  // it is not away for longer than an entry lasts
  };
  // All of `world` outlives this.
  RegistryHost(World world, Dice dice);
  RegistryHost(const RegistryHost&) = delete;
  RegistryHost& operator=(const RegistryHost&) = delete;
  ~RegistryHost();

  // --- Servers, by the addresses that clients dial ---

  // `server` is a new process. From now on it is expected on the list, until one of the others.
  void enlist(Server& server, const std::string& address);
  // It begins to stop.
  void leaves(const std::string& address);
  // It has died, without a word to anybody.
  void dies(const std::string& address);

  // The cluster's.
  std::shared_ptr<Discovery> discovery() noexcept { return discovery_; }
  bool lists_all() const;

  // --- What befalls it ---

  void befall();
  // The longest pause between two such.
  std::chrono::nanoseconds pace() const noexcept { return options_.expire / 2; }
  // It is there, and stays. The network is healed, too.
  void heal();
  // After which the list is who lives.
  std::chrono::nanoseconds settling_time() const;
  void expect_settled(const char* when);

  // It is killed, and comes back without its list.
  void restart();
  // After which it knows all servers.
  std::chrono::nanoseconds restarting_time() const;
  // What a client sees that begins now. See expect_settled().
  void begin_fresh();
  void expect_fresh_settled(const char* when);

  // It is gone for good.
  void retire();
  // What the cluster's client has goes, too. After this only the loop has something left to do.
  void end();

 private:
  // One server's process, from its beginning to its end.
  struct Process {
    std::string name;  // as the network knows it
    std::string address;
    std::shared_ptr<tern::Registry> registry;
    std::shared_ptr<Registration> registration;    // null: its server keeps it itself
    std::optional<Clock::TimePoint> last_success;  // of a heartbeat
    bool was_seen = false;                         // in the cluster's list, behind the first
  };
  struct Place {
    std::shared_ptr<Process> process;  // null: nobody lives there
    bool may_be_withdrawn = false;     // by a process before this one, whose words come late
  };
  enum class State : std::uint8_t { kThere, kHung, kDown, kRetired };

  std::shared_ptr<tern::Registry> open(const std::string& from);
  void open_server();
  void kill();
  void on_list(const ServerView& view);
  void judge(const std::string& address, const Place& place);
  std::vector<std::string> living() const;
  void expect_living(const Discovery& discovery, const char* who, const char* when);

  const World world_;
  Dice dice_;
  HttpRegistryServerOptions options_;
  HttpRegistryOptions client_options_;
  std::map<std::string, Place> places_;
  std::size_t processes_ = 0;

  State state_ = State::kThere;
  std::unique_ptr<Server> server_;
  std::vector<std::unique_ptr<Server>> ending_;
  Clock::TimePoint started_at_{};             // the present one
  std::vector<Clock::TimePoint> killed_at_;   // those before it
  std::shared_ptr<tern::Registry> registry_;  // the cluster's
  std::shared_ptr<Discovery> discovery_;
  std::unique_ptr<Discovery::Watch> watch_;
  std::shared_ptr<Discovery> fresh_;
  std::set<std::string> listed_;
  std::vector<std::shared_ptr<Registration>> registrations_;  // that have ended, to the very end
};

}  // namespace tern::sim
