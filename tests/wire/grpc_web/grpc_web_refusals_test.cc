// Requests in gRPC-Web that are none, or that ask for what cannot be.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "wire/grpc_web/grpc_web_fixture.h"

namespace tern::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string flagged(int flags) {
  return envelope(number(5), flags);
}

TEST_F(GrpcWebTest, ABodyThatIsNoMessageIsRefusedInTrailersAlone) {
  struct Case {
    std::string body;
    std::string_view status;
    std::string_view message;
    bool text = false;
  };
  const std::string whole = envelope(number(5));
  for (const Case& one : {
           Case{"", "12", "the body has no message"},
           Case{"", "12", "the body has no message", true},
           Case{whole.substr(0, 1), "13", "the body ends in the middle of a message"},
           Case{whole.substr(0, 4), "13", "the body ends in the middle of a message"},
           Case{whole.substr(0, 5), "13", "the body ends in the middle of a message"},
           Case{whole.substr(0, 6), "13", "the body ends in the middle of a message"},
           Case{base64(whole.substr(0, 6)), "13", "the body ends in the middle", true},
           Case{whole + whole, "12", "the body has a second message"},
           Case{base64(whole + whole), "12", "the body has a second message", true},
           Case{base64(whole) + base64(whole), "12", "the body has a second message", true},
           Case{flagged(1), "12", "a message is compressed; this server knows identity"},
           Case{flagged(2), "13", "a message has the flags 0x02; expected 0"},
           Case{flagged(0x80), "13", "a message has the flags 0x80; expected 0"},
           Case{base64(flagged(0x81)), "12", "a message is compressed", true},
           Case{"????", "13", "the body is not base64 in padded pieces", true},
           Case{whole, "13", "the body is not base64 in padded pieces", true},
           Case{"AAAA=AAA", "13", "the body is not base64", true},
           Case{"AAAAAAI", "13", "the body is not base64", true},   // no padding
           Case{"AAAAAB==", "13", "the body is not base64", true},  // bits of no byte
           Case{"AAA=A===", "13", "the body is not base64", true},
           Case{"-_8=", "13", "the body is not base64", true},  // another alphabet
       }) {
    for (const bool chunks : {false, true}) {
      const std::string_view type = one.text ? kText : kBinary;
      wire::over_http::ServerProtocol fresh(limits_, protocols_, cors_, pages_, &methods_);
      const std::string bytes =
          chunks ? chunked_web_post("Get", one.body.empty() ? "" : chunk(one.body), type)
                 : web_post("Get", one.body, "", type);
      wire::Frame frame;
      Status why;
      ASSERT_EQ(fresh.next(as_bytes(bytes), frame, why).step, Step::kAnswer)
          << testing::PrintToString(one.body);
      fresh.write_answer(out_);
      const std::string text = written();
      EXPECT_THAT(text, StartsWith(fmt::format("HTTP/1.1 200 OK\r\nContent-Type: {}\r\n", type)));
      EXPECT_THAT(text, HasSubstr(fmt::format("\r\ngrpc-status: {}\r\n", one.status)));
      EXPECT_THAT(text, HasSubstr(fmt::format("\r\ngrpc-message: http: {}", one.message)));
      EXPECT_THAT(text, HasSubstr("\r\nContent-Length: 0\r\n"));
    }
  }
}

// What is wrong first counts.
TEST_F(GrpcWebTest, TextIsRefusedForTheSameReasonHoweverItIsCut) {
  struct Case {
    std::string body;
    std::string_view message;
  };
  const std::string whole = base64(envelope(number(5)) + "x").substr(0, 8);  // and 2 bytes missing
  const std::string padded = base64(envelope(number(5)));
  const std::string over = base64(envelope(std::string(1001, 'x')).substr(0, 6));
  for (const Case& one :
       {Case{over + "?", "a message of 1001 bytes"},
        Case{over.substr(0, 7) + "??", "the body is not base64"},
        Case{base64(envelope(number(5), 2)) + "?", "a message has the flags"},
        Case{whole + "?", "the body is not base64"}, Case{padded + "?", "the body is not base64"},
        Case{padded + "A", "the body is not base64"},
        Case{padded + "AA==A", "the body is not base64"},
        Case{padded + "AA==", "the body ends in the middle of a message"},
        Case{padded + "AA", "the body is not base64"},
        Case{padded + "AAA", "the body is not base64"},
        Case{padded + padded + "?", "the body has a second message"}}) {
    for (std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{1000}}) {
      wire::over_http::ServerProtocol fresh(limits_, protocols_, cors_, pages_, &methods_);
      const std::string bytes = web_post("Get", one.body, "", kText);
      std::string why;
      std::size_t come = 0;
      for (std::size_t at = 0; why.empty() && come < bytes.size();) {
        come = std::min(come + piece, bytes.size());
        for (bool more = true; more && why.empty() && at < come;) {
          wire::Frame frame;
          Status broken;
          const wire::FrameProgress progress =
              fresh.next(as_bytes(std::string_view(bytes).substr(at, come - at)), frame, broken);
          at += progress.consumed;
          more = progress.step != Step::kMore;
          if (progress.step == Step::kAnswer) {
            fresh.write_answer(out_);
            why = written();
          }
          if (progress.step == Step::kFrame) why = frame.refused.to_string();
        }
      }
      EXPECT_THAT(why, HasSubstr(one.message)) << one.body << " in pieces of " << piece;
    }
  }
}

