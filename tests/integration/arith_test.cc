// The whole way: generated stub, client, socket, server, generated skeleton. For each transport and
// codec.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <atomic>
#include <cstdlib>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "arith.service.h"
#include "tern/tern.h"

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

asio::awaitable<tern::Result<void>> wait_on(asio::any_io_executor executor, tern::Duration wait) {
  asio::steady_timer timer(executor, std::chrono::duration_cast<std::chrono::microseconds>(wait));
  co_await timer.async_wait(asio::use_awaitable);
  co_return tern::Result<void>();
}

class ArithService final : public arith::ArithService {
 public:
  tern::Reply<std::int64_t> Multiply(tern::ServerContext& context, arith::Args args) override {
    for (const auto& [key, value] : context.metadata()) context.reply_metadata().add(key, value);
    return args.A * args.B;
  }
  tern::Reply<arith::Quotient> Divide(tern::ServerContext& context, arith::Args args) override {
    if (args.B == 0) return arith::DivideByZero(args.A);
    if (args.B == 13) throw std::runtime_error("thirteen");
    if (args.B == 2) {  // on the worker pool
      return tern::blocking(context, [args] { return arith::Quotient(args.A / 2, args.A % 2); });
    }
    return arith::Quotient(args.A / args.B, args.A % args.B);
  }
  tern::Reply<void> Sleep(tern::ServerContext& context, tern::Duration wait) override {
    return wait_on(context.executor(), wait);
  }
};

struct Setting {
  std::string name;
  std::string address;
  std::string codec;
  std::string protocol = "";  // in front of the client's address
};

std::string unix_address() {
  static std::atomic<int> count{0};
  return "unix@" + testing::TempDir() + "tern-arith-" + std::to_string(::getpid()) + "-" +
         std::to_string(++count);
}

class ArithTest : public testing::TestWithParam<Setting> {
 protected:
  ArithTest() {
    EXPECT_TRUE(server_.add(std::make_shared<ArithService>()).ok());
    std::string address = GetParam().address;
    tern::Result<tern::Endpoint> at = server_.listen(address == "unix" ? unix_address() : address);
    EXPECT_TRUE(at.ok()) << at.status().to_string();
    tern::ClientOptions options;
    options.codec = GetParam().codec;
    client_.emplace(GetParam().protocol + at->to_string(), options);
    arith_.emplace(*client_);
  }

  tern::Server server_{tern::ServerOptions(), 2};
  std::optional<tern::Client> client_;
  std::optional<arith::ArithStub> arith_;
};

// With our own frames, which carry what other protocols do not: codes and details of errors,
// metadata, cancellation.
class ArithOverFramesTest : public ArithTest {};

TEST_P(ArithTest, AnswersAWaitingCaller) {
  tern::Result<std::int64_t> product = arith_->Multiply({7, 8}).get();
  ASSERT_TRUE(product.ok()) << product.status().to_string();
  EXPECT_EQ(*product, 56);
}

TEST_P(ArithTest, AnswersACallback) {
  std::promise<std::int64_t> product;
  arith_->Multiply({-7, 8}).then(
      [&](tern::Result<std::int64_t> result) { product.set_value(result.ok() ? *result : 0); });
  EXPECT_EQ(product.get_future().get(), -56);
}

asio::awaitable<std::int64_t> sum_of_products(arith::ArithStub& arith) {
  std::vector<tern::Call<std::int64_t>> calls;
  for (std::int64_t i = 1; i <= 10; ++i) calls.push_back(arith.Multiply({i, i}));
  std::int64_t sum = 0;
  for (tern::Call<std::int64_t>& call : calls) {
    tern::Result<std::int64_t> product = co_await call.async();
    sum += product.ok() ? *product : 0;
  }
  // In one expression, as users write it.
  tern::Result<arith::Quotient> quotient = co_await arith.Divide({sum, 100}).async();
  co_return quotient.ok() ? quotient->Quo * 100 + quotient->Rem : -1;
}

TEST_P(ArithTest, AnswersACoroutineOnTheUsersOwnLoop) {
  asio::io_context io;
  std::int64_t sum = 0;
  auto keep = [&sum](std::exception_ptr thrown, std::int64_t value) {
    EXPECT_FALSE(thrown);
    sum = value;
  };
  asio::co_spawn(io, sum_of_products(*arith_), keep);
  io.run();
  EXPECT_EQ(sum, 385);
}

