// A server's stream in Connect's envelopes, on a server's side. docs/http_streams.md has the bytes.
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

TEST_F(HttpStreamsTest, AServersStreamIsEnvelopesInChunks) {
  EXPECT_THAT(read(connect_post("Count", envelope("7"))), ElementsAre("open store.Store.Count 7"));
  EXPECT_FALSE(frames_.ready());
  say(1);
  say(20);
  EXPECT_EQ(written(),
            fmt::format("{}{}{}", kConnectHead, chunk(envelope("1")), chunk(envelope("20"))));
  end(kCount);
  EXPECT_EQ(written(), chunk(envelope("{}", 2)) + std::string(kLastChunk));
  EXPECT_TRUE(frames_.ready());
  EXPECT_FALSE(frames_.finished());
}

TEST_F(HttpStreamsTest, TheNextRequestOfTheConnectionIsReadBehindTheEnd) {
  EXPECT_THAT(read(connect_post("Count", envelope("7")) + json_post("Get", "8")),
              ElementsAre("open store.Store.Count 7"));
  end(kCount);
  EXPECT_THAT(read(""), ElementsAre("call store.Store.Get 8"));
}

TEST_F(HttpStreamsTest, ARequestIsReadHoweverItIsCut) {
  const std::string message = envelope("123");
  EXPECT_THAT(read_bytewise(chunked_post("Count") + chunk(message.substr(0, 3)) +
                            chunk(message.substr(3, 3)) + chunk(message.substr(6)) +
                            std::string(kLastChunk)),
              ElementsAre("open store.Store.Count 123"));
}

TEST_F(HttpStreamsTest, AnErrorComesBehindTheMessagesInTheEnd) {
  read(connect_post("Count", envelope("7")));
  say(1);
  metadata_.add("took", "3ms");
  metadata_.add("took", "\"4\"");
  fail(kCount, Status(Code::kNotFound, "no such key", HandlerRan::kYes));
  EXPECT_EQ(written(),
            fmt::format("{}{}{}{}", kConnectHead, chunk(envelope("1")),
                        chunk(envelope("{\"error\":{\"code\":\"not_found\",\"message\":\"no such "
                                       "key\"},\"metadata\":{\"took\":[\"3ms\",\"\\\"4\\\"\"]}}",
                                       2)),
                        kLastChunk));
}

TEST_F(HttpStreamsTest, AnErrorBeforeTheFirstMessageHasStatus200) {
  read(connect_post("Count", envelope("7")));
  fail(kCount, Status(Code::kNotFound, "none", HandlerRan::kYes));
  EXPECT_EQ(written(),
            fmt::format("{}{}{}", kConnectHead,
                        chunk(envelope(R"({"error":{"code":"not_found","message":"none"}})", 2)),
                        kLastChunk));
}

TEST_F(HttpStreamsTest, ACallThatIsRefusedHasItsErrorInTheEnd) {
  read(connect_post("Count", envelope("7")));
  frames_.write_error(head(kCount, false), Status(Code::kUnauthenticated, "who?"), out_);
  EXPECT_EQ(
      written(),
      fmt::format("{}{}{}", kConnectHead,
                  chunk(envelope(R"({"error":{"code":"unauthenticated","message":"who?"}})", 2)),
                  kLastChunk));
  EXPECT_TRUE(frames_.ready());
}

TEST_F(HttpStreamsTest, MetadataBeforeTheFirstMessageIsHeaders) {
  read(connect_post("Count", envelope("7")));
  Metadata first;
  first.add("Etag", "x");
  frames_.write_initial_metadata(id_, first, out_);
  EXPECT_THAT(written(), AllOf(HasSubstr("etag: x\r\n"), EndsWith("\r\n\r\n")));
  say(1);
  EXPECT_EQ(written(), chunk(envelope("1")));
}

TEST_F(HttpStreamsTest, ALongMessageLeavesInChunksOfItsOwn) {
  read(connect_post("Count", envelope("7")));
  begin_message("\"ab", 6);
  end_message("cd\"");
  EXPECT_EQ(written(), fmt::format("{}{}{}", kConnectHead, chunk(envelope("\"abcd\"").substr(0, 8)),
                                   chunk("cd\"")));
}

