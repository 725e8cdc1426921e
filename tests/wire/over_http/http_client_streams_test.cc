// The bytes of streams over HTTP/1.1, on a client's side. docs/http.md has them.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/http_stream_text.h"
#include "tern/codec.h"
#include "tern/codegen/type_ops_of.h"
#include "wire/connect/client_body.h"
#include "wire/over_http/client.h"

namespace tern {
namespace {

using Step = wire::FrameStep;
using test::bytewise;
using test::chunk;
using test::envelope;
using test::kLastChunk;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr Method method(std::string_view name, MethodKind kind) {
  return {"store.Store", name, 1, &type_ops<std::int64_t>, &type_ops<std::int64_t>, {}, {},
          true,          kind};
}

constexpr Method kGet = method("Get", MethodKind::kUnary);
constexpr Method kCount = method("Count", MethodKind::kServerStream);
constexpr Method kSum = method("Sum", MethodKind::kClientStream);
constexpr Method kChat = method("Chat", MethodKind::kBidiStream);

class HttpClientStreamsTest : public testing::Test {
 protected:
  static Limits short_messages() {
    Limits limits;
    limits.message_bytes = 1000;
    return limits;
  }

  using Messages = wire::connect::ClientBody::Messages;
  std::unique_ptr<wire::over_http::ClientProtocol> connect(
      Messages messages = Messages::kJson) const {
    return std::make_unique<wire::over_http::ClientProtocol>(
        limits_, "there:80", std::make_unique<wire::connect::ClientBody>(messages));
  }
  Status open(std::uint64_t id, const Method& of, std::int64_t argument = 0) {
    wire::RequestHead head;
    head.id = id;
    head.method = &of;
    head.opens_stream = of.kind != MethodKind::kUnary;
    return frames_->write_request(head, type_ops<std::int64_t>(),
                                  client_streams(of.kind) ? nullptr : &argument, out_);
  }
  void say(std::string_view message, bool ends_side = false) {
    wire::StreamPiece piece;
    piece.bytes = as_bytes(message);
    piece.whole = message.size();
    piece.ends_side = ends_side;
    frames_->write_stream_data(piece, out_);
  }
  void half_close() {
    wire::StreamPiece piece;
    piece.message = false;
    piece.ends_side = true;
    frames_->write_stream_data(piece, out_);
  }
  std::string written() {
    std::string text(as_text(out_.view()));
    out_.clear();
    return text;
  }

  static std::string answer_head(std::string_view more = "") {
    return fmt::format(
        "HTTP/1.1 200 OK\r\nContent-Type: application/connect+json\r\n"
        "Transfer-Encoding: chunked\r\n{}\r\n",
        more);
  }
  // Reads all of it, as a session does; each frame in words.
  std::vector<std::string> read(std::string_view bytes) {
    std::vector<std::string> seen;
    input_ += bytes;
    std::string_view left = input_;
    while (!left.empty()) {
      wire::Frame frame;
      Status why;
      const wire::FrameProgress progress = frames_->next(as_bytes(left), frame, why);
      if (progress.step == Step::kMore) break;
      if (progress.step == Step::kBroken) {
        seen.push_back(fmt::format("broken {}", why.message()));
        left = {};
        break;
      }
      left.remove_prefix(progress.consumed);
      if (progress.step == Step::kFrame) seen.push_back(in_words(frame));
    }
    input_ = std::string(left);
    return seen;
  }
  std::vector<std::string> read_bytewise(std::string_view bytes) {
    return bytewise(bytes, [this](std::string_view one) { return read(one); });
  }
  std::string in_words(const wire::Frame& frame) {
    if (!frame.refused.ok()) return fmt::format("refused {}", frame.refused.message());
    std::string metadata;
    Metadata all;
    EXPECT_TRUE(frames_->read_metadata(frame, all).ok());
    for (const Metadata::Entry& one : all) metadata += fmt::format(" {}={}", one.first, one.second);
    switch (frame.kind) {
      case wire::FrameKind::kReplyStreamData:
        if (frame.initial_metadata) return "metadata" + metadata;
        return fmt::format("data {}/{}{}", as_text(frame.body), frame.whole,
                           frame.continues ? "+" : "");
      case wire::FrameKind::kReply:
        return fmt::format("{} reply {}{}", frame.id, as_text(frame.body), metadata);
      case wire::FrameKind::kError:
        return fmt::format("{} error {} {}{}", frame.id, code_name(frame.code), frame.message,
                           metadata);
      default:
        return "going away";
    }
  }

