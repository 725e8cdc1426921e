#include <fmt/format.h>

#include <utility>

#include "base/log_throttle.h"
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
    const auto now = options_.now ? options_.now() : std::chrono::system_clock::now();
    const JwtKeys keys = keys_->current();
    Result<Identity> who = jwt::read_token(credentials.bearer_token(), keys.set(), options_, now);
    if (who.ok()) {
      done(std::move(who));
      return;
    }
    log_.line(fmt::format("tern: {}: the token was refused: {}", credentials.peer,
                          who.status().message()),
              LogLevel::kInfo);
    done(Status(Code::kUnauthenticated, "expected a JSON web token that is good here"));
  }

 private:
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
                  "would be let in");
  }
  return std::shared_ptr<Authenticator>(
      std::make_shared<JwtAuthenticator>(std::move(keys), std::move(options)));
}

Result<std::shared_ptr<Authenticator>> jwt_authenticator(JwtKeys keys, JwtOptions options) {
  return jwt_authenticator(JwtKeySource::of(std::move(keys)), std::move(options));
}

}  // namespace tern
