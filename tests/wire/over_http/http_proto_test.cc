// Connect's calls and streams in protobuf, on a server's side. docs/http.md has them.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "tern/codec.h"
#include "wire/over_http/http_streams_fixture.h"

namespace tern::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class HttpProtoTest : public HttpStreamsTest {
 protected:
  static std::string proto_post(std::string_view method, std::string_view body,
                                std::string_view headers = "") {
    return post(method, "application/proto",
                fmt::format("{}Content-Length: {}\r\n", headers, body.size())) +
           std::string(body);
  }
  static std::string stream_post(std::string_view method, std::string_view body) {
    return post(method, "application/connect+proto",
                fmt::format("Content-Length: {}\r\n", body.size())) +
           std::string(body);
  }
  static std::string chunked(std::string_view method) {
    return post(method, "application/connect+proto", "Transfer-Encoding: chunked\r\n");
  }
  void reply(std::int64_t value) {
    ASSERT_TRUE(
        frames_.write_reply(head(kGet, false), type_ops<std::int64_t>(), &value, out_).ok());
  }
};

constexpr std::string_view kProtoHead =
    "HTTP/1.1 200 OK\r\nContent-Type: application/proto\r\nX-Content-Type-Options: nosniff\r\n";
constexpr std::string_view kStreamHead =
    "HTTP/1.1 200 OK\r\nContent-Type: application/connect+proto\r\n"
    "X-Content-Type-Options: nosniff\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST_F(HttpProtoTest, ACallIsAnsweredInItsOwnCodec) {
  EXPECT_THAT(read(proto_post("Get", number(5))), ElementsAre("call store.Store.Get 5"));
  reply(7);
  EXPECT_EQ(written(), fmt::format("{}Content-Length: 2\r\n\r\n{}", kProtoHead, number(7)));
  EXPECT_THAT(read(json_post("Get", "6")), ElementsAre("call store.Store.Get 6"));
  reply(8);
  EXPECT_THAT(written(), HasSubstr("Content-Type: application/json\r\n"));
}

TEST_F(HttpProtoTest, ABodyOfNoBytesIsAMessage) {
  EXPECT_THAT(read(proto_post("Get", "")), ElementsAre("call store.Store.Get 0"));
  reply(0);
  EXPECT_EQ(written(), fmt::format("{}Content-Length: 0\r\n\r\n", kProtoHead));
}

TEST_F(HttpProtoTest, ACallByGetIsAnsweredInItsEncoding) {
  for (std::string_view query :
       {"encoding=proto&message=CAU&base64=1", "encoding=proto&message=CAU%3D&base64=1",
        "connect=v1&encoding=proto&message=%08%05"}) {
    EXPECT_THAT(read(get(fmt::format("/store.Store/Get?{}", query))),
                ElementsAre("call store.Store.Get 5"))
        << query;
    reply(7);
    EXPECT_EQ(written(), fmt::format("{}Content-Length: 2\r\n\r\n{}", kProtoHead, number(7)));
  }
}

TEST_F(HttpProtoTest, TheErrorOfACallIsJson) {
  read(proto_post("Get", number(5)));
  frames_.write_error(head(kGet, false), Status(Code::kNotFound, "no such key"), out_);
  EXPECT_THAT(written(),
              AllOf(StartsWith("HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n"),
                    HasSubstr(R"({"code":"not_found","message":"no such key"})")));
  read(proto_post("Get", number(5), "Connect-Timeout-Ms: soon\r\n"));
  EXPECT_THAT(written(),
              AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("Content-Type: application/json\r\n")));
}

TEST_F(HttpProtoTest, ABodyThatIsNoMessageIsRefused) {
  const std::string bytes = proto_post("Get", "\x08");
  wire::Frame frame;
  Status why;
  ASSERT_EQ(frames_.next(as_bytes(bytes), frame, why).step, Step::kFrame);
  EXPECT_EQ(frames_.read_body(frame, type_ops<std::int64_t>(), &argument_).code(),
            Code::kInvalidArgument);
}

TEST_F(HttpProtoTest, AServersStreamIsEnvelopesOfProtobufAndItsEndIsJson) {
  EXPECT_THAT(read(stream_post("Count", envelope(number(7)))),
              ElementsAre("open store.Store.Count 7"));
  EXPECT_EQ(frames_.message_codec().name(), proto_codec().name());
  say(1);
  say(0);
  end(kCount);
  EXPECT_EQ(written(), fmt::format("{}{}{}{}{}", kStreamHead, chunk(envelope(number(1))),
                                   chunk(envelope("")), chunk(envelope("{}", 2)), kLastChunk));
}

TEST_F(HttpProtoTest, AClientsStreamIsReadHoweverItIsCut) {
  const std::string bytes =
      chunked("Sum") + chunk(envelope(number(1)) + envelope(number(2))) + std::string(kLastChunk);
  EXPECT_THAT(read_bytewise(bytes),
              ElementsAre("open store.Store.Sum", "data \x08/2+", "data \x01/0", "data \x08/2+",
                          "data \x02/0", " end"));
  end(kSum, 3);
  EXPECT_EQ(written(), fmt::format("{}{}{}", kStreamHead,
                                   chunk(envelope(number(3)) + envelope("{}", 2)), kLastChunk));
}

// In protobuf a message can have no bytes.
TEST_F(HttpProtoTest, TheLastMessageIsNotLostThoughItIsEmpty) {
  const std::string messages = envelope(number(1)) + envelope("");
  for (const std::string& bytes : {stream_post("Sum", messages), stream_post("Sum", envelope("")),
                                   chunked("Sum") + chunk(messages) + std::string(kLastChunk)}) {
    std::vector<std::string> whole = read(bytes);
    EXPECT_THAT(whole.back(), " end");
    EXPECT_EQ(whole[whole.size() - 2], "data /0");
    end(kSum, 1);
    std::vector<std::string> cut = read_bytewise(bytes);
    EXPECT_THAT(cut.back(), " end");
    EXPECT_EQ(cut[cut.size() - 2], "data /0");
    end(kSum, 1);
    EXPECT_THAT(read(json_post("Get", "6")), ElementsAre("call store.Store.Get 6"));
    reply(8);
  }
}

TEST_F(HttpProtoTest, LinesAndEventsAreNotProtobuf) {
  for (std::string_view accept : {"", "Accept: text/event-stream\r\n"}) {
    read(proto_post("Count", number(7), accept));
    EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 415 "), HasSubstr("this method takes")));
    read(get("/store.Store/Count?encoding=proto&message=CAU&base64=1", accept));
    EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 415 "), HasSubstr("by GET in JSON alone")));
  }
}

}  // namespace
}  // namespace tern::test