  const Limits limits_ = short_messages();
  std::unique_ptr<wire::over_http::ClientProtocol> frames_ = connect();
  std::string input_;
  Buffer out_;
};

TEST_F(HttpClientStreamsTest, AServersStreamIsOneEnvelopeInARequest) {
  ASSERT_TRUE(open(1, kCount, 7).ok());
  EXPECT_EQ(written(),
            "POST /store.Store/Count HTTP/1.1\r\nConnect-Protocol-Version: 1\r\n"
            "Host: there:80\r\nContent-Type: application/connect+json\r\n"
            "Content-Length: 6\r\n\r\n" +
                envelope("7"));
  half_close();
  EXPECT_EQ(written(), "");
}

TEST_F(HttpClientStreamsTest, AClientsStreamIsEnvelopesInChunks) {
  ASSERT_TRUE(open(1, kSum).ok());
  EXPECT_EQ(written(),
            "POST /store.Store/Sum HTTP/1.1\r\nConnect-Protocol-Version: 1\r\n"
            "Host: there:80\r\nContent-Type: application/connect+json\r\n"
            "Transfer-Encoding: chunked\r\n\r\n");
  say("1");
  say("22");
  half_close();
  EXPECT_EQ(written(), chunk(envelope("1")) + chunk(envelope("22")) + std::string(kLastChunk));
}

TEST_F(HttpClientStreamsTest, MayBeInProtobufButForTheEnd) {
  frames_ = connect(Messages::kProto);
  ASSERT_TRUE(open(1, kCount, 7).ok());
  EXPECT_EQ(written(),
            "POST /store.Store/Count HTTP/1.1\r\nConnect-Protocol-Version: 1\r\n"
            "Host: there:80\r\nContent-Type: application/connect+proto\r\n"
            "Content-Length: 7\r\n\r\n" +
                envelope("\x08\x07"));
  EXPECT_EQ(frames_->message_codec().name(), proto_codec().name());
  const std::string head =
      "HTTP/1.1 200 OK\r\nContent-Type: application/connect+proto\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_THAT(
      read(head + chunk(envelope("\x08\x01") + envelope("")) +
           chunk(envelope(R"({"metadata":{"took":["3ms"]}})", 2)) + std::string(kLastChunk)),
      ElementsAre("metadata", "data \x08\x01/2", "data /0", "1 reply  took=3ms"));
}

TEST_F(HttpClientStreamsTest, AnAnswerInAnotherCodecThanTheRequestIsAnError) {
  frames_ = connect(Messages::kProto);
  ASSERT_TRUE(open(1, kCount, 7).ok());
  const std::string answer = answer_head() + chunk(envelope("1")) + std::string(kLastChunk);
  EXPECT_THAT(read(answer), ElementsAre(HasSubstr("Content-Type \"application/connect+json\"")));
}

TEST_F(HttpClientStreamsTest, ReadsMessagesAndTheEnd) {
  ASSERT_TRUE(open(1, kCount, 7).ok());
  const std::string answer = answer_head("etag: x\r\n") + chunk(envelope("1") + envelope("23")) +
                             chunk(envelope(R"({"metadata":{"took":["3ms","4"]}})", 2)) +
                             std::string(kLastChunk);
  EXPECT_THAT(read(answer),
              ElementsAre("metadata etag=x", "data 1/1", "data 23/2", "1 reply  took=3ms took=4"));
  EXPECT_FALSE(frames_->finished());
  ASSERT_TRUE(open(2, kCount, 7).ok());
  EXPECT_THAT(read_bytewise(answer), ElementsAre("metadata etag=x", "data 1/1", "data 2/2+",
                                                 "data 3/0", "2 reply  took=3ms took=4"));
}

TEST_F(HttpClientStreamsTest, ReadsAnErrorBehindTheMessages) {
  ASSERT_TRUE(open(1, kCount, 7).ok());
  EXPECT_THAT(read(answer_head() + chunk(envelope("1")) +
                   chunk(envelope(
                       R"({"error":{"code":"not_found","message":"no key"},"metadata":{}})", 2)) +
                   std::string(kLastChunk)),
              ElementsAre("metadata", "data 1/1", "1 error not_found no key"));
}

TEST_F(HttpClientStreamsTest, ReadsTheReplyOfAClientsStream) {
  ASSERT_TRUE(open(1, kSum).ok());
  half_close();
  EXPECT_THAT(read(answer_head() + chunk(envelope("23")) + chunk(envelope("{}", 2)) +
                   std::string(kLastChunk)),
              ElementsAre("metadata", "1 reply 23"));
}

TEST_F(HttpClientStreamsTest, AnAnswerBeforeTheEndOfItsRequestIsTheLastOfTheConnection) {
  ASSERT_TRUE(open(1, kSum).ok());
  EXPECT_THAT(read(answer_head() + chunk(envelope(R"({"error":{"code":"aborted"}})", 2)) +
                   std::string(kLastChunk)),
              ElementsAre("going away", "metadata", "1 error aborted "));
  EXPECT_TRUE(frames_->finished());
}

TEST_F(HttpClientStreamsTest, OtherAnswersAreErrorsAsOfUnaryCalls) {
  ASSERT_TRUE(open(1, kCount, 7).ok());
  EXPECT_THAT(read("HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\n"
                   "none"),
              ElementsAre("1 error unimplemented http: status 404 with Content-Type "
                          "\"text/plain\": \"none\""));
  ASSERT_TRUE(open(2, kGet, 1).ok());
}

TEST_F(HttpClientStreamsTest, AResponseWithoutAnEndIsAnError) {
  ASSERT_TRUE(open(1, kCount, 7).ok());
  EXPECT_THAT(read(answer_head() + chunk(envelope("1")) + std::string(kLastChunk)),
              ElementsAre("metadata", "data 1/1",
                          "1 error internal http: the response has ended before the end of the "
                          "stream"));
  ASSERT_TRUE(open(2, kCount, 7).ok());
  EXPECT_THAT(read(answer_head() + chunk(envelope("x", 2)) + std::string(kLastChunk)),
              ElementsAre("metadata",
                          "2 error internal http: the end of the stream cannot be read: \"x\""));
}

TEST_F(HttpClientStreamsTest, AMessageOverTheLimitIsRefusedFromItsPrefix) {
  ASSERT_TRUE(open(1, kCount, 7).ok());
  EXPECT_THAT(read(answer_head() + "fffff\r\n" + std::string("\0\0\0\x03\xe9", 5)),
              ElementsAre("metadata",
                          "refused a message of 1001 bytes; the limit is 1000 "
                          "(Limits::message_bytes)"));
}

TEST_F(HttpClientStreamsTest, AStreamHasTheConnectionUntilItEnds) {
  ASSERT_TRUE(open(1, kGet, 1).ok());
  ASSERT_TRUE(open(2, kCount, 7).ok());
  Status refused = open(3, kGet, 1);
  EXPECT_EQ(refused.code(), Code::kResourceExhausted);
  EXPECT_EQ(refused.handler_ran(), HandlerRan::kNo);
  EXPECT_THAT(
      read("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n5" +
           answer_head() + chunk(envelope("1"))),
      ElementsAre("1 reply 5", "metadata", "data 1/1"));
  EXPECT_TRUE(frames_->cancel_ends_connection(2));
  EXPECT_FALSE(open(3, kGet, 1).ok());
  EXPECT_THAT(read(chunk(envelope("{}", 2)) + std::string(kLastChunk)), ElementsAre("2 reply "));
  EXPECT_FALSE(frames_->cancel_ends_connection(2));
  EXPECT_TRUE(open(3, kGet, 1).ok());
}

TEST_F(HttpClientStreamsTest, StreamsInBothDirectionsAreRefused) {
  Status refused = open(1, kChat);
  EXPECT_EQ(refused.code(), Code::kUnimplemented);
  EXPECT_EQ(refused.handler_ran(), HandlerRan::kNo);
  EXPECT_THAT(refused.message(), HasSubstr("HTTP/1.1 cannot carry"));
  EXPECT_EQ(written(), "");
}

TEST_F(HttpClientStreamsTest, WhatAServerMustNotSendIsRefusedFromThePrefix) {
  struct Case {
    const Method& method;
    std::string body;
    std::string_view text;
  };
  for (const Case& one : {Case{kCount, envelope("x", 1).substr(0, 5),
                               "refused http: a message is compressed, which was not asked for"},
                          Case{kCount, envelope("x", 3).substr(0, 5),
                               "refused http: a message is compressed, which was not asked for"},
                          Case{kSum, envelope("1") + envelope("2").substr(0, 5),
                               "refused http: the server has sent a second reply"}}) {
    frames_ = connect();
    ASSERT_TRUE(open(1, one.method, 7).ok());
    if (client_streams(one.method.kind)) half_close();
    EXPECT_THAT(read(answer_head() + "fffff\r\n" + one.body), Contains(one.text)) << one.text;
    input_.clear();
  }
}

// The end is told with its envelope. What the connection is asked next is answered behind the body.
TEST_F(HttpClientStreamsTest, AStreamEndsWithItsLastEnvelopeAndItsResponseWithTheBody) {
  ASSERT_TRUE(open(1, kCount, 7).ok());
  EXPECT_THAT(read(answer_head() + chunk(envelope("1")) +
                   chunk(envelope(R"({"metadata":{"took":["3ms"]}})", 2))),
              ElementsAre("metadata", "data 1/1", "1 reply  took=3ms"));
  EXPECT_FALSE(frames_->cancel_ends_connection(1));
  ASSERT_TRUE(open(2, kGet, 1).ok());
  const std::string second =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n5";
  EXPECT_THAT(read_bytewise(kLastChunk), ElementsAre());
  EXPECT_THAT(read(second), ElementsAre("2 reply 5"));
}

TEST_F(HttpClientStreamsTest, TheLastEnvelopeIsTheEndHoweverTheBytesCome) {
  ASSERT_TRUE(open(1, kCount, 7).ok());
  EXPECT_THAT(read_bytewise(answer_head() + "7\r\n" + envelope("{}", 2)),
              ElementsAre("metadata", "1 reply "));
  EXPECT_THAT(read_bytewise("\r\n0\r\nx: y\r\n\r\n"), ElementsAre());
  ASSERT_TRUE(open(2, kSum).ok());
  half_close();
  EXPECT_THAT(read_bytewise(answer_head() + chunk(envelope("23")) + chunk(envelope("{}", 2))),
              ElementsAre("metadata", "2 reply 23"));
}

TEST_F(HttpClientStreamsTest, WhatComesBehindTheEndBreaksTheConnectionAndNotTheStream) {
  const std::string_view broken =
      "broken http: the response cannot be read: http: the response goes on behind the end of the "
      "stream";
  for (const std::string& body :
       {chunk(envelope("{}", 2) + envelope("1")), chunk(envelope("{}", 2)) + chunk(envelope("1")),
        chunk(envelope("{}", 2)) + chunk("x"), chunk(envelope("{}", 2)) + chunk(envelope("{}", 2)),
        chunk(envelope("{}", 2)) + "1\r\n"}) {
    frames_ = connect();
    ASSERT_TRUE(open(1, kCount, 7).ok());
    EXPECT_THAT(read(answer_head() + body), ElementsAre("metadata", "1 reply ", broken)) << body;
  }
  frames_ = connect();
  ASSERT_TRUE(open(1, kCount, 7).ok());
  const std::string end = envelope("{}", 2);
  EXPECT_THAT(read(fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/connect+json\r\n"
                               "Content-Length: {}\r\n\r\n{}x",
                               end.size() + 1, end)),
              ElementsAre("metadata", "1 reply ", broken));
}

