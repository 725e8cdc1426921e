// A server's stream as lines of JSON and as events. docs/http_streams.md has the bytes.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "wire/over_http/http_streams_fixture.h"

namespace tern::test {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

TEST_F(HttpStreamsTest, ByGetAServersStreamIsALineEach) {
  EXPECT_THAT(read(get("/store.Store/Count?message=7")), ElementsAre("open store.Store.Count 7"));
  say(1);
  say(std::int64_t{1} << 60);
  end(kCount);
  EXPECT_EQ(written(),
            fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n"
                        "X-Content-Type-Options: nosniff\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "{}{}{}",
                        chunk("1\n"), chunk("\"1152921504606846976\"\n"), kLastChunk));
}

TEST_F(HttpStreamsTest, ByPostAServersStreamIsALineEach) {
  EXPECT_THAT(read(json_post("Count", "7", "Accept: */*\r\n")),
              ElementsAre("open store.Store.Count 7"));
  say(1);
  fail(kCount, Status(Code::kNotFound, "gone", HandlerRan::kYes));
  EXPECT_THAT(written(),
              EndsWith(fmt::format("{}{}{}", chunk("1\n"),
                                   chunk("{\"error\":{\"code\":\"not_found\",\"message\":"
                                         "\"gone\"}}\n"),
                                   kLastChunk)));
}

TEST_F(HttpStreamsTest, AnErrorBeforeTheFirstLineIsThatOfAUnaryCall) {
  read(json_post("Count", "7"));
  fail(kCount, Status(Code::kNotFound, "none", HandlerRan::kYes));
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 404 Not Found\r\nContent-Type: "
                                          "application/json\r\n"),
                               EndsWith(R"({"code":"not_found","message":"none"})")));
  EXPECT_TRUE(frames_.ready());
}

TEST_F(HttpStreamsTest, AnEventSourceGetsEvents) {
  EXPECT_THAT(read(get("/store.Store/Watch?message=3", "Accept: text/event-stream\r\n")),
              ElementsAre("open store.Store.Watch 3"));
  say(4);
  end(kWatch);
  EXPECT_EQ(
      written(),
      fmt::format("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                  "X-Content-Type-Options: nosniff\r\nTransfer-Encoding: chunked\r\n"
                  "Cache-Control: no-cache\r\n\r\n{}{}{}",
                  chunk("id: 4\ndata: 4\n\n"), chunk("event: end\ndata: {}\n\n"), kLastChunk));
}

TEST_F(HttpStreamsTest, AnErrorIsAnEvent) {
  read(json_post("Watch", "3", "Accept: text/html, text/event-stream;q=0.5\r\n"));
  say(4);
  fail(kWatch, Status(Code::kAborted, "a\nb", HandlerRan::kYes));
  EXPECT_THAT(written(), EndsWith(chunk("event: error\ndata: {\"code\":\"aborted\",\"message\":"
                                        "\"a\\nb\"}\n\n") +
                                  std::string(kLastChunk)));
}

TEST_F(HttpStreamsTest, ASilentStreamOfEventsBeginsWithAComment) {
  read(get("/store.Store/Watch?message=3", "Accept: text/event-stream\r\n"));
  EXPECT_TRUE(frames_.wants_heartbeats(id_));
  frames_.write_heartbeat(id_, out_);
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"),
                               EndsWith("\r\n\r\n" + chunk(": \n\n"))));
  frames_.write_heartbeat(id_, out_);
  EXPECT_EQ(written(), chunk(": \n\n"));
  fail(kWatch, Status(Code::kNotFound, "gone", HandlerRan::kYes));
  EXPECT_THAT(written(), StartsWith(chunk("event: error\ndata: {\"code\":\"not_found\",\"message\":"
                                          "\"gone\"}\n\n")));
  EXPECT_FALSE(frames_.wants_heartbeats(id_));
}

TEST_F(HttpStreamsTest, NoCommentIsInTheMiddleOfAnEvent) {
  read(get("/store.Store/Count", "Accept: text/event-stream\r\n"));
  begin_message("data: \"ab", 12);
  written();
  frames_.write_heartbeat(id_, out_);
  EXPECT_EQ(written(), "");
}

TEST_F(HttpStreamsTest, LinesAndEnvelopesHaveNoComments) {
  for (const std::string& request :
       {json_post("Count", "7"), connect_post("Count", envelope("7"))}) {
    read(request);
    EXPECT_FALSE(frames_.wants_heartbeats(id_));
    frames_.write_heartbeat(id_, out_);
    EXPECT_EQ(written(), "");
    end(kCount);
    written();
  }
}

TEST_F(HttpStreamsTest, LastEventIdSetsTheFieldOfResume) {
  EXPECT_THAT(read(get("/store.Store/Watch?message=3",
                       "Accept: text/event-stream\r\nLast-Event-ID: 41\r\n")),
              ElementsAre("open store.Store.Watch 41"));
}

TEST_F(HttpStreamsTest, LastEventIdThatIsNoNumberIsRefused) {
  EXPECT_THAT(read(get("/store.Store/Watch", "Accept: text/event-stream\r\nLast-Event-ID: x\r\n")),
              ElementsAre());
  EXPECT_THAT(written(),
              AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("Last-Event-ID is \\\"x\\\"")));
}

TEST_F(HttpStreamsTest, AMethodThatCannotBeResumedHasNoIds) {
  EXPECT_THAT(read(get("/store.Store/Count?message=3",
                       "Accept: text/event-stream\r\nLast-Event-ID: 41\r\n")),
              ElementsAre("open store.Store.Count 3"));
  say(4);
  EXPECT_THAT(written(), EndsWith(chunk("data: 4\n\n")));
}

TEST_F(HttpStreamsTest, OtherVerbsStartNoStream) {
  EXPECT_THAT(read("HEAD /store.Store/Count HTTP/1.1\r\nHost: here\r\n\r\n"), ElementsAre());
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: GET, POST\r\n")));
  EXPECT_THAT(read(get("/store.Store/Sum")), ElementsAre());
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: POST\r\n")));
}

TEST_F(HttpStreamsTest, OriginsThatMayCallMayStream) {
  cors_.origins = {"https://page"};
  read(get("/store.Store/Count?message=3", "Origin: https://page\r\n"));
  say(1);
  EXPECT_THAT(written(), HasSubstr("Access-Control-Allow-Origin: https://page\r\n"));
  end(kCount);
  read(get("/store.Store/Count?message=3", "Origin: https://other\r\n"));
  EXPECT_THAT(written(), HasSubstr("HTTP/1.1 403 Forbidden\r\n"));
}

}  // namespace
}  // namespace tern::test