TEST_F(GrpcWebTest, AMessageOverTheLimitIsRefusedFromItsPrefix) {
  const std::string prefix = envelope(std::string(1001, 'x')).substr(0, 5);
  for (const std::string& bytes :
       {web_post("Get", prefix), web_post("Count", prefix),
        post("Get", kBinary, "Content-Length: 1006\r\n") + prefix,
        post("Get", kBinary, "Transfer-Encoding: chunked\r\n") + "3ee\r\n" + prefix,
        web_post("Get", base64(prefix + "x"), "", kText)}) {
    wire::over_http::ServerProtocol fresh(limits_, protocols_, cors_, pages_, &methods_);
    wire::Frame frame;
    Status why;
    ASSERT_EQ(fresh.next(as_bytes(bytes), frame, why).step, Step::kFrame);
    EXPECT_EQ(frame.refused.code(), Code::kResourceExhausted);
    EXPECT_EQ(frame.limit, wire::FrameLimit::kMessage);
    wire::ReplyHead head;
    head.id = frame.id;
    fresh.write_error(head, frame.refused, out_);
    EXPECT_THAT(written(),
                AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("\r\ngrpc-status: 8\r\n"),
                      HasSubstr("the limit is 1000 (Limits::message_bytes)\r\n"),
                      HasSubstr("Connection: close\r\n")));
    EXPECT_TRUE(fresh.finished());
  }
}

TEST_F(GrpcWebTest, AMessageOfExactlyTheLimitIsTaken) {
  // A field that is not known, of 996 bytes behind its key and length.
  const std::string message = "\x12\xe5\x07" + std::string(997, 'x');
  ASSERT_EQ(message.size(), limits_.message_bytes);
  EXPECT_THAT(read(web_post("Get", envelope(message))), ElementsAre("call store.Store.Get 0"));
  reply(7);
  EXPECT_THAT(read(web_post("Get", base64(envelope(message)), "", kText)),
              ElementsAre("call store.Store.Get 0"));
}

TEST_F(GrpcWebTest, ClientsThatStreamAreUnimplementedBeforeTheirBodyEnds) {
  for (std::string_view method : {"Sum", "Chat"}) {
    wire::over_http::ServerProtocol fresh(limits_, protocols_, cors_, pages_, &methods_);
    const std::string bytes = post(method, kBinary, "Transfer-Encoding: chunked\r\n") + "1";
    wire::Frame frame;
    Status why;
    ASSERT_EQ(fresh.next(as_bytes(bytes), frame, why).step, Step::kAnswer);
    fresh.write_answer(out_);
    EXPECT_EQ(written(), head_of(kBinary, fmt::format("Content-Length: 0\r\nConnection: close\r\n"
                                                      "grpc-status: 12\r\n"
                                                      "grpc-message: grpc-web: the client of "
                                                      "store.Store/{} streams, which gRPC-Web "
                                                      "cannot carry\r\n",
                                                      method)));
    EXPECT_TRUE(fresh.finished());
  }
}

