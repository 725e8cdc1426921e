// Unary calls in gRPC-Web, on a server's side. docs/grpc.md has them.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "codec/sample_messages.h"
#include "tern/codegen/type_ops_of.h"
#include "wire/grpc_web/grpc_web_fixture.h"

namespace tern::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(GrpcWebTest, ACallIsOneEnvelopeAndItsAnswerHasTrailersBehindIt) {
  EXPECT_THAT(read(web_post("Get", envelope(number(5)))), ElementsAre("call store.Store.Get 5"));
  EXPECT_FALSE(frames_.ready());
  reply(7);
  EXPECT_EQ(written(), answer(kBinary, envelope(number(7)) + trailers("grpc-status: 0\r\n")));
  EXPECT_TRUE(frames_.ready());
  EXPECT_FALSE(frames_.finished());
}

TEST_F(GrpcWebTest, AnAnswerHasTheTypeOfItsRequest) {
  struct Case {
    std::string_view came;
    std::string_view answered;
    std::string argument;
    std::string result;
  };
  const std::string end = trailers("grpc-status: 0\r\n");
  const std::string asked = envelope(number(5));
  const std::string told = envelope(number(7));
  for (const Case& one :
       {Case{"application/grpc-web", "application/grpc-web", asked, told + end},
        Case{"Application/gRPC-Web+Proto", "application/grpc-web+proto", asked, told + end},
        Case{"application/grpc-web+proto; charset=x", "application/grpc-web+proto", asked,
             told + end},
        Case{"application/grpc-web+json", "application/grpc-web+json", envelope("5"),
             envelope("7") + end},
        Case{"application/grpc-web-text", "application/grpc-web-text", base64(asked),
             base64(told + end)},
        Case{"application/grpc-web-text+proto", "application/grpc-web-text+proto", base64(asked),
             base64(told + end)}}) {
    EXPECT_THAT(read(web_post("Get", one.argument, "", one.came)),
                ElementsAre("call store.Store.Get 5"))
        << one.came;
    reply(7);
    EXPECT_EQ(written(), answer(one.answered, one.result)) << one.came;
  }
}

