#include "jwt/token.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/peer_text.h"
#include "jwt/base64url.h"

namespace tern::jwt {

namespace {

using Element = simdjson::dom::element;
using std::chrono::system_clock;

Status refused(std::string text) {
  return Status(Code::kUnauthenticated, std::move(text), HandlerRan::kNo);
}

// The three parts, still encoded.
struct Parts {
  std::string_view header, claims, signature;
  std::string_view is_signed;  // what the signature is of
};

std::optional<Parts> split(std::string_view token) noexcept {
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  if (token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  Parts parts;
  parts.header = token.substr(0, first);
  parts.claims = token.substr(first + 1, second - first - 1);
  parts.signature = token.substr(second + 1);
  parts.is_signed = token.substr(0, second);
  return parts;
}

Result<std::string> decoded(std::string_view part, std::string_view what) {
  std::optional<std::string> json = read_base64url(part);
  if (!json) return refused(fmt::format("the {} is no base64url", what));
  return *std::move(json);
}

// A part that is an object in JSON. The parser outlives it.
Result<Element> read_object(std::string_view json, std::string_view what,
                            simdjson::dom::parser& parser) {
  Element root;
  // The parser copies it, with what it reads past the end.
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS || !root.is_object()) {
    return refused(fmt::format("the {} is no object in JSON", what));
  }
  return root;
}

std::optional<std::string_view> text_of(const Element& object, std::string_view name) {
  std::string_view text;
  if (object[name].get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

// The key that the header names, if the header names that key's algorithm.
Result<const Key*> key_of(const Element& header, const KeySet& keys) {
  const std::optional<std::string_view> algorithm = text_of(header, "alg");
  if (!algorithm) return refused("the header has no \"alg\"");
  Element any;
  if (header["crit"].get(any) == simdjson::SUCCESS) {
    return refused("the header has \"crit\", whatever stands in it");
  }
  const std::string_view id = text_of(header, "kid").value_or("");
  const Key* key = keys.find(id);
  if (!key) {
    return id.empty() ? refused("the header has no \"kid\", and there are several keys")
                      : refused(fmt::format("the \"kid\" \"{}\" is unknown", base::peer_text(id)));
  }
  if (*algorithm != algorithm_name(key->algorithm())) {
    return refused(fmt::format("the \"alg\" is \"{}\"; the key is for {}",
                               base::peer_text(*algorithm), algorithm_name(key->algorithm())));
  }
  return key;
}

// Seconds since 1970. Nothing: there is no such claim; a failure: it is no time.
Result<std::optional<double>> time_of(const Element& claims, std::string_view name) {
  Element any;
  if (claims[name].get(any) != simdjson::SUCCESS) return std::optional<double>();
  double seconds = 0;
  if (any.get(seconds) != simdjson::SUCCESS || !std::isfinite(seconds)) {
    return refused(fmt::format("\"{}\" is no number", name));
  }
  return std::optional<double>(seconds);
}

Status check_times(const Element& claims, const JwtOptions& options,
                   system_clock::time_point time) {
  const double now = std::chrono::duration<double>(time.time_since_epoch()).count();
  const auto leeway = static_cast<double>(options.leeway.count());
  Result<std::optional<double>> end = time_of(claims, "exp");
  if (!end.ok()) return end.take_status();
  if (!*end) return refused("\"exp\" is missing: the token would be good for ever");
  // RFC 7519: "on or after which" it is not to be accepted.
  if (now >= **end + leeway) return refused(fmt::format("it expired {:.0f} s ago", now - **end));
  Result<std::optional<double>> begin = time_of(claims, "nbf");
  if (!begin.ok()) return begin.take_status();
  if (*begin && now < **begin - leeway) {
    return refused(fmt::format("it is good in {:.0f} s only", **begin - now));
  }
  return {};
}

// What stands in a claim, for messages.
std::string shown(const Element& claims, std::string_view name) {
  Element any;
  if (claims[name].get(any) != simdjson::SUCCESS) return "missing";
  return base::peer_text(simdjson::minify(any));
}

bool names_audience(const Element& claims, std::string_view audience) {
  if (std::optional<std::string_view> one = text_of(claims, "aud")) return *one == audience;
  simdjson::dom::array several;
  if (claims["aud"].get(several) != simdjson::SUCCESS) return false;
  for (const Element& one : several) {
    std::string_view text;
    if (one.get(text) == simdjson::SUCCESS && text == audience) return true;
  }
  return false;
}

std::vector<std::string> roles_of(const Element& claims, std::string_view name) {
  std::vector<std::string> roles;
  simdjson::dom::array several;
  if (std::optional<std::string_view> text = text_of(claims, name)) {
    while (!text->empty()) {
      const std::size_t end = std::min(text->find(' '), text->size());
      if (end > 0) roles.emplace_back(text->substr(0, end));
      text->remove_prefix(std::min(end + 1, text->size()));
    }
  } else if (claims[name].get(several) == simdjson::SUCCESS) {
    for (const Element& one : several) {
      std::string_view role;
      if (one.get(role) == simdjson::SUCCESS) roles.emplace_back(role);
    }
  }
  return roles;
}

}  // namespace

Result<std::string> verified_claims(std::string_view token, const KeySet& keys,
                                    const JwtOptions& options) {
  if (token.empty()) return refused("there is none in the metadata authorization");
  if (token.size() > options.max_token_bytes) {
    return refused(
        fmt::format("it has {} bytes; the limit is {}", token.size(), options.max_token_bytes));
  }
  const std::optional<Parts> parts = split(token);
  if (!parts) return refused("expected three parts with two dots between them");
  simdjson::dom::parser header_parser;
  Result<std::string> header_json = decoded(parts->header, "header");
  if (!header_json.ok()) return header_json.take_status();
  Result<Element> header = read_object(*header_json, "header", header_parser);
  if (!header.ok()) return header.take_status();
  Result<const Key*> key = key_of(*header, keys);
  if (!key.ok()) return key.take_status();
  const std::optional<std::string> signature = read_base64url(parts->signature);
  if (!signature) return refused("the signature is no base64url");
  if (!(*key)->verifies(parts->is_signed, *signature)) {
    return refused("the signature is not that of the key");
  }
  return decoded(parts->claims, "payload");
}

Result<Identity> identity_of(std::string_view json, const JwtOptions& options,
                             system_clock::time_point now) {
  simdjson::dom::parser claims_parser;
  Result<Element> claims = read_object(json, "payload", claims_parser);
  if (!claims.ok()) return claims.take_status();
  if (Status why = check_times(*claims, options, now); !why.ok()) return why;
  const std::string_view issuer = text_of(*claims, "iss").value_or("");
  if (issuer != options.issuer) {
    return refused(
        fmt::format("\"iss\" is {}; expected \"{}\"", shown(*claims, "iss"), options.issuer));
  }
  if (!names_audience(*claims, options.audience)) {
    return refused(fmt::format("\"aud\" is {}; expected \"{}\", or a list with it",
                               shown(*claims, "aud"), options.audience));
  }
  const std::string_view subject = text_of(*claims, "sub").value_or("");
  if (subject.empty()) {
    return refused(
        fmt::format("\"sub\" is {}; expected the name of who calls", shown(*claims, "sub")));
  }
  Identity identity{std::string(subject), roles_of(*claims, options.roles_claim)};
  for (const std::string& name : options.attribute_claims) {
    if (std::optional<std::string_view> value = text_of(*claims, name)) {
      identity.attributes.emplace_back(name, *value);
    }
  }
  return identity;
}

Result<Identity> read_token(std::string_view token, const KeySet& keys, const JwtOptions& options,
                            system_clock::time_point now) {
  Result<std::string> claims = verified_claims(token, keys, options);
  if (!claims.ok()) return claims.take_status();
  return identity_of(*claims, options, now);
}

}  // namespace tern::jwt
