#include "registry/registry_protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/ascii.h"
#include "base/peer_text.h"
#include "codec/utf8.h"
#include "http/query.h"
#include "tern/codec.h"
#include "tern/codegen/type_ops_of.h"

namespace tern::registry {

namespace {

constexpr HeaderNames kGeeRpc = {"X-Geerpc-Server", "X-Geerpc-Servers"};
constexpr HeaderNames kMyRpc = {"X-Myrpc-Server", "X-Myrpc-Servers"};

Status wrong(std::string text) {
  return Status(Code::kInvalidArgument, "registry: " + std::move(text), HandlerRan::kNo);
}

bool is_host(std::string_view host) {
  constexpr std::string_view kOthers = ".-_:%";
  return std::all_of(host.begin(), host.end(), [kOthers](char c) {
    return base::is_alphanumeric(c) || kOthers.find(c) != std::string_view::npos;
  });
}

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Text of at most `limit` bytes in UTF-8.
Result<std::string> parse_text(std::string_view name, std::string_view escaped, std::size_t limit) {
  std::optional<std::string> text = http::percent_decode(escaped);
  if (!text || text->size() > limit || !codec::is_utf8(*text)) {
    return wrong(fmt::format("{} is \"{}\"; expected percent-encoded UTF-8 of at most {} bytes",
                             name, base::peer_text(escaped), limit));
  }
  return std::move(*text);
}

Status parse_metadata(std::string_view text, std::map<std::string, std::string>& metadata) {
  std::size_t size = 0;
  while (!text.empty()) {
    std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      return wrong(
          fmt::format("{} has \"{}\"; expected key=value", kMetadataHeader, base::peer_text(pair)));
    }
    Result<std::string> key = parse_text(kMetadataHeader, pair.substr(0, equals), kMaxTextBytes);
    if (!key.ok()) return key.take_status();
    Result<std::string> value =
        parse_text(kMetadataHeader, pair.substr(equals + 1), kMaxMetadataBytes);
    if (!value.ok()) return value.take_status();
    size += key->size() + value->size();
    if (size > kMaxMetadataBytes) {
      return wrong(fmt::format("{} has more than {} bytes of keys and values", kMetadataHeader,
                               kMaxMetadataBytes));
    }
    metadata.insert_or_assign(std::move(*key), std::move(*value));
  }
  return {};
}

}  // namespace

HeaderNames header_names(std::string_view path) noexcept {
  return path == kMyRpcRegistry ? kMyRpc : kGeeRpc;
}

std::string to_json(const ListAnswer& answer) {
  Buffer out;
  Status failure = json_codec().encode(type_ops<ListAnswer>(), &answer, out);
  // All texts were checked to be UTF-8, and there is nothing else that JSON lacks.
  return failure.ok() ? std::string(as_text(out.view())) : "{}";
}

Result<ListAnswer> parse_list_answer(std::string_view json) {
  ListAnswer answer;
  Status failure =
      json_codec().decode(type_ops<ListAnswer>(), as_bytes(json), &answer, DecodeLimits());
  if (!failure.ok()) return failure;
  if (answer.version.empty()) return wrong("the list in JSON has no version");
  return answer;
}

Result<Endpoint> parse_listed_address(std::string_view address) {
  bool visible = std::all_of(address.begin(), address.end(),
                             [](char c) { return base::is_visible(c) && c != ','; });
  if (!visible || address.empty() || address.size() > kMaxAddressBytes) {
    return wrong(
        fmt::format("address \"{}\": expected at most {} characters of visible ASCII, "
                    "and no comma",
                    base::peer_text(address), kMaxAddressBytes));
  }
  Result<Endpoint> endpoint = parse_endpoint(address);
  if (!endpoint.ok() || endpoint->transport == Endpoint::Transport::kUnix) return endpoint;
  if (!is_host(endpoint->host)) {
    return wrong(fmt::format("address \"{}\": the host is neither a name nor a number", address));
  }
  if (endpoint->port == 0) {
    return wrong(fmt::format("address \"{}\": expected a port from 1 to 65535", address));
  }
  return endpoint;
}

Endpoint dialled(Endpoint endpoint) {
  if (endpoint.transport == Endpoint::Transport::kUnix) return endpoint;
  if (endpoint.host.empty() || endpoint.host == "::" || endpoint.host == "0.0.0.0") {
    endpoint.host = "127.0.0.1";
  }
  return endpoint;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kOthers = "-._~";
  std::string out;
  for (char c : text) {
    if (base::is_alphanumeric(c) || kOthers.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string metadata_text(const std::map<std::string, std::string>& metadata) {
  std::string text;
  for (const auto& [key, value] : metadata) {
    text +=
        fmt::format("{}{}={}", text.empty() ? "" : "&", percent_encode(key), percent_encode(value));
  }
  return text;
}

Result<Listing> parse_listing(std::string_view address, const ListingText& text) {
  Result<Endpoint> endpoint = parse_listed_address(address);
  if (!endpoint.ok()) return endpoint.take_status();
  Listing listing;
  listing.address = address;
  Result<std::string> service = parse_text(kServiceHeader, text.service, kMaxTextBytes);
  if (!service.ok()) return service.take_status();
  listing.service = std::move(*service);
  if (!text.weight.empty()) {
    std::optional<std::uint32_t> weight = parse_number<std::uint32_t>(text.weight);
    if (!weight) {
      return wrong(fmt::format("{} is \"{}\"; expected a number from 0 to 4294967295",
                               kWeightHeader, base::peer_text(text.weight)));
    }
    listing.weight = *weight;
  }
  Result<std::string> zone = parse_text(kZoneHeader, text.zone, kMaxTextBytes);
  if (!zone.ok()) return zone.take_status();
  listing.zone = std::move(*zone);
  if (Status failure = parse_metadata(text.metadata, listing.metadata); !failure.ok()) {
    return failure;
  }
  return listing;
}

}  // namespace tern::registry
