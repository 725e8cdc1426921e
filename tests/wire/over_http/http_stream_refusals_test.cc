// What asks for a stream that cannot be.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>
#include <string_view>

#include "wire/over_http/http_streams_fixture.h"

namespace tern::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

TEST_F(HttpStreamsTest, StreamsInBothDirectionsAre505AndTheEnd) {
  EXPECT_THAT(read(chunked_post("Chat")), ElementsAre());
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 505 HTTP Version Not Supported\r\n"),
                               HasSubstr("Connection: close\r\n")));
  EXPECT_TRUE(frames_.finished());
}

TEST_F(HttpStreamsTest, TheWrongContentTypeIs415WithTheRightOnes) {
  struct Case {
    std::string_view method;
    std::string_view type;
    std::string_view accepted;
  };
  for (const Case& one :
       {Case{"Get", "application/connect+json", "application/json, application/proto"},
        Case{"Get", "application/connect+proto", "application/json, application/proto"},
        Case{"Get", "application/proto;version=3", "application/json, application/proto"},
        Case{"Sum", "application/json", "application/connect+json, application/connect+proto"},
        Case{"Sum", "application/proto", "application/connect+json, application/connect+proto"},
        Case{"Count", "application/proto",
             "application/json, application/connect+json, application/connect+proto"},
        Case{"Count", "application/connect+xml",
             "application/json, application/connect+json, application/connect+proto"},
        Case{"None", "application/x-protobuf",
             "application/json, application/proto, application/connect+json, "
             "application/connect+proto"}}) {
    wire::over_http::ServerProtocol fresh(limits_, protocols_, cors_, pages_, &methods_);
    const std::string bytes = post(one.method, one.type, "Content-Length: 1\r\n") + "1";
    wire::Frame frame;
    Status why;
    ASSERT_EQ(fresh.next(as_bytes(bytes), frame, why).step, Step::kAnswer);
    fresh.write_answer(out_);
    EXPECT_THAT(written(),
                AllOf(StartsWith("HTTP/1.1 415 "),
                      HasSubstr(fmt::format("Accept-Post: {}\r\n", one.accepted)),
                      HasSubstr(fmt::format("Content-Type is \\\"{}\\\"; this method takes {}",
                                            one.type, one.accepted))));
  }
}

TEST_F(HttpStreamsTest, AStreamOfAnotherCodecIsRefusedBeforeItsBodyEnds) {
  EXPECT_THAT(read(post("Sum", "application/connect+xml", "Transfer-Encoding: chunked\r\n")),
              ElementsAre());
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 415 "), HasSubstr("Connection: close\r\n")));
  EXPECT_TRUE(frames_.finished());
}

TEST_F(HttpStreamsTest, AStreamOfAnUnknownMethodIsToldOfWithoutItsBody) {
  EXPECT_THAT(read(chunked_post("Nothing")), ElementsAre("open store.Store.Nothing"));
  frames_.write_error(
      head(kSum, false),
      frames_.unknown_method(1, "store.Store.Nothing", wire::UnknownMethod::kMethod), out_);
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 200 OK\r\n"),
                               HasSubstr(R"({"error":{"code":"unimplemented")")));
  EXPECT_TRUE(frames_.finished());
}

TEST_F(HttpStreamsTest, OriginsThatMayCallAreShownWhyABodyIsRefused) {
  cors_.origins = {"https://page"};
  read(connect_post("Count", "", "Origin: https://page\r\n"));
  EXPECT_THAT(written(), AllOf(HasSubstr("the body has no message"),
                               HasSubstr("Access-Control-Allow-Origin: https://page\r\n")));
}

TEST_F(HttpStreamsTest, OriginsThatMayCallAreShownWhyAnExpectationIsRefused) {
  cors_.origins = {"https://page"};
  read(chunked_post("Sum", "Origin: https://page\r\nExpect: more\r\n"));
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 417 "),
                               HasSubstr("Access-Control-Allow-Origin: https://page\r\n")));
}

TEST_F(HttpStreamsTest, AQueryThatIsWrongStartsNoStream) {
  struct Case {
    std::string_view query;
    std::string_view status;
  };
  for (const Case& one :
       {Case{"connect=v2", "400"}, Case{"encoding=proto", "415"}, Case{"compression=gzip", "501"},
        Case{"message=%zz", "400"}, Case{"message=a&base64=1", "400"}}) {
    EXPECT_THAT(
        read(get(fmt::format("/store.Store/Count?{}", one.query), "Accept: text/event-stream\r\n")),
        ElementsAre());
    EXPECT_THAT(written(), AllOf(StartsWith(fmt::format("HTTP/1.1 {} ", one.status)),
                                 HasSubstr("Content-Type: application/json\r\n")))
        << one.query;
  }
}

TEST_F(HttpStreamsTest, ByGetAMethodThatIsNotIdempotentIs405) {
  read(get("/store.Store/Count", "Accept: text/event-stream\r\n"));
  frames_.write_error(
      head(kCount, false),
      frames_.unknown_method(1, "store.Store.Count", wire::UnknownMethod::kNotIdempotent), out_);
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: POST\r\n")));
  EXPECT_TRUE(frames_.ready());
}

}  // namespace
}  // namespace tern::test
