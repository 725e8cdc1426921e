#include "wire/grpc/text.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace tern::wire::grpc {
namespace {

using namespace std::chrono_literals;

TEST(GrpcTimeout, IsUpToEightDigitsAndAUnit) {
  EXPECT_EQ(read_timeout("1H"), 1h);
  EXPECT_EQ(read_timeout("2M"), 2min);
  EXPECT_EQ(read_timeout("3S"), 3s);
  EXPECT_EQ(read_timeout("4m"), 4ms);
  EXPECT_EQ(read_timeout("5u"), 5us);
  EXPECT_EQ(read_timeout("99999999n"), 99999999ns);
  EXPECT_EQ(read_timeout("0S"), 0s);
}

TEST(GrpcTimeout, OfMoreHoursThanNanosecondsCanSayIsAsLongAsTheyCan) {
  EXPECT_GT(*read_timeout("99999999H"), 24h * 365 * 290);
}

TEST(GrpcTimeout, ThatIsNoneIsRefused) {
  for (const char* text : {"", "S", "1", "1s", "-1S", "+1S", "1.5S", "100000000n", "1 S", " 1S"}) {
    EXPECT_FALSE(read_timeout(text)) << text;
  }
}

TEST(GrpcMessage, HasWhatIsNotPrintableAndThePercentSignEscaped) {
  EXPECT_EQ(escape_message("a b~"), "a b~");
  EXPECT_EQ(escape_message("100%\n\xc3\xa9\x7f"), "100%25%0A%C3%A9%7F");
}

TEST(GrpcMetadata, IsWhatIsNotGrpcsOrHttpsOwn) {
  Metadata metadata;
  ASSERT_TRUE(read_metadata({{":path", "/a/b"},
                             {"te", "trailers"},
                             {"grpc-timeout", "1S"},
                             {"user-agent", "x"},
                             {"key", "value"},
                             {"key", "again"}},
                            metadata)
                  .ok());
  ASSERT_EQ(metadata.size(), 2u);
  EXPECT_EQ(metadata.get("key"), "value");
}

TEST(GrpcMetadata, OfBytesIsBase64PaddedOrNotAndMayBeJoinedWithCommas) {
  Metadata metadata;
  ASSERT_TRUE(
      read_metadata({{"a-bin", "AAE="}, {"b-bin", "AAE"}, {"c-bin", "AAE=, AQ"}}, metadata).ok());
  ASSERT_EQ(metadata.size(), 4u);
  EXPECT_EQ(metadata.get("a-bin"), std::string("\0\1", 2));
  EXPECT_EQ(metadata.get("b-bin"), std::string("\0\1", 2));
  EXPECT_EQ((metadata.end() - 1)->second, "\1");
  const Status failure = read_metadata({{"d-bin", "A!"}}, metadata);
  EXPECT_EQ(failure.code(), Code::kInternal);
  EXPECT_EQ(failure.message(), "metadata: the value of \"d-bin\" is not base64: \"A!\"");
}

TEST(GrpcMetadata, ThatNoFieldCanCarryIsLeftOut) {
  Metadata metadata;
  metadata.add("Good", "value");
  metadata.add("bytes-bin", std::string("\0\1", 2));
  metadata.add("bad key", "value");
  metadata.add("grpc-status", "0");
  metadata.add("line", "a\r\nb");
  metadata.add("text", "\xc3\xa9");
  Fields fields;
  add_metadata(metadata, fields);
  EXPECT_EQ(fields, (Fields{{"good", "value"}, {"bytes-bin", "AAE"}}));
}

}  // namespace
}  // namespace tern::wire::grpc
