#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/log_throttle.h"
#include "jwt/keys.h"
#include "jwt/token.h"
#include "tern/clock.h"
#include "tern/jwt.h"

namespace tern {

namespace {

constexpr std::streamsize kMostKeyBytes = 1024 * 1024;

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Status(Code::kNotFound, fmt::format("keys: {}: {}", path, std::strerror(errno)));
  }
  std::string text(kMostKeyBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.gcount() > kMostKeyBytes) {
    return Status(Code::kInvalidArgument,
                  fmt::format("keys: {}: more than {} bytes", path, kMostKeyBytes));
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

// Verifies at once: it is arithmetic, and waits for nobody.
class JwtAuthenticator final : public Authenticator {
 public:
  JwtAuthenticator(JwtKeys keys, JwtOptions options)
      : keys_(std::move(keys)),
        options_(std::move(options)),
        log_(steady_clock(), options_.log, LogLevel::kInfo) {}

  void authenticate(const Credentials& credentials, Done done) override {
    const auto now = options_.now ? options_.now() : std::chrono::system_clock::now();
    Result<Identity> who = jwt::read_token(credentials.bearer_token(), keys_.set(), options_, now);
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
  const JwtKeys keys_;
  const JwtOptions options_;
  base::LogThrottle log_;
};

}  // namespace

Result<JwtKeys> JwtKeys::from_pem(std::string_view pem) {
  Result<jwt::Key> key = jwt::Key::from_pem(pem);
  if (!key.ok()) return key.take_status();
  std::vector<jwt::NamedKey> keys;
  keys.push_back({"", *std::move(key)});
  return JwtKeys(std::make_shared<const jwt::KeySet>(std::move(keys)));
}

Result<JwtKeys> JwtKeys::from_jwks(std::string_view json) {
  Result<jwt::KeySet> set = jwt::KeySet::from_jwks(json);
  if (!set.ok()) return set.take_status();
  return JwtKeys(std::make_shared<const jwt::KeySet>(*std::move(set)));
}

Result<JwtKeys> JwtKeys::from_pem_file(const std::string& path) {
  Result<std::string> text = read_file(path);
  if (!text.ok()) return text.take_status();
  Result<JwtKeys> keys = from_pem(*text);
  if (!keys.ok()) return keys.status().with_context(path);
  return keys;
}

Result<JwtKeys> JwtKeys::from_jwks_file(const std::string& path) {
  Result<std::string> text = read_file(path);
  if (!text.ok()) return text.take_status();
  Result<JwtKeys> keys = from_jwks(*text);
  if (!keys.ok()) return keys.status().with_context(path);
  return keys;
}

Result<std::shared_ptr<Authenticator>> jwt_authenticator(JwtKeys keys, JwtOptions options) {
  if (options.issuer.empty() || options.audience.empty()) {
    return Status(Code::kInvalidArgument,
                  "JwtOptions: expected an issuer and an audience; without them tokens for others "
                  "would be let in");
  }
  return std::shared_ptr<Authenticator>(
      std::make_shared<JwtAuthenticator>(std::move(keys), std::move(options)));
}

}  // namespace tern
