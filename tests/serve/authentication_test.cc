// What an authenticator accepts: calls. Streams and pages have tests of their own.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "serve/authentication_fixture.h"
#include "serve/gate.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using Mode = ScriptedAuthenticator::Mode;

TEST_F(Authentication, IsNotAskedForWhereThereIsNone) {
  options().authenticator = nullptr;
  auto peer = connect();
  EXPECT_EQ(ask(*peer, "").text, "nobody says 1");
  peer->send(peer->request(99, "", RequestOptions(), SampleService::kTouch));
  settle();
  EXPECT_EQ(peer->answer().code, Code::kOk);
}

TEST_F(Authentication, LetsInWhoIsKnownAndTellsTheHandlerWhoItIs) {
  auto peer = connect();
  EXPECT_EQ(ask(*peer, "alice").text, "alice says 1");
  EXPECT_EQ(authenticator_->method, "Echo");
  EXPECT_EQ(authenticator_->page, "");
  EXPECT_EQ(authenticator_->peer, "the test");
  EXPECT_EQ(authenticator_->protocol, "tern");
  EXPECT_EQ(ask(*peer, "root").text, "root says 1");
}

TEST_F(Authentication, RefusesWhoIsNotKnownBeforeTheHandlerRuns) {
  auto peer = connect();
  for (std::string_view token : {"", "mallory", "expired", "ali", "alicea"}) {
    Answer answer = ask(*peer, token);
    EXPECT_EQ(answer.code, Code::kUnauthenticated) << token;
    EXPECT_EQ(answer.ran, HandlerRan::kNo);
  }
  EXPECT_EQ(service().echoes(), 0);
  EXPECT_EQ(refused("unauthenticated"), 5u);
  EXPECT_EQ(ask(*peer, "alice").code, Code::kOk);  // the connection goes on
}

TEST_F(Authentication, AsksForEachRequestAnew) {
  auto peer = connect();
  EXPECT_EQ(ask(*peer, "alice").code, Code::kOk);
  EXPECT_EQ(ask(*peer, "expired").code, Code::kUnauthenticated);
  EXPECT_EQ(ask(*peer, "alice").code, Code::kOk);
  EXPECT_EQ(authenticator_->asked, 3);
}

TEST_F(Authentication, ComesBeforeTheArgumentIsRead) {
  auto peer = connect();
  RequestOptions options = with_token("mallory");
  std::string request = peer->request(1, "x", options);
  request.back() = '\xff';  // no string in UTF-8 any more
  peer->send(request);
  settle();
  EXPECT_EQ(peer->answer().code, Code::kUnauthenticated);
  EXPECT_EQ(refused("malformed argument"), 0u);
}

TEST_F(Authentication, DeniesAMethodThatIsUnmarkedToEverybody) {
  auto peer = connect();
  Answer answer = ask(*peer, "root", SampleService::kTouch, "");
  EXPECT_EQ(answer.code, Code::kPermissionDenied);
  EXPECT_EQ(answer.ran, HandlerRan::kNo);
  EXPECT_EQ(answer.text,
            "sample.Sample.Touch: nobody may call it, since its .rpc file does not say [allow = "
            "...]");
  EXPECT_EQ(ask(*peer, "mallory", SampleService::kTouch, "").code, Code::kUnauthenticated);
}

TEST_F(Authentication, AsksForOneOfTheRolesOfAMethod) {
  auto peer = connect();
  EXPECT_EQ(ask(*peer, "root", SampleService::kMeasure).code, Code::kOk);
  Answer answer = ask(*peer, "alice", SampleService::kMeasure);
  EXPECT_EQ(answer.code, Code::kPermissionDenied);
  EXPECT_EQ(
      answer.text,
      "sample.Sample.Measure: expected one of the roles surveyor, admin; the caller has none");
  EXPECT_EQ(refused("permission denied"), 1u);
}

// --- What is not served ---

