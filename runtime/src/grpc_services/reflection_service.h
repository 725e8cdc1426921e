// What gRPC's reflection answers.
#pragma once

#include <asio/awaitable.hpp>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "grpc_services/descriptor_files.h"
#include "grpc_services/idl/reflection.service.h"
#include "tern/coroutines.h"

namespace tern::serve {
class ServerCore;
}  // namespace tern::serve

namespace tern::grpc_services {

// Threads: any.
class ReflectionService final : public tern_grpc::ServerReflectionService {
 public:
  // `core`: of the server that has this service, and so outlives its handlers.
  ReflectionService(serve::ServerCore& core, DescriptorFiles files)
      : core_(core), files_(std::move(files)) {}

  Reply<void> ServerReflectionInfo(ServerContext& context,
                                   Reader<tern_grpc::ServerReflectionRequest> in,
                                   Writer<tern_grpc::ServerReflectionResponse> out) override;

 private:
  // The files that this stream has been sent.
  using Sent = std::set<const DescriptorFile*>;

  asio::awaitable<Result<void>> answer_all(ServerContext& context,
                                           Reader<tern_grpc::ServerReflectionRequest> in,
                                           Writer<tern_grpc::ServerReflectionResponse> out);
  void answer(const tern_grpc::ServerReflectionRequest& request, Sent& sent,
              tern_grpc::ServerReflectionResponse& response) const;
  void answer_symbol(const std::string& symbol, Sent& sent,
                     tern_grpc::ServerReflectionResponse& response) const;
  void answer_extension(const tern_grpc::ExtensionRequest& request,
                        tern_grpc::ServerReflectionResponse& response) const;
  tern_grpc::ListServiceResponse services() const;
  bool serves(std::string_view service) const;

  serve::ServerCore& core_;
  const DescriptorFiles files_;
};

}  // namespace tern::grpc_services
