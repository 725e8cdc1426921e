// The Echo service of ../echo.rpc with gRPC's callback API:
//   grpc_echo_server --port P [--tls DIRECTORY]      prints READY
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "../command_line.h"
#include "../measure.h"
#include "echo.grpc.pb.h"

namespace {

using google::protobuf::BytesValue;
using google::protobuf::Int64Value;

grpc::ServerUnaryReactor* finish(grpc::CallbackServerContext* context) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

class Echo final : public bench::Echo::CallbackService {
 public:
  grpc::ServerUnaryReactor* Blob(grpc::CallbackServerContext* context, const BytesValue* request,
                                 BytesValue* reply) override {
    reply->set_value(request->value());
    return finish(context);
  }
  grpc::ServerUnaryReactor* EchoSample(grpc::CallbackServerContext* context,
                                       const bench::Sample* request,
                                       bench::Sample* reply) override {
    *reply = *request;
    return finish(context);
  }
  grpc::ServerUnaryReactor* Make(grpc::CallbackServerContext* context, const Int64Value* request,
                                 BytesValue* reply) override {
    reply->set_value(std::string(static_cast<std::size_t>(request->value()), 'x'));
    return finish(context);
  }
};

}  // namespace

int main(int argc, char** argv) {
  constexpr int kMostBytes = 64 << 20;
  std::uint16_t port = 0;
  std::string certificates;
  tern::bench::parse_command_line(argc, argv, {{"--port", port}, {"--tls", certificates}});
  Echo echo;
  grpc::ServerBuilder builder;
  std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials();
  if (!certificates.empty()) {
    grpc::SslServerCredentialsOptions files;
    files.pem_key_cert_pairs.push_back({tern::bench::read_file(certificates + "/server.key"),
                                        tern::bench::read_file(certificates + "/server.pem")});
    credentials = grpc::SslServerCredentials(files);
  }
  builder.AddListeningPort("127.0.0.1:" + std::to_string(port), credentials);
  builder.SetMaxReceiveMessageSize(kMostBytes);
  builder.RegisterService(&echo);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (!server) return 1;
  std::puts("READY");
  std::fflush(stdout);
  server->Wait();
  return 0;
}
