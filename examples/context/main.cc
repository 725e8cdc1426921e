// The same login twice: as state of the connection, and as a token in the metadata.
#include <iostream>
#include <memory>
#include <string>

#include "connection_login.h"
#include "tern/tern.h"
#include "token_login.h"

namespace {

template <typename T>
std::string outcome(const tern::Result<T>& result) {
  return result.ok() ? " = " + *result : ": " + std::string(result.status().message());
}

void print(const std::string& way, const std::string& text) {
  std::cout << way << text << std::endl;
}

// What one connection has said, another does not know.
bool log_in_on_a_connection(const std::string& address) {
  tern::Client client(address);
  tern::Client other(address);
  context::HelloServiceStub hello(client);

  tern::Result<std::string> early = hello.Hello("world").get();
  print("connection  ", "Hello before Login" + outcome(early));
  tern::Status login = hello.Login("user:pass").get().take_status();
  print("connection  ", "Login: " + login.to_string());
  tern::Result<std::string> greeting = hello.Hello("world").get();
  print("connection  ", "Hello" + outcome(greeting));
  tern::Result<std::string> elsewhere = context::HelloServiceStub(other).Hello("world").get();
  print("connection  ", "Hello on another connection" + outcome(elsewhere));
  return early.status().as<context::NotLoggedIn>() && login.ok() && greeting.ok() &&
         elsewhere.status().as<context::NotLoggedIn>();
}

// The token is good on every connection whose client shows it.
bool log_in_with_a_token(const std::string& address) {
  auto token = std::make_shared<TokenShown>();
  tern::ClientOptions options;
  options.interceptors.push_back(token);
  tern::Client client(address, options);
  tern::Client other(address, options);
  context::GreetingServiceStub greeter(client);

  tern::Result<std::string> early = greeter.Hello("world").get();
  print("token       ", "Hello before Login" + outcome(early));
  tern::Result<std::string> login = context::TokenServiceStub(client).Login("user:pass").get();
  print("token       ", "Login: " + login.status().to_string());
  if (login.ok()) token->set(*login);
  tern::Result<std::string> greeting = greeter.Hello("world").get();
  print("token       ", "Hello" + outcome(greeting));
  tern::Result<std::string> elsewhere = context::GreetingServiceStub(other).Hello("world").get();
  print("token       ", "Hello on another connection" + outcome(elsewhere));
  // What a client claims of itself is metadata, and changes nothing.
  tern::CallOptions claim;
  claim.metadata.add("user", "admin");
  tern::Result<std::string> forged = greeter.Hello("world", claim).get();
  print("token       ", "Hello with \"user: admin\"" + outcome(forged));
  return early.status().code() == tern::Code::kUnauthenticated && login.ok() && greeting.ok() &&
         elsewhere.ok() && forged.ok() && *forged == *greeting;
}

}  // namespace

int main() {
  auto tokens = std::make_shared<Tokens>();
  tern::ServerOptions options;
  options.interceptors.push_back(
      std::make_shared<TokenRequired>("context.GreetingService", tokens));
  tern::Server server(options);

  tern::Status ready = server.add_per_connection([] { return std::make_unique<HelloService>(); });
  if (ready.ok()) ready = server.add(std::make_shared<TokenService>(tokens));
  if (ready.ok()) ready = server.add(std::make_shared<GreetingService>());
  tern::Result<tern::Endpoint> address =
      ready.ok() ? server.listen("tcp@127.0.0.1:0") : tern::Result<tern::Endpoint>(ready);
  if (!address.ok()) {
    std::cerr << "context: " << address.status().to_string() << '\n';
    return 1;
  }

  bool good = log_in_on_a_connection(address->to_string());
  good &= log_in_with_a_token(address->to_string());
  return good ? 0 : 1;
}
