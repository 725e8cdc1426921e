#include "wire/grpc/grpc_server_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST_F(GrpcServer, TakesACallAndAnswersIt) {
  const std::int32_t stream = call({{"grpc-timeout", "5S"}, {"key", "value"}, {"b-bin", "AAE"}});
  std::vector<Got> got = exchange();
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].method, "sample.S.Do");
  EXPECT_EQ(got[0].frame.timeout, 5s);
  EXPECT_EQ(metadata.get("key"), "value");
  EXPECT_EQ(metadata.get("b-bin"), std::string("\0\1", 2));
  EXPECT_EQ(metadata.size(), 2u);
  sample::Point point;
  wire::Frame frame = got[0].frame;
  frame.body = as_bytes(got[0].body);
  ASSERT_TRUE(server.read_body(frame, type_ops<sample::Point>(), &point).ok());
  Metadata trailing;
  trailing.add("left", "behind");
  reply(got[0], point, &trailing);
  const Http2Client::Answer& answer = client->answer(stream);
  EXPECT_EQ(answer.field(":status"), "200");
  EXPECT_EQ(answer.field("content-type"), "application/grpc");
  EXPECT_EQ(answer.body, grpc_message("\x08\x02"));
  EXPECT_EQ(answer.trailers, (Fields{{"grpc-status", "0"}, {"left", "behind"}}));
  EXPECT_TRUE(answer.ended);
  EXPECT_EQ(answer.reset, 0u);
}

TEST_F(GrpcServer, ComesToTheSameHoweverTheBytesAreCut) {
  const std::int32_t stream = call();
  std::vector<Got> got;
  for (char byte : client->take_bytes()) read({&byte, 1}, got);
  flush();
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].body, "\x08\x02");
  reply(got[0], sample::Point(1, 2));
  EXPECT_EQ(client->answer(stream).field("grpc-status"), "0");
}

TEST_F(GrpcServer, AnswersInTheContentTypeOfTheRequest) {
  Fields json = grpc_head("/sample.S/Do");
  json.back().second = "application/grpc+json; charset=utf-8";
  const std::int32_t stream = client->begin(json);
  client->send(stream, grpc_message("{\"x\":3}"), true);
  std::vector<Got> got = exchange();
  ASSERT_EQ(got.size(), 1u);
  sample::Point point;
  wire::Frame frame = got[0].frame;
  frame.body = as_bytes(got[0].body);
  ASSERT_TRUE(server.read_body(frame, type_ops<sample::Point>(), &point).ok());
  EXPECT_EQ(point.x, 3);
  reply(got[0], point);
  EXPECT_EQ(client->answer(stream).field("content-type"), "application/grpc+json");
  EXPECT_THAT(client->answer(stream).body, HasSubstr("\"x\":3"));
}

TEST_F(GrpcServer, SendsAnErrorAsAHeadAlone) {
  const std::int32_t stream = call();
  std::vector<Got> got = exchange();
  ASSERT_EQ(got.size(), 1u);
  fail(got[0], Status(Code::kNotFound, "100% gone\n"));
  const Http2Client::Answer& answer = client->answer(stream);
  EXPECT_EQ(answer.field("grpc-status"), "5");
  EXPECT_EQ(answer.field("grpc-message"), "100%25 gone%0A");
  EXPECT_TRUE(answer.trailers.empty());
  EXPECT_TRUE(answer.ended);
}

TEST_F(GrpcServer, RefusesWhatIsNoCallWithTheStatusOfHttp) {
  Fields put = grpc_head("/sample.S/Do");
  put.front().second = "PUT";
  const std::int32_t first = client->begin(put, true);
  Fields thrift = grpc_head("/sample.S/Do");
  thrift.back().second = "application/grpc+thrift";
  const std::int32_t second = client->begin(thrift, true);
  EXPECT_TRUE(exchange().empty());
  EXPECT_EQ(client->answer(first).field(":status"), "405");
  EXPECT_EQ(client->answer(first).field("allow"), "POST");
  EXPECT_EQ(client->answer(second).field(":status"), "415");
  EXPECT_TRUE(client->answer(second).ended);
}

