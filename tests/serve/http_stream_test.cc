// Streams over HTTP/1.1, from a client's bytes to a handler and back. docs/http_streams.md has
// them.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <utility>

#include "serve/gate.h"
#include "serve/http_stream_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(HttpStreams, CarryAServersMessagesAndTheirEndAndTheConnectionLives) {
  auto peer = open();
  feed().watch = [](ServerContext& context, std::string, Writer<std::string> out) {
    context.reply_metadata().add("took", "3ms");
    return write_many(std::move(out), 2, 3);
  };
  for (int i = 0; i < 2; ++i) {
    const std::string answer = say(*peer, watch("all"));
    EXPECT_THAT(answer,
                StartsWith("HTTP/1.1 200 OK\r\nContent-Type: application/connect+json\r\n"));
    EXPECT_THAT(answer, EndsWith(kLastChunk));
    const std::string body = body_of(answer);
    EXPECT_THAT(body, StartsWith(envelope("\"aaa\"") + envelope("\"bbb\"")));
    EXPECT_THAT(body, EndsWith(envelope(R"({"metadata":{"took":["3ms"]}})", 2)));
  }
  EXPECT_EQ(streams_open(), 0u);
  EXPECT_FALSE(peer->end().end_received());
}

TEST_F(HttpStreams, CarryAClientsMessagesAsTheyCome) {
  auto peer = open();
  feed().upload = [](ServerContext&, Reader<std::string> in) { return join(std::move(in)); };
  EXPECT_EQ(say(*peer, upload() + chunk(envelope("\"one\""))), "");
  EXPECT_EQ(streams_open(), 1u);
  EXPECT_EQ(say(*peer, chunk(envelope("\"two\""))), "");
  EXPECT_EQ(body_of(say(*peer, std::string(kLastChunk))),
            envelope("\"onetwo\"") + envelope("{}", 2));
  EXPECT_EQ(body_of(say(*peer, upload() + std::string(kLastChunk))),
            envelope("\"\"") + envelope("{}", 2));
  EXPECT_FALSE(peer->end().end_received());
}

TEST_F(HttpStreams, AreLinesToOtherClients) {
  auto peer = open();
  feed().watch = [](ServerContext&, std::string, Writer<std::string> out) {
    return write_many(std::move(out), 2, 3);
  };
  EXPECT_EQ(body_of(say(*peer, lines("Watch", "\"all\""))), "\"aaa\"\n\"bbb\"\n");
}

TEST_F(HttpStreams, HaveTheStatusOfAnErrorBeforeTheFirstLine) {
  auto peer = open();
  feed().watch = [](ServerContext&, std::string, Writer<std::string>) -> Reply<void> {
    return Status(Code::kNotFound, "no such feed");
  };
  EXPECT_THAT(say(*peer, lines("Watch", "\"all\"")),
              AllOf(StartsWith("HTTP/1.1 404 "), HasSubstr("no such feed")));
  EXPECT_THAT(say(*peer, watch("all")),
              AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr(R"({"error":{"code":"not_found")")));
}

TEST_F(HttpStreams, WaitForTheirClientToRead) {
  expect_wait_for_its_client_to_read(watch("all"));
}

