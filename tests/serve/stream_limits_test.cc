// What a server refuses of streams: the wrong kind of call, too many, and each wrong frame; and
// that nothing else suffers from it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "serve/gate.h"
#include "serve/stream_fixture.h"

namespace tern::test {
namespace {

class StreamLimits : public StreamServer {
 protected:
  // Chat writes back, Upload joins, Watch waits at the gate.
  StreamLimits() {
    feed().chat = [](ServerContext&, Reader<std::string> in, Writer<std::string> out) {
      return Reply<void>(echo(std::move(in), std::move(out)));
    };
    feed().upload = [](ServerContext&, Reader<std::string> in) { return join(std::move(in)); };
    auto wait = [](Gate& gate, Writer<std::string> out) -> asio::awaitable<Result<void>> {
      co_await gate.wait();
      co_return out.status();
    };
    feed().watch = [this, wait](ServerContext&, std::string, Writer<std::string> out) {
      return Reply<void>(wait(gate_, std::move(out)));
    };
  }
  // A stream beside the one that a test breaks goes on.
  void expect_goes_on(StreamPeer& peer, std::uint64_t id) {
    EXPECT_EQ(say(peer, peer.message(id, "on")), fmt::format("data {} 'on'", id));
  }

  Gate gate_;
};

TEST_F(StreamLimits, RefuseACallThatIsNotOfTheMethodsKind) {
  auto peer = connect_streams();
  EXPECT_EQ(
      say(*peer, peer->unary(1, FeedService::method(FeedService::kWatch), "x")),
      "error 1 unimplemented 'feed.Feed.Watch answers with a stream; the request opens none'");
  EXPECT_EQ(say(*peer, peer->unary(2, FeedService::method(FeedService::kUpload), "x")),
            "error 2 unimplemented 'feed.Feed.Upload takes a stream; the request opens none'");
  Method echo = SampleService::method(SampleService::kEcho);
  echo.kind = MethodKind::kServerStream;
  peer->send(peer->open_method(3, echo, "x"));
  settle();
  std::vector<Got> got = peer->got();
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].text, "sample.Sample.Echo is unary; the request opens a stream");
  EXPECT_EQ(got[0].code, Code::kUnimplemented);
  EXPECT_EQ(got[0].ran, HandlerRan::kNo);
  EXPECT_EQ(service().echoes(), 0);
  // What streams at its client is another side.
  Method watch = FeedService::method(FeedService::kWatch);
  watch.kind = MethodKind::kClientStream;
  EXPECT_EQ(say(*peer, peer->open_method(5, watch, "")),
            "error 5 unimplemented 'feed.Feed.Watch answers with a stream; it was called as one "
            "that takes a stream'");
  EXPECT_EQ(refused("wrong kind of call"), 4u);
  EXPECT_EQ(say(*peer, peer->request(4, "x")), "reply 4 'x'");
}

TEST_F(StreamLimits, RefuseAStreamOverAConnectionThatHasNone) {
  auto peer = connect_streams(0);
  std::string seen = say(*peer, peer->open(1, FeedService::kWatch, "x"));
  EXPECT_EQ(seen.substr(0, 21), "error 1 unimplemented") << seen;
  EXPECT_EQ(refused("wrong kind of call"), 1u);
  EXPECT_EQ(say(*peer, peer->request(2, "x")), "reply 2 'x'");
}

TEST_F(StreamLimits, RefuseAMethodThatStreamsInProtocolsWithoutStreams) {
  connect_streams();  // the service is there
  Peer peer;
  accept(peer.server_end());
  peer.send(
      "{\"method\":\"Feed.Watch\",\"params\":[\"x\"],\"id\":1}\n"
      "{\"method\":\"Sample.Echo\",\"params\":[\"x\"],\"id\":2}\n");
  settle();
  std::string seen = peer.end().take_received();
  EXPECT_NE(seen.find("feed.Feed.Watch answers with a stream; "), std::string::npos) << seen;
  EXPECT_NE(seen.find("carries no streams here"), std::string::npos) << seen;
  EXPECT_NE(seen.find("\"id\":2"), std::string::npos) << seen;
  EXPECT_EQ(refused("wrong kind of call"), 1u);
}

