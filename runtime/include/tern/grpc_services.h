// The services that gRPC's own tools and clients ask a server for, health and reflection: the
// target tern::grpc_services. docs/grpc.md has an example of each.
//
// Both are services like any other: every protocol of the server has them, interceptors see their
// calls, and they are added before listen() and serve().
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "tern/codegen/file_descriptor.h"
#include "tern/result.h"
#include "tern/server.h"

namespace tern {

namespace grpc_services {
class HealthStatuses;
}  // namespace grpc_services

struct HealthOptions {
  HealthOptions() = default;

  // At most so many calls of Watch at a time, of all clients; more end with kResourceExhausted.
  // Each takes the memory of a stream. Limits::streams is how many one connection may have.
  std::size_t watches = 10000;
};

// What a server says about its health. A service is called by its full name, "arith.Arith"; "" is
// the server as a whole. The services that the server has, and "", are SERVING until something else
// is said here; a name that is neither of these nor was given here is unknown to clients.
// It may outlive the server. Copies are the same object. Threads: any, also in handlers.
class Health {
 public:
  explicit Health(std::shared_ptr<grpc_services::HealthStatuses> statuses) noexcept
      : statuses_(std::move(statuses)) {}

  // SERVING or NOT_SERVING. Every Watch of the service is sent what has changed.
  void set_serving_status(std::string_view service, bool serving);
  // The same of "", of every service that the server has, and of every name that was given here.
  void set_serving_status_of_all(bool serving);
  // Takes back what was said of this name. What the server does not have is unknown again.
  void clear_serving_status(std::string_view service);
  // All are NOT_SERVING from now on, and nothing that is said later changes that. The server does
  // this by itself when stop() or async_stop() begins, before any client is told that it goes away.
  void shutdown();

 private:
  std::shared_ptr<grpc_services::HealthStatuses> statuses_;
};

// Adds grpc.health.v1.Health. Fails as Server::add().
Result<Health> add_health(Server& server, HealthOptions options = HealthOptions());

// Adds grpc.reflection.v1.ServerReflection and v1alpha: clients such as grpcurl and `buf curl`
// learn from it which services the server has, and from `files` and what these import what they
// look like.
//
// Of services whose file is not given only the names are told. Two different files of one path are
// kInvalidArgument. Fails as Server::add().
Status add_reflection(Server& server, const std::vector<const FileDescriptor*>& files = {});

// The same with the files of these skeletons, from their .descriptor.h:
//   tern::add_reflection<arith::ArithService>(server);
template <typename... Services>
Status add_reflection(Server& server) requires(sizeof...(Services) > 0) {
  return add_reflection(server, {&DescriptorOf<Services>::kFile...});
}

}  // namespace tern