TEST_F(GrpcServer, RefusesWhatIsNoCallWhenItHasCome) {
  Fields text = grpc_head("/sample.S/Do");
  text.back().second = "text/plain";
  const std::int32_t stream = client->begin(text);
  client->send(stream, std::string(200'000, 'x'), false);
  EXPECT_TRUE(exchange().empty());
  EXPECT_EQ(client->answer(stream).field(":status"), "");
  client->send(stream, "x", true);
  EXPECT_TRUE(exchange().empty());
  EXPECT_EQ(client->answer(stream).field(":status"), "415");
  EXPECT_EQ(client->answer(stream).reset, 0u);
}

TEST_F(GrpcServer, ThatIsSwitchedOffRefusesCallsAtOnceAndGoesOn) {
  setup.protocols.grpc = false;
  const std::int32_t stream = client->begin(grpc_head("/sample.S/Do"));
  EXPECT_TRUE(exchange().empty());
  EXPECT_EQ(client->answer(stream).field(":status"), "415");
  EXPECT_TRUE(client->answer(stream).ended);
  EXPECT_TRUE(broken.ok());
}

TEST_F(GrpcServer, SaysOfDataOfAStreamThatIsOverThatItIsAndGoesOn) {
  const std::int32_t stream = call();
  std::vector<Got> got = exchange();
  reply(got[0], sample::Point(1, 2));
  EXPECT_TRUE(client->answer(stream).ended);
  read(std::string("\0\0\1\0\0\0\0\0\1x", 10), got);
  EXPECT_TRUE(broken.ok());
  // RST_STREAM of the stream 1, with STREAM_CLOSED.
  EXPECT_EQ(as_text(out.view()), std::string_view("\0\0\4\3\0\0\0\0\1\0\0\0\5", 13));
  flush();
  call();
  EXPECT_EQ(exchange().size(), 1u);
}

TEST_F(GrpcServer, EndsAConnectionThatGoesOnWithAHeadOfAStreamThatIsOver) {
  const std::int32_t stream = call();
  std::vector<Got> got = exchange();
  reply(got[0], sample::Point(1, 2));
  EXPECT_TRUE(client->answer(stream).ended);
  read(std::string("\0\0\1\1\5\0\0\0\1\x83", 10), got);
  EXPECT_EQ(broken.message(),
            "HTTP/2: HEADERS came for the stream 1, which is over; the last one was 1");
  flush();
  EXPECT_EQ(client->goaway_code(), std::uint32_t{NGHTTP2_PROTOCOL_ERROR});
}

// The call fails, with a text, and the next one is good.
struct Refused {
  Fields more;
  std::string body;
  Code code;
  std::string text;
};
class GrpcServerRefuses : public GrpcServer, public testing::WithParamInterface<Refused> {};

TEST_P(GrpcServerRefuses, ACall) {
  const std::int32_t stream = client->begin(grpc_head("/sample.S/Do", GetParam().more));
  client->send(stream, GetParam().body, true);
  std::vector<Got> got = exchange();
  ASSERT_EQ(got.size(), 1u);
  const Status& refused = got[0].frame.refused;
  EXPECT_EQ(refused.code(), GetParam().code);
  EXPECT_EQ(refused.message(), GetParam().text);
  EXPECT_EQ(refused.handler_ran(), HandlerRan::kNo);
  fail(got[0], refused);
  EXPECT_EQ(client->answer(stream).field("grpc-status"),
            std::to_string(static_cast<int>(GetParam().code)));
  call();
  got = exchange();
  ASSERT_EQ(got.size(), 1u);
  EXPECT_TRUE(got[0].frame.refused.ok());
}

INSTANTIATE_TEST_SUITE_P(
    Table, GrpcServerRefuses,
    testing::Values(
        Refused{{{"grpc-timeout", "5s"}},
                grpc_message(""),
                Code::kInternal,
                "grpc-timeout: expected 1 to 8 digits and one of HMSmun, came \"5s\""},
        Refused{{{"grpc-encoding", "snappy"}},
                grpc_message(""),
                Code::kUnimplemented,
                "grpc-encoding: \"snappy\" is not known; expected one of \"identity,gzip\""},
        Refused{{},
                grpc_message("x", 1),
                Code::kInternal,
                "a compressed message came, and grpc-encoding names no compression"},
        Refused{{},
                grpc_message("x", 2),
                Code::kInternal,
                "a message begins with the flags 0x02; expected 0 or 1"},
        Refused{{}, "", Code::kUnimplemented, "no message came for a method that takes one"},
        Refused{{},
                grpc_message("a") + grpc_message("b"),
                Code::kUnimplemented,
                "a second message came for a method that takes one"},
        Refused{{},
                std::string("\0\0\0", 3),
                Code::kInternal,
                "the body ended after 3 bytes of a message's prefix, which has 5"},
        Refused{{},
                grpc_message("abc").substr(0, 6),
                Code::kInternal,
                "the body ended 2 bytes before the end of the message"},
        Refused{{},
                std::string("\0\x7f\0\0\0", 5),
                Code::kResourceExhausted,
                "a message of 2130706432 bytes; the limit is 4194304 (Limits::message_bytes)"}));

TEST_F(GrpcServer, RefusesAMessageOverTheLimitBeforeItComesAndTellsTheClientToStop) {
  const std::int32_t stream = client->begin(grpc_head("/sample.S/Do"));
  client->send(stream, std::string("\0\x7f\0\0\0", 5), false);
  std::vector<Got> got = exchange();
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].frame.limit, wire::FrameLimit::kMessage);
  fail(got[0], got[0].frame.refused);
  EXPECT_EQ(client->answer(stream).field("grpc-status"), "8");
  EXPECT_TRUE(client->answer(stream).ended);
  EXPECT_EQ(client->answer(stream).reset, 0u);
}