TEST_F(StreamLimits, TakeAsManyStreamsAsAreAllowedAndNoMore) {
  options().limits.streams = 3;
  options().limits.calls_in_flight = 1;
  auto peer = connect_streams();
  for (std::uint64_t id : {1, 2, 3}) EXPECT_EQ(say(*peer, peer->open(id, FeedService::kChat)), "");
  peer->send(peer->open(4, FeedService::kChat));
  settle();
  std::vector<Got> got = peer->got();
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].code, Code::kResourceExhausted);
  EXPECT_EQ(got[0].ran, HandlerRan::kNo);
  EXPECT_EQ(got[0].text,
            "server: 3 streams of the connection are open, which is the limit (Limits::streams)");
  EXPECT_EQ(refused("too many streams"), 1u);
  // What the client has sent of it before it knew is dropped.
  EXPECT_EQ(say(*peer, peer->message(4, "x") + peer->credit(4, 100) + peer->half_close(4)), "");
  EXPECT_EQ(server().stats().late_frames, 3u);
  // Streams take no place of unary calls, and one that ends makes room.
  EXPECT_EQ(say(*peer, peer->request(5, "x")), "reply 5 'x'");
  EXPECT_EQ(say(*peer, peer->half_close(1)), "reply 1");
  EXPECT_EQ(say(*peer, peer->open(6, FeedService::kChat) + peer->message(6, "y")), "data 6 'y'");
}

// A client that opens and cancels gets no more handlers than one that waits.
TEST_F(StreamLimits, CountHandlersThatRunThoughTheirStreamHasEnded) {
  options().limits.streams = 2;
  Gate gate;
  auto stubborn = [](Gate& until, Writer<std::string>) -> asio::awaitable<Result<void>> {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await until.wait();
    co_return Status();
  };
  feed().watch = [&](ServerContext&, std::string, Writer<std::string> out) {
    return Reply<void>(stubborn(gate, std::move(out)));
  };
  auto peer = connect_streams();
  for (std::uint64_t id : {1, 2}) {
    EXPECT_EQ(say(*peer, peer->open(id, FeedService::kWatch) + peer->cancel(id)), "");
  }
  EXPECT_EQ(streams_open(), 0u);
  EXPECT_NE(say(*peer, peer->open(3, FeedService::kChat)).find("resource_exhausted"),
            std::string::npos);
  gate.open();
  settle();
  EXPECT_EQ(say(*peer, peer->open(4, FeedService::kChat)), "");
}

// Reading goes on while calls are at their limit: else streams and calls could wait for each other.
TEST_F(StreamLimits, OfCallsHoldUpNoFrameOfAStream) {
  options().limits.calls_in_flight = 1;
  Gate gate;
  service().on_echo([&](ServerContext&, std::string text) { return behind(gate, text); });
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kChat));
  EXPECT_EQ(say(*peer, peer->request(2, "a") + peer->request(3, "b")), "");
  EXPECT_EQ(say(*peer, peer->message(1, "x") + peer->ping(4)), "pong 4; data 1 'x'");
  gate.open();
  EXPECT_EQ(say(*peer, ""), "reply 2 'a'; reply 3 'b'");
}

TEST_F(StreamLimits, RefuseASecondCallOfAnIdThatIsOpen) {
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kChat));
  EXPECT_NE(say(*peer, peer->request(1, "x")).find("a call with this id still runs"),
            std::string::npos);
  expect_goes_on(*peer, 1);
}

// --- Wrong frames end their stream ---

TEST_F(StreamLimits, EndAStreamThatIsSentMoreThanItsWindow) {
  options().limits.stream_window = 1024;
  auto wait = [](Gate& gate, Reader<std::string>) -> asio::awaitable<Result<std::string>> {
    co_await gate.wait();
    co_return std::string();
  };
  feed().upload = [this, wait](ServerContext&, Reader<std::string> in) {
    return Reply<std::string>(wait(gate_, std::move(in)));
  };
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kUpload) + peer->open(2, FeedService::kChat));
  const std::string half(480, 'x');
  // The window is used to the byte by two of them; so a ping asks how long the way is.
  EXPECT_EQ(say(*peer, peer->message(1, half) + peer->message(1, half)), "kind 5");
  std::string seen = say(*peer, peer->message(1, ""));
  EXPECT_EQ(seen.substr(0, 16), "error 1 internal") << seen;
  EXPECT_NE(seen.find("of what was granted"), std::string::npos) << seen;
  expect_goes_on(*peer, 2);
}

TEST_F(StreamLimits, EndAStreamWhoseChunksDoNotFit) {
  auto peer = connect_streams();
  say(*peer, peer->open(9, FeedService::kChat));
  wire::StreamPiece first;
  first.bytes = as_bytes(std::string_view("abc"));
  first.whole = 10;
  first.continues = true;
  wire::StreamPiece next = first;
  next.first = false;
  next.whole = 0;
  next.continues = false;
  std::uint64_t id = 0;
  // A chunk without a first one; a message inside another; an end in the middle of a message; one
  // that ends too early.
  auto open = [&] {
    ++id;
    EXPECT_EQ(say(*peer, peer->open(id, FeedService::kChat)), "");
  };
  auto piece = [&](wire::StreamPiece one) {
    one.id = id;
    return peer->piece(one);
  };
  auto expect_error = [&](const std::string& bytes) {
    std::string seen = say(*peer, bytes);
    EXPECT_EQ(seen.substr(0, 16), fmt::format("error {} internal", id)) << seen;
    expect_goes_on(*peer, 9);
  };
  open();
  expect_error(piece(next));
  open();
  expect_error(piece(first) + peer->message(id, "x"));
  open();
  expect_error(piece(first) + peer->half_close(id));
  open();
  expect_error(piece(first) + piece(next));
  EXPECT_EQ(refused("unexpected frame"), 4u);
}

