// Attempts that somebody makes for the caller.
#include "call/call_attempt.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <new>
#include <optional>
#include <string>

#include "call/arith.h"
#include "call/client_channel.h"
#include "support/fake_dialer.h"
#include "support/test_loop.h"
#include "wire/go/gob_server.h"

namespace tern::test {
namespace {

// One that finds no memory for what it has to keep, if it is told so.
class Attempt final : public call::CallAttempt {
 public:
  explicit Attempt(bool starved) : starved_(starved) {}
  void on_queued(std::uint64_t, ByteView) override {
    if (starved_) throw std::bad_alloc();
  }
  void on_written(Clock::TimePoint) noexcept override {}
  void on_end(CallRef place, Status outcome) noexcept override {
    end = std::move(outcome);
    value = *static_cast<std::int64_t*>(place->reply_slot());
  }
  std::optional<Status> end;
  std::int64_t value = 0;

 private:
  bool starved_;
};

class CallAttemptTest : public testing::Test {
 protected:
  ~CallAttemptTest() override {
    if (core_) core_->close();
    loop.settle();
  }

  // A client that is connected.
  void connect(const std::string& address, const std::string& codec) {
    ClientOptions options;
    options.dialer = dialer;
    options.codec = codec;
    core_ = std::make_shared<call::ClientChannel>(parse_endpoint(address), address, loop.loop(),
                                                  false, std::move(options));
    core_->connect_soon();
    loop.settle();
    ASSERT_TRUE(core_->connected());
  }
  Attempt& attempt(bool starved = false) { return attempts_.emplace_back(starved); }
  Status start(Attempt& attempt) {
    call::StartedCall started;
    started.call = CallRef(new CallStateOf<std::int64_t>());
    started.attempt = &attempt;
    started.method = &arith::ArithStub::multiply();
    const arith::Args args(6, 7);
    Status failure = core_->start_attempt(started, &args, Metadata());
    loop.settle();
    return failure;
  }

  TestLoop loop;
  std::shared_ptr<FakeDialer> dialer = std::make_shared<FakeDialer>();

 private:
  std::deque<Attempt> attempts_;  // stay where they are until they have ended
  std::shared_ptr<call::ClientChannel> core_;
};

TEST_F(CallAttemptTest, OneThatCannotBeQueuedLeavesTheAnswersOfHttpWithTheirRequests) {
  connect("connect+http@127.0.0.1:7", "application/x-tern");
  Attempt& starved = attempt(true);
  EXPECT_EQ(start(starved).handler_ran(), HandlerRan::kNo);
  EXPECT_EQ(dialer->server(0).take_received(), "");
  Attempt& first = attempt();
  Attempt& second = attempt();
  EXPECT_TRUE(start(first).ok());
  EXPECT_TRUE(start(second).ok());
  for (std::string_view body : {"1", "2"}) {
    dialer->server(0).send(fmt::format(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{}", body));
  }
  loop.settle();
  ASSERT_TRUE(first.end && second.end);
  EXPECT_TRUE(first.end->ok()) << first.end->to_string();
  EXPECT_EQ(first.value, 1);
  EXPECT_EQ(second.value, 2);
}

TEST_F(CallAttemptTest, OneThatCannotBeQueuedTakesNoTypesOfGobAway) {
  connect("tcp@127.0.0.1:7", "application/gob");
  dialer->server(0).take_received();
  Attempt& starved = attempt(true);
  EXPECT_FALSE(start(starved).ok());
  Attempt& good = attempt();
  EXPECT_TRUE(start(good).ok());
  std::string sent = dialer->server(0).take_received();
  wire::go::ServerProtocol frames(wire::go::Dialect::kGeeRpc, Limits());
  wire::Frame frame;
  Status why;
  wire::ServerProtocol::Step step = wire::ServerProtocol::Step::kSkip;
  while (step == wire::ServerProtocol::Step::kSkip) {
    wire::ServerProtocol::Progress progress = frames.next(as_bytes(sent), frame, why);
    step = progress.step;
    if (step == wire::ServerProtocol::Step::kSkip) sent.erase(0, progress.consumed);
  }
  ASSERT_EQ(step, wire::ServerProtocol::Step::kFrame) << why.to_string();
  arith::Args args;
  Status failure = frames.read_body(frame, arith::ArithStub::multiply().argument(), &args);
  EXPECT_TRUE(failure.ok()) << failure.to_string();
  EXPECT_EQ(args, arith::Args(6, 7));
}

}  // namespace
}  // namespace tern::test