TEST_P(ArithOverFramesTest, TellsADeclaredErrorFromOthers) {
  tern::Result<arith::Quotient> zero = arith_->Divide({5, 0}).get();
  ASSERT_FALSE(zero.ok());
  EXPECT_EQ(zero.status().code(), tern::Code::kInvalidArgument);
  EXPECT_EQ(zero.status().message(), "divide by zero");
  EXPECT_EQ(zero.status().handler_ran(), tern::HandlerRan::kYes);
  const arith::DivideByZero* error = zero.status().as<arith::DivideByZero>();
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->dividend, 5);

  tern::Result<arith::Quotient> thrown = arith_->Divide({5, 13}).get();
  ASSERT_FALSE(thrown.ok());
  EXPECT_EQ(thrown.status().code(), tern::Code::kInternal);
  EXPECT_EQ(thrown.status().message(), "the handler threw an exception") << "what() is private";
  EXPECT_EQ(thrown.status().as<arith::DivideByZero>(), nullptr);

  EXPECT_TRUE(arith_->Divide({5, 3}).get().ok()) << "the connection lives on";
}

TEST_P(ArithTest, CarriesTheTextOfAnErrorAndLivesOn) {
  tern::Result<arith::Quotient> zero = arith_->Divide({5, 0}).get();
  ASSERT_FALSE(zero.ok());
  EXPECT_EQ(zero.status().message(), "divide by zero");
  // Only our own frames can say whose words these are.
  EXPECT_EQ(zero.status().handler_ran(), GetParam().codec.starts_with("application/x-tern")
                                             ? tern::HandlerRan::kYes
                                             : tern::HandlerRan::kUnknown);
  EXPECT_TRUE(arith_->Divide({5, 3}).get().ok());
}

TEST_P(ArithTest, RunsBlockingWorkOnTheWorkers) {
  tern::Result<arith::Quotient> half = arith_->Divide({9, 2}).get();
  ASSERT_TRUE(half.ok()) << half.status().to_string();
  EXPECT_EQ(half->Quo, 4);
  EXPECT_EQ(half->Rem, 1);
}

TEST_P(ArithTest, AnswersAThousandCallsAtOnceFromManyThreads) {
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      std::vector<tern::Call<std::int64_t>> calls;
      for (int i = 0; i < 250; ++i) calls.push_back(arith_->Multiply({i, t}));
      for (int i = 0; i < 250; ++i) {
        tern::Result<std::int64_t> product = calls[static_cast<std::size_t>(i)].get();
        if (product.ok() && *product == i * t) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 1000);
}

TEST_P(ArithTest, ACallThatTimesOutDoesNotDisturbTheNext) {
  tern::CallOptions options;
  options.timeout = milliseconds(20);
  tern::Result<void> late = arith_->Sleep(std::chrono::hours(1), options).get();
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.status().code(), tern::Code::kDeadlineExceeded);
  EXPECT_TRUE(arith_->Multiply({1, 1}).get().ok());
  EXPECT_EQ(client_->stats().calls_pending, 0u);
}

TEST_P(ArithOverFramesTest, ACancelledCallEndsAndItsHandlerIsCancelled) {
  tern::Call<void> call = arith_->Sleep(std::chrono::hours(1));
  call.cancel();
  tern::Result<void> result = call.get();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().code(), tern::Code::kCancelled);
  // stop() waits for what runs: the sleeping handler would keep it for an hour.
  server_.stop(std::chrono::hours(2));
}

TEST_P(ArithOverFramesTest, MetadataTravelsBothWays) {
  tern::CallOptions options;
  options.metadata.add("trace", "42");
  tern::Call<std::int64_t> call = arith_->Multiply({1, 2}, options);
  ASSERT_TRUE(call.get().ok());
  EXPECT_EQ(call.reply_metadata().get("trace"), "42");
}

TEST_P(ArithTest, StopFinishesWhatRuns) {
  tern::Call<void> running = arith_->Sleep(milliseconds(100));
  ASSERT_TRUE(arith_->Multiply({1, 1}).get().ok());  // so that the first has arrived
  server_.stop(seconds(30));
  tern::Result<void> result = running.get();
  EXPECT_TRUE(result.ok()) << result.status().to_string();
}

TEST_P(ArithTest, CountsCallsAndErrorsByMethod) {
  ASSERT_TRUE(arith_->Multiply({1, 1}).get().ok());
  ASSERT_TRUE(arith_->Multiply({1, 1}).get().ok());
  ASSERT_FALSE(arith_->Divide({1, 0}).get().ok());
  std::uint64_t multiplied = 0, divided = 0, failed = 0;
  for (const tern::MethodStats& method : server_.stats().methods) {
    if (method.method == "Multiply") multiplied = method.calls;
    if (method.method == "Divide") {
      divided = method.calls;
      failed = method.errors;
    }
  }
  EXPECT_EQ(multiplied, 2u);
  EXPECT_EQ(divided, 1u);
  EXPECT_EQ(failed, 1u);
}

std::string name_of(const testing::TestParamInfo<Setting>& setting) {
  return setting.param.name;
}

