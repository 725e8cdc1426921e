// A session's reading and writing: the handshake and frames in every shape, and batches.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <asio/post.hpp>
#include <chrono>
#include <string>

#include "serve/gate.h"
#include "serve/server_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

using Session = ServerFixture;

TEST_F(Session, AnswersTheOptionWithItsLimits) {
  options().limits.message_bytes = 1000;
  options().limits.calls_in_flight = 7;
  auto peer = connect();
  std::optional<wire::OptionReply> reply = peer->option_reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->version, wire::kProtocolVersion);
  EXPECT_EQ(reply->max_message_bytes, 1000u);
  EXPECT_EQ(reply->max_calls_in_flight, 7u);
  EXPECT_EQ(reply->error, "");
}

TEST_F(Session, AnswersACall) {
  auto peer = connect();
  peer->send(peer->request(5, "hello"));
  settle();
  Answer answer = peer->answer();
  EXPECT_EQ(answer.kind, wire::FrameKind::kReply);
  EXPECT_EQ(answer.id, 5u);
  EXPECT_EQ(answer.text, "hello");
}

TEST_F(Session, AnswersAMethodWithoutArgumentAndResult) {
  auto peer = connect();
  peer->send(peer->request(1, "", RequestOptions(), SampleService::kTouch));
  settle();
  EXPECT_EQ(peer->answer().kind, wire::FrameKind::kReply);
}

TEST_F(Session, AnswersACallByEveryFormOfItsName) {
  auto peer = connect();
  peer->send(peer->request_by_name(1, "Sample.Echo", "a"));
  peer->send(peer->request_by_name(2, "sample.Sample.Echo", "b"));
  peer->send(peer->request_by_name(3, "sample.Sample/Echo", "c"));
  settle();
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 3u);
  for (const Answer& answer : answers)
    EXPECT_EQ(answer.kind, wire::FrameKind::kReply) << answer.text;
}

TEST_F(Session, RefusesAMethodThatIsNotServed) {
  auto peer = connect();
  std::string request = peer->request(1, "x");
  request.replace(16, 4, std::string(4, '\x01'));
  peer->send(request);
  peer->send(peer->request_by_name(2, "Sample.Ecko", "x"));
  peer->send(peer->request(3, "x"));
  settle();
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_EQ(answers[0].code, Code::kUnimplemented);
  EXPECT_EQ(answers[0].text,
            "no method of the id 0x01010101 is served here; this server has sample.Sample");
  EXPECT_EQ(answers[0].ran, HandlerRan::kNo);
  EXPECT_EQ(answers[1].text, "rpc server: can't find method Ecko");
  EXPECT_EQ(answers[2].kind, wire::FrameKind::kReply);
  EXPECT_EQ(refused("unknown method"), 2u);
}

TEST_F(Session, SpeaksTheCodecThatTheOptionNames) {
  auto peer = connect(json_codec());
  std::string request = peer->request(1, "hello");
  EXPECT_NE(request.find("\"hello\""), std::string::npos);
  peer->send(request);
  settle();
  EXPECT_EQ(peer->answer().text, "hello");
}

TEST_F(Session, TakesOptionAndRequestsInOneWriteAndAnswersInOne) {
  auto peer = connect_silent();
  std::string bytes = peer->option();
  for (std::uint64_t id = 1; id <= 64; ++id) bytes += peer->request(id, std::to_string(id));
  peer->send(bytes);
  settle();
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 64u);
  for (std::uint64_t id = 1; id <= 64; ++id) {
    EXPECT_EQ(answers[id - 1].id, id);
    EXPECT_EQ(answers[id - 1].text, std::to_string(id));
  }
  EXPECT_EQ(peer->server_end().writes(), 1u);
  EXPECT_EQ(peer->server_end().reads(), 1u);
}

TEST_F(Session, AnswersTheCoroutinesOfATurnInOneWrite) {
  service().on_echo([](ServerContext&, std::string text) -> Reply<std::string> {
    auto later = [](std::string value) -> asio::awaitable<Result<std::string>> {
      co_await asio::post(asio::use_awaitable);
      co_return value;
    };
    return later(std::move(text));
  });
  auto peer = connect();
  std::size_t before = peer->server_end().writes();
  std::string bytes;
  for (std::uint64_t id = 1; id <= 64; ++id) bytes += peer->request(id, "x");
  peer->send(bytes);
  settle();
  EXPECT_EQ(peer->answers().size(), 64u);
  EXPECT_EQ(peer->server_end().writes() - before, 1u);
}