TEST_F(GrpcServer, KeepsAReplyThatTheClientsWindowHasNoRoomFor) {
  client = std::make_unique<Http2Client>(10);
  const std::int32_t stream = call();
  std::vector<Got> got = exchange();
  ASSERT_EQ(got.size(), 1u);
  sample::Scalars blob;
  blob.text = std::string(1000, 'x');
  ASSERT_TRUE(server.write_reply(head(got[0]), type_ops<sample::Scalars>(), &blob, out).ok());
  flush();
  EXPECT_EQ(client->answer(stream).body.size(), 10u);
  EXPECT_GT(server.held_bytes(), 900u);
  EXPECT_FALSE(client->answer(stream).ended);
  exchange();  // the client's windows are given back as it reads
  EXPECT_GT(client->answer(stream).body.size(), 1000u);
  EXPECT_EQ(server.held_bytes(), 0u);
  EXPECT_EQ(client->answer(stream).field("grpc-status"), "0");
}

TEST_F(GrpcServer, TellsOfACallThatTheClientHasReset) {
  const std::int32_t stream = call();
  std::vector<Got> got = exchange();
  ASSERT_EQ(got.size(), 1u);
  client->reset(stream, NGHTTP2_CANCEL);
  std::vector<Got> cancelled = exchange();
  ASSERT_EQ(cancelled.size(), 1u);
  EXPECT_EQ(cancelled[0].frame.kind, wire::FrameKind::kCancel);
  EXPECT_EQ(cancelled[0].frame.id, got[0].frame.id);
  reply(got[0], sample::Point(1, 2));  // goes nowhere
  EXPECT_TRUE(client->answer(stream).body.empty());
  call();
  EXPECT_EQ(exchange().size(), 1u);
}

TEST_F(GrpcServer, SaysNothingOfACallThatIsResetBeforeItsMessageIsThere) {
  const std::int32_t stream = client->begin(grpc_head("/sample.S/Do"));
  client->send(stream, "\0", false);
  EXPECT_TRUE(exchange().empty());
  client->reset(stream, NGHTTP2_CANCEL);
  EXPECT_TRUE(exchange().empty());
  EXPECT_FALSE(server.in_frame());
}

TEST_F(GrpcServer, SaysNothingOfACallThatIsResetBeforeTheServerHasHeardOfIt) {
  const std::int32_t stream = call();
  std::string bytes = client->take_bytes();
  client->reset(stream, NGHTTP2_CANCEL);
  bytes += client->take_bytes();
  std::vector<Got> got;
  read(bytes, got);
  EXPECT_TRUE(got.empty());
}

TEST_F(GrpcServer, IsInNoFrameBehindDataThatNobodyReads) {
  const std::int32_t stream = call();
  std::vector<Got> got = exchange();
  reply(got[0], sample::Point(1, 2));
  ASSERT_TRUE(client->answer(stream).ended);
  const std::string data("\0\0\3\0\0\0\0\0\1abc", 12);
  read(data.substr(0, 11), got);
  EXPECT_TRUE(server.in_frame());
  read(data.substr(11), got);
  EXPECT_FALSE(server.in_frame());
}

