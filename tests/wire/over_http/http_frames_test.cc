// What HTTP's frames tell those above: pages, and what ends a connection.
#include "wire/over_http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace tern {
namespace {

using Step = wire::FrameStep;
using testing::HasSubstr;
using testing::Not;

class HttpFramesTest : public testing::Test {
 protected:
  Step next(std::string_view bytes) {
    bytes_ = bytes;
    Status why;
    wire::FrameProgress progress = frames_.next(as_bytes(bytes_), frame_, why);
    EXPECT_EQ(progress.consumed, bytes_.size());
    return progress.step;
  }
  std::string written() {
    std::string text(as_text(out_.view()));
    out_.clear();
    return text;
  }

  Protocols protocols_;
  Cors cors_;
  wire::over_http::ServerProtocol frames_{Limits(), protocols_, cors_};
  std::string bytes_;
  wire::Frame frame_;
  Buffer out_;
};

TEST_F(HttpFramesTest, AskForPages) {
  ASSERT_EQ(next("PUT /debug/rpc?a=b HTTP/1.1\r\nHost: here:80\r\nCookie: c\r\n\r\n"),
            Step::kFrame);
  EXPECT_EQ(frame_.kind, wire::FrameKind::kPage);
  EXPECT_EQ(frame_.method_name, "/debug/rpc?a=b");
  EXPECT_EQ(frame_.verb, "PUT");
  Metadata headers;
  EXPECT_TRUE(frames_.read_metadata(frame_, headers).ok());
  EXPECT_EQ(headers.get("host"), "here:80");
  EXPECT_EQ(headers.get("cookie"), "c");
}

TEST_F(HttpFramesTest, WritePagesWithTheirHeaders) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kHeaders = {
      {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}}};
  wire::Page page;
  page.status = 404;
  page.content_type = "text/html";
  page.headers = kHeaders;
  page.body = "gone";
  ASSERT_EQ(next("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), Step::kFrame);
  EXPECT_FALSE(frames_.ready());
  frames_.write_page(0, page, out_);
  EXPECT_TRUE(frames_.ready());
  EXPECT_EQ(written(),
            "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n"
            "X-Content-Type-Options: nosniff\r\nContent-Length: 4\r\nCache-Control: no-store\r\n"
            "\r\ngone");
  ASSERT_EQ(next("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"), Step::kFrame);
  frames_.write_page(0, page, out_);
  EXPECT_THAT(written(), AllOf(HasSubstr("Content-Length: 4\r\n"), Not(HasSubstr("gone"))));
}

TEST_F(HttpFramesTest, EndTheConnectionWithTheLastRequest) {
  EXPECT_FALSE(frames_.finished());
  ASSERT_EQ(next("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), Step::kFrame);
  EXPECT_TRUE(frames_.finished());
}

TEST_F(HttpFramesTest, EndTheConnectionWithTheNextAnswerOfAServerThatGoesAway) {
  frames_.write_going_away("bye", out_);
  EXPECT_EQ(written(), "");
  ASSERT_EQ(next("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), Step::kFrame);
  frames_.write_page(0, wire::Page(), out_);
  EXPECT_THAT(written(), HasSubstr("Connection: close\r\n"));
}

TEST_F(HttpFramesTest, NeverRepeatWhatAPeerSaidUnescaped) {
  ASSERT_EQ(next("POST /<script>/x HTTP/1.1\r\nHost: a\r\nContent-Type: text/\"<b>\x80\r\n\r\n"),
            Step::kAnswer);
  frames_.write_answer(out_);
  std::string answer = written();
  EXPECT_THAT(answer, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(answer, HasSubstr("\\\"<b>\\\\x80\\\""));
}

}  // namespace
}  // namespace tern
