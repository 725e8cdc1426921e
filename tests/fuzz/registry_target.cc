#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "fuzz/expect.h"
#include "fuzz/targets.h"
#include "registry/dns_answer.h"
#include "registry/server_file.h"
#include "tern/buffer.h"

namespace fuzz {
namespace {

using tern::Instance;
using tern::registry::DnsAnswer;
using tern::registry::DnsType;

constexpr std::size_t kSmallestRecord = 11;

void addresses(tern::ByteView input, tern::registry::DnsType type) {
  tern::Result<tern::registry::DnsAnswer<std::string>> answer =
      tern::registry::read_addresses(input, "a.test", type);
  if (!answer.ok()) {
    expect(!answer.status().message().empty(), "a failure says what it is");
    return;
  }
  expect(answer->records.size() <= input.size() / kSmallestRecord, "each record has its bytes");
  expect(answer->records.empty() == !answer->ttl, "records have a time to live");
  for (const std::string& address : answer->records) {
    std::array<unsigned char, 16> bytes{};
    int family = type == tern::registry::DnsType::kA ? AF_INET : AF_INET6;
    expect(::inet_pton(family, address.c_str(), bytes.data()) == 1, "an address is one");
  }
}

std::string line_of(const Instance& server) {
  std::string line = server.endpoint.to_string() + " weight=" + std::to_string(server.weight);
  if (!server.zone.empty()) line += " zone=" + server.zone;
  for (const auto& [key, value] : server.metadata) line.append(" ").append(key + "=" + value);
  return line + "\n";
}

}  // namespace

void dns_answer(tern::ByteView input) {
  addresses(input, tern::registry::DnsType::kA);
  addresses(input, tern::registry::DnsType::kAaaa);
  auto servers = tern::registry::read_srv_records(input, "a.test");
  if (!servers.ok()) return;
  expect(servers->records.size() <= input.size() / kSmallestRecord, "each record has its bytes");
  for (const auto& server : servers->records) {
    bool plain = std::all_of(server.target.begin(), server.target.end(),
                             [](char c) { return c > ' ' && c < '\x7f'; });
    expect(!server.target.empty() && plain, "a target can be printed");
  }
}

void server_file(tern::ByteView input) {
  constexpr std::size_t kMaxCut = 16;
  std::string_view text = tern::as_text(input);
  auto servers = tern::registry::parse_server_file("servers", text);
  if (!servers.ok()) {
    std::string_view why = servers.status().message();
    expect(why.starts_with("servers:") && std::count(why.begin(), why.end(), '\n') <= 5,
           "a failure says where it is");
    return;
  }
  std::string written;
  for (const Instance& server : *servers) written += line_of(server);
  auto again = tern::registry::parse_server_file("servers", written);
  expect(again.ok() && *again == *servers, "what was read can be written");
  for (std::size_t cut = 1; cut <= std::min(kMaxCut, text.size()); ++cut) {
    auto part = tern::registry::parse_server_file("servers", text.substr(0, text.size() - cut));
    if (!part.ok()) continue;
    expect(
        part->size() <= servers->size() && std::equal(part->begin(), part->end(), servers->begin()),
        "half a line is no server");
  }
}

}  // namespace fuzz
