// The meeting point of the caller and the one who completes.
#include "tern/codegen/call_state.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace tern {
namespace {

CallRef fresh() {
  return CallRef(new CallStateOf<int>());
}

TEST(CallState, RunsACallbackThatCameFirst) {
  CallRef call = fresh();
  int runs = 0;
  call->on_done([&] { ++runs; });
  EXPECT_EQ(runs, 0);
  call->complete(Status());
  EXPECT_EQ(runs, 1);
  EXPECT_TRUE(call->done());
}

TEST(CallState, RunsACallbackThatCameLateAtOnce) {
  CallRef call = fresh();
  call->complete(Status(Code::kNotFound, "gone"));
  int runs = 0;
  call->on_done([&] { ++runs; });
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(call->status().code(), Code::kNotFound);
}

TEST(CallState, EndsOnce) {
  CallRef call = fresh();
  int runs = 0;
  call->on_done([&] { ++runs; });
  call->complete(Status());
  call->complete(Status(Code::kInternal, "a second end"));
  EXPECT_EQ(runs, 1);
  EXPECT_TRUE(call->status().ok());
}

TEST(CallState, TellsItsOwnerOfAnExceptionOfTheCallback) {
  struct Owner final : CallOwner {
    void cancel(std::uint64_t) override {}
    void callback_threw(std::string_view what) override { thrown.emplace_back(what); }
    std::vector<std::string> thrown;
  };
  auto owner = std::make_shared<Owner>();
  CallRef call = fresh();
  call->set_owner(owner, 1);
  call->on_done([] { throw std::runtime_error("a bug of the caller's"); });
  call->complete(Status());
  EXPECT_TRUE(call->done());
  call->on_done([] { throw 17; });
  EXPECT_EQ(owner->thrown, (std::vector<std::string>{"a bug of the caller's",
                                                     "something that is not a std::exception"}));
}

TEST(CallState, RunsLateCallbacksOneBehindTheOther) {
  CallRef call = fresh();
  call->complete(Status());
  std::vector<int> order;
  call->on_done([&] {
    call->on_done([&] { order.push_back(2); });
    order.push_back(1);
  });
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

// A callback holds its call, which holds the callback.
TEST(CallState, LetsGoOfItsCallback) {
  auto token = std::make_shared<int>();
  {
    CallRef call = fresh();
    call->on_done([call, token] {});
    EXPECT_EQ(token.use_count(), 2);
    call->complete(Status());
    EXPECT_EQ(token.use_count(), 1);
  }
  {
    CallRef call = fresh();
    call->complete(Status());
    call->on_done([call, token] {});
  }
  EXPECT_EQ(token.use_count(), 1);
}

TEST(CallState, CancelsThroughItsOwnerWhileThereIsOne) {
  struct Owner final : CallOwner {
    void cancel(std::uint64_t id) override { cancelled.push_back(id); }
    std::vector<std::uint64_t> cancelled;
  };
  auto owner = std::make_shared<Owner>();
  CallRef call = fresh();
  call->cancel();  // nobody there: of no effect
  call->set_owner(owner, 17);
  call->cancel();
  EXPECT_EQ(owner->cancelled, std::vector<std::uint64_t>{17});
  owner.reset();
  call->cancel();
  EXPECT_FALSE(call->done());
}

TEST(CallState, WakesTheThreadThatWaits) {
  for (int round = 0; round < 200; ++round) {
    CallRef call(new CallStateOf<int>());
    std::thread completing([call] {
      *static_cast<int*>(call->reply_slot()) = 42;
      call->complete(Status());
    });
    call->wait();
    EXPECT_EQ(static_cast<CallStateOf<int>&>(*call).value(), 42);
    completing.join();
  }
}

TEST(CallState, RunsTheCallbackOnceWhoeverComesFirst) {
  for (int round = 0; round < 2000; ++round) {
    CallRef call = fresh();
    std::atomic<int> runs{0};
    std::atomic<bool> go{false};
    std::thread completing([call, &go] {
      while (!go) std::this_thread::yield();
      call->complete(Status());
    });
    go = true;
    call->on_done([&runs] { ++runs; });
    completing.join();
    EXPECT_EQ(runs, 1);
  }
}

// A callback that ends its call at the moment at which it is left there: when it is moved.
struct EndsItsCallWhenMoved {
  EndsItsCallWhenMoved(CallRef ending, int& moves_left, int& count)
      : call(std::move(ending)), moves(&moves_left), runs(&count) {}
  EndsItsCallWhenMoved(EndsItsCallWhenMoved&& other) noexcept
      : call(std::move(other.call)), moves(other.moves), runs(other.runs) {
    if (--*moves == 0) call->complete(Status());
  }
  void operator()() { ++*runs; }

  CallRef call;
  int* moves;
  int* runs;
};

TEST(CallState, RunsACallbackThatIsLeftWhileTheCallEnds) {
  int moves = 2;  // into the UniqueFunction, and with that into the call
  int runs = 0;
  CallRef call = fresh();
  call->on_done(EndsItsCallWhenMoved(call, moves, runs));
  EXPECT_TRUE(call->done());
  EXPECT_EQ(runs, 1);
}

}  // namespace
}  // namespace tern
