// What tern/testing.h gives to tests of services.
#include "tern/testing.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "arith.service.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

class Arith final : public arith::ArithService {
 public:
  Reply<std::int64_t> Multiply(ServerContext& context, arith::Args args) override {
    peer = std::string(context.peer());
    who = std::string(context.metadata().get("who"));
    return args.A * args.B;
  }
  Reply<arith::Quotient> Divide(ServerContext& context, arith::Args args) override {
    if (args.B == 0) return arith::DivideByZero(args.A);
    return blocking(context, [args] { return arith::Quotient(args.A / args.B, args.A % args.B); });
  }
  Reply<void> Sleep(ServerContext& context, Duration /*time*/) override { return wait(context); }

  std::string peer;
  std::string who;
  std::atomic<int> waiting = 0;
  std::atomic<int> cancelled = 0;

 private:
  asio::awaitable<Result<void>> wait(ServerContext& context) {
    ++waiting;
    co_await context.wait_cancelled();
    ++cancelled;
    co_return Status(Code::kCancelled, "nobody waits");
  }
};

class TestServers : public testing::Test {
 protected:
  TestServers() { EXPECT_TRUE(server_.add(arith_).ok()); }

  TestServer server_;
  std::shared_ptr<Arith> arith_ = std::make_shared<Arith>();
  arith::ArithStub stub_{server_.channel()};
};

TEST_F(TestServers, AnswerCalls) {
  EXPECT_EQ(*stub_.Multiply({7, 8}).get(), 56);
  EXPECT_EQ(arith_->peer, "in-process");
  EXPECT_NE(stub_.Divide({1, 0}).get().status().as<arith::DivideByZero>(), nullptr);
}

TEST_F(TestServers, WaitForWorkThatBlocks) {
  Result<arith::Quotient> quotient = stub_.Divide({7, 2}).get();
  ASSERT_TRUE(quotient.ok());
  EXPECT_EQ(quotient->Quo, 3);
}

TEST_F(TestServers, EndCallsWhenTheTestTurnsTheClockToTheirDeadline) {
  CallOptions options;
  options.timeout = 10s;
  Call<void> call = stub_.Sleep(1h, options);
  server_.settle();
  EXPECT_EQ(arith_->waiting, 1);
  server_.advance(10s - 1ns);
  EXPECT_FALSE(call.done());
  server_.advance(1ns);
  EXPECT_TRUE(call.done());
  EXPECT_EQ(arith_->cancelled, 1);
  EXPECT_EQ(call.get().status().code(), Code::kDeadlineExceeded);
}

TEST_F(TestServers, HaveAsManyClientsAsTheTestWants) {
  class Signs final : public Interceptor {
    Status on_start(InterceptedCall& call) override {
      call.metadata.set("who", "Ada");
      return {};
    }
  };
  ClientOptions options;
  options.interceptors = {std::make_shared<Signs>()};
  std::unique_ptr<Client> native = server_.connect(options);
  EXPECT_EQ(*arith::ArithStub(*native).Multiply({2, 3}).get(), 6);
  EXPECT_EQ(arith_->who, "Ada");
  arith_->who.clear();
  std::unique_ptr<Client> http = server_.connect(options, "connect+http@here:80");
  EXPECT_EQ(*arith::ArithStub(*http).Multiply({3, 4}).get(), 12);
  EXPECT_EQ(arith_->who, "Ada");
}

TEST_F(TestServers, EndTheirCallsWithThem) {
  auto server = std::make_unique<TestServer>();
  ASSERT_TRUE(server->add(std::make_shared<Arith>()).ok());
  Call<void> call = arith::ArithStub(server->channel()).Sleep(1h);
  server->settle();
  server.reset();
  EXPECT_EQ(call.get().status().code(), Code::kCancelled);
}

TEST_F(TestServers, FailCallsOnceTheyHaveBeenStopped) {
  EXPECT_TRUE(stub_.Multiply({7, 8}).get().ok());
  server_.server().stop(0ns);
  server_.settle();
  EXPECT_EQ(stub_.Multiply({7, 8}).get().status().code(), Code::kUnavailable);
}

}  // namespace
}  // namespace tern::test
