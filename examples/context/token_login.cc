#include "token_login.h"

#include <random>

tern::Result<std::string> Tokens::give(std::string user) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::random_device random;  // the system's: nobody can guess the next
  std::string token;
  for (int word = 0; word < 4; ++word) {
    for (unsigned int bits = random(), i = 0; i < 8; ++i, bits >>= 4) token += kDigits[bits & 15];
  }
  std::lock_guard lock(mutex_);
  if (users_.size() >= kMost) {
    return tern::Status(tern::Code::kResourceExhausted,
                        std::to_string(kMost) + " tokens are in use");
  }
  users_.emplace(token, std::move(user));
  return token;
}

std::optional<std::string> Tokens::user_of(std::string_view token) const {
  std::lock_guard lock(mutex_);
  auto found = users_.find(std::string(token));
  if (found == users_.end()) return std::nullopt;
  return found->second;
}

tern::Reply<std::string> TokenService::Login(tern::ServerContext& /*context*/, std::string who) {
  if (who != "user:pass") return context::WrongPassword();
  return tokens_->give(who.substr(0, who.find(':')));
}

tern::Reply<std::string> GreetingService::Hello(tern::ServerContext& context, std::string whom) {
  const Identity* caller = context.values().get<Identity>();
  if (!caller) return context::NotLoggedIn();
  return "Hello " + whom + ", from " + caller->user + " at " + std::string(context.peer());
}

tern::Status TokenRequired::on_start(tern::InterceptedCall& call) {
  if (call.method.service != service_) return {};
  std::optional<std::string> user = tokens_->user_of(call.metadata.get(kTokenKey));
  if (!user) return context::NotLoggedIn().to_status();
  call.values.set(Identity{*user});
  return {};
}

void TokenShown::set(std::string token) {
  std::lock_guard lock(mutex_);
  token_ = std::move(token);
}

tern::Status TokenShown::on_start(tern::InterceptedCall& call) {
  std::lock_guard lock(mutex_);
  if (!token_.empty()) call.metadata.set(std::string(kTokenKey), token_);
  return {};
}
