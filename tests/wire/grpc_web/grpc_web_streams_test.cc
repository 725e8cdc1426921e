// Servers' streams in gRPC-Web, on a server's side. docs/grpc.md has them.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>
#include <string_view>

#include "wire/grpc_web/grpc_web_fixture.h"

namespace tern::test {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

TEST_F(GrpcWebTest, AServersStreamIsEnvelopesAndTrailers) {
  EXPECT_THAT(read(web_post("Count", envelope(number(5)))),
              ElementsAre("open store.Store.Count 5"));
  say(1);
  say(0);
  EXPECT_EQ(written(), fmt::format("{}{}{}", stream_head(kBinary), chunk(envelope(number(1))),
                                   chunk(envelope(""))));
  metadata_.add("took", "3ms");
  end(kCount);
  EXPECT_EQ(written(),
            chunk(trailers("grpc-status: 0\r\ntook: 3ms\r\n")) + std::string(kLastChunk));
  EXPECT_TRUE(frames_.ready());
  EXPECT_FALSE(frames_.finished());
}

TEST_F(GrpcWebTest, EachPieceOfAStreamInTextIsPadded) {
  EXPECT_THAT(read(web_post("Count", base64(envelope(number(5))), "", kText)),
              ElementsAre("open store.Store.Count 5"));
  say(1);
  say(2);
  end(kCount);
  EXPECT_EQ(written(),
            fmt::format("{}{}{}{}{}", stream_head(kText), chunk(base64(envelope(number(1)))),
                        chunk(base64(envelope(number(2)))),
                        chunk(base64(trailers("grpc-status: 0\r\n"))), kLastChunk));
}

TEST_F(GrpcWebTest, ALongMessageInTextLeavesInPaddedPieces) {
  read(web_post("Count", base64(envelope(number(5))), "", kText));
  begin_message("abc", 5);
  end_message("de");
  EXPECT_EQ(written(),
            fmt::format("{}{}{}", stream_head(kText), chunk(base64(envelope("abcde").substr(0, 8))),
                        chunk(base64("de"))));
}

TEST_F(GrpcWebTest, AStreamWithoutMessagesHasItsTrailersInTheBody) {
  read(web_post("Count", envelope(number(5))));
  end(kCount);
  EXPECT_EQ(written(), fmt::format("{}{}{}", stream_head(kBinary),
                                   chunk(trailers("grpc-status: 0\r\n")), kLastChunk));
}

TEST_F(GrpcWebTest, AnErrorBehindMessagesIsInTheTrailers) {
  read(web_post("Count", envelope(number(5))));
  say(1);
  fail(kCount, Status(Code::kNotFound, "no more", HandlerRan::kYes));
  EXPECT_EQ(written(), fmt::format("{}{}{}{}", stream_head(kBinary), chunk(envelope(number(1))),
                                   chunk(trailers("grpc-status: 5\r\ngrpc-message: no more\r\n")),
                                   kLastChunk));
}

TEST_F(GrpcWebTest, AnErrorBeforeTheFirstMessageIsTrailersAlone) {
  for (std::string_view type : {kBinary, kText}) {
    const std::string body = envelope(number(5));
    read(web_post("Count", type == kText ? base64(body) : body, "", type));
    fail(kCount, Status(Code::kNotFound, "none", HandlerRan::kYes));
    EXPECT_EQ(written(), refusal(type, "grpc-status: 5\r\ngrpc-message: none\r\n"));
    EXPECT_TRUE(frames_.ready());
  }
}

// The error is known while messages wait for their turn.
TEST_F(GrpcWebTest, AnErrorThatWaitsBehindMessagesIsInTheTrailers) {
  read(web_post("Count", envelope(number(5))));
  Buffer last;
  frames_.write_error(head(kCount), Status(Code::kNotFound, "no more"), last);
  say(1);
  frames_.write_stream_end(id_, last.view(), out_);
  EXPECT_THAT(written(), EndsWith(chunk(envelope(number(1))) +
                                  chunk(trailers("grpc-status: 5\r\ngrpc-message: no more\r\n")) +
                                  std::string(kLastChunk)));
}

TEST_F(GrpcWebTest, MetadataBeforeTheFirstMessageIsHeaders) {
  read(web_post("Count", envelope(number(5))));
  Metadata initial;
  initial.add("etag", "x");
  initial.add("digest-bin", std::string("\x00\xff", 2));
  initial.add("content-type", "text/html");
  initial.add("broken", "a\r\nb: c");
  frames_.write_initial_metadata(id_, initial, out_);
  EXPECT_EQ(written(), stream_head(kBinary, "etag: x\r\ndigest-bin: AP8\r\n"));
  fail(kCount, Status(Code::kNotFound, "none", HandlerRan::kYes));
  EXPECT_EQ(written(),
            chunk(trailers("grpc-status: 5\r\ngrpc-message: none\r\n")) + std::string(kLastChunk));
}

TEST_F(GrpcWebTest, AMessageThatIsCutOffIsFollowedByTheEndOfTheConnection) {
  read(web_post("Count", envelope(number(5))));
  begin_message("abc", 5);
  expect_cut_off_by_the_end();
}

TEST_F(GrpcWebTest, AStreamHasNoComments) {
  read(web_post("Count", envelope(number(5))));
  EXPECT_FALSE(frames_.wants_heartbeats(id_));
}

TEST_F(GrpcWebTest, AClientOfHttp10GetsAStreamUpToTheEndOfTheConnection) {
  const std::string body = envelope(number(5));
  read(
      fmt::format("POST /store.Store/Count HTTP/1.0\r\nContent-Type: {}\r\n"
                  "Content-Length: {}\r\n\r\n{}",
                  kBinary, body.size(), body));
  say(1);
  end(kCount);
  EXPECT_THAT(written(),
              AllOf(HasSubstr("Connection: close\r\n"),
                    EndsWith("\r\n\r\n" + envelope(number(1)) + trailers("grpc-status: 0\r\n"))));
  EXPECT_TRUE(frames_.finished());
}

}  // namespace
}  // namespace tern::test
