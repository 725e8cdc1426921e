// The feed of ../streams.rpc with gRPC's callback API.
#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "../../command_line.h"
#include "streams.grpc.pb.h"

namespace {

class Items final : public grpc::ServerWriteReactor<bench::streams::Item> {
 public:
  explicit Items(const bench::streams::Order& order) : count_(order.count()), idle_(order.idle()) {
    item_.mutable_data()->resize(static_cast<std::size_t>(order.size()));
    if (idle_) {
      StartSendInitialMetadata();
    } else {
      next();
    }
  }
  void OnWriteDone(bool ok) override {
    if (!ok) {
      Finish(grpc::Status::CANCELLED);
    } else {
      next();
    }
  }
  void OnCancel() override {
    if (idle_) Finish(grpc::Status::CANCELLED);
  }
  void OnDone() override { delete this; }

 private:
  void next() {
    if (count_ > 0 && number_ == count_) {
      Finish(grpc::Status::OK);
      return;
    }
    item_.set_number(number_++);
    StartWrite(&item_);
  }

  const std::int64_t count_;
  const bool idle_;
  std::int64_t number_ = 0;
  bench::streams::Item item_;
};

class Feed final : public bench::streams::Feed::CallbackService {
 public:
  grpc::ServerWriteReactor<bench::streams::Item>* Items(
      grpc::CallbackServerContext*, const bench::streams::Order* order) override {
    return new ::Items(*order);
  }
  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context,
                                 const bench::streams::Data* request,
                                 bench::streams::Data* reply) override {
    reply->set_data(request->data());
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

}  // namespace

int main(int argc, char** argv) {
  std::uint16_t port = 0;
  tern::bench::parse_command_line(argc, argv, {{"--port", port}});
  Feed feed;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:" + std::to_string(port), grpc::InsecureServerCredentials());
  builder.RegisterService(&feed);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (!server) return 1;
  std::puts("READY");
  std::fflush(stdout);
  server->Wait();
  return 0;
}