TEST_F(Authentication, TellsThoseAloneWhoAreKnownThatAMethodDoesNotExist) {
  auto peer = connect();
  for (std::string_view token : {"", "mallory", "expired"}) {
    peer->send(unserved(*peer, token));
    settle();
    Answer answer = peer->answer();
    EXPECT_EQ(answer.code, Code::kUnauthenticated) << token;
    EXPECT_EQ(answer.text, authenticator_->answer_to(std::string(token)).status().message());
    EXPECT_EQ(answer.ran, HandlerRan::kNo);
    EXPECT_EQ(authenticator_->method, "");
    EXPECT_EQ(authenticator_->page, "");
  }
  EXPECT_EQ(refused("unknown method"), 0u);
  peer->send(unserved(*peer, "alice"));
  settle();
  Answer answer = peer->answer();
  EXPECT_EQ(answer.code, Code::kUnimplemented);
  EXPECT_EQ(answer.ran, HandlerRan::kNo);
  EXPECT_EQ(refused("unknown method"), 1u);
  EXPECT_EQ(server().stats().calls_running, 0u);
}

TEST_F(Authentication, IsNotAskedForWhatIsNotServedWhereThereIsNone) {
  options().authenticator = nullptr;
  auto peer = connect();
  peer->send(unserved(*peer, ""));
  settle();
  EXPECT_EQ(peer->answer().code, Code::kUnimplemented);
}

TEST_F(Authentication, SaysTheSameOfADeadlineWhetherAMethodExistsOrNot) {
  auto peer = connect();
  for (bool served : {true, false}) {
    std::string request = served ? peer->request(++id_, "x", with_token("mallory", 1s))
                                 : unserved(*peer, "mallory", 1s);
    authenticator_->mode = Mode::kLater;
    peer->send(request);
    settle();
    advance(2s);
    Answer answer = peer->answer();
    EXPECT_EQ(answer.code, Code::kDeadlineExceeded);
    EXPECT_EQ(answer.ran, HandlerRan::kNo);
    EXPECT_EQ(answer.text,
              "authentication: the caller's deadline of 1s passed before it was known who calls");
  }
}

TEST_F(Authentication, MayAnswerLaterForWhatIsNotServed) {
  auto peer = connect();
  authenticator_->mode = Mode::kLater;
  for (std::string_view token : {"mallory", "alice", "alice"}) peer->send(unserved(*peer, token));
  peer->send(peer->cancel(id_));
  settle();
  EXPECT_EQ(server().stats().calls_running, 0u);  // of those that are served
  ASSERT_EQ(authenticator_->waiting.size(), 3u);
  for (int i = 0; i < 3; ++i) authenticator_->answer();
  settle();
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 2u);  // one was cancelled
  EXPECT_EQ(answers[0].code, Code::kUnauthenticated);
  EXPECT_EQ(answers[1].code, Code::kUnimplemented);
}

// Else the order of the answers would say what is served.
TEST_F(Authentication, LetsWhatIsNotServedWaitInTheSameLine) {
  options().limits.calls_in_flight = 1;
  auto peer = connect();
  begin(*peer, "alice");
  peer->send(unserved(*peer, "alice"));
  settle();
  EXPECT_EQ(authenticator_->waiting.size(), 1u);
  authenticator_->answer();
  settle();
  EXPECT_EQ(peer->answer().text, "alice says x");
  ASSERT_EQ(authenticator_->waiting.size(), 1u);
  authenticator_->answer();
  settle();
  EXPECT_EQ(peer->answer().code, Code::kUnimplemented);
}

TEST_F(Authentication, MakesAnErrorOfAnExceptionAndOfAnAnswerThatNeverComes) {
  auto peer = connect();
  authenticator_->mode = Mode::kThrows;
  Answer answer = ask(*peer, "alice");
  EXPECT_EQ(answer.code, Code::kInternal);
  EXPECT_EQ(answer.text, "the authenticator threw an exception");
  EXPECT_EQ(answer.ran, HandlerRan::kNo);
  ASSERT_EQ(log_.size(), 1u);
  EXPECT_NE(log_[0].find("no more of this"), std::string::npos) << log_[0];
  authenticator_->mode = Mode::kNever;
  answer = ask(*peer, "alice");
  EXPECT_EQ(answer.code, Code::kInternal);
  EXPECT_EQ(answer.text, "the authenticator gave no answer");
  EXPECT_EQ(service().echoes(), 0);
}

