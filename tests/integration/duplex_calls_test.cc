// Calls in both directions on one connection, the whole way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "arith.service.h"
#include "integration/plain_arith.h"
#include "tern/bearer_tokens.h"
#include "tern/duplex.h"
#include "tern/tern.h"

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

asio::awaitable<tern::Result<std::int64_t>> ask(tern::Channel& caller, arith::Args args) {
  arith::ArithStub back(caller);
  tern::Call<std::int64_t> call = back.Multiply(args);
  co_return co_await call.async();
}

asio::awaitable<tern::Result<arith::Quotient>> ask_to_divide(tern::Channel& caller,
                                                             arith::Args args) {
  arith::ArithStub back(caller);
  tern::Call<arith::Quotient> call = back.Divide(args);
  co_return co_await call.async();
}

// The server's: it lets its caller calculate.
class ServerArith final : public arith::ArithService {
 public:
  tern::Reply<std::int64_t> Multiply(tern::ServerContext& context, arith::Args args) override {
    if (!context.caller()) {
      return tern::Status(tern::Code::kFailedPrecondition, "the caller does not serve");
    }
    return ask(*context.caller(), args);
  }
  tern::Reply<arith::Quotient> Divide(tern::ServerContext& context, arith::Args args) override {
    return ask_to_divide(*context.caller(), args);
  }
  tern::Reply<void> Sleep(tern::ServerContext&, tern::Duration) override { return {}; }
};

class DuplexTest : public testing::TestWithParam<std::string> {
 protected:
  DuplexTest() {
    tern::ServerOptions options;
    tern::call_back_on_connections(options);
    server_ = std::make_unique<tern::Server>(options, 2);
    EXPECT_TRUE(server_->add(std::make_shared<ServerArith>()).ok());
    tern::Result<tern::Endpoint> at = server_->listen("tcp@127.0.0.1:0");
    EXPECT_TRUE(at.ok());
    at->transport =
        GetParam() == "http" ? tern::Endpoint::Transport::kHttp : tern::Endpoint::Transport::kTcp;
    at_ = *at;
    EXPECT_TRUE(own_.add(std::make_shared<tern::test::PlainArith>()).ok());
  }
  tern::ClientOptions serving() {
    tern::ClientOptions options;
    if (GetParam() == "json") options.codec = "application/x-tern+json";
    tern::serve_on_connections(options, own_);
    return options;
  }

  std::unique_ptr<tern::Server> server_;
  tern::Endpoint at_;
  tern::IoPool pool_;
  tern::Server own_{pool_};
};

TEST_P(DuplexTest, TheServerCallsItsCaller) {
  tern::Client client(at_, pool_, serving());
  tern::Result<std::int64_t> product = arith::ArithStub(client).Multiply({6, 7}).get();
  ASSERT_TRUE(product.ok()) << product.status().to_string();
  EXPECT_EQ(*product, 42);
}

TEST_P(DuplexTest, ManyCallsGoBothWaysAtOnce) {
  tern::Client client(at_, pool_, serving());
  arith::ArithStub arith(client);
  std::vector<tern::Call<std::int64_t>> calls;
  for (int i = 0; i < 1000; ++i) calls.push_back(arith.Multiply({i, i}));
  for (int i = 0; i < 1000; ++i) {
    tern::Result<std::int64_t> product = calls[static_cast<std::size_t>(i)].get();
    ASSERT_TRUE(product.ok()) << product.status().to_string();
    EXPECT_EQ(*product, i * i);
  }
}

TEST_P(DuplexTest, DeclaredErrorsOfTheCallersHandlersComeThrough) {
  tern::Client client(at_, pool_, serving());
  tern::Result<arith::Quotient> none = arith::ArithStub(client).Divide({5, 0}).get();
  ASSERT_FALSE(none.ok());
  ASSERT_NE(none.status().as<arith::DivideByZero>(), nullptr) << none.status().to_string();
  EXPECT_EQ(none.status().as<arith::DivideByZero>()->dividend, 5);
}