TEST_F(StreamLimits, EndAStreamThatGoesOnBehindTheEndOfItsSide) {
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kWatch) + peer->open(2, FeedService::kChat));
  // A method that takes no stream has none from the beginning.
  EXPECT_EQ(say(*peer, peer->message(1, "x")).substr(0, 16), "error 1 internal");
  expect_goes_on(*peer, 2);
  auto wait = [](Gate& gate, Reader<std::string>) -> asio::awaitable<Result<std::string>> {
    co_await gate.wait();
    co_return std::string();
  };
  Gate never;
  feed().upload = [&](ServerContext&, Reader<std::string> in) {
    return Reply<std::string>(wait(never, std::move(in)));
  };
  say(*peer, peer->open(3, FeedService::kUpload) + peer->half_close(3));
  EXPECT_EQ(say(*peer, peer->message(3, "x")).substr(0, 16), "error 3 internal");
  say(*peer, peer->open(4, FeedService::kUpload) + peer->half_close(4));
  EXPECT_EQ(say(*peer, peer->half_close(4)).substr(0, 16), "error 4 internal");
  expect_goes_on(*peer, 2);
}

TEST_F(StreamLimits, EndAStreamWhoseCreditOverflows) {
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kWatch) + peer->open(2, FeedService::kChat));
  EXPECT_EQ(say(*peer, peer->credit(1, ~std::uint64_t{0})).substr(0, 16), "error 1 internal");
  expect_goes_on(*peer, 2);
}

TEST_F(StreamLimits, EndAStreamWhoseMessageIsTooLongOrCannotBeRead) {
  options().limits.message_bytes = 2000;
  feed().add = [](ServerContext&, Reader<std::int64_t> in) -> Reply<std::string> {
    auto read = [](Reader<std::int64_t> from) -> asio::awaitable<Result<std::string>> {
      std::int64_t number = 0;
      while (co_await from.read(number)) {
      }
      co_return from.status();
    };
    return read(std::move(in));
  };
  auto peer = connect_streams();
  say(*peer, peer->open(1, FeedService::kUpload) + peer->open(2, FeedService::kChat) +
                 peer->open(3, FeedService::kAdd));
  const std::string text(2500, 'x');
  EXPECT_EQ(say(*peer, peer->message(1, text)).substr(0, 26), "error 1 resource_exhausted");
  EXPECT_EQ(refused("message too large"), 1u);
  wire::StreamPiece bad;
  bad.id = 3;
  bad.bytes = as_bytes(std::string_view("abc"));
  bad.whole = bad.bytes.size();
  EXPECT_EQ(say(*peer, peer->piece(bad)).substr(0, 24), "error 3 invalid_argument");
  expect_goes_on(*peer, 2);
}

TEST_F(StreamLimits, DropWhatComesForAStreamThatHasEnded) {
  auto peer = connect_streams();
  say(*peer, peer->open(5, FeedService::kChat) + peer->open(3, FeedService::kChat));
  EXPECT_EQ(say(*peer, peer->half_close(5)), "reply 5");
  EXPECT_EQ(say(*peer, peer->message(5, "x") + peer->credit(5, 9) + peer->half_close(5)), "");
  EXPECT_EQ(server().stats().late_frames, 3u);
  EXPECT_EQ(say(*peer, peer->cancel(5)), "");
  expect_goes_on(*peer, 3);
}

// --- Wrong frames that end the connection ---

TEST_F(StreamLimits, EndAConnectionThatSendsDataOfAStreamThatNeverWas) {
  for (bool credit : {false, true}) {
    auto peer = connect_streams();
    say(*peer, peer->open(1, FeedService::kChat));
    std::string seen = say(*peer, credit ? peer->credit(7, 100) : peer->message(7, "x"));
    EXPECT_EQ(seen, fmt::format("going away 'frame: {} of stream 7 came, and no request has opened "
                                "that stream'",
                                credit ? "credit" : "data"));
    EXPECT_TRUE(peer->end().end_received());
    settle();
    EXPECT_EQ(streams_open(), 0u);
  }
}

TEST_F(StreamLimits, EndAConnectionThatSendsDataOfAUnaryCall) {
  Gate gate;
  service().on_echo([&](ServerContext&, std::string text) { return behind(gate, text); });
  auto peer = connect_streams();
  say(*peer, peer->open(9, FeedService::kChat));
  say(*peer, peer->request(2, "x"));
  EXPECT_EQ(say(*peer, peer->message(2, "x")).substr(0, 10), "going away");
  EXPECT_TRUE(peer->end().end_received());
  gate.open();
}

}  // namespace
}  // namespace tern::test
