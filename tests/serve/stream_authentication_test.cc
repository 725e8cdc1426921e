// What an authenticator accepts: streams.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "serve/authentication_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using Mode = ScriptedAuthenticator::Mode;

class StreamAuthentication : public Authentication {
 protected:
  StreamAuthentication() {
    feed().upload = [](ServerContext&, Reader<std::string> in) { return join(std::move(in)); };
  }
  // StreamPeer sends no metadata: what it shows is its connection.
  void allow_all() { authenticator_->mode = Mode::kLater; }
  void answer(std::string_view token) {
    authenticator_->waiting.front().first = token;
    authenticator_->answer();
    settle();
  }
};

TEST_F(StreamAuthentication, RefusesAStreamAtItsStart) {
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kUpload)),
            "error 1 unauthenticated 'expected a token that is known'");
  EXPECT_EQ(streams_open(), 0u);
}

TEST_F(StreamAuthentication, LetsMessagesComeWhileItWaits) {
  auto peer = connect_streams();
  allow_all();
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kUpload) + StreamPeer::message(1, "a") +
                           StreamPeer::message(1, "b", true)),
            "");
  answer("alice");
  EXPECT_EQ(peer->seen(), "reply 1 'ab'");
}

TEST_F(StreamAuthentication, RefusesAStreamThatHasWaited) {
  auto peer = connect_streams();
  allow_all();
  say(*peer, peer->open(1, FeedService::kUpload) + StreamPeer::message(1, "a"));
  answer("mallory");
  EXPECT_EQ(peer->seen(), "error 1 unauthenticated 'expected a token that is known'");
  EXPECT_EQ(say(*peer, StreamPeer::message(1, "b", true)), "");  // it may have been on its way
  EXPECT_EQ(streams_open(), 0u);
}

TEST_F(StreamAuthentication, IsCancelledWithItsStream) {
  auto peer = connect_streams();
  allow_all();
  say(*peer, peer->open(1, FeedService::kUpload) + StreamPeer::message(1, "a"));
  say(*peer, peer->cancel(1));
  EXPECT_EQ(streams_open(), 0u);
  answer("alice");
  EXPECT_EQ(peer->seen(), "");
}

TEST_F(StreamAuthentication, TellsThoseAloneWhoAreKnownThatAStreamDoesNotExist) {
  Method unknown = FeedService::method(FeedService::kUpload);
  unknown.id ^= 1;
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open_method(1, unknown, "")),
            "error 1 unauthenticated 'expected a token that is known'");
  allow_all();
  // Its messages come all the same, and are dropped with it.
  EXPECT_EQ(say(*peer, peer->open_method(2, unknown, "") + StreamPeer::message(2, "a") +
                           StreamPeer::message(2, "b", true)),
            "");
  EXPECT_EQ(streams_open(), 1u);
  answer("alice");
  EXPECT_EQ(peer->seen(),
            fmt::format("error 2 unimplemented 'no method of the id {:#010x} is served here; this "
                        "server has sample.Sample, feed.Feed'",
                        unknown.id));
  EXPECT_EQ(streams_open(), 0u);
}

TEST_F(StreamAuthentication, TellsThoseAloneWhoAreKnownThatAMethodIsOfAnotherKind) {
  Method echo = SampleService::method(SampleService::kEcho);
  echo.kind = MethodKind::kServerStream;  // as the client has it
  const Method& watch = FeedService::method(FeedService::kWatch);
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open_method(1, echo, "x")),
            "error 1 unauthenticated 'expected a token that is known'");
  EXPECT_EQ(say(*peer, peer->unary(2, watch, "x")),
            "error 2 unauthenticated 'expected a token that is known'");
  EXPECT_EQ(refused("wrong kind of call"), 0u);
  allow_all();
  EXPECT_EQ(say(*peer, peer->open_method(3, echo, "x")), "");
  answer("alice");
  EXPECT_EQ(peer->seen(),
            "error 3 unimplemented 'sample.Sample.Echo is unary; the request opens a stream'");
  EXPECT_EQ(say(*peer, peer->unary(4, watch, "x")), "");
  answer("alice");
  EXPECT_EQ(
      peer->seen(),
      "error 4 unimplemented 'feed.Feed.Watch answers with a stream; the request opens none'");
  EXPECT_EQ(refused("wrong kind of call"), 2u);
}

class SeesMessages final : public StreamInterceptor {
 public:
  Status on_start(InterceptedCall& call) override {
    log += "start " + call.identity->name + ";";
    return {};
  }
  Status on_message(InterceptedCall&, const InterceptedMessage& message) override {
    log += fmt::format(" {}", StreamPeer::decode(as_text(message.bytes)));
    if (refuses) return Status(Code::kFailedPrecondition, "not this one");
    return {};
  }
  void on_finish(InterceptedCall&, const Status& outcome) noexcept override {
    log += fmt::format("; {}", code_name(outcome.code()));
  }
  std::string log;
  bool refuses = false;
};

TEST_F(StreamAuthentication, ShowsInterceptorsTheMessagesThatCameWhileItWaited) {
  auto sees = std::make_shared<SeesMessages>();
  options().interceptors = {sees};
  auto peer = connect_streams();
  allow_all();
  say(*peer, peer->open(1, FeedService::kUpload) + StreamPeer::message(1, "a") +
                 StreamPeer::message(1, "b"));
  EXPECT_EQ(sees->log, "");
  answer("alice");
  EXPECT_EQ(say(*peer, StreamPeer::message(1, "c", true)), "reply 1 'abc'");
  EXPECT_EQ(sees->log, "start alice; a b c; ok");
}

TEST_F(StreamAuthentication, LetsInterceptorsRefuseAMessageThatCameWhileItWaited) {
  auto sees = std::make_shared<SeesMessages>();
  sees->refuses = true;
  options().interceptors = {sees};
  auto peer = connect_streams();
  allow_all();
  say(*peer, peer->open(1, FeedService::kUpload) + StreamPeer::message(1, "a"));
  answer("alice");
  EXPECT_EQ(peer->seen(), "error 1 failed_precondition 'not this one'");
  EXPECT_EQ(sees->log, "start alice; a; failed_precondition");
  EXPECT_EQ(streams_open(), 0u);
}

}  // namespace
}  // namespace tern::test
