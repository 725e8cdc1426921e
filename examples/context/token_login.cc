#include "token_login.h"

#include <random>

tern::Result<std::string> Tokens::give() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::random_device random;  // the system's: nobody can guess the next
  std::string token;
  for (int word = 0; word < 4; ++word) {
    for (unsigned int bits = random(), i = 0; i < 8; ++i, bits >>= 4) token += kDigits[bits & 15];
  }
  std::lock_guard lock(mutex_);
  if (tokens_.size() >= kMost) {
    return tern::Status(tern::Code::kResourceExhausted,
                        std::to_string(kMost) + " tokens are in use");
  }
  tokens_.insert(token);
  return token;
}

bool Tokens::has(std::string_view token) const {
  std::lock_guard lock(mutex_);
  return tokens_.contains(std::string(token));
}

tern::Reply<std::string> TokenService::Login(tern::ServerContext& /*context*/, std::string who) {
  if (who != "user:pass") return context::WrongPassword();
  return tokens_->give();
}

tern::Reply<std::string> GreetingService::Hello(tern::ServerContext& context, std::string whom) {
  return "Hello " + whom + ", from " + std::string(context.peer());
}

tern::Status TokenRequired::on_start(tern::InterceptedCall& call) {
  if (call.method.service != service_ || tokens_->has(call.metadata.get(kTokenKey))) return {};
  return context::NotLoggedIn().to_status();
}

void TokenShown::set(std::string token) {
  std::lock_guard lock(mutex_);
  token_ = std::move(token);
}

tern::Status TokenShown::on_start(tern::InterceptedCall& call) {
  std::lock_guard lock(mutex_);
  if (!token_.empty()) call.metadata.add(std::string(kTokenKey), token_);
  return {};
}
