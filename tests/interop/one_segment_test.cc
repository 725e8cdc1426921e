// Requests that follow the Option or CONNECT in the same segment are answered, all of them.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "interop/port_fixture.h"
#include "wire/go/gob_client.h"

namespace tern::test {
namespace {

constexpr std::string_view kJsonOption =
    "{\"MagicNumber\":3927900,\"CodecType\":\"application/json\"}";
constexpr std::string_view kGobOption =
    "{\"MagicNumber\":3927900,\"CodecType\":\"application/gob\"}";

constexpr std::string_view kJsonRequests =
    "{\"ServiceMethod\":\"Foo.Sum\",\"Seq\":1} {\"Num1\":1,\"Num2\":3}"
    "{\"ServiceMethod\":\"Foo.Sum\",\"Seq\":2} {\"Num1\":2,\"Num2\":3}";
constexpr std::string_view kJsonReplies =
    "{\"ServiceMethod\":\"Foo.Sum\",\"Seq\":1,\"Error\":\"\"}\n4\n"
    "{\"ServiceMethod\":\"Foo.Sum\",\"Seq\":2,\"Error\":\"\"}\n5\n";

// Foo.Sum(1, 3) and Foo.Sum(2, 3) as Go wrote them: for net/rpc, numbered from 0, and for GeeRPC.
constexpr std::string_view kNetRpcRequests =
    "2fff81030101075265717565737401ff82000102010d536572766963654d6574686f64010c0001035365"
    "7101060000000cff820107466f6f2e53756d0027ff8303010107466f6f4172677301ff8400010201044e"
    "756d3101040001044e756d32010400000007ff8401020106000eff820107466f6f2e53756d01010007ff"
    "840104010600";
constexpr std::string_view kGeeRpcRequests =
    "38ff850301010648656164657201ff86000103010d536572766963654d6574686f64010c000103536571"
    "01060001054572726f72010c0000000eff860107466f6f2e53756d01010027ff8303010107466f6f4172"
    "677301ff8400010201044e756d3101040001044e756d32010400000007ff8401020106000eff86010746"
    "6f6f2e53756d01020007ff840104010600";

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

// The results in gob behind `greeting`, which the server says first.
std::vector<std::int64_t> results(wire::go::Dialect dialect, std::string received,
                                  std::string_view greeting) {
  EXPECT_TRUE(received.starts_with(greeting)) << received;
  received.erase(0, greeting.size());
  wire::go::ClientProtocol frames(dialect, Limits());
  std::vector<std::int64_t> all;
  ByteView in = std::as_bytes(std::span(received));
  while (true) {
    wire::Frame frame;
    Status why;
    wire::ClientProtocol::Progress progress = frames.next(in, frame, why);
    if (progress.step == wire::ClientProtocol::Step::kMore) return all;
    EXPECT_NE(progress.step, wire::ClientProtocol::Step::kBroken) << why.to_string();
    if (progress.step == wire::ClientProtocol::Step::kBroken) return all;
    if (progress.step == wire::ClientProtocol::Step::kFrame) {
      EXPECT_EQ(frame.kind, wire::FrameKind::kReply);
      EXPECT_TRUE(frames.read_body(frame, type_ops<std::int64_t>(), &all.emplace_back()).ok());
    }
    in = in.subspan(progress.consumed);
  }
}

class OneSegment : public Port {
 protected:
  // What the server says to all of this, sent at once, until it hangs up.
  std::string answer(std::string all) {
    RawPeer peer(at());
    peer.send(all);
    peer.finish();
    return peer.receive_all();
  }
};

const std::vector<std::int64_t> kSums = {4, 5};

TEST_F(OneSegment, TheOptionAndRequestsInJson) {
  for (std::string_view between : {"", "\n", "\r\n", "  "}) {
    EXPECT_EQ(answer(std::string(kJsonOption) + std::string(between) + std::string(kJsonRequests)),
              kJsonReplies);
  }
}

TEST_F(OneSegment, TheOptionAndRequestsInGob) {
  for (std::string_view between : {"", "\n"}) {
    std::string all = std::string(kGobOption) + std::string(between) + from_hex(kGeeRpcRequests);
    EXPECT_EQ(results(wire::go::Dialect::kGeeRpc, answer(all), ""), kSums);
  }
}

TEST_F(OneSegment, ConnectAndRequestsOfNetRpc) {
  std::string all = "CONNECT /_goRPC_ HTTP/1.0\n\n" + from_hex(kNetRpcRequests);
  EXPECT_EQ(
      results(wire::go::Dialect::kNetRpc, answer(all), "HTTP/1.0 200 Connected to Go RPC\n\n"),
      kSums);
}

TEST_F(OneSegment, ConnectAndTheOptionAndRequestsInGob) {
  std::string all =
      "CONNECT /_geeprc_ HTTP/1.0\n\n" + std::string(kGobOption) + "\n" + from_hex(kGeeRpcRequests);
  EXPECT_EQ(
      results(wire::go::Dialect::kGeeRpc, answer(all), "HTTP/1.0 200 Connected to Gee RPC\n\n"),
      kSums);
}

TEST_F(OneSegment, ConnectAndTheOptionAndRequestsInJson) {
  EXPECT_EQ(answer("CONNECT /_myrpc_ HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(kJsonOption) +
                   std::string(kJsonRequests)),
            "HTTP/1.0 200 Connected to MyRPC\n\n" + std::string(kJsonReplies));
}

TEST_F(OneSegment, RequestsOfNetRpc) {
  EXPECT_EQ(results(wire::go::Dialect::kNetRpc, answer(from_hex(kNetRpcRequests)), ""), kSums);
}

TEST_F(OneSegment, RequestsOfJsonRpc) {
  EXPECT_EQ(answer("{\"method\":\"Foo.Sum\",\"params\":[{\"Num1\":1,\"Num2\":3}],\"id\":0}"
                   "{\"method\":\"Foo.Sum\",\"params\":[{\"Num1\":2,\"Num2\":3}],\"id\":1}"),
            "{\"id\":0,\"result\":4,\"error\":null}\n{\"id\":1,\"result\":5,\"error\":null}\n");
}

}  // namespace
}  // namespace tern::test
