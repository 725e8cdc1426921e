// Call<T>: the three ways to finish a call, and to give it up.
#include "tern/call.h"

#include <gmock/gmock.h>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/bind_executor.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/io_context.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_future.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "call/arith_server.h"
#include "call/client_fixture.h"

namespace tern::test {
namespace {

using arith::ArithStub;

class CallTest : public testing::Test {
 protected:
  static ClientOptions options(ArithServer& server) {
    ClientOptions made;
    made.dialer = std::make_shared<ArithDialer>(server);
    return made;
  }

  ArithServer server;
  IoPool pool{1};
  Client client{"tcp@127.0.0.1:7", pool, options(server)};
  ArithStub stub{client};
};

TEST_F(CallTest, GetBlocksForTheReply) {
  Result<std::int64_t> product = stub.Multiply({6, 7}).get();
  ASSERT_TRUE(product.ok()) << product.status().to_string();
  EXPECT_EQ(*product, 42);
}

TEST_F(CallTest, GetBringsErrorsToo) {
  Result<std::int64_t> quotient = stub.Divide({6, 0}).get();
  ASSERT_NE(quotient.status().as<arith::DivideByZero>(), nullptr);
  EXPECT_EQ(quotient.status().as<arith::DivideByZero>()->dividend, 6);
}

TEST_F(CallTest, StartTenThenFinishTen) {
  std::vector<Call<std::int64_t>> calls;
  for (int i = 0; i < 10; ++i) calls.push_back(stub.Multiply({i, i}));
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(*calls[static_cast<std::size_t>(i)].get(), std::int64_t{i} * i);
  }
}

TEST_F(CallTest, ThenRunsOnTheLoopsThread) {
  std::promise<bool> on_loop;
  Call<std::int64_t> call = stub.Multiply({-1, 0});
  call.then([&](Result<std::int64_t>) { on_loop.set_value(on_loop_thread()); });
  call.cancel();
  EXPECT_TRUE(on_loop.get_future().get());
}

TEST_F(CallTest, ThenRunsRightHereIfTheReplyIsIn) {
  Call<std::int64_t> call = stub.Multiply({6, 7});
  while (!call.done()) std::this_thread::yield();
  std::thread::id where;
  call.then([&](Result<std::int64_t>) { where = std::this_thread::get_id(); });
  EXPECT_EQ(where, std::this_thread::get_id());
}

TEST_F(CallTest, GetOnALoopsThreadIsRefusedInsteadOfWaitingForEver) {
  std::promise<Status> outcome;
  Call<std::int64_t> outer = stub.Multiply({-1, 0});
  outer.then([&](Result<std::int64_t>) {
    Call<std::int64_t> inner = stub.Multiply({1, 1});
    outcome.set_value(inner.get().status());
  });
  outer.cancel();
  Status status = outcome.get_future().get();
  EXPECT_EQ(status.code(), Code::kFailedPrecondition);
  EXPECT_THAT(status.to_string(), testing::HasSubstr("co_await or then()"));
}

TEST_F(CallTest, CancelFromAnotherThreadWakesGet) {
  Call<std::int64_t> call = stub.Multiply({-1, 0});
  std::thread other([&] { call.cancel(); });
  EXPECT_EQ(call.get().status().code(), Code::kCancelled);
  other.join();
}

asio::awaitable<std::int64_t> sum_of_products(ArithStub& stub) {
  std::int64_t sum = 0;
  Call<std::int64_t> first = stub.Multiply({2, 3});
  Call<std::int64_t> second = stub.Multiply({4, 5});
  Result<std::int64_t> a = co_await first.async();
  Result<std::int64_t> b = co_await second.async();
  sum += *a + *b;
  // Temporaries of every kind inside the expression: g++ 12 must not destroy any of them twice.
  CallOptions options;
  options.metadata.add("a long key that does not fit into a string's own memory",
                       "a long value that does not fit into a string's own memory");
  Result<std::int64_t> c = co_await stub.Multiply({1, 1}, options).async();
  Result<std::int64_t> d = co_await stub.Multiply({1, 1}).async();
  Result<std::int64_t> e = co_await stub.Multiply(arith::Args{1, 1}, CallOptions()).async();
  sum += *c + *d + *e;
  co_return sum;
}

TEST_F(CallTest, CoroutinesAwaitIt) {
  asio::io_context io;
  std::future<std::int64_t> sum = asio::co_spawn(io, sum_of_products(stub), asio::use_future);
  io.run();  // ends with the coroutine: a waiting call keeps it running
  EXPECT_EQ(sum.get(), 29);
}

TEST_F(CallTest, CoroutinesAwaitItOnManyThreads) {
  asio::thread_pool threads(3);
  std::vector<std::future<std::int64_t>> sums;
  for (int i = 0; i < 100; ++i) {
    sums.push_back(asio::co_spawn(threads, sum_of_products(stub), asio::use_future));
  }
  for (auto& sum : sums) EXPECT_EQ(sum.get(), 29);
}

asio::awaitable<bool> one_product(ArithStub& stub) {
  Result<std::int64_t> product = co_await stub.Multiply({6, 7}).async();
  co_return product.ok();
}

TEST_F(CallTest, IsDoneWithAnExecutorWhenItsHandlerHasRun) {
  for (int i = 0; i < 300; ++i) {
    asio::thread_pool threads(1);
    std::future<bool> first = asio::co_spawn(threads, one_product(stub), asio::use_future);
    std::future<bool> second = asio::co_spawn(threads, one_product(stub), asio::use_future);
    EXPECT_TRUE(first.get() && second.get());
    // The threads and all that belongs to them end here.
  }
}

asio::awaitable<Status> wait_for_ever(ArithStub& stub) {
  Call<std::int64_t> call = stub.Multiply({-1, 0});
  Result<std::int64_t> never = co_await call.async();
  co_return never.take_status();
}

TEST_F(CallTest, CancellingACoroutineCancelsItsCall) {
  asio::io_context io;
  asio::cancellation_signal signal;
  Code code = Code::kOk;
  auto done = [&](std::exception_ptr, Status status) { code = status.code(); };
  asio::co_spawn(io, wait_for_ever(stub), asio::bind_cancellation_slot(signal.slot(), done));
  asio::post(io, [&] { signal.emit(asio::cancellation_type::terminal); });
  io.run();
  EXPECT_EQ(code, Code::kCancelled);
  EXPECT_EQ(client.stats().calls_pending, 0u);
}

TEST_F(CallTest, TheFirstOfTwoCancelsTheOther) {
  using namespace asio::experimental::awaitable_operators;
  asio::io_context io;
  auto first_of_two = [](ArithStub* calls) -> asio::awaitable<std::size_t> {
    auto either = co_await (wait_for_ever(*calls) || sum_of_products(*calls));
    co_return either.index();
  };
  std::future<std::size_t> index = asio::co_spawn(io, first_of_two(&stub), asio::use_future);
  io.run();
  EXPECT_EQ(index.get(), 1u);
  EXPECT_EQ(client.stats().calls_pending, 0u);
}

TEST_F(CallTest, TakesOtherCompletionTokens) {
  std::future<Result<std::int64_t>> product = stub.Multiply({6, 7}).async(asio::use_future);
  EXPECT_EQ(*product.get(), 42);
}

TEST_F(CallTest, RunsTheHandlerThroughItsExecutor) {
  asio::io_context io;
  std::thread::id where;
  stub.Multiply({6, 7}).async(asio::bind_executor(io, [&](Result<std::int64_t> product) {
    EXPECT_EQ(*product, 42);
    where = std::this_thread::get_id();
  }));
  io.run();  // waits for the call
  EXPECT_EQ(where, std::this_thread::get_id());
}

TEST_F(CallTest, DroppingItDiscardsTheReply) {
  for (int i = 0; i < 100; ++i) Call<std::int64_t> dropped = stub.Multiply({i, i});
  EXPECT_EQ(*stub.Multiply({6, 7}).get(), 42);  // comes after them
  EXPECT_EQ(client.stats().calls_pending, 0u);
  EXPECT_EQ(client.stats().late_replies, 0u);
}

constexpr int kMany = 20'000;

// A client whose calls are over before start() has returned.
struct RefusingClient {
  ClientOptions options() {
    ClientOptions made;
    made.codec = "application/unknown";
    made.log = [this](std::string_view line) { lines.emplace_back(line); };
    return made;
  }
  std::vector<std::string> lines;
  IoPool pool{1};
  Client client{"tcp@127.0.0.1:7", pool, options()};
  ArithStub stub{client};
};

asio::awaitable<int> await_failures(ArithStub& stub) {
  int failures = 0;
  for (int i = 0; i < kMany; ++i) {
    Call<std::int64_t> call = stub.Multiply({i, i});
    Result<std::int64_t> product = co_await call.async();
    failures += product.ok() ? 0 : 1;
  }
  co_return failures;
}

TEST(FinishedCall, IsAwaitedWithoutGoingDeeper) {
  RefusingClient refusing;
  asio::io_context io;
  std::future<int> failures = asio::co_spawn(io, await_failures(refusing.stub), asio::use_future);
  io.run();
  EXPECT_EQ(failures.get(), kMany);
}

TEST(FinishedCall, RunsAHandlerOnlyWhenAsyncHasReturned) {
  RefusingClient refusing;
  asio::io_context io;
  bool returned = false;
  bool ran = false;
  asio::post(io, [&] {
    refusing.stub.Multiply({6, 7}).async(asio::bind_executor(io, [&](Result<std::int64_t> product) {
      EXPECT_TRUE(returned);
      EXPECT_EQ(product.status().code(), Code::kInvalidArgument);
      ran = true;
    }));
    returned = true;
  });
  io.run();
  EXPECT_TRUE(ran);
}

TEST(FinishedCall, IsAwaitedOnManyThreads) {
  RefusingClient refusing;
  for (int i = 0; i < 100; ++i) {
    asio::thread_pool threads(2);
    std::future<bool> first = asio::co_spawn(threads, one_product(refusing.stub), asio::use_future);
    std::future<bool> second =
        asio::co_spawn(threads, one_product(refusing.stub), asio::use_future);
    EXPECT_FALSE(first.get() || second.get());
  }
}

void call_again(ArithStub& stub, int& left) {
  stub.Multiply({1, 1}).then([&](Result<std::int64_t> product) {
    EXPECT_FALSE(product.ok());
    if (--left > 0) call_again(stub, left);
  });
}

TEST(FinishedCall, RunsCallbacksThatStartTheNextCallOneAfterTheOther) {
  RefusingClient refusing;
  int left = kMany;
  call_again(refusing.stub, left);
  EXPECT_EQ(left, 0);
}

TEST(FinishedCall, GivesItsOutcomeOnce) {
  CallStateOf<std::string>* state = new CallStateOf<std::string>();
  Call<std::string> call{CallRef(state)};
  state->value() = "a text that does not fit into a string's own memory";
  state->complete(Status());
  EXPECT_EQ(*call.get(), "a text that does not fit into a string's own memory");
  EXPECT_EQ(call.get().status().code(), Code::kFailedPrecondition);
  Code by_then = Code::kOk;
  call.then([&](Result<std::string> again) { by_then = again.status().code(); });
  EXPECT_EQ(by_then, Code::kFailedPrecondition);
  std::future<Result<std::string>> by_async = call.async(asio::use_future);
  EXPECT_EQ(by_async.get().status().code(), Code::kFailedPrecondition);
}

TEST(FinishedCall, BelongsToTheFirstWhoAsked) {
  CallStateOf<int>* state = new CallStateOf<int>();
  Call<int> call{CallRef(state)};
  std::optional<int> first;
  call.then([&](Result<int> outcome) { first = *outcome; });
  std::future<Result<int>> second = call.async(asio::use_future);
  EXPECT_EQ(second.get().status().code(), Code::kFailedPrecondition);
  EXPECT_EQ(call.get().status().code(), Code::kFailedPrecondition);
  EXPECT_FALSE(call.done());
  state->value() = 42;
  state->complete(Status());
  EXPECT_EQ(first, 42);
}

TEST(FinishedCall, LogsAnExceptionOfItsCallbackAndGoesOn) {
  RefusingClient refusing;
  refusing.stub.Multiply({6, 7}).then(
      [](Result<std::int64_t>) { throw std::runtime_error("a bug of the caller's"); });
  EXPECT_EQ(refusing.lines, std::vector<std::string>{"tern: tcp@127.0.0.1:7: the callback of a "
                                                     "call threw: a bug of the caller's"});
  bool ran = false;
  refusing.stub.Multiply({6, 7}).then([&](Result<std::int64_t>) { ran = true; });
  EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace tern::test
