// Comments that keep a silent stream of events alive. docs/http_streams.md has them.
#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <utility>

#include "serve/http_stream_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class Heartbeats : public HttpStreams {
 protected:
  // A stream that is kept, of events unless it is otherwise said.
  std::unique_ptr<Peer> listen(std::string_view accept = "Accept: text/event-stream\r\n") {
    auto peer = open();
    feed().watch = [this](ServerContext& context, std::string, Writer<std::string> out) {
      context.initial_metadata() = initial_;
      hub_.emplace(std::move(out));
      return tern::kept(*hub_);
    };
    say(*peer,
        post("Watch",
             fmt::format("Content-Type: application/json\r\n{}Content-Length: 5\r\n", accept),
             "\"all\""));
    return peer;
  }
  std::string after(Peer& peer, std::chrono::nanoseconds time) {
    advance(time);
    settle();
    return peer.end().take_received();
  }

  const std::string comment_ = chunk(": \n\n");
  Metadata initial_;
  std::optional<Writer<std::string>> hub_;
};

TEST_F(Heartbeats, ComeWhileAStreamOfEventsIsSilent) {
  auto peer = listen();
  EXPECT_EQ(after(*peer, 15s - 1ns), "");
  EXPECT_THAT(after(*peer, 1ns),
              AllOf(StartsWith("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"),
                    EndsWith("\r\n\r\n" + comment_)));
  EXPECT_EQ(after(*peer, 15s), comment_);
  EXPECT_EQ(after(*peer, 15s), comment_);
}

TEST_F(Heartbeats, ComeNoSoonerThanThatBehindAMessage) {
  auto peer = listen();
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(hub_->try_write("one"));
    EXPECT_THAT(after(*peer, 0s), EndsWith(chunk("data: \"one\"\n\n")));
    EXPECT_EQ(after(*peer, 10s), "");
  }
  EXPECT_EQ(after(*peer, 5s), comment_);
}

TEST_F(Heartbeats, EndWithTheirStream) {
  auto peer = listen();
  EXPECT_THAT(after(*peer, 15s), EndsWith(comment_));
  hub_->finish(Status(Code::kAborted, "over"));
  EXPECT_EQ(after(*peer, 0s),
            chunk("event: error\ndata: {\"code\":\"aborted\",\"message\":\"over\"}\n\n") +
                std::string(kLastChunk));
  EXPECT_EQ(after(*peer, 15s), "");
  // The connection's next stream has its own.
  EXPECT_EQ(say(*peer, post("Watch",
                            "Content-Type: application/json\r\nAccept: text/event-stream\r\n"
                            "Content-Length: 5\r\n",
                            "\"all\"")),
            "");
  EXPECT_EQ(after(*peer, 15s - 1ns), "");
  EXPECT_THAT(after(*peer, 1ns), EndsWith(comment_));
}

TEST_F(Heartbeats, AreNotPutBehindBytesThatWait) {
  auto peer = listen();
  after(*peer, 15s);
  peer->server_end().block_writes(true);
  EXPECT_TRUE(hub_->try_write("one"));
  EXPECT_EQ(after(*peer, 0s), "");
  EXPECT_EQ(after(*peer, 20s), "");
  peer->server_end().block_writes(false);
  EXPECT_EQ(after(*peer, 0s), chunk("data: \"one\"\n\n"));
  EXPECT_EQ(after(*peer, 15s), comment_);
}

TEST_F(Heartbeats, HaveTheInitialMetadataBeforeThem) {
  initial_.add("room", "lobby");
  options().event_heartbeat = 1s;
  auto peer = open();
  feed().watch = [this](ServerContext& context, std::string, Writer<std::string> out) {
    context.initial_metadata() = initial_;
    context.on_cancel([] {});  // so that the call stays, and has not sent it yet
    hub_.emplace(std::move(out));
    return tern::kept(*hub_);
  };
  say(*peer, post("Watch",
                  "Content-Type: application/json\r\nAccept: text/event-stream\r\n"
                  "Content-Length: 5\r\n",
                  "\"all\""));
  EXPECT_THAT(after(*peer, 1s),
              AllOf(HasSubstr("room: lobby\r\n"), EndsWith("\r\n\r\n" + comment_)));
}

TEST_F(Heartbeats, AreNotForLinesAndEnvelopes) {
  EXPECT_EQ(after(*listen("Accept: */*\r\n"), 60s), "");
  auto peer = open();
  say(*peer, watch("all"));
  EXPECT_EQ(after(*peer, 60s), "");
  EXPECT_EQ(streams_open(), 1u);
}

TEST_F(Heartbeats, AreSwitchedOffByZero) {
  options().event_heartbeat = 0s;
  auto peer = listen();
  EXPECT_EQ(after(*peer, 60s), "");
  EXPECT_TRUE(hub_->try_write("one"));
  EXPECT_THAT(after(*peer, 0s), EndsWith(chunk("data: \"one\"\n\n")));
}

TEST_F(Heartbeats, DoNotCountAsMessages) {
  options().stream_idle_timeout = 40s;
  auto peer = listen();
  EXPECT_THAT(after(*peer, 15s), EndsWith(comment_));
  EXPECT_EQ(after(*peer, 15s), comment_);
  EXPECT_THAT(after(*peer, 10s), HasSubstr("deadline_exceeded"));
}

}  // namespace
}  // namespace tern::test
