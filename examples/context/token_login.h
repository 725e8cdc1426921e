// The login as a token in each call's metadata: services know nothing of it, an interceptor asks.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "context.service.h"
#include "tern/interceptor.h"

inline constexpr std::string_view kTokenKey = "token";

// Who calls, as TokenRequired has found it out. A handler has it from ServerContext::values().
struct Identity {
  std::string user;
};

// The tokens that were given out, and to whom. Threads: any.
class Tokens {
 public:
  // So many are good at a time; more are refused with kResourceExhausted.
  static constexpr std::size_t kMost = 1024;

  tern::Result<std::string> give(std::string user);
  std::optional<std::string> user_of(std::string_view token) const;

 private:
  mutable std::mutex mutex_;                            // guards the following
  std::unordered_map<std::string, std::string> users_;  // by token
};

class TokenService final : public context::TokenServiceService {
 public:
  explicit TokenService(std::shared_ptr<Tokens> tokens) : tokens_(std::move(tokens)) {}

  tern::Reply<std::string> Login(tern::ServerContext& context, std::string who) override;

 private:
  std::shared_ptr<Tokens> tokens_;
};

class GreetingService final : public context::GreetingServiceService {
 public:
  tern::Reply<std::string> Hello(tern::ServerContext& context, std::string whom) override;
};

// The server's side: no call of `service` without a token that is known. Its handlers find the
// Identity of the caller in the call's values, where no client can write.
class TokenRequired final : public tern::Interceptor {
 public:
  TokenRequired(std::string service, std::shared_ptr<Tokens> tokens)
      : service_(std::move(service)), tokens_(std::move(tokens)) {}

  tern::Status on_start(tern::InterceptedCall& call) override;

 private:
  std::string service_;
  std::shared_ptr<Tokens> tokens_;
};

// The client's side: shows the token with every call, once there is one. Threads: any.
class TokenShown final : public tern::Interceptor {
 public:
  void set(std::string token);

  tern::Status on_start(tern::InterceptedCall& call) override;

 private:
  std::mutex mutex_;  // guards the following
  std::string token_;
};