TEST_F(HttpStreams, AreReadNoFurtherThanAWindowBeyondTheirHandler) {
  auto peer = open();
  Gate gate;
  std::size_t bytes = 0;
  feed().upload = [&](ServerContext&, Reader<std::string> in) -> Reply<std::string> {
    return [](Gate& at, std::size_t& sum,
              Reader<std::string> from) -> asio::awaitable<Result<std::string>> {
      co_await at.wait();
      std::string message;
      while (co_await from.read(message)) sum += message.size();
      co_return std::to_string(sum);
    }(gate, bytes, std::move(in));
  };
  peer->send(upload());
  const std::string message = chunk(envelope("\"" + std::string(10'000, 'x') + "\""));
  for (int i = 0; i < 100; ++i) {
    peer->send(message);
    settle();
  }
  EXPECT_GT(peer->server_end().unread(), 500'000u);
  peer->send(kLastChunk);
  gate.open();
  settle();
  EXPECT_EQ(bytes, 1'000'000u);
  EXPECT_THAT(peer->end().take_received(), HasSubstr("\"1000000\""));
}

TEST_F(HttpStreams, AreCancelledWhenTheirClientLeaves) {
  expect_cancelled_when_its_client_leaves(watch("all"));
}

TEST_F(HttpStreams, EndWithTheClientsTimeLimit) {
  expect_ended_by_its_time(watch("all", "Connect-Timeout-Ms: 500\r\n"), envelope("\"one\""),
                           R"({"error":{"code":"deadline_exceeded")");
}

TEST_F(HttpStreams, ThatAreAnsweredInTheMiddleEndTheConnection) {
  auto peer = open();
  feed().upload = [](ServerContext&, Reader<std::string> in) -> Reply<std::string> {
    return [](Reader<std::string> from) -> asio::awaitable<Result<std::string>> {
      std::string message;
      co_await from.read(message);
      co_return Status(Code::kInvalidArgument, "not that");
    }(std::move(in));
  };
  EXPECT_THAT(
      say(*peer, upload() + chunk(envelope("\"one\""))),
      AllOf(HasSubstr("Connection: close\r\n"), HasSubstr("not that"), EndsWith(kLastChunk)));
  EXPECT_TRUE(peer->end().end_received());
}

TEST_F(HttpStreams, OfMessagesThatAreTooLongFailFromTheirPrefix) {
  auto peer = open();
  feed().upload = [](ServerContext&, Reader<std::string> in) { return join(std::move(in)); };
  EXPECT_THAT(say(*peer, upload() + "fffff\r\n" + std::string("\0\x7f\xff\xff\xff", 5)),
              AllOf(HasSubstr(R"({"error":{"code":"resource_exhausted")"),
                    HasSubstr("Connection: close\r\n"), EndsWith(kLastChunk)));
  EXPECT_TRUE(peer->end().end_received());
  EXPECT_EQ(streams_open(), 0u);
}

TEST_F(HttpStreams, OfAnUnknownMethodAreUnimplemented) {
  auto peer = open();
  const std::string request =
      "POST /feed.Feed/Nothing HTTP/1.1\r\nHost: a\r\nContent-Type: application/connect+json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_THAT(say(*peer, request), HasSubstr(R"({"error":{"code":"unimplemented")"));
}

TEST_F(HttpStreams, ThatAreKeptEndWhenTheyAreFinished) {
  auto peer = open();
  std::optional<Writer<std::string>> hub;
  feed().watch = [&](ServerContext&, std::string, Writer<std::string> out) {
    hub.emplace(std::move(out));
    return tern::kept(*hub);
  };
  say(*peer, watch("all"));
  ASSERT_TRUE(hub);
  EXPECT_TRUE(hub->try_write("one"));
  settle();
  EXPECT_EQ(peer->end().take_received().find("HTTP/1.1 200 OK"), 0u);
  hub->finish(Status(Code::kAborted, "over"));
  settle();
  EXPECT_EQ(peer->end().take_received(),
            chunk(envelope(R"({"error":{"code":"aborted","message":"over"}})", 2)) +
                std::string(kLastChunk));
}

TEST_F(HttpStreams, AreNotForJsonRpc) {
  auto peer = open();
  const std::string call =
      R"({"jsonrpc":"2.0","method":"feed.Feed.Watch","params":["all"],"id":1})";
  const std::string request = fmt::format(
      "POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\n\r\n{}",
      call.size(), call);
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(say(*peer, request),
                AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("\"error\":{"), HasSubstr("\"id\":1"),
                      HasSubstr("feed.Feed.Watch answers with a stream")));
  }
}

TEST_F(HttpStreams, InBothDirectionsAre505) {
  auto peer = open();
  EXPECT_THAT(say(*peer, post("Chat",
                              "Content-Type: application/connect+json\r\n"
                              "Transfer-Encoding: chunked\r\n")),
              StartsWith("HTTP/1.1 505 "));
  EXPECT_TRUE(peer->end().end_received());
}

TEST_F(HttpStreams, WhoseArgumentDoesNotComeEndWithTheTimeoutOfAMessage) {
  options().message_timeout = 10s;
  auto peer = open();
  peer->send(post("Watch", "Content-Type: application/connect+json\r\nContent-Length: 9\r\n"));
  settle();
  advance(10s - 1ns);
  EXPECT_FALSE(peer->end().end_received());
  advance(1ns);
  settle();
  EXPECT_TRUE(peer->end().end_received());
}

TEST_F(HttpStreams, EndWithTheirClientWhereverItStops) {
  for (const std::string& part :
       {std::string("5"), std::string("9\r\n"), chunk(envelope("\"one\"").substr(0, 3)),
        chunk(envelope("\"one\"").substr(0, 7)), chunk(envelope("\"one\""))}) {
    auto peer = open();
    Status seen;
    feed().upload = [&](ServerContext&, Reader<std::string> in) -> Reply<std::string> {
      return [](Status& end, Reader<std::string> from) -> asio::awaitable<Result<std::string>> {
        std::string message;
        while (co_await from.read(message)) {
        }
        end = from.status();
        co_return end;
      }(seen, std::move(in));
    };
    say(*peer, upload() + part);
    EXPECT_EQ(streams_open(), 1u);
    peer->end().close();
    settle();
    advance(1s);
    settle();
    EXPECT_EQ(seen.code(), Code::kUnavailable) << part;
    EXPECT_EQ(streams_open(), 0u);
  }
}

}  // namespace
}  // namespace tern::test
