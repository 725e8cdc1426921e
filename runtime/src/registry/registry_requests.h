// What a client of the HTTP registry asks, and what it makes of the answers.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/http_exchange.h"
#include "registry/registry_protocol.h"
#include "tern/instance.h"
#include "tern/result.h"

namespace tern::registry {

// Which registry, and how to reach it.
struct Target {
  Target() = default;

  std::string name;   // in texts: "http@host:port/path"
  Endpoint endpoint;  // where to connect
  std::string host;   // "host:port"
  std::string path;
  HeaderNames names;
  std::string token;
};

// "host:port[/path]".
Result<Target> parse_target(std::string_view where, std::string token, bool over_tls = false);

// What an instance looks like in a registry; kInvalidArgument if it does not fit into one.
Result<Listing> listing_of(std::string_view service, const Instance& instance);

// What is asked for, when a list is.
struct ListQuestion {
  ListQuestion() = default;
  std::string_view service;
  std::string_view server;           // "": all of the service
  std::string_view version;          // that is known already
  std::chrono::nanoseconds wait{0};  // for another one
};

HttpExchangeRequest list_request(const Target& target, const ListQuestion& question);
HttpExchangeRequest register_request(const Target& target, const Listing& listing);
HttpExchangeRequest withdraw_request(const Target& target, const Listing& listing);

// A list as it came.
struct FoundList {
  FoundList() = default;
  bool plain = false;   // GeeRPC's, which has nothing but addresses
  std::string version;  // "": plain
  std::string epoch;    // of the registry; changes when that restarts
  bool warming = false;
  std::vector<Instance> servers;
  std::vector<Endpoint> withdrawn;
};

// Entries that cannot be read are left out, as are those over `max_servers`; kUnavailable if
// nothing can be.
Result<FoundList> read_list(const Target& target, const HttpExchangeResponse& response,
                            std::size_t max_servers);
// Whether that list has `address`.
Result<bool> read_listed(const Target& target, const HttpExchangeResponse& response,
                         std::string_view address);

struct Registered {
  Registered() = default;
  bool can_wait = false;                           // the registry tells of changes
  std::optional<std::chrono::nanoseconds> expire;  // how long it keeps an entry, if it says so
};
Result<Registered> read_registered(const Target& target, const HttpExchangeResponse& response);

}  // namespace tern::registry
