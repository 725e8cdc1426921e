// A cluster over gRPC: one server of Python's grpcio, two of Tern's, all listed by DNS.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "arith.h"
#include "interop.service.h"
#include "registry/dns_stub.h"
#include "support/child_process.h"
#include "support/temporary_directory.h"
#include "tern/cluster.h"
#include "tern/dns.h"
#include "tern/tern.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kName = "arith.test";

class CountedArith final : public interop::ArithService {
 public:
  Reply<std::int64_t> Multiply(ServerContext& context, interop::Args args) override {
    return arith_.Multiply(context, args);
  }
  Reply<interop::Quotient> Divide(ServerContext& context, interop::Args args) override {
    ++calls;
    return arith_.Divide(context, args);
  }
  std::atomic<int> calls = 0;

 private:
  Arith arith_;
};

// A server of Tern's at its own address of this machine.
struct TernServer {
  TernServer(const std::string& host, std::uint16_t port) {
    Status added = server.add(arith);
    Result<Endpoint> at = server.listen("tcp@" + host + ":" + std::to_string(port));
    EXPECT_TRUE(added.ok() && at.ok()) << added.to_string() << ", " << at.status().to_string();
  }
  std::shared_ptr<CountedArith> arith = std::make_shared<CountedArith>();
  Server server;
};

class GrpcCluster : public testing::Test {
 protected:
  GrpcCluster() {
    for (const char* host : {"127.0.0.1", "127.0.0.2", "127.0.0.3"}) {
      dns_.add_ipv4(std::string(kName), host);
    }
  }

  std::shared_ptr<Discovery> discovery() {
    DnsOptions options;
    options.nameserver = dns_.address();
    Result<std::shared_ptr<Registry>> registry =
        open_dns("grpc+tcp@" + std::string(kName) + ":" + std::to_string(port_), pool_, options);
    EXPECT_TRUE(registry.ok()) << registry.status().to_string();
    return (*registry)->discover("interop.Arith");
  }
  static CallOptions within() {
    CallOptions options;
    options.timeout = 30s;
    options.wait_for_ready = true;
    return options;
  }
  Status divide() { return stub_.Divide({17, 5}, within()).get().status(); }
  // Calls from several threads until `enough`; what has failed.
  template <typename Enough>
  std::vector<std::string> call_until(Enough enough) {
    std::mutex mutex;
    std::vector<std::string> failures;
    std::atomic<bool> over = false;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        while (!over) {
          Status outcome = divide();
          if (outcome.ok()) continue;
          std::lock_guard lock(mutex);
          failures.push_back(outcome.to_string());
          over = true;
        }
      });
    }
    while (!over && !enough()) std::this_thread::yield();
    over = true;
    for (std::thread& one : threads) one.join();
    return failures;
  }
  // As the cluster counts it.
  std::uint64_t calls_to(std::string_view host) {
    for (const ClusterServerStats& one : cluster_.stats().servers) {
      if (one.address.find(host) != std::string::npos) return one.calls;
    }
    return 0;
  }

  // Where protoc's Python is.
  std::string python() {
    ChildProcess made(
        {TERN_PYTHON_OF, TERN_RPCGEN, python_.path().string(), TERN_INTEROP_RPC, TERN_FEED_RPC});
    EXPECT_EQ(made.wait(), 0);
    return python_.path().string();
  }

  DnsStub dns_;
  TemporaryDirectory python_;
  ChildProcess grpcio_{{"/usr/bin/python3", TERN_GRPCIO_SERVER, python()}};
  const std::uint16_t port_ = parse_endpoint(grpcio_.first_line())->port;
  TernServer first_{"127.0.0.2", port_};
  TernServer second_{"127.0.0.3", port_};
  IoPool pool_;
  Cluster cluster_{discovery(), pool_};
  interop::ArithStub stub_{cluster_};
};

TEST_F(GrpcCluster, CallsEveryServerThatDnsLists) {
  const std::vector<std::string> failures = call_until([&] {
    return calls_to("127.0.0.1") > 100 && calls_to("127.0.0.2") > 100 &&
           calls_to("127.0.0.3") > 100;
  });
  EXPECT_EQ(failures, std::vector<std::string>());
  EXPECT_GT(first_.arith->calls, 0);
  EXPECT_GT(second_.arith->calls, 0);
}

// Divide is not idempotent: what a server refuses with REFUSED_STREAM or GOAWAY goes to another.
TEST_F(GrpcCluster, LosesNoCallWhenAServerOfTernStops) {
  std::thread stopping;
  std::atomic<bool> stopped = false;
  std::uint64_t others = 0;
  const std::vector<std::string> failures = call_until([&] {
    if (!stopping.joinable() && first_.arith->calls > 100) {
      stopping = std::thread([&] {
        first_.server.stop(30s);
        stopped = true;
      });
    }
    if (!stopped) return false;
    if (others == 0) others = calls_to("127.0.0.1") + calls_to("127.0.0.3");
    return calls_to("127.0.0.1") + calls_to("127.0.0.3") > others + 100;
  });
  if (stopping.joinable()) stopping.join();
  EXPECT_EQ(failures, std::vector<std::string>());
  EXPECT_TRUE(stopped);
}

TEST_F(GrpcCluster, LetsAServerOfGrpcioFinishWhatItHasBegun) {
  // Until there is a connection.
  EXPECT_EQ(call_until([&] { return calls_to("127.0.0.1") > 0; }), std::vector<std::string>());
  const std::vector<ServerChannel> servers = cluster_.servers();
  const auto grpcio = std::find_if(servers.begin(), servers.end(), [](const ServerChannel& one) {
    return one.instance.endpoint.host == "127.0.0.1";
  });
  ASSERT_NE(grpcio, servers.end());
  Call<std::int64_t> sleeping = interop::FooStub(*grpcio->channel).Sleep({1, 2}, within());
  // Its answer says that the request before it has come.
  ASSERT_TRUE(interop::ArithStub(*grpcio->channel).Multiply({6, 7}, within()).get().ok());
  EXPECT_EQ(grpcio_.terminate(), 0);
  const Result<std::int64_t> sum = sleeping.get();
  ASSERT_TRUE(sum.ok()) << sum.status().to_string();
  EXPECT_EQ(*sum, 3);
  const int before = first_.arith->calls + second_.arith->calls;
  for (int i = 0; i < 30; ++i) {
    const Status outcome = divide();
    EXPECT_TRUE(outcome.ok()) << outcome.to_string();
  }
  EXPECT_EQ(first_.arith->calls + second_.arith->calls, before + 30);
}

}  // namespace
}  // namespace tern::test
