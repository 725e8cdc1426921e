#include <utility>

#include "tern/token_source.h"

namespace tern {

namespace {

class FixedToken final : public TokenSource {
 public:
  explicit FixedToken(std::string token) : token_(std::move(token)) {}
  void token(const Endpoint&, Done done) override { done(Token(token_)); }

 private:
  const std::string token_;
};

}  // namespace

std::shared_ptr<TokenSource> fixed_token(std::string token) {
  return std::make_shared<FixedToken>(std::move(token));
}

}  // namespace tern