TEST_F(GrpcWebTest, ACallIsReadHoweverItIsCut) {
  const std::string body = envelope(number(5));
  const std::string text = base64(body);
  for (const std::string& bytes :
       {web_post("Get", body), chunked_web_post("Get", chunk(body)),
        chunked_web_post("Get", chunk(body.substr(0, 3)) + chunk(body.substr(3))),
        web_post("Get", text, "", kText), chunked_web_post("Get", chunk(text), kText)}) {
    EXPECT_THAT(read_bytewise(bytes), ElementsAre("call store.Store.Get 5"));
    reply(7);
    EXPECT_THAT(written(), StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_TRUE(frames_.ready());
  }
}

// A client may flush at any byte of a message, and then begins with a new piece.
TEST_F(GrpcWebTest, TextMayComeInPaddedPiecesThatEndAnywhere) {
  const std::string body = envelope(number(5));
  for (std::size_t first = 0; first <= body.size(); ++first) {
    for (std::size_t second = first; second <= body.size(); ++second) {
      const std::string text = base64(body.substr(0, first)) +
                               base64(body.substr(first, second - first)) +
                               base64(body.substr(second));
      EXPECT_THAT(read(web_post("Get", text, "", kText)), ElementsAre("call store.Store.Get 5"))
          << text;
      reply(7);
      EXPECT_THAT(read_bytewise(web_post("Get", text, "", kText)),
                  ElementsAre("call store.Store.Get 5"))
          << text;
      reply(7);
    }
  }
}

TEST_F(GrpcWebTest, AMessageOfNoBytesIsAMessage) {
  for (std::string_view type : {kBinary, kText}) {
    const std::string body = envelope("");
    EXPECT_THAT(read(web_post("Get", type == kText ? base64(body) : body, "", type)),
                ElementsAre("call store.Store.Get 0"));
    reply(0);
    written();
  }
}

TEST_F(GrpcWebTest, RequestsAreReadOneBehindTheOther) {
  EXPECT_THAT(read(web_post("Get", base64(envelope(number(5))), "", kText) +
                   web_post("Get", envelope(number(6))) + json_post("Get", "8")),
              ElementsAre("call store.Store.Get 5"));
  reply(7);
  EXPECT_THAT(read(""), ElementsAre("call store.Store.Get 6"));
  reply(7);
  EXPECT_THAT(read(""), ElementsAre("call store.Store.Get 8"));
}

TEST_F(GrpcWebTest, AnErrorIsTrailersAloneInTheHead) {
  read(web_post("Get", envelope(number(5))));
  metadata_.add("took", "3ms");
  frames_.write_error(head(kGet, false), Status(Code::kNotFound, "no \"schlüssel\"\r\n100%"), out_);
  EXPECT_EQ(written(), refusal(kBinary,
                               "grpc-status: 5\r\n"
                               "grpc-message: no \"schl%C3%BCssel\"%0D%0A100%25\r\n"
                               "took: 3ms\r\n"));
  EXPECT_TRUE(frames_.ready());
  EXPECT_FALSE(frames_.finished());
}

TEST_F(GrpcWebTest, ADeclaredErrorIsAStatusOfGoogles) {
  read(web_post("Get", envelope(number(5))));
  frames_.write_error(head(kGet, false),
                      Status::with_detail(Code::kInvalidArgument, "no", type_ops<sample::Args>(),
                                          std::make_shared<sample::Args>(8, 0)),
                      out_);
  // code 3, message "no", and an Any of type.googleapis.com/arith.Args with 08 08.
  const std::string url = "type.googleapis.com/arith.Args";
  const std::string any =
      "\x0a" + std::string(1, static_cast<char>(url.size())) + url + "\x12\x02\x08\x08";
  std::string details =
      base64("\x08\x03\x12\x02no\x1a" + std::string(1, static_cast<char>(any.size())) + any);
  while (details.ends_with('=')) details.pop_back();
  EXPECT_EQ(written(), refusal(kBinary, fmt::format("grpc-status: 3\r\ngrpc-message: no\r\n"
                                                    "grpc-status-details-bin: {}\r\n",
                                                    details)));
}

// Clients bound what they take for a head.
TEST_F(GrpcWebTest, AnErrorThatIsLongIsInTheBody) {
  const std::string text(5000, 'x');
  const std::string end = trailers("grpc-status: 5\r\ngrpc-message: " + text + "\r\n");
  for (std::string_view type : {kBinary, kText}) {
    const std::string body = envelope(number(5));
    read(web_post("Get", type == kText ? base64(body) : body, "", type));
    frames_.write_error(head(kGet, false), Status(Code::kNotFound, text), out_);
    EXPECT_EQ(written(), answer(type, type == kText ? base64(end) : end));
  }
}

TEST_F(GrpcWebTest, MetadataOfAReplyIsInItsTrailers) {
  read(web_post("Get", envelope(number(5))));
  metadata_.add("took", "3ms");
  metadata_.add("digest-bin", std::string("\x00\xff", 2));
  metadata_.add("grpc-status", "7");
  metadata_.add("broken", "a\r\ngrpc-status: 7");
  metadata_.add("access-control-allow-origin", "*");
  reply(7);
  EXPECT_EQ(written(),
            answer(kBinary, envelope(number(7)) + trailers("grpc-status: 0\r\ntook: 3ms\r\n"
                                                           "digest-bin: AP8\r\n")));
}

TEST_F(GrpcWebTest, MetadataOfARequestIsWhatIsNotHttpsOrGrpcsOwn) {
  const std::string bytes =
      web_post("Get", envelope(number(5)),
               "X-Token: t\r\nDigest-Bin: AP8\r\nGrpc-Timeout: 5S\r\nX-Grpc-Web: 1\r\n"
               "X-User-Agent: grpc-web-javascript/0.1\r\nUser-Agent: browser\r\n"
               "Origin: https://page\r\nAccept: */*\r\nSec-Fetch-Mode: cors\r\n");
  wire::Frame frame;
  Status why;
  ASSERT_EQ(frames_.next(as_bytes(bytes), frame, why).step, Step::kFrame);
  EXPECT_EQ(frame.timeout, std::chrono::seconds(5));
  Metadata metadata;
  ASSERT_TRUE(frames_.read_metadata(frame, metadata).ok());
  std::vector<std::string> all;
  for (const Metadata::Entry& one : metadata) all.push_back(one.first + "=" + one.second);
  EXPECT_THAT(all, ElementsAre("x-token=t", std::string("digest-bin=\0\xff", 13)));
}

TEST_F(GrpcWebTest, MetadataThatIsNotBase64IsInternal) {
  const std::string bytes = web_post("Get", envelope(number(5)), "Digest-Bin: ?\r\n");
  wire::Frame frame;
  Status why;
  ASSERT_EQ(frames_.next(as_bytes(bytes), frame, why).step, Step::kFrame);
  Metadata metadata;
  EXPECT_EQ(frames_.read_metadata(frame, metadata).code(), Code::kInternal);
}

TEST_F(GrpcWebTest, AnArgumentThatCannotBeReadIsInternalAndInConnectInvalid) {
  EXPECT_THAT(read(web_post("Get", envelope(number(5)))), ElementsAre("call store.Store.Get 5"));
  EXPECT_EQ(frames_.unreadable(1), Code::kInternal);
  reply(7);
  EXPECT_THAT(read(json_post("Get", "5")), ElementsAre("call store.Store.Get 5"));
  EXPECT_EQ(frames_.unreadable(1), Code::kInvalidArgument);
}

TEST_F(GrpcWebTest, APageOfAnOriginThatMayCallIsShownAnswersAndRefusals) {
  cors_.origins = {"https://page"};
  const std::string origin = "Origin: https://page\r\n";
  read(web_post("Get", envelope(number(5)), origin));
  reply(7);
  const auto shown = AllOf(HasSubstr("Access-Control-Allow-Origin: https://page\r\n"),
                           HasSubstr("Access-Control-Expose-Headers: *, Grpc-Status, Grpc-Message, "
                                     "Grpc-Status-Details-Bin\r\n"));
  EXPECT_THAT(written(), shown);
  read(web_post("Get", envelope(number(5)), origin + "Grpc-Timeout: soon\r\n"));
  EXPECT_THAT(written(), AllOf(shown, HasSubstr("grpc-status: 13\r\n")));
}

TEST_F(GrpcWebTest, IsThereThoughConnectIsSwitchedOff) {
  protocols_.http = false;
  EXPECT_THAT(read(web_post("Get", envelope(number(5)))), ElementsAre("call store.Store.Get 5"));
}

TEST_F(GrpcWebTest, IsSwitchedOffWithGrpc) {
  protocols_.grpc = false;
  EXPECT_THAT(read(web_post("Get", envelope(number(5)))), ElementsAre());
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 415 "), Not(HasSubstr("grpc-web+proto, ")),
                               HasSubstr("Accept-Post: application/json, application/proto\r\n")));
}

}  // namespace
}  // namespace tern::test