TEST_F(GrpcWebTest, AnUnknownSubtypeIs415WithThoseThatAreKnown) {
  for (std::string_view type :
       {"application/grpc-web+thrift", "application/grpc-web-text+json", "application/grpc-webx"}) {
    wire::over_http::ServerProtocol fresh(limits_, protocols_, cors_, pages_, &methods_);
    const std::string bytes = post("Get", type, "Content-Length: 1\r\n") + "1";
    wire::Frame frame;
    Status why;
    ASSERT_EQ(fresh.next(as_bytes(bytes), frame, why).step, Step::kAnswer) << type;
    fresh.write_answer(out_);
    EXPECT_THAT(written(),
                AllOf(StartsWith("HTTP/1.1 415 "), HasSubstr("\r\ngrpc-status: 12\r\n"),
                      HasSubstr("\r\nAccept-Post: application/grpc-web, "
                                "application/grpc-web+proto, application/grpc-web+json, "
                                "application/grpc-web-text, application/grpc-web-text+proto\r\n")))
        << type;
  }
}

TEST_F(GrpcWebTest, AMethodThatIsNotThereIsUnimplemented) {
  for (std::string_view name : {"Nothing", "Nothing/at/all"}) {
    const std::vector<std::string> seen = read(web_post(name, envelope(number(5))));
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_THAT(seen[0], StartsWith("call store.Store"));
    frames_.write_error(
        head(kGet, false),
        frames_.unknown_method(1, "store.Store.Nothing", wire::UnknownMethod::kMethod), out_);
    EXPECT_THAT(written(), HasSubstr("\r\ngrpc-status: 12\r\n"));
    EXPECT_FALSE(frames_.finished());
  }
}

TEST_F(GrpcWebTest, ATimeoutThatIsNoneIsRefused) {
  for (std::string_view text : {"5", "S", "123456789S", "5x", "-5S", " 5 S"}) {
    wire::over_http::ServerProtocol fresh(limits_, protocols_, cors_, pages_, &methods_);
    const std::string bytes =
        web_post("Get", envelope(number(5)), fmt::format("Grpc-Timeout: {}\r\n", text));
    wire::Frame frame;
    Status why;
    ASSERT_EQ(fresh.next(as_bytes(bytes), frame, why).step, Step::kAnswer) << text;
    fresh.write_answer(out_);
    EXPECT_THAT(written(), AllOf(HasSubstr("\r\ngrpc-status: 13\r\n"),
                                 HasSubstr("grpc-timeout: expected 1 to 8 digits")));
  }
}

TEST_F(GrpcWebTest, NoTimeAtAllIsOverAtOnce) {
  const std::string bytes = web_post("Get", envelope(number(5)), "Grpc-Timeout: 0S\r\n");
  wire::Frame frame;
  Status why;
  ASSERT_EQ(frames_.next(as_bytes(bytes), frame, why).step, Step::kFrame);
  EXPECT_EQ(frame.timeout, std::chrono::nanoseconds(1));
}

TEST_F(GrpcWebTest, AnEncodingIsRefusedWithThoseThatAreKnown) {
  for (std::string_view header : {"Grpc-Encoding: gzip\r\n", "Content-Encoding: br\r\n"}) {
    wire::over_http::ServerProtocol fresh(limits_, protocols_, cors_, pages_, &methods_);
    const std::string bytes = web_post("Get", envelope(number(5)), header);
    wire::Frame frame;
    Status why;
    ASSERT_EQ(fresh.next(as_bytes(bytes), frame, why).step, Step::kAnswer) << header;
    fresh.write_answer(out_);
    EXPECT_THAT(written(), AllOf(HasSubstr("\r\ngrpc-status: 12\r\n"),
                                 HasSubstr("\r\ngrpc-accept-encoding: identity\r\n")));
  }
  EXPECT_THAT(read(web_post("Get", envelope(number(5)), "Grpc-Encoding: identity\r\n")),
              ElementsAre("call store.Store.Get 5"));
}

TEST_F(GrpcWebTest, ABodyThatIsNotHttpEndsTheConnection) {
  const std::string bytes = post("Get", kBinary, "Transfer-Encoding: chunked\r\n") + "x\r\n";
  EXPECT_THAT(read(bytes), ElementsAre("broken"));
  EXPECT_THAT(written(), AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("Connection: close\r\n")));
}

TEST_F(GrpcWebTest, WhoWaitsBeforeABodyIsToldToSendIt) {
  const std::string body = envelope(number(5));
  EXPECT_THAT(
      read(post("Get", kBinary,
                fmt::format("Content-Length: {}\r\nExpect: 100-continue\r\n", body.size()))),
      ElementsAre());
  EXPECT_EQ(written(), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_THAT(read(body), ElementsAre("call store.Store.Get 5"));
}

}  // namespace
}  // namespace tern::test
