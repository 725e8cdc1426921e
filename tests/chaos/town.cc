#include "chaos/town.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <iterator>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace tern::chaos {

namespace {

using test::ChildProcess;

constexpr const char* kProxyHost = "proxy";

std::size_t descriptors_of(pid_t pid) {
  std::error_code failure;
  std::filesystem::directory_iterator files(fmt::format("/proc/{}/fd", pid), failure);
  return failure ? 0 : static_cast<std::size_t>(std::distance(files, {}));
}

std::string ask(ChildProcess& process, const std::string& command) {
  process.type(command + "\n");
  return process.next_line().value_or("");
}

}  // namespace

Town::Town(Network& network, TownOptions options)
    : network_(network),
      options_(std::move(options)),
      servers_(options_.servers),
      clients_(options_.clients) {
  network_.add_host(kRegistryHost);
  network_.add_host(kProxyHost);
  for (std::size_t i = 0; i < servers(); ++i) network_.add_host(server_host(i));
  for (std::size_t i = 0; i < clients(); ++i) network_.add_host(client_host(i));

  start_registry();
  std::vector<std::string> proxy{options_.programs.proxy, "--seed", std::to_string(options_.seed)};
  for (std::size_t i = 0; i < servers(); ++i) {
    proxy.push_back(fmt::format("{}={}", kServerPort + i, server_where(i)));
  }
  proxy_ = std::make_unique<ChildProcess>(Network::on(kProxyHost, proxy));
  if (!proxy_->next_line()) throw std::runtime_error("the proxy does not listen");
  for (std::size_t i = 0; i < servers(); ++i) start_server(i);
  measure_base();
  for (std::size_t i = 0; i < clients(); ++i) start_client(i);
}

// The registry has been told by then, and connections to it come and go.
void Town::measure_base() {
  for (int i = 0; i < 50; ++i) {
    for (std::size_t server = 0; server < servers(); ++server) {
      servers_[server].base = std::max(servers_[server].base, descriptors_of(server_pid(server)));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

std::string Town::server_where(std::size_t number) const {
  return fmt::format("{}:{}", network_.address(server_host(number)), kServerPort);
}

std::string Town::registry_where() const {
  return fmt::format("{}:{}", network_.address(kRegistryHost), kRegistryPort);
}

std::filesystem::path Town::new_history(const std::string& of) {
  histories_.push_back(options_.directory / fmt::format("{:04}-{}", histories_.size(), of));
  return histories_.back();
}

void Town::start_registry() {
  registry_ = std::make_unique<ChildProcess>(Network::on(
      kRegistryHost,
      {options_.programs.tern, "registry", "--listen", "tcp@" + registry_where(), "--ttl", "10s"}));
  if (!registry_->next_line()) throw std::runtime_error("the registry does not listen");
}

void Town::start_server(std::size_t number) {
  OneServer& server = servers_[number];
  if (server.process && server.end != End::kKilled) {
    const int status = server.process->wait();
    if (status != 0) {
      note_bad_end(fmt::format("server {} ended with status {} after SIGTERM", number, status));
    }
  }
  server.process = std::make_unique<ChildProcess>(Network::on(
      server_host(number),
      {options_.programs.server, "--number", std::to_string(number), "--listen",
       "tcp@" + server_where(number), "--history", new_history(server_host(number)).string(),
       "--registry", registry_where(), "--proxied",
       fmt::format("tcp@{}:{}", network_.address(kProxyHost), kServerPort + number)}));
  server.end = End::kNone;
  if (!server.process->next_line()) {
    throw std::runtime_error(fmt::format("server {} does not listen", number));
  }
}

void Town::kill_server(std::size_t number) {
  servers_[number].end = End::kKilled;
  servers_[number].process->kill();
}

void Town::begin_drain(std::size_t number) {
  servers_[number].end = End::kDrained;
  servers_[number].process->signal(SIGTERM);
}

void Town::starve_server(std::size_t number, bool starve) {
  const pid_t pid = server_pid(number);
  rlimit limit{};
  ::prlimit(pid, RLIMIT_NOFILE, nullptr, &limit);
  limit.rlim_cur = starve ? descriptors_of(pid) : limit.rlim_max;
  ::prlimit(pid, RLIMIT_NOFILE, &limit, nullptr);
}

void Town::kill_client(std::size_t number) {
  killed_clients_.push_back(clients_[number].number);
  clients_[number].process->kill();
}

void Town::start_client(std::size_t number) {
  OneClient& client = clients_[number];
  client.number = ++last_client_;
  std::vector<std::string> command{options_.programs.client,
                                   "--number",
                                   std::to_string(client.number),
                                   "--seed",
                                   std::to_string(options_.seed + client.number),
                                   "--rate",
                                   std::to_string(options_.rate),
                                   "--history",
                                   new_history(client_host(number)).string(),
                                   "--registry",
                                   registry_where()};
  for (std::size_t i = 0; i < servers(); ++i) {
    command.insert(command.end(),
                   {"--server", server_where(i), "--proxied",
                    fmt::format("{}:{}", network_.address(kProxyHost), kServerPort + i)});
  }
  client.process = std::make_unique<ChildProcess>(Network::on(client_host(number), command));
  if (!client.process->next_line()) {
    throw std::runtime_error(fmt::format("client {} does not begin", number));
  }
}

void Town::be_rough(bool rough) {
  ask(*proxy_, rough ? "rough" : "calm");
}

std::string Town::ask_client(std::size_t number, const std::string& command) {
  return ask(*clients_[number].process, command);
}

std::string Town::ask_proxy(const std::string& command) {
  return ask(*proxy_, command);
}

ServerState Town::server_state(std::size_t number) {
  std::istringstream line(ask(*servers_[number].process, "stats"));
  ServerState state;
  if (!(line >> state.connections >> state.running >> state.unsent)) {
    throw std::runtime_error(fmt::format("server {} has ended by itself", number));
  }
  state.descriptors = descriptors_of(server_pid(number));
  return state;
}

}  // namespace tern::chaos
