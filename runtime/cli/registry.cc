// tern registry: a registry of servers, as a program of its own.
#include <signal.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "command.h"
#include "tern/http_registry.h"
#include "tern/server.h"

namespace tern::cli {

namespace {

struct Arguments {
  std::vector<std::string> listen{"tcp@127.0.0.1:9999"};
  std::vector<std::string> paths;
  std::int64_t ttl_ms = 300'000;
  std::size_t max_servers = HttpRegistryServerOptions().max_servers;
  std::string token;
  std::string token_file;
  bool token_for_reading = false;
};

int fail(const std::string& text) {
  std::cerr << "tern registry: " << text << '\n';
  return 1;
}

// What servers and clients are told of a registry that listens there.
std::string registry_address(const Endpoint& endpoint, const std::string& path) {
  const std::string text = endpoint.to_string();
  const std::string_view tcp = "tcp@";
  return text.starts_with(tcp) ? "http@" + text.substr(tcp.size()) + path : text;
}

// The first line of the file, which is all of it.
bool read_token(const std::string& path, std::string& token) {
  std::ifstream file(path);
  return std::getline(file, token) && !token.empty();
}

int serve(const Arguments& arguments) {
  // Blocked here, and so in the threads that the server starts: a signal that comes before
  // serve_until_signal() is not lost.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  HttpRegistryServerOptions options;
  options.expire = std::chrono::milliseconds(arguments.ttl_ms);
  options.max_servers = arguments.max_servers;
  options.token = arguments.token;
  options.token_for_reading = arguments.token_for_reading;
  if (!arguments.paths.empty()) options.paths = arguments.paths;
  if (!arguments.token_file.empty() && !read_token(arguments.token_file, options.token)) {
    return fail("--token-file \"" + arguments.token_file + "\": expected a file with the token");
  }

  if (options.token_for_reading && options.token.empty()) {
    return fail("--token-for-reading: expected --token-file or --token, too");
  }

  Server server;
  if (Status added = add_http_registry(server, options); !added.ok()) {
    return fail(added.to_string());
  }
  std::vector<Endpoint> addresses;
  for (const std::string& address : arguments.listen) {
    Result<Endpoint> listening = server.listen(address);
    if (!listening.ok()) return fail(listening.status().to_string());
    addresses.push_back(*listening);
  }
  for (const Endpoint& address : addresses) {
    std::cout << registry_address(address, options.paths.front()) << '\n';
  }
  std::cout << std::flush;

  return serve_until_signal(server, std::chrono::seconds(2)).ok() ? 0 : 1;
}

}  // namespace

void add_registry(CLI::App& app, Run& run) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "registry",
      "Runs a registry over HTTP: servers of GeeRPC, MyRPC and Tern announce themselves there, "
      "and clients find them. Prints its address, such as http@127.0.0.1:9999/_geerpc_/registry, "
      "for each address once it listens; ends with SIGTERM or SIGINT.");
  command
      ->add_option("--listen", arguments->listen,
                   "Where: \"tcp@host:port\" or \"unix@path\"; repeatable; port 0 is any free one")
      ->type_name("ADDRESS")
      ->allow_extra_args(false)
      ->capture_default_str();
  command
      ->add_option(
          "--ttl", arguments->ttl_ms,
          "A server that does not renew its entry for this long is removed; 0s: it stays. With "
          "its unit: ms, s, min, h; 5min by default")
      ->type_name("TIME")
      ->transform(CLI::AsNumberWithUnit(
          std::map<std::string, std::int64_t>{
              {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"min", 60'000}, {"h", 3'600'000}},
          CLI::AsNumberWithUnit::UNIT_REQUIRED, "TIME"))
      ->check([](const std::string& milliseconds) {
        return milliseconds.starts_with('-') ? "expected 0s or more" : "";
      });
  command
      ->add_option("--path", arguments->paths,
                   "Under which path; repeatable; GeeRPC's and MyRPC's by default. MyRPC's headers "
                   "have their names under its own path alone")
      ->type_name("PATH")
      ->allow_extra_args(false);
  command->add_option("--max-servers", arguments->max_servers, "Entries; more are refused")
      ->type_name("NUMBER")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  CLI::Option* token =
      command
          ->add_option("--token", arguments->token,
                       "What servers must send to be listed: \"Authorization: Bearer TOKEN\". "
                       "Visible in the list of processes: see --token-file")
          ->type_name("TOKEN");
  command->add_option("--token-file", arguments->token_file, "A file whose first line is the token")
      ->type_name("FILE")
      ->excludes(token);
  command->add_flag("--token-for-reading", arguments->token_for_reading,
                    "Clients need the token, too");
  command->callback([arguments, &run] { run = [arguments] { return serve(*arguments); }; });
}

}  // namespace tern::cli
