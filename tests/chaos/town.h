// The processes of a run: a registry, servers, clients, a proxy, each on a host of its own.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "chaos/history.h"
#include "chaos/network.h"
#include "support/child_process.h"

namespace tern::chaos {

struct Programs {
  std::string tern;
  std::string server;
  std::string client;
  std::string proxy;
};

struct TownOptions {
  Programs programs;
  std::filesystem::path directory;  // of the histories
  std::uint64_t seed = 0;
  std::size_t servers = 4;
  std::size_t clients = 3;
  int rate = 100;  // calls a second of each client
};

// What a server says of itself.
struct ServerState {
  std::uint64_t connections = 0;
  std::uint64_t running = 0;
  std::uint64_t unsent = 0;
  std::size_t descriptors = 0;
};

// Threads: one. Throws std::runtime_error if a process does not begin as it should.
class Town {
 public:
  Town(Network& network, TownOptions options);
  Town(const Town&) = delete;
  Town& operator=(const Town&) = delete;

  // --- What befalls the processes ---

  void kill_server(std::size_t number);
  void begin_drain(std::size_t number);
  // Where it was, after its end, which is waited for: that of a drain is noted if it is not good.
  void start_server(std::size_t number);
  void signal_server(std::size_t number, int signal) { servers_[number].process->signal(signal); }
  // It may open no more file descriptors than it has; or as many as before.
  void starve_server(std::size_t number, bool starve);
  void kill_registry() { registry_->kill(); }
  void start_registry();
  void kill_client(std::size_t number);
  void start_client(std::size_t number);
  void signal_client(std::size_t number, int signal) { clients_[number].process->signal(signal); }
  void be_rough(bool rough);

  // --- Where they are ---

  static std::string server_host(std::size_t number) { return "server" + std::to_string(number); }
  static std::string client_host(std::size_t number) { return "client" + std::to_string(number); }
  static constexpr const char* kRegistryHost = "registry";
  static constexpr std::uint16_t kServerPort = 7000;
  static constexpr std::uint16_t kRegistryPort = 9999;
  std::string server_where(std::size_t number) const;  // host:port
  std::string registry_where() const;
  std::size_t servers() const noexcept { return servers_.size(); }
  std::size_t clients() const noexcept { return clients_.size(); }

  // --- What they say ---

  // The answer to a command; "" from a process that has ended.
  std::string ask_client(std::size_t number, const std::string& command);
  std::string ask_proxy(const std::string& command);
  ServerState server_state(std::size_t number);
  pid_t server_pid(std::size_t number) const { return servers_[number].process->pid(); }
  // The most descriptors that the server had before there was a client.
  std::size_t base_descriptors(std::size_t number) const { return servers_[number].base; }

  const std::string& server_program() const { return options_.programs.server; }
  // Of calls that this process makes itself: a number for their nonces, and a file.
  std::uint32_t new_caller() { return ++last_client_; }
  std::filesystem::path new_history(const std::string& of);

  const std::vector<std::filesystem::path>& histories() const noexcept { return histories_; }
  const std::vector<std::uint32_t>& killed_clients() const noexcept { return killed_clients_; }
  // Processes that have ended otherwise than they were told.
  const std::vector<std::string>& bad_ends() const noexcept { return bad_ends_; }
  void note_bad_end(std::string what) { bad_ends_.push_back(std::move(what)); }

 private:
  enum class End : std::uint8_t { kNone, kKilled, kDrained };
  struct OneServer {
    std::unique_ptr<test::ChildProcess> process;
    End end = End::kNone;
    std::size_t base = 0;
  };
  struct OneClient {
    std::unique_ptr<test::ChildProcess> process;
    std::uint32_t number = 0;
  };

  void measure_base();

  Network& network_;
  const TownOptions options_;
  std::unique_ptr<test::ChildProcess> registry_;
  std::unique_ptr<test::ChildProcess> proxy_;
  std::vector<OneServer> servers_;
  std::vector<OneClient> clients_;
  std::uint32_t last_client_ = 0;
  std::vector<std::filesystem::path> histories_;
  std::vector<std::uint32_t> killed_clients_;
  std::vector<std::string> bad_ends_;
};

}  // namespace tern::chaos
