// One simulation: servers, clients and a cluster on a network that misbehaves, from one seed.
#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/agenda.h"
#include "sim/bank_handler.h"
#include "sim/dice.h"
#include "sim/guard.h"
#include "sim/ledger.h"
#include "sim/message_witness.h"
#include "sim/network.h"
#include "sim/registry_host.h"
#include "sim/strangers.h"
#include "sim/stream_handler.h"
#include "sim/stream_ledger.h"
#include "sim/stream_programs.h"
#include "sim/token_office.h"
#include "sim/trace.h"
#include "sim/via.h"
#include "tern/client.h"
#include "tern/cluster.h"
#include "tern/fan_out.h"
#include "tern/io_pool.h"
#include "tern/server.h"
#include "tern/server_list.h"

namespace tern::sim {

struct Plan {
  Plan() = default;
  std::uint64_t seed = 1;
  std::size_t calls = 200;
  std::optional<Via> via;  // what all clients speak; nothing: by chance
  bool print = false;      // every step
};

struct Outcome {
  Outcome() = default;
  std::vector<std::string> violations;
  std::uint64_t hash = 0;
  std::uint64_t steps = 0;
  FaultCounts faults{};
  std::size_t calls = 0;
  std::size_t ended_well = 0;
  std::size_t ran_no = 0;  // failures that say so
  std::size_t ran_unknown = 0;
  std::size_t ran_yes = 0;
  std::size_t streams = 0;  // of the calls
  std::uint64_t messages = 0;
  std::chrono::nanoseconds simulated{0};
};

class World {
 public:
  explicit World(const Plan& plan);
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World();

  // Once.
  Outcome run();
  // It has not come to its end, and cannot be destroyed.
  bool stuck() const noexcept { return io_.stopped(); }

 private:
  struct Place {
    std::string name;
    bool listed = true;
    ServerOptions options;
    std::shared_ptr<BankHandler> handler;
    std::shared_ptr<FlowHandler> streams;
    std::unique_ptr<Server> server;  // null: one has gone, and the next is not there yet
    bool stays_away = false;         // there is no next
  };
  struct Member {
    std::string name;  // in the ledger
    std::string host;
    Via via = Via::kTern;
    ClientOptions options;
    bool known = true;               // to the authenticator, if there is one
    std::unique_ptr<Client> client;  // null: closed, and soon to be made again
  };
  // --- What there is ---
  void make_servers();
  ServerOptions server_options();
  void open(Place& place);
  void make_clients();
  void make_cluster();
  Via draw_via();
  ClientOptions client_options(Via via);
  void open(Member& member);
  void list_servers();
  std::string address_of(const Place& place) const;
  void open_registry();
  void make_guard();
  // Whether servers will know who it is.
  bool give_tokens(ClientOptions& options, Via via, const std::string& owner,
                   TokenOffice::Lifetimes lifetimes);

  // --- What happens ---
  void live();
  void plan_calls();
  void plan_faults();
  void start_call(bool in_callback);
  void start_stream(bool in_callback);
  void open_stream_to_caller(Channel& caller);
  void draw_stream_limits(Limits& limits);
  void poke(Ledger::Nonce nonce);
  std::shared_ptr<FlowHandler> make_flow(const Limits& limits, Guard* guard);
  // `channel`: which of the members; more than there are: the cluster.
  void watch(std::shared_ptr<Call<Ticket>> call, Ledger::Nonce nonce, std::size_t channel);
  void on_end(Ledger::Nonce nonce, const Result<Ticket>& result, std::size_t channel);
  void close_client(std::size_t which, Fault fault);
  void befall();
  void befall_host(Place& place);
  void befall_connection();
  enum class Farewell : std::uint8_t { kDrains, kDies };
  void drain(Place& place, Farewell farewell = Farewell::kDrains);
  void end_server(Place& place, std::chrono::nanoseconds time);
  void plan_registry_faults();
  void plan_guard_faults();
  // So that the authenticator knows which call it is asked for.
  void sign(CallOptions& options, Via via, Ledger::Nonce nonce);
  static Ledger::OneClient one_client(Via via, int sends);
  std::vector<std::string> host_names() const;

  // --- Time ---
  void run_until(Clock::TimePoint end);
  void settle();
  void expect_limits();

  // --- The end ---
  void judge();
  void heal();
  void probe();
  void probe_full_servers();
  void expect_registry();
  void end_registry();
  void probe_streams();
  void probe_guard();
  void end_guard();
  bool has_small_budget(const Member& member) const;
  bool has_room_to_wait(const Member& member) const;
  void expect_nothing_left();

  const Plan plan_;
  Dice dice_;
  ManualClock clock_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  Trace trace_;
  Agenda agenda_;
  Ledger ledger_;
  StreamLedger streams_;
  StreamPrograms programs_;
  IoPool pool_;
  Network network_;
  const bool heavy_;         // replies are large
  const bool calm_;          // nothing befalls connections and hosts
  const bool has_registry_;  // the cluster's servers are listed in one
  // Of all servers and clients; null: nobody sees messages.
  const std::shared_ptr<MessageWitness> witness_;
  // Null: everybody may call everything.
  std::unique_ptr<TokenOffice> tokens_;
  std::shared_ptr<Guard> guard_;
  Dice guard_dice_{0};
  bool faults_end_ = false;
  std::size_t calls_left_;
  std::chrono::nanoseconds pace_;  // between calls, on average half of it
  std::vector<Place> places_;
  std::vector<std::unique_ptr<Server>> draining_;
  Strangers strangers_{network_, pool_, agenda_, dice_, trace_};
  std::shared_ptr<ServerList> list_;        // null: there is a registry
  std::unique_ptr<RegistryHost> registry_;  // null: there is a list
  // What clients that serve serve with.
  std::shared_ptr<BankHandler> own_handler_;
  std::unique_ptr<Server> own_server_;
  std::vector<Member> members_;
  std::unique_ptr<Cluster> cluster_;
  std::vector<FanOut> fan_outs_;  // over the cluster
  Via cluster_via_ = Via::kTern;
  bool cluster_known_ = true;
};

// Runs a simulation from its beginning to its judgement.
Outcome simulate(const Plan& plan);

}  // namespace tern::sim
