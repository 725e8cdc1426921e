// An authenticator for JSON Web Tokens (RFC 7519) that somebody else signs. The target tern::jwt,
// which needs OpenSSL's libcrypto.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tern/authenticator.h"
#include "tern/clock.h"
#include "tern/log.h"
#include "tern/result.h"
#include "tern/status.h"

namespace tern {

namespace jwt {
class KeySet;
}  // namespace jwt

// Public keys that tokens are signed with: RSA of 2048 bits or more (RS256), P-256 (ES256), Ed25519
// (EdDSA). A key is good for its own algorithm and no other. Immutable; copies are cheap.
class JwtKeys {
 public:
  // A public key in PEM ("BEGIN PUBLIC KEY"): the one key, whatever `kid` a token names.
  static Result<JwtKeys> from_pem(std::string_view pem);
  static Result<JwtKeys> from_pem_file(const std::string& path);
  // A JWK set (RFC 7517), or one JWK, in JSON. Keys of other kinds, and for encryption, are left
  // out; fails if none is left, or two have one `kid`.
  static Result<JwtKeys> from_jwks(std::string_view json);
  static Result<JwtKeys> from_jwks_file(const std::string& path);

  const jwt::KeySet& set() const noexcept { return *set_; }

 private:
  explicit JwtKeys(std::shared_ptr<const jwt::KeySet> set) noexcept : set_(std::move(set)) {}

  std::shared_ptr<const jwt::KeySet> set_;
};

using JwtKeyStats = KeyStats;

struct JwtKeySourceOptions {
  JwtKeySourceOptions() = default;
  // How often the file is looked at: with the first token, or look at stats(), behind this. A page
  // of the server's numbers is such a look.
  std::chrono::nanoseconds check_interval{std::chrono::minutes(1)};
  // Gets a line for each set that was taken, at kInfo, or could not be, at kWarning. Empty:
  // standard error.
  LogSink log;
  LogLevel log_level = LogLevel::kWarning;
  // Outlives the source.
  Clock* clock = &steady_clock();
};

// Where an authenticator has its keys from, as tls::CertificateSource is for certificates. One can
// serve many authenticators. Threads: any.
class JwtKeySource {
 public:
  // A file as JwtKeys::from_pem_file() and from_jwks_file() read it, which is read again when it
  // has changed. One that cannot be used does not take the place of the keys before: tokens are
  // verified with those. Fails if it cannot be used now. To replace it whole, rename another one
  // over it.
  static Result<std::shared_ptr<JwtKeySource>> open_pem(
      const std::string& path, const JwtKeySourceOptions& options = JwtKeySourceOptions());
  static Result<std::shared_ptr<JwtKeySource>> open_jwks(
      const std::string& path, const JwtKeySourceOptions& options = JwtKeySourceOptions());
  // What the program has from elsewhere, until set().
  static std::shared_ptr<JwtKeySource> of(JwtKeys keys);
  JwtKeySource(const JwtKeySource&) = delete;
  JwtKeySource& operator=(const JwtKeySource&) = delete;
  ~JwtKeySource();

  // Those that the next token is verified with.
  JwtKeys current();
  // Reads the file now, whether it has changed or not. If it fails, the keys stay as they are.
  Status reload();
  void set(JwtKeys keys);
  JwtKeyStats stats();

 private:
  class Impl;
  explicit JwtKeySource(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

struct JwtOptions {
  JwtOptions() = default;

  std::string issuer;    // what `iss` must be
  std::string audience;  // what `aud` must be, or have among others
  // How far the clock of the issuer may be from ours, at `exp` and `nbf`.
  std::chrono::seconds leeway{0};
  // The claim that has the roles: a list of strings, or one string with spaces between them.
  std::string roles_claim = "roles";
  // Claims that are strings and become attributes of the identity, such as "email".
  std::vector<std::string> attribute_claims;
  std::size_t max_token_bytes = 8 * 1024;  // a longer one is refused unread

  // The time of day. Null: the system's.
  std::function<std::chrono::system_clock::time_point()> now;
  // Gets why a token was refused, at most once a second; its caller is told only that it was.
  // Empty: standard error.
  LogSink log;
};

// Authenticates callers that send, in the metadata `authorization`, "Bearer <token>" with a token
// that one of `keys` has signed, that is of this issuer and for this audience, and whose time has
// come (`nbf`) and not passed (`exp`, which is required). The name of the identity is `sub`. Fails
// if issuer or audience are empty: tokens for other services would be accepted.
Result<std::shared_ptr<Authenticator>> jwt_authenticator(std::shared_ptr<JwtKeySource> keys,
                                                         JwtOptions options);
// With keys that stay.
Result<std::shared_ptr<Authenticator>> jwt_authenticator(JwtKeys keys, JwtOptions options);

}  // namespace tern
