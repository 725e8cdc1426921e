// A server, a client and a call, behind one function of a shared library.
#include <memory>
#include <string>

#include "greeter.service.h"
#include "tern/tern.h"

namespace {

class Greeter final : public greeter::GreeterService {
  tern::Reply<std::string> Greet(tern::ServerContext& /*context*/, people::Name name) override {
    if (name.first.empty()) return greeter::NotPolite(name);
    return "Hello, " + name.first;
  }
};

}  // namespace

// 0 if a call, and one that ends with a declared error, end as they should.
extern "C" int greet() {
  tern::Server server;
  if (!server.add(std::make_shared<Greeter>()).ok()) return 1;
  tern::Result<tern::Endpoint> address = server.listen("tcp@127.0.0.1:0");
  if (!address.ok()) return 2;
  tern::Client client(address->to_string());
  greeter::GreeterStub stub(client);
  people::Name ada;
  ada.first = "Ada";
  tern::Result<std::string> greeting = stub.Greet(ada).get();
  if (!greeting.ok() || *greeting != "Hello, Ada") return 3;
  return stub.Greet({}).get().status().as<greeter::NotPolite>() != nullptr ? 0 : 4;
}