// The file says of no method who may call it: so who is known is denied, and who is not is not
// known.
TEST_P(DuplexTest, CallsToTheCallerAreAskedForByItsOwnAuthenticator) {
  tern::ServerOptions guarded;
  guarded.authenticator = tern::bearer_tokens(
      {{"8a2e77c1d0", tern::Identity("another")}, {"4f0c9d1b6a", tern::Identity("the server")}});
  tern::Server own(pool_, guarded);
  ASSERT_TRUE(own.add(std::make_shared<tern::test::PlainArith>()).ok());
  tern::ClientOptions options = serving();
  tern::serve_on_connections(options, own);
  {
    tern::Client client(at_, pool_, options);
    tern::Result<std::int64_t> product = arith::ArithStub(client).Multiply({6, 7}).get();
    EXPECT_EQ(product.status().code(), tern::Code::kUnauthenticated);
  }
  tern::ClientOptions back;
  back.token_source = tern::fixed_token("4f0c9d1b6a");
  tern::ServerOptions calls_back;
  tern::call_back_on_connections(calls_back, back);
  tern::Server server(calls_back);
  ASSERT_TRUE(server.add(std::make_shared<ServerArith>()).ok());
  tern::Result<tern::Endpoint> at = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(at.ok());
  at->transport = at_.transport;
  tern::Client client(*at, pool_, options);
  tern::Result<std::int64_t> product = arith::ArithStub(client).Multiply({6, 7}).get();
  EXPECT_EQ(product.status().code(), tern::Code::kPermissionDenied) << product.status().to_string();
}

TEST_P(DuplexTest, AClientThatDoesNotServeIsNobodyToCall) {
  tern::Client client(at_, pool_);
  tern::Result<std::int64_t> product = arith::ArithStub(client).Multiply({6, 7}).get();
  EXPECT_EQ(product.status().message(), "the caller does not serve");
}

TEST_P(DuplexTest, AServerThatDoesNotCallBackServesAllTheSame) {
  tern::Server plain;
  ASSERT_TRUE(plain.add(std::make_shared<tern::test::PlainArith>()).ok());
  tern::Result<tern::Endpoint> at = plain.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(at.ok());
  tern::Client client(*at, pool_, serving());
  EXPECT_TRUE(arith::ArithStub(client).Multiply({6, 7}).get().ok());
}

TEST_P(DuplexTest, AServerOfAnotherPoolIsRefusedWithTheReason) {
  tern::Server elsewhere;
  ASSERT_TRUE(elsewhere.add(std::make_shared<tern::test::PlainArith>()).ok());
  tern::ClientOptions options;
  tern::serve_on_connections(options, elsewhere);
  tern::Client client(at_, pool_, options);
  tern::Result<std::int64_t> product = arith::ArithStub(client).Multiply({6, 7}).get();
  EXPECT_THAT(std::string(product.status().message()),
              HasSubstr("make the server and the client on one IoPool"));
}

TEST_P(DuplexTest, ALostConnectionEndsTheCallsOfBothDirections) {
  tern::Client client(at_, pool_, serving());
  arith::ArithStub arith(client);
  ASSERT_TRUE(arith.Multiply({6, 7}).get().ok());
  std::vector<tern::Call<std::int64_t>> calls;
  for (int i = 0; i < 100; ++i) calls.push_back(arith.Multiply({i, i}));
  own_.stop(0s);
  int ended = 0;
  for (auto& call : calls) {
    tern::Result<std::int64_t> product = call.get();
    if (product.ok() || product.status().code() == tern::Code::kUnavailable) ++ended;
  }
  EXPECT_EQ(ended, 100);
  EXPECT_EQ(client.stats().calls_pending, 0u);
  server_->stop(1s);  // no handler is left waiting for its caller
}

INSTANTIATE_TEST_SUITE_P(Over, DuplexTest, testing::Values("tcp", "http", "json"),
                         [](const auto& setting) { return setting.param; });

}  // namespace
