// Greets those who have logged in. One for each connection, so that it can remember who has.
#pragma once

#include <string>

#include "interop.service.h"

class HelloService final : public interop::HelloServiceService {
 public:
  tern::Reply<std::string> Login(tern::ServerContext& /*context*/, std::string who) override {
    if (who != "user:pass") return interop::WrongPassword();
    logged_in_ = true;
    return std::string();
  }

  tern::Reply<std::string> Hello(tern::ServerContext& context, std::string whom) override {
    if (!logged_in_) return interop::NotLoggedIn();
    return "Hello " + whom + ", from " + std::string(context.peer());
  }

 private:
  bool logged_in_ = false;
};