TEST_F(GrpcServer, ReadsOnBehindItsLastWords) {
  const std::int32_t stream = call();
  std::vector<Got> got = exchange();
  server.write_going_away("drain", out);
  flush();
  exchange();
  reply(got[0], sample::Point(1, 2));
  EXPECT_EQ(client->answer(stream).field("grpc-status"), "0");
  // WINDOW_UPDATE of the connection.
  read(std::string("\0\0\4\x8\0\0\0\0\0\0\0\0\x64", 13), got);
  EXPECT_TRUE(broken.ok()) << broken.message();
  EXPECT_TRUE(server.finished());
}

TEST_F(GrpcServer, GoesAwayInTwoSteps) {
  call();
  std::vector<Got> got = exchange();
  server.write_going_away("drain", out);
  flush();
  EXPECT_EQ(client->goaways(), std::vector<std::int32_t>{0x7fffffff});
  exchange();
  ASSERT_EQ(client->goaways().size(), 2u);
  EXPECT_EQ(client->goaways().back(), 1);
  reply(got[0], sample::Point(1, 2));
  EXPECT_EQ(client->answer(1).field("grpc-status"), "0");
}

TEST_F(GrpcServer, RefusesTheStreamOfACallThatComesWhileItGoesAway) {
  const std::int32_t stream = call();
  std::vector<Got> got = exchange();
  server.write_going_away("drain", out);
  fail(got[0], Status(Code::kUnavailable, "going away", HandlerRan::kNo));
  EXPECT_TRUE(client->answer(stream).ended);
  EXPECT_EQ(client->answer(stream).reset, std::uint32_t{NGHTTP2_REFUSED_STREAM});
}

TEST_F(GrpcServer, IsFinishedWhenTheClientSaysThatItIsDone) {
  exchange();
  nghttp2_session_terminate_session(client->session(), NGHTTP2_NO_ERROR);
  exchange();
  EXPECT_TRUE(server.finished());
  EXPECT_TRUE(broken.ok());
}

TEST_F(GrpcServer, EndsAConnectionThatBreaksARuleOfHttp2) {
  exchange();
  std::vector<Got> got;
  read(std::string("\0\0\1\0\0\0\0\0\1x", 10), got);  // DATA of a stream that never was
  EXPECT_THAT(std::string(broken.message()), HasSubstr("HTTP/2: "));
  flush();
  EXPECT_EQ(client->goaway_code(), std::uint32_t{NGHTTP2_PROTOCOL_ERROR});
}

TEST_F(GrpcServer, EndsAConnectionOfFramesThatCarryNothing) {
  exchange();
  const std::string window_update("\0\0\4\x08\0\0\0\0\0\0\0\0\1", 13);
  std::string flood;
  for (int i = 0; i < 10'001; ++i) flood += window_update;
  std::vector<Got> got;
  read(flood, got);
  EXPECT_EQ(broken.message(), "HTTP/2: a flood of frames that carry nothing came");
  flush();
  EXPECT_EQ(client->goaway_code(), std::uint32_t{NGHTTP2_ENHANCE_YOUR_CALM});
}

TEST_F(GrpcServer, AnswersAHeadThatIsTooLongWith431) {
  limits.metadata_bytes = 1000;
  // What a server says holds for the next one.
  wire::over_http2::ServerProtocol small(setup.get());
  const std::int32_t stream =
      client->begin(grpc_head("/sample.S/Do", {{"long", std::string(2000, 'x')}}), true);
  const std::string bytes = client->take_bytes();
  std::size_t used = 0;
  while (used < bytes.size()) {
    wire::Frame frame;
    Status why;
    const wire::FrameProgress progress =
        small.next(as_bytes(std::string_view(bytes).substr(used)), frame, why);
    EXPECT_NE(progress.step, Step::kFrame);
    if (progress.step == Step::kAnswer) small.write_answer(out);
    used += progress.consumed;
  }
  flush();
  EXPECT_EQ(client->answer(stream).field(":status"), "431");
}

}  // namespace
}  // namespace tern::test
