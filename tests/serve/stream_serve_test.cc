// Streams that are served: each kind, their pace, and what leaves before what.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "serve/gate.h"
#include "serve/stream_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

TEST_F(StreamServer, SendsTheMessagesOfAServerStreamThenItsReply) {
  feed().watch = [](ServerContext&, std::string topic, Writer<std::string> out) -> Reply<void> {
    EXPECT_EQ(topic, "birds");
    return write_many(std::move(out), 3, 2);
  };
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kWatch, "birds")),
            "data 1 'aa'; data 1 'bb'; data 1 'cc'; reply 1");
  EXPECT_EQ(streams_open(), 0u);
  MethodStats seen = stats("Watch");
  EXPECT_EQ(seen.calls, 1u);
  EXPECT_EQ(seen.running, 0u);
  EXPECT_EQ(seen.errors, 0u);
  EXPECT_EQ(seen.messages_out, 3u);
  EXPECT_EQ(seen.messages_in, 0u);
}

TEST_F(StreamServer, ReadsAClientStreamAndAnswersIt) {
  feed().upload = [](ServerContext&, Reader<std::string> in) { return join(std::move(in)); };
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kUpload)), "");
  EXPECT_EQ(say(*peer, peer->message(1, "one")), "");
  EXPECT_EQ(say(*peer, peer->message(1, "") + peer->message(1, "two")), "");
  EXPECT_EQ(stats("Upload").running, 1u);
  EXPECT_EQ(say(*peer, peer->half_close(1)), "reply 1 'onetwo'");
  EXPECT_EQ(stats("Upload").messages_in, 3u);
  EXPECT_EQ(streams_open(), 0u);
}

TEST_F(StreamServer, TakesTheEndOfASideWithItsLastMessage) {
  feed().upload = [](ServerContext&, Reader<std::string> in) { return join(std::move(in)); };
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kUpload) + peer->message(1, "all", true)),
            "reply 1 'all'");
}

TEST_F(StreamServer, AnswersEachMessageOfABidiStreamInTheTurnInWhichItCame) {
  feed().chat = [](ServerContext&, Reader<std::string> in, Writer<std::string> out) {
    return Reply<void>(echo(std::move(in), std::move(out)));
  };
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kChat)), "");
  EXPECT_EQ(say(*peer, peer->message(1, "hello")), "data 1 'hello'");
  EXPECT_EQ(say(*peer, peer->message(1, "again") + peer->message(1, "more")),
            "data 1 'again'; data 1 'more'");
  EXPECT_EQ(say(*peer, peer->half_close(1)), "reply 1");
}

// The handler has not waited once, so its reply is made before its messages leave.
TEST_F(StreamServer, SendsTheReplyOfAHandlerWithoutACoroutineBehindItsMessages) {
  feed().watch = [](ServerContext&, std::string, Writer<std::string> out) -> Reply<void> {
    EXPECT_TRUE(out.try_write("now"));
    return {};
  };
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kWatch)), "data 1 'now'; reply 1");
}

TEST_F(StreamServer, SendsAnErrorBehindTheMessagesBeforeIt) {
  feed().watch = [](ServerContext&, std::string, Writer<std::string> out) -> Reply<void> {
    EXPECT_TRUE(out.try_write("now"));
    return Status(Code::kNotFound, "no more");
  };
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kWatch)),
            "data 1 'now'; error 1 not_found 'no more'");
  EXPECT_EQ(stats("Watch").errors, 1u);
}

TEST_F(StreamServer, WritesNoMoreThanTheClientHasGranted) {
  feed().watch = [](ServerContext&, std::string, Writer<std::string> out) -> Reply<void> {
    return write_many(std::move(out), 4, 100);
  };
  const std::string size = std::to_string(StreamPeer::encode(std::string(100, 'x')).size());
  const std::string data = "data 1 " + size;
  const std::uint64_t cost = 32 + std::stoul(size);
  auto peer = connect_streams(cost + 32 + 10);
  // All of the first message, and ten bytes of the second one.
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kWatch)), data + "; chunk 1 10/" + size);
  EXPECT_EQ(say(*peer, ""), "");
  EXPECT_EQ(streams_open(), 1u);
  EXPECT_EQ(say(*peer, peer->credit(1, std::stoul(size) - 10)),
            "chunk 1 " + std::to_string(std::stoul(size) - 10) + "/0");
  EXPECT_EQ(say(*peer, peer->credit(1, 2 * cost)), data + "; " + data + "; reply 1");
  EXPECT_EQ(streams_open(), 0u);
}