TEST_F(Authentication, CountsTheFirstAnswerOnly) {
  auto peer = connect();
  authenticator_->mode = Mode::kTwice;
  EXPECT_EQ(ask(*peer, "alice").text, "alice says 1");
  EXPECT_EQ(ask(*peer, "mallory").code, Code::kUnauthenticated);
  begin(*peer, "alice");
  auto done = std::move(authenticator_->waiting.front().second);
  done(Identity("alice"));
  done(Status(Code::kUnauthenticated, "no"));
  settle();
  EXPECT_EQ(peer->answer().text, "alice says x");
}

// --- An answer that comes later ---

TEST_F(Authentication, ThatAnswersLaterHoldsUpNobodyElse) {
  auto peer = connect();
  begin(*peer, "alice");
  authenticator_->mode = Mode::kAtOnce;
  EXPECT_EQ(ask(*peer, "root").text, "root says 1");
  authenticator_->answer();
  settle();
  EXPECT_EQ(peer->answer().text, "alice says x");
}

TEST_F(Authentication, MayAnswerOnAnotherThread) {
  auto peer = connect();
  begin(*peer, "alice");
  std::thread([this] { authenticator_->answer(); }).join();
  settle();
  EXPECT_EQ(peer->answer().text, "alice says x");
}

TEST_F(Authentication, ThatRefusesLaterRefuses) {
  auto peer = connect();
  begin(*peer, "mallory");
  authenticator_->answer();
  settle();
  Answer answer = peer->answer();
  EXPECT_EQ(answer.code, Code::kUnauthenticated);
  EXPECT_EQ(answer.ran, HandlerRan::kNo);
  EXPECT_EQ(server().stats().calls_running, 0u);
}

TEST_F(Authentication, ThatLetsGoOfTheAnswerLaterFailsTheCall) {
  auto peer = connect();
  begin(*peer, "alice");
  authenticator_->waiting.clear();
  settle();
  EXPECT_EQ(peer->answer().code, Code::kInternal);
}

TEST_F(Authentication, IsNotWaitedForBeyondTheDeadline) {
  auto peer = connect();
  begin(*peer, "alice", 1s);
  advance(2s);
  settle();
  Answer answer = peer->answer();
  EXPECT_EQ(answer.code, Code::kDeadlineExceeded);
  EXPECT_EQ(answer.ran, HandlerRan::kNo);
  authenticator_->answer();
  settle();
  EXPECT_TRUE(peer->answers().empty());
  EXPECT_EQ(service().echoes(), 0);
}

TEST_F(Authentication, IsNotWaitedForByACallThatIsCancelled) {
  auto peer = connect();
  std::uint64_t id = begin(*peer, "alice");
  peer->send(peer->cancel(id));
  settle();
  EXPECT_EQ(server().stats().calls_running, 0u);
  authenticator_->answer();
  settle();
  EXPECT_TRUE(peer->answers().empty());
  EXPECT_EQ(service().echoes(), 0);
}

TEST_F(Authentication, IsNotWaitedForByAPeerThatHasLeft) {
  auto peer = connect();
  begin(*peer, "alice");
  peer->end().reset();
  settle();
  EXPECT_EQ(server().stats().calls_running, 0u);
  EXPECT_EQ(server().stats().connections, 0u);
  authenticator_->answer();
  settle();
  EXPECT_EQ(service().echoes(), 0);
}

TEST_F(Authentication, KeepsTheIdOfARequestThatWaits) {
  auto peer = connect();
  std::uint64_t id = begin(*peer, "alice");
  peer->send(peer->request(id, "y", with_token("alice")));
  settle();
  EXPECT_EQ(peer->answer().code, Code::kInvalidArgument);
  EXPECT_EQ(refused("id in use"), 1u);
}

TEST_F(Authentication, FinishesWithADrainingServer) {
  auto peer = connect();
  begin(*peer, "alice");
  begin_drain(10s);
  static_cast<void>(peer->answers());  // going away
  authenticator_->answer();
  settle();
  EXPECT_EQ(peer->answer().text, "alice says x");
  peer->end().close();
  finish_stop();
}

