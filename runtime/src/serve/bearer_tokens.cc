#include "tern/bearer_tokens.h"

#include <string_view>
#include <utility>

#include "base/no_token.h"
#include "base/same_secret.h"

namespace tern {

namespace {

class BearerTokens final : public Authenticator {
 public:
  explicit BearerTokens(std::vector<BearerToken> known) : known_(std::move(known)) {}

  void authenticate(const Credentials& credentials, Done done) override {
    const std::string_view shown = credentials.bearer_token();
    const BearerToken* found = nullptr;
    // All of them: how long it takes does not say which one it is.
    for (const BearerToken& one : known_) {
      if (base::same_secret(shown, one.token)) found = &one;
    }
    if (shown.empty()) {
      done(base::no_token(credentials));
    } else if (!found) {
      done(Status(Code::kUnauthenticated,
                  "expected a bearer token that is known here; the one that came is not"));
    } else {
      done(found->identity);
    }
  }

 private:
  const std::vector<BearerToken> known_;
};

}  // namespace

std::shared_ptr<Authenticator> bearer_tokens(std::vector<BearerToken> known) {
  return std::make_shared<BearerTokens>(std::move(known));
}

}  // namespace tern
