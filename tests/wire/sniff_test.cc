#include "wire/sniff.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace tern {
namespace {

// The name of the protocol, or what else it is.
std::string_view sniffed(ByteView in) {
  const wire::Sniffed found = wire::sniff(in);
  switch (found.kind) {
    case wire::Sniffed::Kind::kMore:
      return "more";
    case wire::Sniffed::Kind::kProtocol:
      return found.protocol->name;
    case wire::Sniffed::Kind::kOption:
      return "Option";
    case wire::Sniffed::Kind::kConnect:
      return "CONNECT";
    case wire::Sniffed::Kind::kUnknown:
      break;
  }
  return "unknown";
}

TEST(Sniff, KnowsEveryProtocolByItsFirstBytesAndWaitsUntilThen) {
  struct Case {
    std::string_view text;
    std::string_view expected;
    std::size_t decides;  // after so many bytes
  };
  const Case cases[] = {
      {"{\"MagicNumber\":3927900", "Option", 10},
      {"{\"CodecType\"", "Option", 10},
      {"{\"x\":1", "Option", 4},
      {"{}", "Option", 2},
      {" \r\n\t{ \"Magi\"", "Option", 12},
      {"{\"method\":", "JSON-RPC", 9},
      {"{\"jsonrpc\":", "JSON-RPC", 10},
      {"{ \"Params\":", "JSON-RPC", 10},
      {"\n{\"id\":", "JSON-RPC", 6},
      {"[{\"id\":", "JSON-RPC", 2},
      {"[\xff\x81", "net/rpc", 2},
      {"\x2f\xff\x81", "net/rpc", 2},
      {"\x20\xfe\x01", "net/rpc", 2},
      {"{\xff\x81", "net/rpc", 2},
      {"CONNECT /", "CONNECT", 8},
      {"GET /", "http", 4},
      {"POST /", "http", 5},
      {"OPTIONS *", "http", 8},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/2", 24},
      {"PRX", "unknown", 3},
      {"\x16\x03\x01", "unknown", 2},
      {"SSH-2.0-", "unknown", 2},
      {" GET /", "unknown", 2},
      {"GETX", "unknown", 4},
      {"*1\r\n", "unknown", 2},
  };
  for (const Case& one : cases) {
    for (std::size_t size = 0; size <= one.text.size(); ++size) {
      std::string_view expected = size < one.decides ? "more" : one.expected;
      EXPECT_EQ(sniffed(as_bytes(one.text.substr(0, size))), expected)
          << one.text << " at " << size;
    }
  }
}

TEST(Sniff, DecidesTheSameHoweverTheFirstBytesCome) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      const std::string_view after_one = sniffed(as_bytes(text).first(1));
      if (after_one == "more") continue;
      EXPECT_EQ(sniffed(as_bytes(text)), after_one) << first << ' ' << second;
    }
  }
}

TEST(Sniff, HasAnAnswerForAllPairsOfFirstBytes) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      std::string text{static_cast<char>(first), static_cast<char>(second)};
      std::string_view found = sniffed(as_bytes(text));
      bool gob = first > 0 && first < 0x80 && second >= 0xfc;
      EXPECT_EQ(found == "net/rpc", gob) << first << ' ' << second;
      bool letter = first >= 'A' && first <= 'Z';
      bool space = first == ' ' || (first >= '\t' && first <= '\r');
      if (!gob && !letter && !space && first != '{' && first != '[') {
        EXPECT_EQ(found, "unknown") << first << ' ' << second;
      }
    }
  }
  EXPECT_EQ(sniffed({}), "more");
}

}  // namespace
}  // namespace tern
