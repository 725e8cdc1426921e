// What ../stream_client.cc does, with gRPC's callback API, in the modes that it has there: batch
// (and each, which is the same here), beside, idle.
#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "../../command_line.h"
#include "../../histogram.h"
#include "../../measure.h"
#include "streams.grpc.pb.h"

namespace {

using bench::streams::Feed;
using bench::streams::Item;
using bench::streams::Order;

struct Setup {
  std::uint16_t port = 0;
  int server_pid = 0;
  std::string mode = "batch";
  int count = 300'000;
  int size = 100;
  int streams = 1000;
  int connections = 10;
};

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "grpc_stream_client: %s\n", why.c_str());
  std::_Exit(1);
}

class Reading final : public grpc::ClientReadReactor<Item> {
 public:
  Reading(Feed::Stub& stub, const Order& order) : order_(order) {
    stub.async()->Items(&context_, &order_, this);
    StartRead(&item_);
    StartCall();
  }
  void OnReadDone(bool ok) override {
    if (!ok) return;
    if (item_.number() != came_++) fail("an item is missing");
    StartRead(&item_);
  }
  void OnReadInitialMetadataDone(bool /*ok*/) override {
    std::lock_guard lock(mutex_);
    begun_ = true;
    changed_.notify_all();
  }
  void OnDone(const grpc::Status& status) override {
    if (!status.ok()) fail(status.error_message());
    std::lock_guard lock(mutex_);
    done_ = true;
    changed_.notify_all();
  }
  std::int64_t wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return done_; });
    return came_;
  }
  void wait_begun() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return begun_; });
  }

 private:
  const Order order_;
  grpc::ClientContext context_;
  Item item_;
  std::int64_t came_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool begun_ = false;
  bool done_ = false;
};

std::unique_ptr<Feed::Stub> connect(const Setup& setup) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return Feed::NewStub(grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(setup.port),
                                                 grpc::InsecureChannelCredentials(), arguments));
}

void echo(Feed::Stub& stub, const std::string& data) {
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  bench::streams::Data request;
  bench::streams::Data reply;
  request.set_data(data);
  grpc::Status status = stub.Echo(&context, request, &reply);
  if (!status.ok()) fail(status.error_message());
}

void batch(const Setup& setup, Feed::Stub& stub) {
  Order order;
  order.set_count(setup.count);
  order.set_size(setup.size);
  const std::uint64_t start = tern::bench::now_ns();
  const std::uint64_t server = tern::bench::process_cpu_ns(setup.server_pid);
  Reading reading(stub, order);
  const double messages = static_cast<double>(reading.wait());
  const double seconds = tern::bench::seconds_since(start);
  std::printf(
      "RESULT mode=%s messages_s=%.0f server_ns=%.0f\n", setup.mode.c_str(), messages / seconds,
      static_cast<double>(tern::bench::process_cpu_ns(setup.server_pid) - server) / messages);
}

double calls(Feed::Stub& stub) {
  auto latencies = std::make_unique<tern::bench::Histogram>();
  const std::string data(100, 'x');
  for (const std::uint64_t begin = tern::bench::now_ns();
       tern::bench::seconds_since(begin) < 2.0;) {
    const std::uint64_t start = tern::bench::now_ns();
    echo(stub, data);
    latencies->add(tern::bench::now_ns() - start);
  }
  return latencies->quantile(0.99);
}

void beside(const Setup& setup, Feed::Stub& stub) {
  const double alone = calls(stub);
  Order order;
  order.set_size(setup.size);
  std::vector<std::unique_ptr<Reading>> reading;
  for (int i = 0; i < 16; ++i) reading.push_back(std::make_unique<Reading>(stub, order));
  const double with_streams = calls(stub);
  std::printf("RESULT mode=beside alone_p99_us=%.1f beside_p99_us=%.1f ratio=%.2f\n", alone / 1000,
              with_streams / 1000, with_streams / alone);
  std::fflush(stdout);
  std::_Exit(0);
}

void idle(const Setup& setup) {
  std::vector<std::unique_ptr<Feed::Stub>> stubs;
  for (int i = 0; i < setup.connections; ++i) {
    stubs.push_back(connect(setup));
    echo(*stubs.back(), "x");
  }
  const long before = tern::bench::resident_bytes(setup.server_pid);
  std::vector<std::unique_ptr<Reading>> reading;
  Order order;
  order.set_idle(true);
  for (int i = 0; i < setup.streams; ++i) {
    reading.push_back(
        std::make_unique<Reading>(*stubs[static_cast<std::size_t>(i) % stubs.size()], order));
  }
  for (auto& one : reading) one->wait_begun();
  const double grown = static_cast<double>(tern::bench::resident_bytes(setup.server_pid) - before);
  std::printf("RESULT mode=idle streams=%d connections=%d server_mib=%.1f bytes_a_stream=%.0f\n",
              setup.streams, setup.connections, grown / 1024 / 1024, grown / setup.streams);
  std::fflush(stdout);
  std::_Exit(0);
}

}  // namespace

int main(int argc, char** argv) {
  Setup setup;
  tern::bench::parse_command_line(argc, argv,
                                  {{"--port", setup.port},
                                   {"--server-pid", setup.server_pid},
                                   {"--mode", setup.mode},
                                   {"--count", setup.count},
                                   {"--size", setup.size},
                                   {"--streams", setup.streams},
                                   {"--conns", setup.connections}});
  if (setup.mode == "idle") idle(setup);
  std::unique_ptr<Feed::Stub> stub = connect(setup);
  echo(*stub, "x");
  if (setup.mode == "beside") beside(setup, *stub);
  batch(setup, *stub);
  return 0;
}
