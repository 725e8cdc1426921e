// A cluster of gRPC's servers, which are HTTP/2 by hand: what is sent again, and what is not.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "call/arith.h"
#include "call/client_grpc_fixture.h"
#include "support/fake_dialer.h"
#include "support/test_loop.h"
#include "tern/cluster.h"
#include "tern/server_list.h"

namespace tern::test {
namespace {

constexpr std::uint32_t kInternalError = 2;

// Where a request has come to.
struct Place {
  std::size_t connection = 0;
  std::int32_t stream = 0;
};

class ClusterGrpc : public testing::Test {
 protected:
  ClusterGrpc() {
    options.balancer = round_robin([] { return 0.0; });
    options.client.dialer = dialer_;
    options.client.random = [] { return 0.5; };
    options.client.keepalive_interval = 0ns;
  }
  ~ClusterGrpc() override {
    cluster_.reset();
    loop.settle();
  }

  arith::ArithStub stub() {
    if (!cluster_) {
      cluster_ = std::make_unique<Cluster>(
          *ServerList::of({"grpc+tcp@10.0.0.1:7", "grpc+tcp@10.0.0.2:7"}), loop.pool(), options);
    }
    return arith::ArithStub(*cluster_);
  }
  ClusterStats stats() const { return cluster_->stats(); }

  // Until all are quiet.
  void exchange() {
    for (bool moved = true; moved;) {
      loop.settle();
      moved = false;
      for (std::size_t i = 0; i < dialer_->streams(); ++i) {
        const std::string bytes = dialer_->server(i).take_received();
        server(i).receive(bytes);
        const std::string answer = server(i).take_bytes();
        if (!answer.empty()) dialer_->server(i).send(answer);
        moved |= !bytes.empty() || !answer.empty();
      }
    }
  }
  Http2Server& server(std::size_t connection) {
    std::unique_ptr<Http2Server>& here = servers_[connection];
    if (!here) here = std::make_unique<Http2Server>();
    return *here;
  }
  // The requests that have come since, each once, in the order of their connections.
  std::vector<Place> new_requests() {
    exchange();
    std::vector<Place> fresh;
    for (auto& [connection, server] : servers_) {
      for (const auto& [stream, request] : server->requests()) {
        if (!seen_.emplace(std::pair(connection, stream), true).second) continue;
        fresh.push_back({connection, stream});
      }
    }
    return fresh;
  }
  Place new_request() {
    const std::vector<Place> fresh = new_requests();
    EXPECT_EQ(fresh.size(), 1u);
    return fresh.empty() ? Place() : fresh.front();
  }
  void reply(const Place& place, std::string_view message = "") {
    server(place.connection).respond(place.stream, kHead);
    server(place.connection).send(place.stream, grpc_message(message));
    server(place.connection).finish(place.stream, kOk);
    exchange();
  }
  std::string address(const Place& place) const {
    return dialer_->endpoints().at(place.connection).host;
  }

  TestLoop loop;
  ClusterOptions options;

 private:
  std::shared_ptr<FakeDialer> dialer_ = std::make_shared<FakeDialer>();
  std::map<std::size_t, std::unique_ptr<Http2Server>> servers_;
  std::map<std::pair<std::size_t, std::int32_t>, bool> seen_;
  std::unique_ptr<Cluster> cluster_;
};

TEST_F(ClusterGrpc, CallsItsServersInTurn) {
  std::map<std::string, int> calls;
  for (int i = 0; i < 6; ++i) {
    auto outcome = watch(stub().Reset());
    const Place place = new_request();
    ++calls[address(place)];
    reply(place);
    EXPECT_TRUE(outcome->ok()) << outcome->message();
  }
  EXPECT_EQ(calls, (std::map<std::string, int>{{"10.0.0.1", 3}, {"10.0.0.2", 3}}));
}

// Reset is not idempotent: it is sent again only where nothing can have run.
TEST_F(ClusterGrpc, SendsWhatWasRefusedToAnotherServer) {
  auto outcome = watch(stub().Reset());
  const Place first = new_request();
  server(first.connection).reset(first.stream, kRefusedStream);
  const Place second = new_request();
  EXPECT_NE(address(first), address(second));
  reply(second);
  EXPECT_TRUE(outcome->ok()) << outcome->message();
  EXPECT_EQ(outcome->ends, 1);
  EXPECT_EQ(stats().retries, 1u);
  EXPECT_EQ(stats().ejections, 0u);
}

TEST_F(ClusterGrpc, SendsWhatGoawayDoesNotCountInToAnotherServer) {
  auto outcome = watch(stub().Reset());
  const Place first = new_request();
  server(first.connection).go_away(0);
  const Place second = new_request();
  EXPECT_NE(address(first), address(second));
  reply(second);
  EXPECT_TRUE(outcome->ok()) << outcome->message();
  EXPECT_EQ(stats().retries, 1u);
}

TEST_F(ClusterGrpc, LeavesWhatGoawayCountsInWhereItIs) {
  auto outcome = watch(stub().Reset());
  const Place first = new_request();
  server(first.connection).go_away(first.stream);
  EXPECT_TRUE(new_requests().empty());
  reply(first);
  EXPECT_TRUE(outcome->ok()) << outcome->message();
  EXPECT_EQ(stats().retries, 0u);
}

TEST_F(ClusterGrpc, SendsWhatMayHaveRunToNobodyElse) {
  auto outcome = watch(stub().Reset());
  const Place first = new_request();
  server(first.connection).reset(first.stream, kInternalError);
  EXPECT_TRUE(new_requests().empty());
  EXPECT_EQ(outcome->code(), Code::kInternal);
  EXPECT_EQ(outcome->ran(), HandlerRan::kUnknown);
}

TEST_F(ClusterGrpc, SendsAnIdempotentCallToAnotherServerWhenOneIsUnavailable) {
  auto outcome = watch(stub().Multiply({6, 7}));
  const Place first = new_request();
  Fields head = kHead;
  head.emplace_back("grpc-status", "14");
  server(first.connection).respond(first.stream, head, true);
  const Place second = new_request();
  EXPECT_NE(address(first), address(second));
  reply(second, "\x08\x2a");
  ASSERT_TRUE(outcome->ok()) << outcome->message();
  EXPECT_EQ(outcome->value(), 42);
}

TEST_F(ClusterGrpc, CompressesAsTheClusterOrTheCallSays) {
  options.client.grpc_compression = Compression::kGzip;
  const std::string text(200, 'x');
  auto compressed = watch(stub().Echo(text));
  const Place first = new_request();
  EXPECT_EQ(server(first.connection).request(first.stream).field("grpc-encoding"), "gzip");
  EXPECT_LT(server(first.connection).request(first.stream).body.size(), text.size());
  // What is sent again is compressed again.
  server(first.connection).reset(first.stream, kRefusedStream);
  const Place again = new_request();
  EXPECT_LT(server(again.connection).request(again.stream).body.size(), text.size());

  CallOptions call;
  call.grpc_compression = Compression::kIdentity;
  auto plain = watch(stub().Echo(text, call));
  const Place second = new_request();
  EXPECT_EQ(server(second.connection).request(second.stream).field("grpc-encoding"), "");
  EXPECT_GT(server(second.connection).request(second.stream).body.size(), text.size());
}

}  // namespace
}  // namespace tern::test
