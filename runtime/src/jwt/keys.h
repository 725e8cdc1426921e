// Public keys, and the signatures that they verify. OpenSSL is in keys.cc alone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tern/result.h"

struct evp_pkey_st;

namespace tern::jwt {

// What the header of a token can name. There is no other: "none" and the HMACs are unknown.
enum class Algorithm : std::uint8_t { kRs256, kEs256, kEdDsa };
std::string_view algorithm_name(Algorithm algorithm) noexcept;

// Threads: any, several at the same time.
class Key {
 public:
  // A public key in PEM.
  static Result<Key> from_pem(std::string_view pem);
  // The numbers of a JWK, big-endian.
  static Result<Key> rsa(std::string_view modulus, std::string_view exponent);
  static Result<Key> p256(std::string_view x, std::string_view y);
  static Result<Key> ed25519(std::string_view x);

  // The one that the key is good for: it is the key's, and not the token's to choose.
  Algorithm algorithm() const noexcept { return algorithm_; }
  // `signature` as a token has it.
  bool verifies(std::string_view data, std::string_view signature) const noexcept;

 private:
  Key(std::shared_ptr<evp_pkey_st> key, Algorithm algorithm) noexcept
      : key_(std::move(key)), algorithm_(algorithm) {}
  static Result<Key> checked(std::shared_ptr<evp_pkey_st> key);

  std::shared_ptr<evp_pkey_st> key_;
  Algorithm algorithm_;
};

struct NamedKey {
  std::string id;  // `kid`; "": it has none
  Key key;
};

// The keys of one issuer. Immutable.
class KeySet {
 public:
  explicit KeySet(std::vector<NamedKey> keys) noexcept : keys_(std::move(keys)) {}
  // A JWK set, or one JWK.
  static Result<KeySet> from_jwks(std::string_view json);

  // The key that a token names; the one that there is if it names none, or if that has no name.
  // Null: there is no such key, or the token has to say which.
  const Key* find(std::string_view id) const noexcept;
  std::size_t size() const noexcept { return keys_.size(); }

 private:
  std::vector<NamedKey> keys_;
};

}  // namespace tern::jwt
