// The login as state of the connection: the service is made anew for each, and remembers.
#pragma once

#include <string>

#include "context.service.h"

class HelloService final : public context::HelloServiceService {
 public:
  tern::Reply<void> Login(tern::ServerContext& /*context*/, std::string who) override {
    if (who != "user:pass") return context::WrongPassword();
    logged_in_ = true;
    return {};
  }

  tern::Reply<std::string> Hello(tern::ServerContext& context, std::string whom) override {
    if (!logged_in_) return context::NotLoggedIn();
    return "Hello " + whom + ", from " + std::string(context.peer());
  }

 private:
  bool logged_in_ = false;
};
