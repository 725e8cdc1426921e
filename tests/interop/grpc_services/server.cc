// Serves the services of the interop example with gRPC's health and reflection, and Switch, which
// sets the health. Prints its address and serves until SIGINT or SIGTERM, with 10 s to drain.
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "interop.descriptor.h"
#include "interop.service.h"
#include "services.h"
#include "switch.descriptor.h"
#include "switch.service.h"
#include "tern/grpc_services.h"
#include "tern/tern.h"

namespace {

class Switch final : public health_switch::SwitchService {
 public:
  explicit Switch(tern::Health health) : health_(std::move(health)) {}

  tern::Reply<void> Set(tern::ServerContext&, health_switch::Setting setting) override {
    health_.set_serving_status(setting.service, setting.serving);
    return {};
  }

 private:
  tern::Health health_;
};

tern::Status add_all(tern::Server& server) {
  tern::Result<tern::Health> health = tern::add_health(server);
  if (!health.ok()) return health.take_status();
  tern::Status status = add_interop_services(server);
  if (status.ok()) status = server.add(std::make_shared<Switch>(std::move(*health)));
  if (!status.ok()) return status;
  return tern::add_reflection<interop::ArithService, health_switch::SwitchService>(server);
}

}  // namespace

int main() {
  tern::Server server;
  tern::Status status = add_all(server);
  if (status.ok()) {
    tern::Result<tern::Endpoint> at = server.listen("tcp@127.0.0.1:0");
    if (at.ok()) std::cout << at->to_string() << std::endl;
    status = at.take_status();
  }
  if (status.ok()) status = tern::serve_until_signal(server, std::chrono::seconds(10));
  if (!status.ok()) std::cerr << status.to_string() << '\n';
  return status.ok() ? 0 : 1;
}