// A handler that writes faster than its client reads waits: what it has written is bounded.
TEST_F(StreamServer, HoldsUpAHandlerWhoseClientGrantsNothing) {
  int written = 0;
  bool done = false;
  auto write_on = [](Writer<std::string> out, int& count,
                     bool& ended) -> asio::awaitable<Result<void>> {
    const std::string text(1000, 'x');
    while (count < 1000 && co_await out.write(text)) ++count;
    ended = true;
    co_return out.status();
  };
  feed().watch = [&](ServerContext&, std::string, Writer<std::string> out) -> Reply<void> {
    return write_on(std::move(out), written, done);
  };
  auto peer = connect_streams(1024);
  say(*peer, peer->open(1, FeedService::kWatch));
  EXPECT_GT(written, 40);
  EXPECT_LT(written, 80);
  EXPECT_FALSE(done);
  EXPECT_EQ(server().stats().unsent_bytes, 0u);
  const int before = written;
  say(*peer, peer->credit(1, 20'000));
  EXPECT_GT(written, before);
  EXPECT_FALSE(done);
  say(*peer, peer->credit(1, 2'000'000));
  EXPECT_EQ(written, 1000);
  EXPECT_TRUE(done);
}

TEST_F(StreamServer, GrantsTheClientWhatTheHandlerHasRead) {
  options().limits.stream_window = 4096;
  Gate gate;
  auto read_behind = [](Gate& until,
                        Reader<std::string> in) -> asio::awaitable<Result<std::string>> {
    co_await until.wait();
    co_return co_await join(std::move(in));
  };
  feed().upload = [&](ServerContext&, Reader<std::string> in) -> Reply<std::string> {
    return read_behind(gate, std::move(in));
  };
  auto peer = connect_streams();
  const std::string text(500, 'x');
  const std::uint64_t cost = 32 + StreamPeer::encode(text).size();
  std::string all = peer->open(1, FeedService::kUpload);
  for (int i = 0; i < 7; ++i) all += peer->message(1, text);
  // Nobody has read of it. Since more than half of the window is used, a ping asks how long the
  // way is.
  EXPECT_EQ(say(*peer, all), "kind 5");
  gate.open();
  EXPECT_EQ(say(*peer, ""), "credit 1 " + std::to_string(7 * cost));
  EXPECT_EQ(say(*peer, peer->half_close(1)), "reply 1 '" + std::string(3500, 'x') + "'");
}

TEST_F(StreamServer, TakesAMessageThatIsLongerThanItsWindow) {
  options().limits.stream_window = 1024;
  feed().upload = [](ServerContext&, Reader<std::string> in) -> Reply<std::string> {
    auto size = [](Reader<std::string> from) -> asio::awaitable<Result<std::string>> {
      std::string text;
      if (!co_await from.read(text)) co_return from.status();
      co_return std::to_string(text.size());
    };
    return size(std::move(in));
  };
  auto peer = connect_streams();
  const std::string bytes = StreamPeer::encode(std::string(100'000, 'x'));
  wire::StreamPiece first;
  first.id = 1;
  first.bytes = as_bytes(std::string_view(bytes).substr(0, 500));
  first.whole = bytes.size();
  first.continues = true;
  // The rest of it is granted at once, although nobody has read.
  const std::uint64_t granted = 1024 - 32 - 500;
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kUpload) + peer->piece(first)),
            "credit 1 " + std::to_string(bytes.size() - 500 - granted));
  std::string rest;
  for (std::size_t at = 500; at < bytes.size();) {
    wire::StreamPiece next;
    next.id = 1;
    next.first = false;
    next.bytes = as_bytes(std::string_view(bytes).substr(at, 16 * 1024));
    at += next.bytes.size();
    next.continues = at < bytes.size();
    rest += peer->piece(next);
  }
  EXPECT_NE(say(*peer, rest).find("reply 1 '100000'"), std::string::npos);
}

// Between the chunks of a stream leave the replies of other calls, and pongs.
TEST_F(StreamServer, LetsShortRepliesPassBeforeTheRestOfABigStream) {
  feed().watch = [](ServerContext&, std::string, Writer<std::string> out) -> Reply<void> {
    return write_many(std::move(out), 100, 50'000);
  };
  auto peer = connect_streams(16 * 1024 * 1024);
  StreamFaults narrow;
  narrow.capacity = 64 * 1024;
  peer->server_end().set_faults(narrow);
  peer->send(peer->open(1, FeedService::kWatch));
  settle();
  peer->send(peer->request(2, "short") + peer->ping(3));
  settle();
  std::size_t read = 0;
  std::vector<std::string> order;
  bool ended = false;
  while (!ended) {
    settle();
    ASSERT_GT(peer->end().unread(), 0u);
    for (const Got& one : peer->got()) {
      if (one.kind == wire::FrameKind::kReplyStreamData) {
        read += one.body.size();
        continue;
      }
      if (one.id == 1) {
        ended = true;
      } else {
        EXPECT_LT(read, 400'000u) << one.id;
      }
      order.push_back(std::to_string(one.id));
    }
  }
  EXPECT_EQ(order, (std::vector<std::string>{"3", "2", "1"}));
  EXPECT_GE(read, 5'000'000u);
}

TEST_F(StreamServer, LetsStreamsTakeTurnsWithEachOtherAndWithALongReply) {
  feed().watch = [](ServerContext&, std::string, Writer<std::string> out) -> Reply<void> {
    return write_many(std::move(out), 10, 60'000);
  };
  service().on_echo(
      [](ServerContext&, std::string) -> Reply<std::string> { return std::string(600'000, 'x'); });
  auto peer = connect_streams(16 * 1024 * 1024);
  peer->send(peer->open(1, FeedService::kWatch) + peer->open(2, FeedService::kWatch) +
             peer->request(3, "long"));
  settle();
  // Until one of them has all of its bytes, none is far ahead of the others.
  std::uint64_t sent[4] = {0, 0, 0, 0};
  for (const Got& one : peer->got()) {
    if (one.kind == wire::FrameKind::kReply || one.kind == wire::FrameKind::kError) break;
    sent[one.id] += one.body.size();
    if (sent[one.id] >= 400'000) break;
  }
  // The chunks of a long reply have as many turns as all streams together.
  EXPECT_GT(sent[1], 80'000u);
  EXPECT_GT(sent[2], 80'000u);
}

TEST_F(StreamServer, SendsInitialMetadataBeforeTheFirstMessageOnce) {
  feed().watch = [](ServerContext& context, std::string, Writer<std::string> out) -> Reply<void> {
    context.initial_metadata().add("region", "north");
    context.reply_metadata().add("sum", "2");
    EXPECT_TRUE(out.try_write("a"));
    EXPECT_TRUE(out.try_write("b"));
    return {};
  };
  auto peer = connect_streams();
  peer->send(peer->open(1, FeedService::kWatch));
  settle();
  std::vector<Got> got = peer->got();
  ASSERT_EQ(got.size(), 4u);
  EXPECT_TRUE(got[0].initial_metadata);
  EXPECT_EQ(got[0].metadata.get("region"), "north");
  EXPECT_EQ(StreamPeer::decode(got[1].body), "a");
  EXPECT_EQ(got[3].kind, wire::FrameKind::kReply);
  EXPECT_EQ(got[3].metadata.get("sum"), "2");
}

TEST_F(StreamServer, SendsInitialMetadataBeforeTheReplyOfACallWithoutMessages) {
  feed().watch = [](ServerContext& context, std::string topic, Writer<std::string>) -> Reply<void> {
    context.initial_metadata().add("region", "north");
    if (topic == "bad") return Status(Code::kNotFound, "no such topic");
    return {};
  };
  service().on_echo([](ServerContext& context, std::string text) -> Reply<std::string> {
    context.initial_metadata().add("region", "south");
    return text;
  });
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kWatch)), "initial 1; reply 1");
  EXPECT_EQ(say(*peer, peer->open(2, FeedService::kWatch, "bad")),
            "initial 2; error 2 not_found 'no such topic'");
  EXPECT_EQ(say(*peer, peer->request(3, "x")), "initial 3; reply 3 'x'");
  // A client that knows no streams is not sent what it cannot read.
  auto old = connect_streams(0);
  EXPECT_EQ(say(*old, old->request(1, "x")), "reply 1 'x'");
}

TEST_F(StreamServer, DropsWhatComesForAHandlerThatReadsNoMore) {
  feed().chat = [](ServerContext&, Reader<std::string> in, Writer<std::string> out) -> Reply<void> {
    { Reader<std::string> gone(std::move(in)); }
    return write_many(std::move(out), 1, 3);
  };
  Gate gate;
  auto wait = [](Gate& until, Reader<std::string> in) -> asio::awaitable<Result<std::string>> {
    { Reader<std::string> gone(std::move(in)); }
    co_await until.wait();
    co_return std::string("done");
  };
  feed().upload = [&](ServerContext&, Reader<std::string> in) -> Reply<std::string> {
    return wait(gate, std::move(in));
  };
  auto peer = connect_streams();
  EXPECT_EQ(say(*peer, peer->open(1, FeedService::kChat)), "data 1 'aaa'; reply 1");
  say(*peer, peer->open(2, FeedService::kUpload));
  // Many windows of it: each is granted again.
  const std::string text(16'000, 'x');
  for (int i = 0; i < 40; ++i) {
    ASSERT_EQ(say(*peer, peer->message(2, text)).find("error"), std::string::npos) << i;
  }
  gate.open();
  EXPECT_EQ(say(*peer, peer->half_close(2)), "reply 2 'done'");
}

}  // namespace
}  // namespace tern::test
