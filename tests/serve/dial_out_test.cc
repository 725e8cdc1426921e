// A server that connects to its clients.
#include <gmock/gmock.h>

#include <vector>

#include "serve/server_fixture.h"
#include "support/fake_dialer.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class DialOut : public ServerFixture {
 protected:
  DialOut() {
    options().dialer = dialer;
    options().random = [] { return 0.5; };
  }

  void dial() {
    Status dialed = server().dial("tcp@127.0.0.1:7");
    EXPECT_TRUE(dialed.ok()) << dialed.to_string();
    settle();
  }
  // How long after the first attempt each one was made.
  std::vector<std::chrono::nanoseconds> times() const {
    std::vector<std::chrono::nanoseconds> since;
    for (Clock::TimePoint time : dialer->attempt_times()) {
      since.push_back(time - dialer->attempt_times()[0]);
    }
    return since;
  }
  // The client at the far end says its Option and makes a call.
  void call(std::size_t stream) {
    Peer words;
    dialer->server(stream).send(words.option() + words.request(1, "hello"));
    settle();
    EXPECT_NE(dialer->server(stream).take_received().find("hello"), std::string::npos);
  }

  std::shared_ptr<FakeDialer> dialer = std::make_shared<FakeDialer>();
};

TEST_F(DialOut, ServesOnTheConnectionThatItOpened) {
  dial();
  ASSERT_EQ(dialer->streams(), 1u);
  call(0);
  EXPECT_EQ(service().echoes(), 1);
}

TEST_F(DialOut, WaitsForTheFirstWordAsLongAsItTakes) {
  dial();
  advance(1h);
  EXPECT_EQ(dialer->attempts(), 1u);
  call(0);
}

TEST_F(DialOut, DialsAgainWithGrowingWaitsWithoutAnAnswer) {
  for (int i = 0; i < 4; ++i) dialer->fail_next(Status(Code::kUnavailable, "refused"));
  dial();
  for (int i = 0; i < 12; ++i) advance(1s);
  EXPECT_THAT(times(), ElementsAre(0s, 1s, 3s, 6s, 11s));
}

TEST_F(DialOut, DialsAgainAtItsShortestWaitWhenAClientHasGone) {
  dialer->fail_next(Status(Code::kUnavailable, "refused"));
  dial();
  advance(1s);
  call(0);
  dialer->server(0).close();
  settle();
  advance(1s);
  EXPECT_EQ(dialer->streams(), 2u);
  call(1);
}

TEST_F(DialOut, BacksOffFromClientsThatHangUpWithoutAWord) {
  dial();
  for (std::size_t i = 0; i < 3; ++i) {
    dialer->server(i).close();
    settle();
    for (int step = 0; step < 30 && dialer->streams() == i + 1; ++step) advance(100ms);
    ASSERT_EQ(dialer->streams(), i + 2);
  }
  EXPECT_THAT(times(), ElementsAre(0s, 1s, 2600ms, 5200ms));
}

TEST_F(DialOut, HasTheTimeOfAHandshakeOrNoLimitAtAll) {
  options().handshake_timeout = 0s;
  dial();
  EXPECT_THAT(dialer->timeouts(), ElementsAre(std::chrono::nanoseconds::max()));
  call(0);
}

TEST_F(DialOut, EndsWithTheServer) {
  dial();
  call(0);
  begin_stop(0s);
  finish_stop();
  advance(10min);
  EXPECT_TRUE(dialer->server(0).end_received());
  EXPECT_EQ(dialer->attempts(), 1u);
}

TEST_F(DialOut, CancelsAnAttemptWhenTheServerStops) {
  dialer->hang_next();
  dial();
  begin_stop(1s);
  finish_stop();
  EXPECT_EQ(dialer->given_up(), 1u);
}

TEST_F(DialOut, SaysWhichAddressesItCannotDial) {
  for (std::string_view address : {"netrpc+tcp@127.0.0.1:7", "http@127.0.0.1:7"}) {
    Status refused = server().dial(address);
    EXPECT_EQ(refused.code(), Code::kInvalidArgument);
    EXPECT_NE(refused.message().find("expected \"tcp@host:port\", \"unix@path\" or"),
              std::string_view::npos);
  }
  EXPECT_EQ(server().dial("nonsense").code(), Code::kInvalidArgument);
}

}  // namespace
}  // namespace tern::test
