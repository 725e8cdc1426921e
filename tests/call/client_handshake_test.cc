#include "call/client_handshake.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "wire/native/client.h"

namespace tern::test {
namespace {

using Phase = call::ClientHandshake::Phase;

constexpr std::string_view kAccepted =
    "{\"MagicNumber\":3927900,\"Version\":1,\"MaxMessageBytes\":4096,\"MaxCallsInFlight\":7}\n";
constexpr std::string_view kConnected = "HTTP/1.0 200 Connected to GeeRPC\n\n";

class ClientHandshakeTest : public testing::Test {
 protected:
  enum class Has { kNothing, kOption, kConnect, kBoth };

  call::ClientHandshake begin(Has has, std::size_t limit = 4096) {
    wire::ClientPreface opening;
    if (has == Has::kConnect || has == Has::kBoth) opening.connect = "CONNECT / HTTP/1.0\n\n";
    if (has == Has::kOption || has == Has::kBoth) opening.native = &native_;
    return call::ClientHandshake(opening, limit);
  }
  // What comes of an answer to the Option.
  Status failure_after(std::string_view answer) {
    call::ClientHandshake handshake = begin(Has::kOption);
    EXPECT_EQ(handshake.read(as_bytes(answer)), 0u);
    ended_ = handshake.phase();
    return handshake.failure();
  }

  Phase ended_ = Phase::kOption;

 private:
  Limits limits_;
  wire::native::ClientProtocol native_{native_codec(), limits_};
};

TEST_F(ClientHandshakeTest, IsDoneAtOnceInAProtocolThatHasNone) {
  call::ClientHandshake handshake = begin(Has::kNothing);
  EXPECT_TRUE(handshake.done());
  EXPECT_EQ(handshake.answer().max_calls_in_flight, 0u);
}

TEST_F(ClientHandshakeTest, TakesNothingBeforeTheWholeAnswerIsThereAndNothingBehindIt) {
  call::ClientHandshake handshake = begin(Has::kOption);
  for (std::size_t size = 0; size < kAccepted.size(); ++size) {
    EXPECT_EQ(handshake.read(as_bytes(kAccepted.substr(0, size))), 0u);
    EXPECT_EQ(handshake.phase(), Phase::kOption);
  }
  EXPECT_EQ(handshake.read(as_bytes(std::string(kAccepted) + "a frame")), kAccepted.size());
  EXPECT_TRUE(handshake.done());
  EXPECT_EQ(handshake.answer().max_message_bytes, 4096u);
  EXPECT_EQ(handshake.answer().max_calls_in_flight, 7u);
}

TEST_F(ClientHandshakeTest, ReadsTheAnswersToConnectAndToTheOptionFromOnePiece) {
  call::ClientHandshake handshake = begin(Has::kBoth);
  EXPECT_EQ(handshake.phase(), Phase::kHttpConnect);
  EXPECT_EQ(handshake.take_http_connect(), "CONNECT / HTTP/1.0\n\n");
  EXPECT_EQ(handshake.take_http_connect(), "");
  const std::string both = std::string(kConnected) + std::string(kAccepted);
  EXPECT_EQ(handshake.read(as_bytes(both + "a frame")), both.size());
  EXPECT_TRUE(handshake.done());
}

TEST_F(ClientHandshakeTest, WaitsForTheOptionsAnswerBehindThatToConnect) {
  call::ClientHandshake handshake = begin(Has::kBoth);
  EXPECT_EQ(handshake.read(as_bytes(kConnected)), kConnected.size());
  EXPECT_EQ(handshake.phase(), Phase::kOption);
}

TEST_F(ClientHandshakeTest, IsDoneBehindConnectInAProtocolWithoutAnOption) {
  call::ClientHandshake handshake = begin(Has::kConnect);
  EXPECT_EQ(handshake.read(as_bytes(kConnected)), kConnected.size());
  EXPECT_TRUE(handshake.done());
}

TEST_F(ClientHandshakeTest, SaysThatNoHandlerHasRunAfterARefusal) {
  Status why = failure_after("{\"MagicNumber\":3927900,\"Version\":1,\"Error\":\"not you\"}\n");
  EXPECT_EQ(ended_, Phase::kRefused);
  EXPECT_EQ(why.code(), Code::kFailedPrecondition);
  EXPECT_EQ(why.handler_ran(), HandlerRan::kNo);
  EXPECT_EQ(why.message(), "handshake: refused by the server: not you");
}

TEST_F(ClientHandshakeTest, SendsCallsElsewhereIfTheServerGoesAway) {
  Status why = failure_after(
      "{\"MagicNumber\":3927900,\"Version\":1,\"Error\":\"handshake: bye\",\"GoingAway\":true}\n");
  EXPECT_EQ(ended_, Phase::kRefused);
  EXPECT_EQ(why.code(), Code::kUnavailable);
  EXPECT_EQ(why.handler_ran(), HandlerRan::kNo);
  EXPECT_EQ(why.message(), "handshake: bye");
}

TEST_F(ClientHandshakeTest, LeavesOpenWhatHasRunAfterWhatIsNoAnswer) {
  for (std::string_view answer :
       {"HTTP/1.0 400 Bad Request\n", "{\"MagicNumber\":3927900,\"Version\":2}\n"}) {
    Status why = failure_after(answer);
    EXPECT_EQ(ended_, Phase::kBroken) << answer;
    EXPECT_EQ(why.code(), Code::kUnavailable) << answer;
    EXPECT_EQ(why.handler_ran(), HandlerRan::kUnknown) << answer;
  }
}

TEST_F(ClientHandshakeTest, WaitsForTheEndOfTheAnswerUntilTheLimitIsReached) {
  call::ClientHandshake handshake = begin(Has::kOption, 100);
  handshake.read(as_bytes(std::string(99, ' ')));
  EXPECT_EQ(handshake.phase(), Phase::kOption);
  handshake.read(as_bytes(std::string(100, ' ')));
  EXPECT_EQ(handshake.phase(), Phase::kBroken);
  EXPECT_EQ(handshake.failure().message(),
            "handshake: the server's answer has no end within 100 bytes");
}

TEST_F(ClientHandshakeTest, TakesAnAnswerThatIsAsLongAsTheLimit) {
  call::ClientHandshake handshake = begin(Has::kOption, kAccepted.size());
  EXPECT_EQ(handshake.read(as_bytes(kAccepted)), kAccepted.size());
  EXPECT_TRUE(handshake.done());
}

}  // namespace
}  // namespace tern::test
