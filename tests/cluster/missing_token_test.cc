// Calls and streams for which there is no token: with a client of one server, and with a cluster.
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cluster/local_town.h"
#include "cluster/stream_town.h"
#include "tern/token_source.h"

namespace tern::test {
namespace {

// Has tokens for 100 s, until it has none.
class EndingTokens final : public TokenSource {
 public:
  enum class Mode { kGives, kFails, kAnswersLater };

  void token(const Endpoint&, Done done) override {
    ++asked;
    switch (mode) {
      case Mode::kGives:
        return done(Token("alice", 100s));
      case Mode::kFails:
        return done(Status(Code::kUnavailable, "the issuer is away"));
      case Mode::kAnswersLater:
        waiting.push_back(std::move(done));
    }
  }

  Mode mode = Mode::kGives;
  int asked = 0;
  std::vector<Done> waiting;
};

enum class Caller { kClient, kCluster };

class MissingTokens : public StreamTown, public testing::WithParamInterface<Caller> {
 protected:
  using Mode = EndingTokens::Mode;

  MissingTokens() {
    options.client.dialer = std::make_shared<LocalTown>(*town);
    options.client.token_source = tokens_;
    list({"a"});
  }
  ~MissingTokens() override {
    client_.reset();
    loop.settle();
  }
  Channel& channel() {
    if (GetParam() == Caller::kCluster) return cluster();
    if (!client_) client_.emplace(address("a"), loop.pool(), options.client);
    return *client_;
  }
  std::shared_ptr<Ended<arith::Quotient>> call(CallOptions how = CallOptions()) {
    Call<arith::Quotient> begun = arith::ArithStub(channel()).Divide({7, 2}, how);
    auto ended = test::watch(begun);
    loop.settle();
    return ended;
  }
  std::shared_ptr<Watching> stream(CallOptions how = CallOptions()) {
    auto watching = std::make_shared<Watching>(feed::FeedStub(channel()).Tail(feed::Since(), how));
    watching->read_all();
    loop.settle();
    return watching;
  }
  // There is a connection, whose token has come to its end: there is no other.
  void connect_and_end_token() {
    ASSERT_EQ(call()->message(), "");
    tokens_->mode = Mode::kFails;
    loop.advance(99s);
    loop.advance(1s);
  }
  static void expect_no_token(const Status& failure) {
    EXPECT_EQ(failure.code(), Code::kUnauthenticated);
    EXPECT_EQ(failure.handler_ran(), HandlerRan::kNo);
    EXPECT_NE(failure.message().find("there is no token to send"), std::string::npos)
        << failure.message();
  }

  std::shared_ptr<EndingTokens> tokens_ = std::make_shared<EndingTokens>();

 private:
  std::optional<Client> client_;
};

TEST_P(MissingTokens, FailWhatIsNotPatientBeforeThereIsAConnection) {
  tokens_->mode = Mode::kFails;
  const Status failure = call()->result->status();
  EXPECT_EQ(failure.code(), Code::kUnavailable);
  EXPECT_EQ(failure.handler_ran(), HandlerRan::kNo);
  EXPECT_NE(failure.message().find("the issuer is away"), std::string::npos) << failure.message();
  EXPECT_EQ(stream()->status().code(), Code::kUnavailable);
}

TEST_P(MissingTokens, AreWaitedForByWhatIsPatientBeforeThereIsAConnection) {
  tokens_->mode = Mode::kFails;
  auto waits = call(wait_for_ready());
  auto streams_waits = stream(wait_for_ready());
  loop.advance(60s);
  EXPECT_FALSE(waits->done());
  EXPECT_FALSE(streams_waits->ended());
  tokens_->mode = Mode::kGives;
  loop.advance(60s);
  EXPECT_EQ(waits->message(), "");
  publish();
  EXPECT_EQ(streams_waits->got().size(), 1u);
}

TEST_P(MissingTokens, OfAConnectionFailCallsAndStreamsThoughTheyArePatient) {
  connect_and_end_token();
  for (const CallOptions& how : {CallOptions(), wait_for_ready()}) {
    const int asked = tokens_->asked;
    auto ended = call(how);
    ASSERT_TRUE(ended->done());
    expect_no_token(ended->result->status());
    EXPECT_EQ(tokens_->asked, asked + 1);
    auto watching = stream(how);
    EXPECT_TRUE(watching->ended());
    expect_no_token(watching->status());
    EXPECT_EQ(tokens_->asked, asked + 1);
  }
}

TEST_P(MissingTokens, OfAConnectionAreAskedForByACallWhichWaitsForTheAnswer) {
  connect_and_end_token();
  tokens_->mode = Mode::kAnswersLater;
  auto in_time = call();
  auto late = call(within(1s));
  EXPECT_FALSE(in_time->done());
  ASSERT_EQ(tokens_->waiting.size(), 1u);
  loop.advance(1s);
  EXPECT_EQ(late->code(), Code::kDeadlineExceeded);
  EXPECT_EQ(late->result->status().handler_ran(), HandlerRan::kNo);
  tokens_->waiting.front()(Token("root"));
  loop.settle();
  EXPECT_EQ(in_time->message(), "");
  EXPECT_EQ(late->ends, 1);
}

TEST_P(MissingTokens, OfAConnectionAreNoMatterForACallThatSaysItselfWhoItIs) {
  connect_and_end_token();
  CallOptions its_own;
  its_own.metadata.add("authorization", "Bearer its own");
  EXPECT_EQ(call(its_own)->message(), "");
}

INSTANTIATE_TEST_SUITE_P(Of, MissingTokens, testing::Values(Caller::kClient, Caller::kCluster),
                         [](const auto& caller) {
                           return caller.param == Caller::kClient ? "AClient" : "ACluster";
                         });

}  // namespace
}  // namespace tern::test
