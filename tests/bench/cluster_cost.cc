// What a call through a Cluster costs beside one through a Client, in one process:
//   tern_cluster_cost [ROUNDS [client|cluster]]
// A server on a thread of its own; the two clients take turns, 64 calls in flight. Prints the CPU
// time of the client's thread a call, the medians of the rounds, and their ratio. Or for one of the
// two alone, which is for counting instructions.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "echo_service.h"
#include "measure.h"
#include "tern/cluster.h"
#include "tern/server.h"
#include "tern/server_list.h"

namespace {

using tern::bench::thread_cpu_ns;

constexpr int kDepth = 64;
constexpr int kCalls = 200'000;

// Makes kCalls, all but the first kDepth from the callbacks of others, so on the loop's thread.
class Round {
 public:
  explicit Round(tern::Channel& channel) : stub_(channel) {}

  double ns_a_call() {
    for (int i = 0; i < kDepth; ++i) repeat();
    return ended_.get_future().get();
  }

 private:
  void repeat() {
    stub_.EchoSample(sample_).then([this](tern::Result<bench::Sample> reply) {
      if (!reply.ok() || reply->id != sample_.id) std::abort();
      if (++done_ == kDepth) begun_ = thread_cpu_ns();
      if (done_ < kCalls) repeat();
      if (done_ == kCalls + kDepth - 1) {
        ended_.set_value(static_cast<double>(thread_cpu_ns() - begun_) / kCalls);
      }
    });
  }

  bench::EchoStub stub_;
  bench::Sample sample_{
      1234567890123, "user-name-0042", 98.6, {1, 22, 333, 4444, 55555, 666666, 7777777, 88888888}};
  int done_ = 0;  // touched by the loop's thread alone, once calls run
  std::uint64_t begun_ = 0;
  std::promise<double> ended_;
};

double median(std::vector<double> of) {
  std::nth_element(of.begin(), of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2), of.end());
  return of[of.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 7;
  tern::Server server;
  if (!server.add(std::make_shared<tern::bench::EchoService>()).ok()) return 1;
  const std::string address = server.listen("tcp@127.0.0.1:0")->to_string();
  tern::IoPool pool;
  tern::Client client(address, pool);
  tern::Cluster cluster(*tern::ServerList::of({address}), pool);
  if (argc > 2) {
    const bool through_cluster = std::string_view(argv[2]) == "cluster";
    tern::Channel& channel = through_cluster ? static_cast<tern::Channel&>(cluster)
                                             : static_cast<tern::Channel&>(client);
    std::vector<double> of_one;
    for (int i = 0; i < rounds; ++i) of_one.push_back(Round(channel).ns_a_call());
    std::printf("%s %.0f ns a call\n", argv[2], median(of_one));
    return 0;
  }
  std::vector<double> of_client;
  std::vector<double> of_cluster;
  for (int i = 0; i < rounds; ++i) {
    of_client.push_back(Round(client).ns_a_call());
    of_cluster.push_back(Round(cluster).ns_a_call());
  }
  std::printf("client %.0f ns a call, cluster %.0f ns, ratio %.2f\n", median(of_client),
              median(of_cluster), median(of_cluster) / median(of_client));
  return 0;
}