TEST_F(Authentication, ThatHasNotAnsweredWhenTheServerStopsLeavesTheHandlerUnrun) {
  auto peer = connect();
  begin(*peer, "alice");
  begin_stop(0s);
  while (!peer->end().end_received()) settle();
  peer->end().shutdown_write();
  finish_stop();
  bool told = false;
  for (const Answer& answer : peer->answers()) {
    if (answer.kind != wire::FrameKind::kError) continue;
    told = true;
    EXPECT_EQ(answer.code, Code::kUnavailable);
    EXPECT_EQ(answer.ran, HandlerRan::kNo);
  }
  EXPECT_TRUE(told);
  authenticator_->answer();  // to nobody
  EXPECT_EQ(service().echoes(), 0);
}

TEST_F(Authentication, HoldsNoMoreBytesThanTheLimitSays) {
  options().limits.held_bytes = 10'000;
  auto peer = connect();
  authenticator_->mode = Mode::kLater;
  const std::string text(6'000, 'x');
  peer->send(peer->request(1, text, with_token("alice")) +
             peer->request(2, text, with_token("alice")));
  settle();
  Answer answer = peer->answer();
  EXPECT_EQ(answer.id, 2u);
  EXPECT_EQ(answer.code, Code::kResourceExhausted);
  EXPECT_EQ(answer.ran, HandlerRan::kNo);
  authenticator_->answer();
  settle();
  EXPECT_EQ(peer->answer().id, 1u);
  peer->send(peer->request(3, text, with_token("alice")));  // there is room again
  settle();
  EXPECT_TRUE(peer->answers().empty());
}

// --- Who learns of the identity ---

class Sees final : public Interceptor {
 public:
  Status on_start(InterceptedCall& call) override {
    seen += call.identity ? call.identity->name : "nobody";
    return {};
  }
  std::string seen;
};

TEST_F(Authentication, ComesBeforeInterceptorsWhichSeeTheIdentity) {
  auto sees = std::make_shared<Sees>();
  options().interceptors = {sees};
  auto peer = connect();
  ask(*peer, "mallory");
  ask(*peer, "alice");
  begin(*peer, "root");
  authenticator_->answer();
  settle();
  EXPECT_EQ(peer->answer().text, "root says x");
  EXPECT_EQ(sees->seen, "aliceroot");
}

TEST_F(Authentication, LivesAsLongAsTheCall) {
  Gate gate;
  std::string name;
  auto wait = [&](ServerContext& context) -> asio::awaitable<Result<std::string>> {
    co_await gate.wait();
    co_return context.identity()->name;
  };
  service().on_echo(
      [&](ServerContext& context, std::string) -> Reply<std::string> { return wait(context); });
  auto peer = connect();
  begin(*peer, "root");
  authenticator_->answer();
  settle();
  authenticator_->mode = Mode::kAtOnce;
  gate.open();
  settle();
  EXPECT_EQ(peer->answer().text, "root");
}

// --- Protocols without metadata, and those whose requests are read in place ---

TEST_F(Authentication, ShowsOfProtocolsWithoutMetadataTheConnectionAlone) {
  auto peer = connect_silent();
  peer->send(
      "{\"MagicNumber\":3927900,\"CodecType\":\"application/json\"}\n"
      "{\"ServiceMethod\":\"Sample.Echo\",\"Seq\":1} \"x\"");
  settle();
  std::string text = peer->end().take_received();
  EXPECT_NE(text.find("expected a token that is known"), std::string::npos) << text;
  EXPECT_EQ(authenticator_->protocol, "GeeRPC");
  EXPECT_EQ(authenticator_->token, "");
}

TEST_F(Authentication, ThatAnswersLaterKeepsTheOrderOfProtocolsThatAreReadInPlace) {
  auto peer = connect_silent();
  authenticator_->mode = Mode::kLater;
  const std::string request = R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["x"],"id":1})"
                              R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["y"],"id":2})";
  peer->send(request);
  settle();
  EXPECT_EQ(authenticator_->asked, 1);
  authenticator_->waiting.front().first = "alice";
  authenticator_->answer();
  settle();
  EXPECT_EQ(peer->end().take_received(),
            "{\"jsonrpc\":\"2.0\",\"result\":\"alice says x\",\"id\":1}\n");
  EXPECT_EQ(authenticator_->asked, 2);
  authenticator_->waiting.front().first = "root";
  authenticator_->answer();
  settle();
  EXPECT_EQ(peer->end().take_received(),
            "{\"jsonrpc\":\"2.0\",\"result\":\"root says y\",\"id\":2}\n");
}

}  // namespace
}  // namespace tern::test
