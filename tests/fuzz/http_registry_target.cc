#include <algorithm>
#include <array>
#include <string>

#include "fuzz/expect.h"
#include "fuzz/targets.h"
#include "registry/registry_requests.h"
#include "tern/buffer.h"

namespace fuzz {
namespace {

using tern::Instance;

constexpr std::size_t kMaxServers = 50;

void list(const tern::registry::HttpExchangeResponse& response) {
  tern::registry::Target target;
  target.name = "http@r:1/r";
  target.names = tern::registry::header_names("/r");
  auto found = tern::registry::read_list(target, response, kMaxServers);
  if (!found.ok()) {
    expect(found.status().message().starts_with("registry http@r:1/r: "), "a failure says where");
    return;
  }
  expect(found->servers.size() <= kMaxServers, "a list has an end");
  for (const Instance& server : found->servers) {
    expect(tern::registry::parse_listed_address(server.endpoint.to_string()).ok(),
           "a server can be listed again");
  }
  static_cast<void>(tern::registry::read_listed(target, response, "tcp@a:1"));
}

// What a server says of itself, on five lines.
void listing(std::string_view text) {
  std::array<std::string_view, 5> lines;
  for (std::string_view& line : lines) {
    line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  tern::registry::ListingText fields;
  fields.service = lines[1];
  fields.weight = lines[2];
  fields.zone = lines[3];
  fields.metadata = lines[4];
  auto said = tern::registry::parse_listing(lines[0], fields);
  if (!said.ok()) {
    expect(!said.status().message().empty(), "a failure says what it is");
    return;
  }
  std::string weight = std::to_string(said->weight);
  std::string service = tern::registry::percent_encode(said->service);
  std::string zone = tern::registry::percent_encode(said->zone);
  std::string metadata = tern::registry::metadata_text(said->metadata);
  fields.service = service;
  fields.weight = weight;
  fields.zone = zone;
  fields.metadata = metadata;
  auto again = tern::registry::parse_listing(said->address, fields);
  expect(again.ok() && *again == *said, "what was read can be written");
}

}  // namespace

void http_registry(tern::ByteView input) {
  std::string_view text = tern::as_text(input);
  tern::registry::HttpExchangeResponse response;
  response.status = 200;
  response.headers.emplace_back("content-type", "application/json");
  response.body = text;
  list(response);
  response.headers = {{"x-geerpc-servers", std::string(text)}};
  list(response);
  listing(text);
}

}  // namespace fuzz