TEST_F(HttpStreamsTest, AMessageThatIsCutOffIsFollowedByTheEndOfTheConnection) {
  read(connect_post("Count", envelope("7")));
  begin_message("\"ab", 6);
  expect_cut_off_by_the_end();
}

TEST_F(HttpStreamsTest, OneMessageMustBeInTheBody) {
  for (const std::string& body : {std::string(), envelope("1") + envelope("2")}) {
    wire::over_http::ServerProtocol fresh(limits_, protocols_, cors_, pages_, &methods_);
    const std::string bytes = connect_post("Count", body);
    wire::Frame frame;
    Status why;
    ASSERT_EQ(fresh.next(as_bytes(bytes), frame, why).step, Step::kAnswer) << body.size();
    fresh.write_answer(out_);
    EXPECT_THAT(written(),
                AllOf(StartsWith("HTTP/1.1 200 OK\r\nContent-Type: application/connect+json\r\n"),
                      HasSubstr(R"({"error":{"code":"unimplemented",)")));
  }
}

TEST_F(HttpStreamsTest, AClientOfHttp10GetsItUpToTheEndOfTheConnection) {
  read("GET /store.Store/Count HTTP/1.0\r\n\r\n");
  say(1);
  end(kCount);
  EXPECT_EQ(written(),
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n"
            "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n1\n");
  EXPECT_TRUE(frames_.finished());
}

TEST_F(HttpStreamsTest, AClientOfHttp10GetsItsEndAlsoIfItWantsToKeepTheConnection) {
  read("GET /store.Store/Count HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  say(1);
  end(kCount);
  EXPECT_THAT(written(), AllOf(HasSubstr("\r\nConnection: close\r\n"), EndsWith("\r\n\r\n1\n")));
  EXPECT_TRUE(frames_.finished());
}

TEST_F(HttpStreamsTest, ARequestHasBegunUntilItsArgumentIsThere) {
  const std::string bytes = connect_post("Count", envelope("7"));
  EXPECT_THAT(read(bytes.substr(0, bytes.size() - 6)), ElementsAre());
  EXPECT_TRUE(frames_.in_frame());
  EXPECT_THAT(read(bytes.substr(bytes.size() - 6, 3)), ElementsAre());
  EXPECT_TRUE(frames_.in_frame());
  EXPECT_THAT(read(bytes.substr(bytes.size() - 3)), ElementsAre("open store.Store.Count 7"));
  EXPECT_FALSE(frames_.in_frame());
}

TEST_F(HttpStreamsTest, AnArgumentOfExactlyTheLimitIsTaken) {
  EXPECT_THAT(read(connect_post("Count", envelope(std::string(999, ' ') + "7"))),
              ElementsAre("open store.Store.Count 7"));
}

TEST_F(HttpStreamsTest, AnArgumentOverTheLimitIsRefusedFromItsPrefix) {
  EXPECT_THAT(read(chunked_post("Count") + "fffff\r\n" + std::string("\0\0\0\x03\xe9", 5)),
              ElementsAre("refused a message of 1001 bytes; the limit is 1000 "
                          "(Limits::message_bytes)"));
  EXPECT_TRUE(frames_.finished());
}

TEST_F(HttpStreamsTest, ARequestThatClosesTheConnectionIsAnsweredToItsEnd) {
  read(connect_post("Count", envelope("7"), "Connection: close\r\n"));
  EXPECT_TRUE(frames_.finished());
  say(1);
  EXPECT_THAT(written(), HasSubstr("Connection: close\r\n"));
  end(kCount);
  EXPECT_THAT(written(), EndsWith(kLastChunk));
}

TEST_F(HttpStreamsTest, WhoWaitsBeforeAnArgumentIsToldToSendIt) {
  const std::string body = envelope("7");
  EXPECT_THAT(read(post("Count", "application/connect+json",
                        "Expect: 100-continue\r\nContent-Length: 6\r\n")),
              ElementsAre());
  EXPECT_EQ(written(), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_THAT(read(body), ElementsAre("open store.Store.Count 7"));
}

}  // namespace
}  // namespace tern::test
