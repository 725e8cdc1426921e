#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/log_throttle.h"
#include "base/no_token.h"
#include "jwt/token.h"
#include "tern/clock.h"
#include "tern/jwt.h"

namespace tern {

namespace {

// Verifies at once: it is arithmetic, and waits for nobody.
class JwtAuthenticator final : public Authenticator {
 public:
  JwtAuthenticator(std::shared_ptr<JwtKeySource> keys, JwtOptions options)
      : keys_(std::move(keys)),
        options_(std::move(options)),
        log_(steady_clock(), options_.log, LogLevel::kInfo) {}

  void authenticate(const Credentials& credentials, Done done) override {
    const std::string_view token = credentials.bearer_token();
    if (token.empty()) {
      const Status missing = base::no_token(credentials);
      log(credentials, missing.message());
      done(missing);
      return;
    }
    const JwtKeys keys = keys_->current();
    Result<std::string> claims = jwt::verified_claims(token, keys.set(), options_);
    if (!claims.ok()) {
      log(credentials, claims.status().message());
      done(Status(Code::kUnauthenticated,
                  "expected a JSON web token that a key known here has signed; the one that came "
                  "is not"));
      return;
    }
    const auto now = options_.now ? options_.now() : std::chrono::system_clock::now();
    Result<Identity> who = jwt::identity_of(*claims, options_, now);
    if (!who.ok()) {
      log(credentials, who.status().message());
      who = who.status().with_context("the JSON web token is not good here");
    }
    done(std::move(who));
  }

  std::optional<KeyStats> key_stats() override { return keys_->stats(); }

 private:
  void log(const Credentials& credentials, std::string_view why) {
    log_.line(fmt::format("tern: {}: the token was refused: {}", credentials.peer, why),
              LogLevel::kInfo);
  }

  const std::shared_ptr<JwtKeySource> keys_;
  const JwtOptions options_;
  base::LogThrottle log_;
};

}  // namespace

Result<std::shared_ptr<Authenticator>> jwt_authenticator(std::shared_ptr<JwtKeySource> keys,
                                                         JwtOptions options) {
  if (!keys) {
    return Status(Code::kInvalidArgument, "jwt_authenticator: null; expected a source of keys");
  }
  if (options.issuer.empty() || options.audience.empty()) {
    return Status(Code::kInvalidArgument,
                  "JwtOptions: expected an issuer and an audience; without them tokens for others "
                  "would be accepted");
  }
  return std::shared_ptr<Authenticator>(
      std::make_shared<JwtAuthenticator>(std::move(keys), std::move(options)));
}

Result<std::shared_ptr<Authenticator>> jwt_authenticator(JwtKeys keys, JwtOptions options) {
  return jwt_authenticator(JwtKeySource::of(std::move(keys)), std::move(options));
}

}  // namespace tern
