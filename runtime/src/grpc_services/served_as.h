// A service under another name.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "tern/service.h"

namespace tern::grpc_services {

// Serves what `service` does, as "grpc.health.v1.Health" for instance. Every one of a name has the
// same methods. `name` and the methods live as long as the process.
class ServedAs final : public Service {
 public:
  // `methods`: served_as(name, …), kept by the caller.
  ServedAs(std::string_view name, std::span<const Method> methods, std::shared_ptr<Service> service)
      : name_(name), methods_(methods), service_(std::move(service)) {}

  std::string_view name() const noexcept override { return name_; }
  std::span<const Method> methods() const noexcept override { return methods_; }
  void dispatch(std::size_t method, ServerCall& call) override { service_->dispatch(method, call); }

 private:
  const std::string_view name_;
  const std::span<const Method> methods_;
  const std::shared_ptr<Service> service_;
};

// The methods as a service of this name has them, for whom `access` accepts.
inline std::vector<Method> served_as(std::string_view name, std::span<const Method> methods,
                                     Access::Kind access) {
  std::vector<Method> out(methods.begin(), methods.end());
  for (Method& method : out) {
    method.service = name;
    method.id = method_id(name, method.name);
    method.access = {access, {}};
  }
  return out;
}

}  // namespace tern::grpc_services
