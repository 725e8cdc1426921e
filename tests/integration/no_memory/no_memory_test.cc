// Every allocation fails once: whatever it was for, no call is lost, nothing leaks, and the same
// client and server go on. Of handlers that answer at once, and of coroutines that wait.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "integration/no_memory/program.h"
#include "integration/plain_arith.h"
#include "tern/sleep.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

// --- Unary calls ---

// Waits before it answers.
class SlowArith final : public PlainArith {
 public:
  Reply<std::int64_t> Multiply(ServerContext& context, arith::Args args) override {
    return multiply(context, args);
  }
  Reply<arith::Quotient> Divide(ServerContext& context, arith::Args args) override {
    return divide(context, args);
  }
  Reply<void> Sleep(ServerContext& context, Duration) override { return until_cancelled(context); }

 private:
  static asio::awaitable<Result<std::int64_t>> multiply(ServerContext& context, arith::Args args) {
    Result<void> slept = co_await tern::sleep(context, 10ms);
    if (!slept.ok()) co_return slept.take_status();
    co_return args.A* args.B;
  }
  static asio::awaitable<Result<arith::Quotient>> divide(ServerContext& context, arith::Args args) {
    // What waits is called by what answers.
    Result<std::int64_t> product = co_await multiply(context, args);
    if (!product.ok()) co_return product.take_status();
    if (args.B == 0) co_return arith::DivideByZero(args.A);
    co_return arith::Quotient(args.A / args.B, args.A % args.B);
  }
  static asio::awaitable<Result<void>> until_cancelled(ServerContext& context) {
    co_await context.wait_cancelled();
    co_return Status(Code::kCancelled, "nobody waits any more");
  }
};

template <typename T>
void watch(Ledger& ledger, Call<T> call) {
  ledger.watch([&call](auto done) { std::move(call).then([done](Result<T>) { done(); }); });
}

void call_arith(Caller& caller, Ledger& ledger, Turns& turns) {
  arith::ArithStub stub(caller.channel());
  CallOptions limited;
  limited.timeout = 1s;
  watch(ledger, stub.Multiply({7, 8}));
  watch(ledger, stub.Divide({7, 2}));
  watch(ledger, stub.Divide({7, 0}));
  // One that nobody waits for, and one that is late, before they leave.
  Call<std::int64_t> cancelled = stub.Multiply({7, 8});
  cancelled.cancel();
  watch(ledger, std::move(cancelled));
  watch(ledger, stub.Divide({7, 2}, limited));
  turns.advance(1s);
}

// Calls that are cancelled, or late, while their handlers wait.
void call_slow_arith(Caller& caller, Ledger& ledger, Turns& turns) {
  arith::ArithStub stub(caller.channel());
  CallOptions limited;
  limited.timeout = 5ms;
  watch(ledger, stub.Multiply({7, 8}));
  watch(ledger, stub.Divide({7, 0}));
  watch(ledger, stub.Divide({7, 2}, limited));
  watch(ledger, stub.Sleep(Duration(), limited));
  Call<std::int64_t> cancelled = stub.Multiply({7, 8});
  turns.settle();
  cancelled.cancel();
  watch(ledger, std::move(cancelled));
  turns.advance(5ms);
  turns.advance(1s);
}

void check_arith(Caller& caller, Turns&, std::function<void(bool)> done) {
  CallOptions limited;
  limited.timeout = 2s;
  arith::ArithStub(caller.channel())
      .Multiply({7, 8}, limited)
      .then([done](Result<std::int64_t> reply) { done(reply.ok() && *reply == 56); });
}

Work arith_work(std::string_view name, std::string_view address) {
  return {name, address, [](Ledger&) { return std::make_shared<PlainArith>(); }, call_arith,
          check_arith};
}

// --- All of them ---

const Work kWork[] = {
    arith_work("unix", "unix@here"),
    arith_work("connecthttp", "connect+http@here:80"),
    arith_work("connecth2unix", "connect-h2+unix@here"),
    arith_work("grpcunix", "grpc+unix@here"),
    arith_work("grpcwebhttp", "grpc-web+http@here:80"),
    arith_work("jsonrpcunix", "jsonrpc+unix@here"),
    arith_work("netrpcunix", "netrpc+unix@here"),
    {"Coroutines", "unix@here", [](Ledger&) { return std::make_shared<SlowArith>(); },
     call_slow_arith, check_arith},
};

class NoMemory : public testing::TestWithParam<Work> {};

TEST_P(NoMemory, ForAnyOneAllocationCostsNoCallAndNoProcess) {
  fail_each_allocation(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Over, NoMemory, testing::ValuesIn(kWork),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace tern::test
