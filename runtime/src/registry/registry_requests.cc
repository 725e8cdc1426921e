#include "registry/registry_requests.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/ascii.h"
#include "base/peer_text.h"
#include "http/head.h"
#include "http/response.h"

namespace tern::registry {

namespace {

HttpExchangeRequest begin(const Target& target, std::string method) {
  HttpExchangeRequest request;
  request.endpoint = target.endpoint;
  request.host = target.host;
  request.method = std::move(method);
  request.target = target.path;
  if (!target.token.empty()) {
    request.headers.emplace_back("Authorization", "Bearer " + target.token);
  }
  return request;
}

Status unusable(const Target& target, std::string_view text, Code code = Code::kUnavailable) {
  return Status(code, fmt::format("registry {}: {}", target.name, text), HandlerRan::kUnknown);
}

// OK for 200; else what the registry says.
Status check_status(const Target& target, const HttpExchangeResponse& response) {
  if (response.status == 200) return {};
  std::string text = fmt::format("answers {}", response.status);
  std::string_view says = std::string_view(response.body).substr(0, response.body.find('\n'));
  if (!says.empty()) text += fmt::format(" \"{}\"", base::peer_text(says));
  bool refused = response.status == 401 || response.status == 403;
  return unusable(target, text, refused ? Code::kPermissionDenied : Code::kUnavailable);
}

bool is_json(const HttpExchangeResponse& response) {
  return response.header("content-type").starts_with(http::kJson);
}

// The addresses of a plain list, or that there is none.
Result<std::vector<std::string_view>> plain_addresses(const Target& target,
                                                      const HttpExchangeResponse& response) {
  std::string name = base::to_lower(target.names.servers);
  std::vector<std::string_view> addresses;
  bool there = false;
  for (const auto& [key, value] : response.headers) {
    if (key != name) continue;
    there = true;
    for (std::string_view rest = value; !rest.empty();) {
      std::string_view address = base::trim(rest.substr(0, rest.find(',')));
      rest.remove_prefix(std::min(rest.size(), rest.find(',')));
      if (!rest.empty()) rest.remove_prefix(1);
      if (!address.empty()) addresses.push_back(address);
    }
  }
  if (there) return addresses;
  return unusable(target, fmt::format("the answer has neither JSON nor a header {}; expected a "
                                      "registry there",
                                      target.names.servers));
}

Result<ListAnswer> json_list(const Target& target, const HttpExchangeResponse& response) {
  Result<ListAnswer> answer = parse_list_answer(response.body);
  if (answer.ok()) return answer;
  return unusable(target, fmt::format("the list cannot be read: {}", answer.status().message()));
}

}  // namespace

Result<Target> parse_target(std::string_view where, std::string token, bool over_tls) {
  Target target;
  target.name = fmt::format("{}@{}", over_tls ? "https" : "http", where);
  Result<Endpoint> endpoint = parse_endpoint(target.name);
  if (!endpoint.ok()) return endpoint.status().with_context("registry");
  auto wrong = [&target](std::string_view expected) {
    return Status(Code::kInvalidArgument,
                  fmt::format("registry \"{}\": expected {}", target.name, expected),
                  HandlerRan::kNo);
  };
  if (endpoint->port == 0) return wrong("a port from 1 to 65535");
  target.path = endpoint->path.empty() ? std::string(kGeeRpcRegistry) : endpoint->path;
  bool plain = std::all_of(target.path.begin(), target.path.end(),
                           [](char c) { return base::is_visible(c) && c != '#' && c != '?'; });
  if (!plain) return wrong("a path without a query, its special characters as %xx");
  if (!http::is_field_value(token)) return wrong("a token without control characters");
  target.endpoint = *std::move(endpoint);
  target.endpoint.transport = Endpoint::Transport::kTcp;
  target.endpoint.path.clear();
  target.host = target.endpoint.to_string().substr(std::string_view("tcp@").size());
  target.endpoint = dialled(std::move(target.endpoint));
  if (over_tls) target.endpoint.transport = Endpoint::Transport::kTls;
  target.names = header_names(target.path);
  target.token = std::move(token);
  return target;
}

Result<Listing> listing_of(std::string_view service, const Instance& instance) {
  std::string address = instance.endpoint.to_string();
  std::string weight = fmt::format("{}", instance.weight);
  std::string escaped_service = percent_encode(service);
  std::string zone = percent_encode(instance.zone);
  std::string metadata = metadata_text(instance.metadata);
  ListingText text;
  text.service = escaped_service;
  text.weight = weight;
  text.zone = zone;
  text.metadata = metadata;
  return parse_listing(address, text);
}

HttpExchangeRequest list_request(const Target& target, const ListQuestion& question) {
  HttpExchangeRequest request = begin(target, "GET");
  request.headers.emplace_back("Accept", std::string(http::kJson));
  std::string query;
  auto add = [&query](std::string_view key, std::string_view value) {
    if (value.empty()) return;
    query += fmt::format("{}{}={}", query.empty() ? "?" : "&", key, percent_encode(value));
  };
  add("service", question.service);
  add("server", question.server);
  if (question.wait.count() > 0) {
    add("version", question.version);
    add("wait",
        fmt::format("{}ms",
                    std::chrono::duration_cast<std::chrono::milliseconds>(question.wait).count()));
  }
  request.target += query;
  return request;
}

HttpExchangeRequest register_request(const Target& target, const Listing& listing) {
  HttpExchangeRequest request = begin(target, "POST");
  request.headers.emplace_back(target.names.server, listing.address);
  auto add = [&request](std::string_view name, std::string value) {
    if (!value.empty()) request.headers.emplace_back(name, std::move(value));
  };
  add(kServiceHeader, percent_encode(listing.service));
  if (listing.weight != 1) add(kWeightHeader, fmt::format("{}", listing.weight));
  add(kZoneHeader, percent_encode(listing.zone));
  add(kMetadataHeader, metadata_text(listing.metadata));
  return request;
}

HttpExchangeRequest withdraw_request(const Target& target, const Listing& listing) {
  HttpExchangeRequest request = begin(target, "DELETE");
  request.headers.emplace_back(target.names.server, listing.address);
  if (!listing.service.empty()) {
    request.headers.emplace_back(kServiceHeader, percent_encode(listing.service));
  }
  return request;
}

Result<FoundList> read_list(const Target& target, const HttpExchangeResponse& response,
                            std::size_t max_servers) {
  if (Status failure = check_status(target, response); !failure.ok()) return failure;
  FoundList found;
  std::size_t listed = 0;
  std::string bad;
  auto add = [&](std::string_view address) -> Instance* {
    ++listed;
    if (found.servers.size() >= max_servers) return nullptr;
    Result<Endpoint> endpoint = parse_listed_address(address);
    if (endpoint.ok()) return &found.servers.emplace_back(dialled(*std::move(endpoint)));
    if (bad.empty()) bad = endpoint.status().message();
    return nullptr;
  };
  if (is_json(response)) {
    Result<ListAnswer> answer = json_list(target, response);
    if (!answer.ok()) return answer.take_status();
    found.version = std::move(answer->version);
    found.epoch = found.version.substr(0, found.version.rfind('-'));
    found.warming = answer->warming;
    for (Listing& listing : answer->servers) {
      Instance* instance = add(listing.address);
      if (!instance) continue;
      instance->weight = listing.weight;
      instance->zone = std::move(listing.zone);
      instance->metadata = std::move(listing.metadata);
    }
    for (const std::string& address : answer->withdrawn) {
      Result<Endpoint> endpoint = parse_listed_address(address);
      if (endpoint.ok()) found.withdrawn.push_back(dialled(*std::move(endpoint)));
    }
  } else {
    found.plain = true;
    Result<std::vector<std::string_view>> addresses = plain_addresses(target, response);
    if (!addresses.ok()) return addresses.take_status();
    for (std::string_view address : *addresses) add(address);
  }
  if (found.servers.empty() && !bad.empty()) {
    return unusable(target, fmt::format("of {} addresses none can be read: {}", listed, bad));
  }
  return found;
}

Result<bool> read_listed(const Target& target, const HttpExchangeResponse& response,
                         std::string_view address) {
  if (Status failure = check_status(target, response); !failure.ok()) return failure;
  if (is_json(response)) {
    Result<ListAnswer> answer = json_list(target, response);
    if (!answer.ok()) return answer.take_status();
    return std::any_of(answer->servers.begin(), answer->servers.end(),
                       [address](const Listing& one) { return one.address == address; });
  }
  Result<std::vector<std::string_view>> addresses = plain_addresses(target, response);
  if (!addresses.ok()) return addresses.take_status();
  return std::find(addresses->begin(), addresses->end(), address) != addresses->end();
}

Result<Registered> read_registered(const Target& target, const HttpExchangeResponse& response) {
  if (Status failure = check_status(target, response); !failure.ok()) return failure;
  Registered registered;
  registered.can_wait = !response.header(base::to_lower(kEpochHeader)).empty();
  std::string_view text = response.header(base::to_lower(kExpireHeader));
  std::int64_t milliseconds = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
  constexpr std::int64_t kLongest = 1'000'000'000'000;
  if (error == std::errc() && end == text.data() + text.size() && milliseconds > 0) {
    registered.expire = std::chrono::milliseconds(std::min(milliseconds, kLongest));
  }
  return registered;
}

}  // namespace tern::registry
