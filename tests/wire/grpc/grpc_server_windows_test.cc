// What may come of requests that have one message, of gRPC and of Connect.
#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>

#include <string>
#include <vector>

#include "wire/grpc/grpc_server_fixture.h"

namespace tern::test {
namespace {

constexpr std::size_t kMessage = 1024 * 1024;

// Of which each takes one more trip than its first window: so it is granted at once.
class GrpcServerWindows : public GrpcServer {
 protected:
  // One way and back.
  std::vector<Got> round() {
    std::vector<Got> got;
    read(client->take_bytes(), got);
    flush();
    return got;
  }
  static Fields connect_head(const Fields& more) {
    Fields head = {{":method", "POST"},
                   {":scheme", "http"},
                   {":path", "/sample.S/Do"},
                   {":authority", "here"}};
    head.insert(head.end(), more.begin(), more.end());
    return head;
  }
};

TEST_F(GrpcServerWindows, OfAMessageAreGrantedWhole) {
  round();
  const std::int32_t stream = client->begin(grpc_head("/sample.S/Do"));
  const std::string message(kMessage, 'x');
  client->send(stream, grpc_message(message), true);
  EXPECT_TRUE(round().empty());
  const std::vector<Got> got = round();
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].body, message);
}

TEST_F(GrpcServerWindows, OfABodyWithALengthAreGrantedWhole) {
  round();
  const std::string body = '"' + std::string(kMessage, 'x') + '"';
  const std::int32_t stream = client->begin(connect_head(
      {{"content-type", "application/json"}, {"content-length", std::to_string(body.size())}}));
  client->send(stream, body, true);
  EXPECT_TRUE(round().empty());
  EXPECT_EQ(round().size(), 1u);
}

TEST_F(GrpcServerWindows, OfAnEnvelopeAreGrantedWhole) {
  round();
  const std::int32_t stream =
      client->begin(connect_head({{"content-type", "application/grpc-web+proto"}}));
  client->send(stream, grpc_message(std::string(kMessage, 'x')), true);
  EXPECT_TRUE(round().empty());
  EXPECT_EQ(round().size(), 1u);
}

TEST_F(GrpcServerWindows, OfABodyWithoutALengthAreGivenBackAsItComes) {
  const std::string body = '"' + std::string(kMessage, 'x') + '"';
  const std::int32_t stream = client->begin(connect_head({{"content-type", "application/json"}}));
  client->send(stream, body, true);
  EXPECT_EQ(exchange().size(), 1u);
}

TEST_F(GrpcServerWindows, OfWhatNobodyReadsAreGivenBackAsItComes) {
  const std::string body(3 * kMessage, 'x');
  const std::int32_t stream = client->begin(connect_head(
      {{"content-type", "text/plain"}, {"content-length", std::to_string(body.size())}}));
  client->send(stream, body, true);
  EXPECT_TRUE(exchange().empty());
  EXPECT_EQ(client->answer(stream).field(":status"), "415");
  EXPECT_TRUE(client->answer(stream).ended);
}

class GrpcServerOfLittle : public GrpcServer {
 protected:
  GrpcServerOfLittle() : GrpcServer(little()) {}

  static Limits little() {
    Limits limits;
    limits.chunked_bytes = 100'000;
    return limits;
  }
};

TEST_F(GrpcServerOfLittle, HoldsTheWindowsOfTheOthersWhileMuchIsComing) {
  const std::string message(300'000, 'x');
  std::vector<std::int32_t> streams;
  for (int i = 0; i < 8; ++i) {
    streams.push_back(client->begin(grpc_head("/sample.S/Do")));
    client->send(streams.back(), grpc_message(message).substr(0, 200'000), false);
  }
  EXPECT_TRUE(exchange().empty());
  EXPECT_TRUE(server.in_frame());
  for (std::int32_t stream : streams) {
    client->send(stream, grpc_message(message).substr(200'000), true);
  }
  EXPECT_EQ(exchange().size(), 8u);
  EXPECT_FALSE(server.in_frame());
}

TEST_F(GrpcServerOfLittle, GivesTheOthersTheirWindowsWhenTheFirstIsReset) {
  const std::string message(300'000, 'x');
  const std::int32_t first = client->begin(grpc_head("/sample.S/Do"));
  client->send(first, grpc_message(message).substr(0, 299'000), false);
  EXPECT_TRUE(exchange().empty());
  const std::int32_t second = client->begin(grpc_head("/sample.S/Do"));
  client->send(second, grpc_message(message), true);
  EXPECT_TRUE(exchange().empty());
  client->reset(first, NGHTTP2_CANCEL);
  EXPECT_EQ(exchange().size(), 1u);
}

}  // namespace
}  // namespace tern::test
