#include "wire/sniff.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace tern {
namespace {

TEST(Sniff, KnowsEveryProtocolByItsFirstBytesAndWaitsUntilThen) {
  struct Case {
    std::string_view text;
    Sniffed expected;
    std::size_t decides;  // after so many bytes
  };
  const Case cases[] = {
      {"{\"MagicNumber\":3927900", Sniffed::kOption, 10},
      {"{\"CodecType\"", Sniffed::kOption, 10},
      {"{\"x\":1", Sniffed::kOption, 4},
      {"{}", Sniffed::kOption, 2},
      {" \r\n\t{ \"Magi\"", Sniffed::kOption, 12},
      {"{\"method\":", Sniffed::kJsonRpc, 9},
      {"{\"jsonrpc\":", Sniffed::kJsonRpc, 10},
      {"{ \"Params\":", Sniffed::kJsonRpc, 10},
      {"\n{\"id\":", Sniffed::kJsonRpc, 6},
      {"[{\"id\":", Sniffed::kJsonRpc, 1},
      {"\x2f\xff\x81", Sniffed::kNetRpc, 2},
      {"\x20\xfe\x01", Sniffed::kNetRpc, 2},
      {"{\xff\x81", Sniffed::kNetRpc, 2},
      {"CONNECT /", Sniffed::kConnect, 8},
      {"GET /", Sniffed::kHttp, 4},
      {"POST /", Sniffed::kHttp, 5},
      {"OPTIONS *", Sniffed::kHttp, 8},
      {"PRI * HTTP/2.0", Sniffed::kUnknown, 2},
      {"\x16\x03\x01", Sniffed::kUnknown, 2},
      {"SSH-2.0-", Sniffed::kUnknown, 2},
      {" GET /", Sniffed::kUnknown, 2},
      {"GETX", Sniffed::kUnknown, 4},
      {"*1\r\n", Sniffed::kUnknown, 2},
  };
  for (const Case& one : cases) {
    for (std::size_t size = 0; size <= one.text.size(); ++size) {
      Sniffed expected = size < one.decides ? Sniffed::kMore : one.expected;
      EXPECT_EQ(sniff(as_bytes(one.text.substr(0, size))), expected) << one.text << " at " << size;
    }
  }
}

TEST(Sniff, HasAnAnswerForAllPairsOfFirstBytes) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      std::string text{static_cast<char>(first), static_cast<char>(second)};
      Sniffed sniffed = sniff(as_bytes(text));
      bool gob = first < 0x80 && second >= 0xfc;
      EXPECT_EQ(sniffed == Sniffed::kNetRpc, gob) << first << ' ' << second;
      bool letter = first >= 'A' && first <= 'Z';
      bool space = first == ' ' || (first >= '\t' && first <= '\r');
      if (!gob && !letter && !space && first != '{' && first != '[') {
        EXPECT_EQ(sniffed, Sniffed::kUnknown) << first << ' ' << second;
      }
    }
  }
  EXPECT_EQ(sniff({}), Sniffed::kMore);
}

}  // namespace
}  // namespace tern
