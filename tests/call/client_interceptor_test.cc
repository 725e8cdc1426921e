// Interceptors around a client's calls.
#include <gmock/gmock.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "call/client_fixture.h"

namespace tern::test {
namespace {

using testing::ElementsAre;

// Writes down what it sees.
class Recorder final : public Interceptor {
 public:
  Recorder(std::string name, std::vector<std::string>& log) : name_(std::move(name)), log_(log) {}

  Status on_start(InterceptedCall& call) override {
    EXPECT_EQ(call.side, InterceptedCall::Side::kClient);
    EXPECT_EQ(call.peer, "tcp@127.0.0.1:7");
    log_.push_back(name_ + " start " + std::string(call.method.name));
    call.metadata.add("by", name_);
    left_at_start = call.timeout;
    if (throws) throw std::runtime_error("no");
    return refusal;
  }
  void on_finish(InterceptedCall& call, const Status& outcome) noexcept override {
    log_.push_back(name_ + " finish " + code_name(outcome.code()));
    left_at_finish = call.timeout;
    reply_said = call.reply_metadata.get("server");
  }

  Status refusal;
  bool throws = false;
  std::optional<std::chrono::nanoseconds> left_at_start;
  std::optional<std::chrono::nanoseconds> left_at_finish;
  std::string reply_said;

 private:
  std::string name_;
  std::vector<std::string>& log_;
};

class ClientInterceptors : public ClientTest {
 protected:
  ClientInterceptors() { options.interceptors = {first, second}; }

  std::vector<std::string> log;
  std::shared_ptr<Recorder> first = std::make_shared<Recorder>("a", log);
  std::shared_ptr<Recorder> second = std::make_shared<Recorder>("b", log);
};

TEST_F(ClientInterceptors, RunInOrderAndBackBeforeTheCallerLearns) {
  stub().Multiply({6, 7}, within(5s)).then([&](Result<std::int64_t>) { log.push_back("caller"); });
  loop.settle();
  SentFrame request = server().read().at(0);
  ASSERT_EQ(request.metadata.size(), 2u);
  loop.advance(2s);
  server().accept();
  server().reply(request.id, 42);
  loop.settle();
  EXPECT_THAT(log, ElementsAre("a start Multiply", "b start Multiply", "b finish ok", "a finish ok",
                               "caller"));
  EXPECT_EQ(first->left_at_start, 5s);
  EXPECT_EQ(first->left_at_finish, 3s);
}

TEST_F(ClientInterceptors, CanRefuseACall) {
  second->refusal = Status(Code::kUnauthenticated, "no token");
  auto call = multiply(6, 7);
  EXPECT_EQ(call->code(), Code::kUnauthenticated);
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
  EXPECT_THAT(log, ElementsAre("a start Multiply", "b start Multiply", "a finish unauthenticated"));
  loop.settle();
  EXPECT_EQ(dialer->attempts(), 0u);
}

TEST_F(ClientInterceptors, ThatThrowEndTheCall) {
  first->throws = true;
  auto call = multiply(6, 7);
  EXPECT_EQ(call->code(), Code::kInternal);
  EXPECT_EQ(call->message(), "interceptor: no");
  EXPECT_THAT(log, ElementsAre("a start Multiply"));
}

TEST_F(ClientInterceptors, HearOfEarlyFailures) {
  auto call = multiply(6, 7, within(0ns));
  EXPECT_EQ(call->ends, 1);
  EXPECT_THAT(log, ElementsAre("a start Multiply", "b start Multiply", "b finish deadline_exceeded",
                               "a finish deadline_exceeded"));
}

TEST_F(ClientInterceptors, HearOfDeadlinesCancelsAndLoss) {
  multiply(1, 1, within(1s));
  Call<std::int64_t> call = stub().Multiply({1, 1});
  multiply(1, 1);
  loop.settle();
  server().accept();
  loop.settle();
  log.clear();
  call.cancel();
  loop.settle();
  loop.advance(1s);
  dialer->server(0).close();
  loop.settle();
  EXPECT_THAT(log, ElementsAre("b finish cancelled", "a finish cancelled",
                               "b finish deadline_exceeded", "a finish deadline_exceeded",
                               "b finish unavailable", "a finish unavailable"));
}

// Puts into on_finish() what on_start() has found, and replaces metadata of the caller's.
class Spans final : public Interceptor {
 public:
  Status on_start(InterceptedCall& call) override {
    EXPECT_TRUE(call.values.empty());
    call.values.set(std::string("span ") + std::to_string(++spans));
    call.metadata.set("trace", *call.values.get<std::string>());
    return {};
  }
  void on_finish(InterceptedCall& call, const Status& /*outcome*/) noexcept override {
    finished.push_back(*call.values.get<std::string>());
  }

  int spans = 0;
  std::vector<std::string> finished;
};

TEST_F(ClientInterceptors, KeepValuesFromStartToFinish) {
  auto traced = std::make_shared<Spans>();
  options.interceptors = {traced};
  CallOptions call;
  call.metadata.add("trace", "of the caller");
  multiply(1, 1, call);
  multiply(2, 2, call);
  loop.settle();
  server().accept();
  std::vector<SentFrame> requests = server().read();
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[1].metadata.size(), 1u);
  EXPECT_EQ(requests[1].metadata.get("trace"), "span 2");
  server().reply(requests[1].id, 4);
  server().reply(requests[0].id, 1);
  loop.settle();
  EXPECT_THAT(traced->finished, ElementsAre("span 2", "span 1"));
}

TEST_F(ClientInterceptors, SeeWhatTheServerSent) {
  multiply(6, 7);
  loop.settle();
  server().accept();
  Metadata answer;
  answer.add("server", "wicked");
  wire::ReplyHead head;
  head.id = server().read().at(0).id;
  head.metadata = &answer;
  wire::native::ServerProtocol frames(native_codec(), Limits());
  Buffer error;
  frames.write_error(head, Status(Code::kAborted, "no"), error);
  server().send(as_text(error.view()));
  loop.settle();
  EXPECT_EQ(first->reply_said, "wicked");
}

}  // namespace
}  // namespace tern::test
