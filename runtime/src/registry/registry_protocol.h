// The protocol of the HTTP registry: docs/registry.md.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tern/endpoint.h"
#include "tern/field.h"
#include "tern/result.h"

namespace tern::registry {

// Headers, as they are sent. In lower case they are what they are looked for by.
struct HeaderNames {
  std::string_view server;   // of a request: the address that it is about
  std::string_view servers;  // of the answer to GET
};
// GeeRPC's, or MyRPC's for its path.
HeaderNames header_names(std::string_view path) noexcept;

inline constexpr std::string_view kGeeRpcRegistry = "/_geerpc_/registry";
inline constexpr std::string_view kMyRpcRegistry = "/_myrpc_/registry";

// Tern's own; their values are percent-encoded.
inline constexpr std::string_view kServiceHeader = "X-Tern-Service";
inline constexpr std::string_view kWeightHeader = "X-Tern-Weight";
inline constexpr std::string_view kZoneHeader = "X-Tern-Zone";
inline constexpr std::string_view kMetadataHeader = "X-Tern-Metadata";  // "key=value&key=value"
// Of the answer to POST.
inline constexpr std::string_view kEpochHeader = "X-Tern-Registry";
inline constexpr std::string_view kExpireHeader = "X-Tern-Expire-Ms";

// What one entry holds.
inline constexpr std::size_t kMaxAddressBytes = 255;
inline constexpr std::size_t kMaxTextBytes = 255;       // a service, a zone, a key
inline constexpr std::size_t kMaxMetadataBytes = 4096;  // keys and values

// One entry of a registry; of the JSON, too.
struct Listing {
  static constexpr std::string_view kTypeName = "registry.Listing";
  static constexpr std::array<Field, 5> kFields{
      {{1, "address"}, {2, "service"}, {3, "weight"}, {4, "zone"}, {5, "metadata"}}};

  std::string address;  // as the server has said it
  std::string service;  // "": the server does not say which
  std::uint32_t weight = 1;
  std::string zone;
  std::map<std::string, std::string> metadata;

  Listing() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.address) && visit(kFields[1], self.service) &&
           visit(kFields[2], self.weight) && visit(kFields[3], self.zone) &&
           visit(kFields[4], self.metadata);
  }
  bool operator==(const Listing&) const = default;
};

// The answer to GET in JSON.
struct ListAnswer {
  static constexpr std::string_view kTypeName = "registry.ListAnswer";
  static constexpr std::array<Field, 4> kFields{
      {{1, "version"}, {2, "warming"}, {3, "servers"}, {4, "withdrawn"}}};

  std::string version;   // changes when the list does
  bool warming = false;  // it has started recently, and may not know every server yet
  std::vector<Listing> servers;
  std::vector<std::string> withdrawn;  // while warming: addresses that are not to be waited for

  ListAnswer() = default;

  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.version) && visit(kFields[1], self.warming) &&
           visit(kFields[2], self.servers) && visit(kFields[3], self.withdrawn);
  }
  bool operator==(const ListAnswer&) const = default;
};

std::string to_json(const ListAnswer& answer);
Result<ListAnswer> parse_list_answer(std::string_view json);

// An address that may stand in a list: no comma, no space, nothing that is not visible ASCII, a
// port that is not 0.
Result<Endpoint> parse_listed_address(std::string_view address);
// The same, as clients dial it: an address that means every address of a machine, as Go prints that
// of a listener, becomes the loopback.
Endpoint dialled(Endpoint endpoint);

// Letters, digits and "-._~" as they are, all else as %xx.
std::string percent_encode(std::string_view text);

// "key=value&key=value", escaped.
std::string metadata_text(const std::map<std::string, std::string>& metadata);

// What headers or a query say of an entry besides its address. Empty: a header is not there.
struct ListingText {
  std::string_view service, weight, zone, metadata;
};
Result<Listing> parse_listing(std::string_view address, const ListingText& text);

}  // namespace tern::registry
