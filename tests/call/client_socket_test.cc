// The client on real sockets.
#include <gmock/gmock.h>
#include <unistd.h>

#include <future>
#include <vector>

#include "call/arith_server.h"
#include "call/client_fixture.h"
#include "support/temporary_directory.h"

namespace tern::test {
namespace {

Endpoint any_port() {
  Endpoint endpoint;
  endpoint.host = "127.0.0.1";
  return endpoint;
}

TEST(ClientSockets, CallOverTcp) {
  ArithServer server;
  Endpoint address = server.listen(any_port());
  Client client(address.to_string());
  ASSERT_TRUE(client.connect().ok());
  arith::ArithStub stub(client);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(*stub.Multiply({i, 7}).get(), i * 7);
}

TEST(ClientSockets, CallOverAUnixSocket) {
  TemporaryDirectory directory;
  ArithServer server;
  Endpoint endpoint;
  endpoint.transport = Endpoint::Transport::kUnix;
  endpoint.path = directory.path() / "socket";
  Client client(server.listen(endpoint).to_string());
  EXPECT_EQ(*arith::ArithStub(client).Multiply({6, 7}).get(), 42);
}

// One chain of calls each, so that there are always so many in flight.
TEST(ClientSockets, LoseNoReplyThatWasLeftToGather) {
  ArithServer server;
  IoPool pool(1);
  ClientOptions options;
  options.gather_replies = std::chrono::milliseconds(1);
  Client client(server.listen(any_port()).to_string(), pool, options);
  arith::ArithStub stub(client);
  struct Chain {
    void next() {
      if (left-- == 0) return done.set_value();
      stub->Multiply({left, 3}).then([this](Result<std::int64_t> product) {
        if (!product.ok() || *product != left * 3) ++wrong;
        next();
      });
    }
    arith::ArithStub* stub;
    std::int64_t left = 200;
    int wrong = 0;
    std::promise<void> done;
  };
  std::vector<Chain> chains(64);
  for (Chain& chain : chains) {
    chain.stub = &stub;
    chain.next();
  }
  for (Chain& chain : chains) {
    chain.done.get_future().get();
    EXPECT_EQ(chain.wrong, 0);
  }
}

TEST(ClientSockets, SayThatThereIsNoListener) {
  Endpoint address;
  {
    ArithServer server;
    address = server.listen(any_port());
  }
  Client client(address.to_string());
  Result<std::int64_t> product = arith::ArithStub(client).Multiply({6, 7}).get();
  EXPECT_EQ(product.status().code(), Code::kUnavailable);
  EXPECT_EQ(product.status().handler_ran(), HandlerRan::kNo);
  EXPECT_THAT(std::string(product.status().message()),
              testing::AllOf(testing::HasSubstr("arith.Arith/Multiply on " + address.to_string()),
                             testing::HasSubstr("refused"), testing::HasSubstr("next attempt in")));
}

TEST(ClientSockets, EndCallsWhenTheServerIsGone) {
  auto server = std::make_unique<ArithServer>();
  Client client(server->listen(any_port()).to_string());
  arith::ArithStub stub(client);
  ASSERT_EQ(*stub.Multiply({6, 7}).get(), 42);
  Call<std::int64_t> never = stub.Multiply({-1, 0});
  server.reset();
  EXPECT_EQ(never.get().status().code(), Code::kUnavailable);
}

}  // namespace
}  // namespace tern::test
