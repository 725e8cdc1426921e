// Load on the Echo service of ../echo.rpc with gRPC's callback API, a channel for each connection:
//   grpc_echo_client --port P --server-pid PID …      see ../load.h; prints RESULT
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "../load.h"
#include "../measure.h"
#include "echo.grpc.pb.h"

namespace {

using google::protobuf::BytesValue;
using tern::bench::Load;
using Stub = bench::Echo::Stub;
using Done = std::function<void(grpc::Status)>;

void start(Stub& stub, grpc::ClientContext& context, const BytesValue& request, BytesValue& reply,
           Done done) {
  stub.async()->Blob(&context, &request, &reply, std::move(done));
}
void start(Stub& stub, grpc::ClientContext& context, const bench::Sample& request,
           bench::Sample& reply, Done done) {
  stub.async()->EchoSample(&context, &request, &reply, std::move(done));
}

bool answers(const BytesValue& request, const BytesValue& reply) {
  return request.value().size() == reply.value().size();
}
bool answers(const bench::Sample& request, const bench::Sample& reply) {
  return request.id() == reply.id() && request.tags_size() == reply.tags_size();
}

void fill(BytesValue& request, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) {
    request.mutable_value()->push_back(static_cast<char>('a' + i % 23));
  }
}
void fill(bench::Sample& request, std::size_t) {
  request.set_id(1234567890123);
  request.set_name("user-name-0042");
  request.set_score(98.6);
  for (int tag : {1, 22, 333, 4444, 55555, 666666, 7777777, 88888888}) request.add_tags(tag);
}

// One call at a time, again and again.
template <typename Message>
class Caller {
 public:
  Caller(Stub& stub, const Message& request) : stub_(stub), request_(request) {}

  // Once; returns when it is done.
  void call_and_wait() {
    std::mutex mutex;
    std::condition_variable ended;
    bool is_done = false;
    begin([&](const grpc::Status&) {
      std::lock_guard lock(mutex);
      is_done = true;
      ended.notify_one();
    });
    std::unique_lock lock(mutex);
    ended.wait(lock, [&] { return is_done; });
  }
  void repeat(Load& load, std::mutex& mutex, std::uint64_t start) {
    begin([this, &load, &mutex, start](const grpc::Status&) {
      std::uint64_t now = 0;
      {
        std::lock_guard lock(mutex);  // gRPC has threads of its own
        now = load.done(start);
      }
      repeat(load, mutex, now);
    });
  }

 private:
  void begin(Done done) {
    context_.emplace();
    context_->set_wait_for_ready(true);
    start(stub_, *context_, request_, reply_, [this, done](grpc::Status status) {
      if (!status.ok() || !answers(request_, reply_)) Load::fail(status.error_message());
      done(status);
    });
  }

  Stub& stub_;
  const Message& request_;
  Message reply_;
  std::optional<grpc::ClientContext> context_;  // gRPC's are good for one call
};

std::unique_ptr<Stub> connect(const tern::bench::Options& options) {
  constexpr int kMostBytes = 64 << 20;
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(kMostBytes);
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  if (!options.certificates.empty()) {
    grpc::SslCredentialsOptions files;
    files.pem_root_certs = tern::bench::read_file(options.certificates + "/authority.pem");
    credentials = grpc::SslCredentials(files);
  }
  return bench::Echo::NewStub(grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(options.port),
                                                        credentials, arguments));
}

// Calls on connections of their own, one after another.
template <typename Message>
[[noreturn]] void call_on_fresh_ones(const tern::bench::Options& options, const Message& request,
                                     Load& load) {
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int i = 0; i < options.depth; ++i) {
    threads.emplace_back([&] {
      for (;;) {
        const std::uint64_t start = tern::bench::now_ns();
        std::unique_ptr<Stub> stub = connect(options);
        Caller<Message>(*stub, request).call_and_wait();
        stub.reset();
        std::lock_guard lock(mutex);
        load.done(start);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::abort();  // they never end
}

template <typename Message>
[[noreturn]] void drive(const tern::bench::Options& options) {
  const long resident_before = tern::bench::resident_bytes(options.server_pid);
  const long own_before = tern::bench::resident_bytes(::getpid());
  Message request;
  fill(request, options.bytes);
  std::vector<std::unique_ptr<Stub>> stubs;
  std::vector<std::unique_ptr<Caller<Message>>> callers;
  for (int i = 0; i < options.connections; ++i) {
    stubs.push_back(connect(options));
    for (int call = 0; call < options.depth; ++call) {
      callers.push_back(std::make_unique<Caller<Message>>(*stubs.back(), request));
    }
    callers.back()->call_and_wait();
  }
  if (options.idle > 0) Load::report_idle(options, resident_before, own_before);
  Load load(options);
  if (options.fresh) call_on_fresh_ones<Message>(options, request, load);
  std::mutex mutex;
  for (auto& caller : callers) caller->repeat(load, mutex, tern::bench::now_ns());
  // The process ends when it has measured.
  std::condition_variable never;
  std::mutex unused;
  std::unique_lock lock(unused);
  for (;;) never.wait(lock);
}

}  // namespace

int main(int argc, char** argv) {
  const tern::bench::Options options = tern::bench::parse_options(argc, argv);
  if (options.is_struct()) drive<bench::Sample>(options);
  drive<BytesValue>(options);
}
