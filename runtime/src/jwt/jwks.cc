// JWK sets (RFC 7517) and what is in them (RFC 7518, section 6; RFC 8037).
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/peer_text.h"
#include "jwt/base64url.h"
#include "jwt/keys.h"

namespace tern::jwt {

namespace {

using Element = simdjson::dom::element;

Status unusable(std::string_view what) {
  return Status(Code::kInvalidArgument, fmt::format("JWK set: {}", what), HandlerRan::kNo);
}

// "" if there is none.
std::string_view text_of(const Element& object, std::string_view name) {
  std::string_view text;
  if (object[name].get(text) != simdjson::SUCCESS) return {};
  return text;
}

Result<std::string> bytes_of(const Element& key, std::string_view name) {
  std::optional<std::string> bytes = read_base64url(text_of(key, name));
  if (!bytes || bytes->empty()) {
    return unusable(fmt::format("a key's \"{}\" is no number in base64url", name));
  }
  return *std::move(bytes);
}

// Nothing: it is of a kind that verifies no token.
Result<std::optional<Key>> read_key(const Element& object) {
  const std::string_view type = text_of(object, "kty");
  const std::string_view curve = text_of(object, "crv");
  const std::string_view use = text_of(object, "use");
  if (!use.empty() && use != "sig") return std::optional<Key>();
  auto of = [](Result<Key> key) -> Result<std::optional<Key>> {
    if (!key.ok()) return key.take_status();
    return std::optional<Key>(*std::move(key));
  };
  Result<std::optional<Key>> made = std::optional<Key>();
  if (type == "RSA") {
    Result<std::string> n = bytes_of(object, "n");
    if (!n.ok()) return n.take_status();
    Result<std::string> e = bytes_of(object, "e");
    if (!e.ok()) return e.take_status();
    made = of(Key::rsa(*n, *e));
  } else if (type == "EC" && curve == "P-256") {
    Result<std::string> x = bytes_of(object, "x");
    if (!x.ok()) return x.take_status();
    Result<std::string> y = bytes_of(object, "y");
    if (!y.ok()) return y.take_status();
    made = of(Key::p256(*x, *y));
  } else if (type == "OKP" && curve == "Ed25519") {
    Result<std::string> x = bytes_of(object, "x");
    if (!x.ok()) return x.take_status();
    made = of(Key::ed25519(*x));
  }
  // A key for another algorithm, such as PS256, verifies nothing here.
  const std::string_view algorithm = text_of(object, "alg");
  if (made.ok() && *made && !algorithm.empty() &&
      algorithm != algorithm_name((*made)->algorithm())) {
    return std::optional<Key>();
  }
  return made;
}

}  // namespace

Result<KeySet> KeySet::from_jwks(std::string_view json) {
  simdjson::dom::parser parser;
  Element root;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS || !root.is_object()) {
    return unusable("expected an object in JSON");
  }
  std::vector<Element> objects;
  simdjson::dom::array list;
  if (root["keys"].get(list) == simdjson::SUCCESS) {
    for (const Element& one : list) objects.push_back(one);
  } else {
    objects.push_back(root);
  }
  std::vector<NamedKey> keys;
  for (const Element& object : objects) {
    if (!object.is_object()) return unusable("a key is no object");
    const std::string_view id = text_of(object, "kid");
    Result<std::optional<Key>> key = read_key(object);
    if (!key.ok()) {
      return key.status().with_context(fmt::format("key \"{}\"", base::peer_text(id)));
    }
    if (!*key) continue;
    const bool taken = std::any_of(keys.begin(), keys.end(),
                                   [id](const NamedKey& other) { return other.id == id; });
    if (taken) {
      return unusable(fmt::format("two keys have the \"kid\" \"{}\"", base::peer_text(id)));
    }
    keys.push_back({std::string(id), **std::move(key)});
  }
  if (keys.empty()) return unusable("it has no key of RSA, P-256 or Ed25519 for signatures");
  return KeySet(std::move(keys));
}

}  // namespace tern::jwt