TEST_F(Session, TakesTheHandshakeAtEverySplit) {
  Peer shape;
  std::string bytes = " " + shape.option() + shape.request(1, "one") + shape.request(2, "two");
  for (std::size_t split = 1; split < bytes.size(); ++split) {
    auto peer = connect_silent();
    peer->send(bytes.substr(0, split));
    settle();
    peer->send(bytes.substr(split));
    settle();
    std::vector<Answer> answers = peer->answers();
    ASSERT_EQ(answers.size(), 2u) << split;
    EXPECT_EQ(answers[0].text, "one") << split;
    EXPECT_EQ(answers[1].text, "two") << split;
  }
}

TEST_F(Session, TakesASessionByteByByte) {
  auto peer = connect_silent();
  StreamFaults faults;
  faults.read_size = 1;
  faults.gaps = true;
  peer->server_end().set_faults(faults);
  std::string bytes = peer->option();
  for (std::uint64_t id = 1; id <= 64; ++id) bytes += peer->request(id, std::to_string(id));
  peer->send(bytes);
  settle();
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 64u);
  for (std::uint64_t id = 1; id <= 64; ++id) EXPECT_EQ(answers[id - 1].text, std::to_string(id));
}

TEST_F(Session, WritesRepliesByteByByte) {
  auto peer = connect_silent();
  StreamFaults faults;
  faults.write_size = 1;
  faults.capacity = 3;
  peer->server_end().set_faults(faults);
  peer->send(peer->option() + peer->request(1, "hello") + peer->request(2, "world"));
  std::vector<Answer> all;
  for (int i = 0; i < 200; ++i) {
    settle();
    for (Answer& answer : peer->answers()) all.push_back(std::move(answer));
  }
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1].text, "world");
}

TEST_F(Session, AnswersAPing) {
  auto peer = connect();
  peer->send(peer->ping(77));
  settle();
  Answer pong = peer->answer();
  EXPECT_EQ(pong.kind, wire::FrameKind::kPong);
  EXPECT_EQ(pong.id, 77u);
}

TEST_F(Session, ClosesOtherProtocolsWithoutAWord) {
  for (const char* hello :
       {"SSH-2.0-x\r\n", "PRI * HTTP/3.0\r\n\r\nSM\r\n\r\n", "PING\r\n", "*1\r\n"}) {
    auto peer = connect_silent();
    peer->send(hello);
    settle();
    EXPECT_TRUE(peer->end().end_received()) << hello;
    EXPECT_EQ(peer->end().take_received(), "") << hello;
  }
  EXPECT_EQ(refused("unknown protocol"), 4u);
  EXPECT_EQ(service().echoes(), 0);
}

TEST_F(Session, TellsAPeerOfTlsThatItsAddressIsPlaintext) {
  auto peer = connect_silent();
  peer->send("\x16\x03\x01\x02");
  settle();
  EXPECT_TRUE(peer->end().end_received());
  EXPECT_THAT(peer->end().take_received(),
              testing::HasSubstr("400 TLS On A Plaintext Address\r\n"));
  EXPECT_EQ(refused("unknown protocol"), 1u);
}

TEST_F(Session, TellsAPeerWhyItsOptionIsRefused) {
  auto peer = connect_silent();
  peer->send("{\"MagicNumber\":3927900,\"CodecType\":\"application/xml\"}\n");
  peer->send(peer->request(1, "x"));
  settle();
  std::optional<wire::OptionReply> reply = peer->option_reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->error,
            "handshake: peer offers codec \"application/xml\"; this server knows "
            "application/x-tern, application/x-tern+json, application/proto, application/gob, "
            "application/json");
  EXPECT_TRUE(peer->end().end_received());
  EXPECT_EQ(refused("unknown codec"), 1u);
  EXPECT_EQ(service().echoes(), 0);
}

TEST_F(Session, LogsRefusalsOnceASecond) {
  std::vector<std::string> lines;
  options().log = [&lines](std::string_view line) { lines.emplace_back(line); };
  for (int i = 0; i < 10; ++i) {
    auto peer = connect_silent();
    peer->send("? ");
    settle();
  }
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0],
            "tern: the test: handshake: the first bytes are \"? \"; expected a JSON "
            "object with a MagicNumber, or one of net/rpc, JSON-RPC, HTTP/1");
  advance(1s);
  auto peer = connect_silent();
  peer->send("? ");
  settle();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_NE(lines[1].find("(and 9 more"), std::string::npos);
}

TEST_F(Session, AnswersWhatItCanAtOnceWhenItsPeerHasClosedItsSide) {
  auto peer = connect();
  std::string bytes;
  for (std::uint64_t id = 1; id <= 1000; ++id) bytes += peer->request(id, "x");
  peer->send(bytes);
  peer->end().shutdown_write();
  settle();
  EXPECT_EQ(peer->answers().size(), 1000u);
  EXPECT_TRUE(peer->end().end_received());
  EXPECT_EQ(server().stats().connections, 0u);
}

}  // namespace
}  // namespace tern::test
