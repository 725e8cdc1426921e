// Reverse RPC the whole way: the server dials, the client listens.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "arith.service.h"
#include "integration/plain_arith.h"
#include "tern/reverse_dialer.h"
#include "tern/tern.h"

namespace {

using namespace std::chrono_literals;

std::unique_ptr<tern::Server> dialing_server(const tern::Endpoint& client) {
  auto server = std::make_unique<tern::Server>();
  EXPECT_TRUE(server->add(std::make_shared<tern::test::PlainArith>()).ok());
  tern::Backoff backoff;
  backoff.initial = 10ms;
  backoff.max = 50ms;
  EXPECT_TRUE(server->dial(client.to_string(), backoff).ok());
  return server;
}

class ReverseTest : public testing::Test {
 protected:
  ReverseTest() : dialer_(*tern::ReverseDialer::listen("tcp@127.0.0.1:0")) {}

  tern::ClientOptions options() {
    tern::ClientOptions options;
    options.dialer = dialer_;
    options.connect_timeout = 1min;
    return options;
  }
  static tern::CallOptions wait_for_ready() {
    tern::CallOptions options;
    options.wait_for_ready = true;
    return options;
  }

  std::shared_ptr<tern::ReverseDialer> dialer_;
  tern::IoPool pool_;
};

TEST_F(ReverseTest, CallsAreAnsweredByAServerThatDialedIn) {
  tern::Client client(dialer_->endpoint(), pool_, options());
  arith::ArithStub arith(client);
  tern::Call<std::int64_t> early = arith.Multiply({6, 7});
  auto server = dialing_server(dialer_->endpoint());
  tern::Result<std::int64_t> product = early.get();
  ASSERT_TRUE(product.ok()) << product.status().to_string();
  EXPECT_EQ(*product, 42);
  tern::Result<arith::Quotient> zero = arith.Divide({5, 0}).get();
  EXPECT_NE(zero.status().as<arith::DivideByZero>(), nullptr);
}

TEST_F(ReverseTest, ACallWaitsForTheServerThatComesBack) {
  tern::Client client(dialer_->endpoint(), pool_, options());
  arith::ArithStub arith(client);
  auto server = dialing_server(dialer_->endpoint());
  EXPECT_TRUE(arith.Multiply({1, 1}).get().ok());
  for (int round = 0; round < 3; ++round) {
    server.reset();
    // The first call can still find the connection that is about to be seen lost.
    tern::Call<std::int64_t> either = arith.Multiply({6, 7}, wait_for_ready());
    server = dialing_server(dialer_->endpoint());
    tern::Result<std::int64_t> product = either.get();
    if (!product.ok()) product = arith.Multiply({6, 7}, wait_for_ready()).get();
    ASSERT_TRUE(product.ok()) << product.status().to_string();
  }
}

TEST_F(ReverseTest, TheServerComesBackToAClientThatStartsLate) {
  tern::Endpoint at = dialer_->endpoint();
  dialer_.reset();  // nobody listens
  auto server = dialing_server(at);
  tern::Result<std::shared_ptr<tern::ReverseDialer>> again =
      tern::ReverseDialer::listen(at.to_string());
  ASSERT_TRUE(again.ok()) << again.status().to_string();
  dialer_ = *again;
  tern::Client client(at, pool_, options());
  EXPECT_TRUE(arith::ArithStub(client).Multiply({6, 7}).get().ok());
}

TEST_F(ReverseTest, EachClientHasAServerOfItsOwn) {
  tern::Client first(dialer_->endpoint(), pool_, options());
  tern::Client second(dialer_->endpoint(), pool_, options());
  auto one = dialing_server(dialer_->endpoint());
  auto other = dialing_server(dialer_->endpoint());
  EXPECT_TRUE(arith::ArithStub(first).Multiply({6, 7}).get().ok());
  EXPECT_TRUE(arith::ArithStub(second).Multiply({6, 7}).get().ok());
  EXPECT_EQ(one->stats().connections, 1u);
  EXPECT_EQ(other->stats().connections, 1u);
}

}  // namespace
