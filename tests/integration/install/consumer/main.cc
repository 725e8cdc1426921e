// A server and a client in one program: exits with 0 if the calls end as they should.
#include <iostream>
#include <memory>
#include <string>

#include "greeter.service.h"
#include "tern/tern.h"

int size_of_a_thing();

class Greeter final : public greeter::GreeterService {
 public:
  tern::Reply<std::string> Greet(tern::ServerContext&, people::Name request) override {
    if (request.first.empty()) return greeter::NotPolite(request);
    return "Hello, " + request.first;
  }
};

int main() {
  tern::Server server;
  if (!server.add(std::make_shared<Greeter>()).ok()) return 1;
  tern::Result<tern::Endpoint> address = server.listen("tcp@127.0.0.1:0");
  if (!address.ok()) {
    std::cerr << address.status().to_string() << '\n';
    return 1;
  }

  tern::Client client(address->to_string());
  greeter::GreeterStub stub(client);
  people::Name ada;
  ada.first = "Ada";
  tern::Result<std::string> greeting = stub.Greet(ada).get();
  if (!greeting.ok()) {
    std::cerr << greeting.status().to_string() << '\n';
    return 1;
  }
  std::cout << *greeting << '\n';
  bool refused = stub.Greet({}).get().status().as<greeter::NotPolite>() != nullptr;
  return *greeting == "Hello, Ada" && refused && size_of_a_thing() == 3 ? 0 : 1;
}
