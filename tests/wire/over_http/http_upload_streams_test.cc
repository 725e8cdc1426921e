// A client's stream in Connect's envelopes, on a server's side. docs/http_streams.md has the bytes.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>
#include <string_view>

#include "wire/over_http/http_streams_fixture.h"

namespace tern::test {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

TEST_F(HttpStreamsTest, AClientsStreamIsToldOfAtItsHeadAndReadAsItComes) {
  EXPECT_THAT(read(chunked_post("Sum")), ElementsAre("open store.Store.Sum"));
  EXPECT_TRUE(frames_.ready());
  EXPECT_TRUE(frames_.has_control_frames());
  EXPECT_THAT(read(chunk(envelope("1") + envelope("22"))), ElementsAre("data 1/1", "data 22/2"));
  EXPECT_THAT(read(std::string(kLastChunk)), ElementsAre(" end"));
  EXPECT_FALSE(frames_.ready());
  metadata_.add("took", "3ms");
  end(kSum, 23);
  EXPECT_EQ(written(),
            fmt::format("{}{}{}", kConnectHead,
                        chunk(envelope("23") + envelope(R"({"metadata":{"took":["3ms"]}})", 2)),
                        kLastChunk));
  EXPECT_TRUE(frames_.ready());
}

TEST_F(HttpStreamsTest, ABodyWithALengthEndsWithItsLastMessage) {
  EXPECT_THAT(read(connect_post("Sum", envelope("1") + envelope("22"))),
              ElementsAre("open store.Store.Sum", "data 1/1", "data 22/2 end"));
}

TEST_F(HttpStreamsTest, ABodyOfNoBytesIsAStreamOfNoMessages) {
  EXPECT_THAT(read(connect_post("Sum", "")), ElementsAre("open store.Store.Sum", " end"));
  end(kSum, 0);
  EXPECT_THAT(read(post("Sum", "application/connect+json", "")),
              ElementsAre("open store.Store.Sum", " end"));
}

TEST_F(HttpStreamsTest, AClientsStreamIsReadHoweverItIsCut) {
  EXPECT_THAT(read_bytewise(chunked_post("Sum") + chunk(envelope("12")) + std::string(kLastChunk)),
              ElementsAre("open store.Store.Sum", "data 1/2+", "data 2/0", " end"));
}

TEST_F(HttpStreamsTest, AReplyBeforeTheEndOfTheBodyEndsTheConnection) {
  read(chunked_post("Sum") + chunk(envelope("1")));
  fail(kSum, Status(Code::kInvalidArgument, "no", HandlerRan::kYes));
  EXPECT_THAT(written(), AllOf(HasSubstr("Connection: close\r\n"), EndsWith(kLastChunk)));
  EXPECT_TRUE(frames_.finished());
}

TEST_F(HttpStreamsTest, WhatAClientMustNotSendIsRefusedFromThePrefix) {
  const std::string zeros(4, '\0');
  struct Case {
    std::string bytes;
    std::string_view text;
  };
  for (const Case& one : {Case{"\1" + zeros,
                               "refused http: a message is compressed; this server "
                               "knows identity"},
                          Case{"\2" + zeros,
                               "refused http: a message has the flags 0x02; expected "
                               "0 of a client"},
                          Case{std::string("\0\0\0\x03\xe9", 5),
                               "refused a message of 1001 bytes; the limit is 1000 "
                               "(Limits::message_bytes)"}}) {
    wire::over_http::ServerProtocol fresh(limits_, protocols_, cors_, pages_, &methods_);
    const std::string bytes = chunked_post("Sum") + "fffff\r\n" + one.bytes;
    wire::Frame frame;
    Status why;
    const wire::FrameProgress opened = fresh.next(as_bytes(bytes), frame, why);
    ASSERT_EQ(opened.step, Step::kFrame);
    id_ = frame.id;
    EXPECT_EQ(fresh.next(as_bytes(bytes).subspan(opened.consumed), frame, why).step, Step::kFrame);
    EXPECT_EQ(in_words(frame), one.text);
    EXPECT_TRUE(fresh.finished());
  }
}

TEST_F(HttpStreamsTest, ABodyThatEndsInAMessageIsRefused) {
  EXPECT_THAT(
      read(chunked_post("Sum") + chunk(envelope("123").substr(0, 6)) + std::string(kLastChunk)),
      ElementsAre("open store.Store.Sum", "data 1/3+",
                  "refused http: the body ends in the middle of a message"));
}

TEST_F(HttpStreamsTest, ABodyWithALengthThatEndsInAMessageIsRefused) {
  const std::string whole = envelope("123");
  for (std::size_t size = 1; size < whole.size(); ++size) {
    for (std::string_view method : {"Sum", "Count"}) {
      wire::over_http::ServerProtocol fresh(limits_, protocols_, cors_, pages_, &methods_);
      std::string bytes = connect_post(method, whole.substr(0, size));
      std::string why;
      while (!bytes.empty() && why.empty()) {
        wire::Frame frame;
        Status broken;
        const wire::FrameProgress progress = fresh.next(as_bytes(bytes), frame, broken);
        ASSERT_NE(progress.step, Step::kMore) << method << " " << size;
        bytes.erase(0, progress.consumed);
        if (progress.step == Step::kAnswer) {
          fresh.write_answer(out_);
          why = written();
        }
        if (!frame.refused.ok()) why = frame.refused.message();
      }
      EXPECT_THAT(why, HasSubstr("the body ends in the middle of a message"))
          << method << " " << size;
      EXPECT_EQ(bytes, "");
    }
  }
}

TEST_F(HttpStreamsTest, ABodyThatIsNotHttpEndsTheStreamInItsOwnWords) {
  EXPECT_THAT(read(chunked_post("Sum") + "x"), ElementsAre("open store.Store.Sum", "broken"));
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 200 OK\r\n"),
                               HasSubstr(R"({"error":{"code":"invalid_argument")")));
}

TEST_F(HttpStreamsTest, WhoWaitsBeforeABodyIsToldToSendIt) {
  EXPECT_THAT(read(chunked_post("Sum", "Expect: 100-continue\r\n")), ElementsAre());
  EXPECT_EQ(written(), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_THAT(read(chunk(envelope("1"))), ElementsAre("open store.Store.Sum", "data 1/1"));
}

TEST_F(HttpStreamsTest, AMessageOfExactlyTheLimitIsTaken) {
  const std::string message(1000, '1');
  EXPECT_THAT(read(connect_post("Sum", envelope(message))),
              ElementsAre("open store.Store.Sum", fmt::format("data {}/1000 end", message)));
}

TEST_F(HttpStreamsTest, WhatIsPipelinedBehindAClientsStreamWaitsForItsReply) {
  EXPECT_THAT(read(chunked_post("Sum") + chunk(envelope("1")) + std::string(kLastChunk) +
                   json_post("Get", "8")),
              ElementsAre("open store.Store.Sum", "data 1/1", " end"));
  EXPECT_THAT(read(""), ElementsAre());
  end(kSum, 1);
  EXPECT_THAT(read(""), ElementsAre("call store.Store.Get 8"));
}

TEST_F(HttpStreamsTest, AnExpectationThatCannotBeMetIs417AndTheEnd) {
  EXPECT_THAT(read(chunked_post("Sum", "Expect: more\r\n")), ElementsAre());
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 417 "), HasSubstr("Connection: close\r\n")));
  EXPECT_TRUE(frames_.finished());
}

}  // namespace
}  // namespace tern::test