INSTANTIATE_TEST_SUITE_P(
    Everywhere, ArithTest,
    testing::Values(Setting{"TcpNative", "tcp@127.0.0.1:0", "application/x-tern"},
                    Setting{"TcpJson", "tcp@127.0.0.1:0", "application/x-tern+json"},
                    Setting{"Tcp6Native", "tcp@[::1]:0", "application/x-tern"},
                    Setting{"HttpNative", "http@127.0.0.1:0", "application/x-tern"},
                    Setting{"UnixNative", "unix", "application/x-tern"},
                    Setting{"UnixJson", "unix", "application/x-tern+json"},
                    Setting{"TcpNetRpc", "tcp@127.0.0.1:0", "", "netrpc+"},
                    Setting{"HttpNetRpc", "http@127.0.0.1:0", "", "netrpc+"},
                    Setting{"UnixNetRpc", "unix", "", "netrpc+"},
                    Setting{"TcpGeeRpcGob", "tcp@127.0.0.1:0", "application/gob"},
                    Setting{"HttpGeeRpcGob", "http@127.0.0.1:0", "application/gob"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Everywhere, ArithOverFramesTest,
    testing::Values(Setting{"TcpNative", "tcp@127.0.0.1:0", "application/x-tern"},
                    Setting{"TcpJson", "tcp@127.0.0.1:0", "application/x-tern+json"},
                    Setting{"Tcp6Native", "tcp@[::1]:0", "application/x-tern"},
                    Setting{"HttpNative", "http@127.0.0.1:0", "application/x-tern"},
                    Setting{"UnixNative", "unix", "application/x-tern"},
                    Setting{"UnixJson", "unix", "application/x-tern+json"}),
    name_of);

// One io_context of the user's drives client and server; no thread is started.
TEST(UserLoop, DrivesBothSides) {
  asio::io_context io;
  tern::IoPool pool(io);
  tern::Server server(pool);
  ASSERT_TRUE(server.add(std::make_shared<ArithService>()).ok());
  tern::Result<tern::Endpoint> at = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(at.ok());
  tern::Client client(at->to_string(), pool);
  arith::ArithStub arith(client);
  std::int64_t product = 0;
  arith.Multiply({6, 7}).then(
      [&](tern::Result<std::int64_t> result) { product = result.ok() ? *result : -1; });
  while (product == 0) io.run_one();
  EXPECT_EQ(product, 42);
  io.stop();  // as a program does whose run() has returned: now nothing waits for the loop
}

TEST(Client, SaysThatThereIsNoListener) {
  tern::ClientOptions options;
  tern::Client client("tcp@127.0.0.1:1", options);
  arith::ArithStub arith(client);
  tern::Result<std::int64_t> product = arith.Multiply({7, 8}).get();
  ASSERT_FALSE(product.ok());
  EXPECT_EQ(product.status().code(), tern::Code::kUnavailable);
  EXPECT_EQ(product.status().handler_ran(), tern::HandlerRan::kNo);
  EXPECT_THAT(std::string(product.status().message()),
              testing::AllOf(testing::HasSubstr("tcp@127.0.0.1:1"),
                             testing::HasSubstr("Connection refused")));
}

TEST(Client, SaysWhatIsWrongWithItsAddress) {
  tern::Client client("localhost:80");
  arith::ArithStub arith(client);
  tern::Result<std::int64_t> product = arith.Multiply({7, 8}).get();
  ASSERT_FALSE(product.ok());
  EXPECT_EQ(product.status().code(), tern::Code::kInvalidArgument);
  EXPECT_THAT(std::string(product.status().message()), testing::HasSubstr("there is no \"@\""));
}

TEST(Server, RefusesACodecThatItDoesNotKnowAndSaysWhich) {
  class Xml final : public tern::Codec {
   public:
    std::string_view name() const noexcept override { return "application/xml"; }
    tern::Status encode(const tern::TypeOps&, const void*, tern::Buffer&) const override {
      return {};
    }
    tern::Status decode(const tern::TypeOps&, tern::ByteView, void*,
                        const tern::DecodeLimits&) const override {
      return {};
    }
  };
  tern::Server server;
  ASSERT_TRUE(server.add(std::make_shared<ArithService>()).ok());
  tern::Result<tern::Endpoint> at = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(at.ok());
  tern::ClientOptions options;
  options.codec = "application/xml";
  options.codecs.add(std::make_shared<Xml>());
  tern::Client client(at->to_string(), options);
  arith::ArithStub arith(client);
  tern::Result<std::int64_t> product = arith.Multiply({7, 8}).get();
  ASSERT_FALSE(product.ok());
  EXPECT_EQ(product.status().handler_ran(), tern::HandlerRan::kNo);
  EXPECT_THAT(std::string(product.status().message()),
              testing::AllOf(testing::HasSubstr("application/xml"),
                             testing::HasSubstr("application/x-tern+json")));
}

}  // namespace