TEST_F(HttpClientStreamsTest, AMessageOfExactlyTheLimitIsRead) {
  const std::string message(1000, '1');
  ASSERT_TRUE(open(1, kCount, 7).ok());
  EXPECT_THAT(read(answer_head() + chunk(envelope(message))),
              ElementsAre("metadata", fmt::format("data {}/1000", message)));
}

TEST_F(HttpClientStreamsTest, AnAnswerWithALengthEndsWithItsLastEnvelope) {
  ASSERT_TRUE(open(1, kCount, 7).ok());
  const std::string body = envelope("1") + envelope("{}", 2);
  EXPECT_THAT(read(fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/connect+json\r\n"
                               "Content-Length: {}\r\n\r\n{}",
                               body.size(), body)),
              ElementsAre("metadata", "data 1/1", "1 reply "));
  EXPECT_TRUE(open(2, kGet, 1).ok());
}

TEST_F(HttpClientStreamsTest, AStreamOfAConnectionThatClosesIsReadToItsEnd) {
  ASSERT_TRUE(open(1, kCount, 7).ok());
  EXPECT_THAT(read(answer_head("Connection: close\r\n") + chunk(envelope("1"))),
              ElementsAre("going away", "metadata", "data 1/1"));
  EXPECT_FALSE(frames_->finished());
  EXPECT_THAT(read(chunk(envelope("{}", 2)) + std::string(kLastChunk)), ElementsAre("1 reply "));
  EXPECT_TRUE(frames_->finished());
}

}  // namespace
}  // namespace tern
