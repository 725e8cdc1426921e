// UTF-8, base64 and RFC 3339 (docs/codecs.md, "JSON").
#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

#include "codec/base64.h"
#include "codec/rfc3339.h"
#include "codec/utf8.h"
#include "codec_testing.h"

namespace sample {
namespace {

TEST(Utf8, TakesWellFormedTextOnly) {
  struct Row {
    std::string text;
    std::size_t good;  // bytes
  };
  const Row table[] = {
      {"", 0},
      {"plain", 5},
      {std::string(1000, 'x'), 1000},
      {"\x7f", 1},
      {"\xc2\x80", 2},
      {"\xdf\xbf", 2},
      {"\xe0\xa0\x80", 3},
      {"\xed\x9f\xbf", 3},
      {"\xee\x80\x80", 3},
      {"\xef\xbf\xbf", 3},
      {"\xf0\x90\x80\x80", 4},
      {"\xf4\x8f\xbf\xbf", 4},
      {"12345678\xe2\x82\xac"
       "12345678",
       19},
      {"\x80", 0},                  // a continuation alone
      {"a\xbf", 1},                 //
      {"\xc0\x80", 0},              // overlong
      {"\xc1\xbf", 0},              // overlong
      {"\xe0\x9f\xbf", 0},          // overlong
      {"\xf0\x8f\xbf\xbf", 0},      // overlong
      {"\xed\xa0\x80", 0},          // a surrogate
      {"\xed\xbf\xbf", 0},          // a surrogate
      {"\xf4\x90\x80\x80", 0},      // beyond U+10FFFF
      {"\xf5\x80\x80\x80", 0},      // beyond
      {"\xfe", 0},                  //
      {"\xff", 0},                  //
      {"ab\xc3", 2},                // cut
      {"\xe2\x82", 0},              // cut
      {"12345678\xf0\x9f\x98", 8},  // cut
      {"\xe2\x28\xa1", 0},          // not continued
      {"1234567890\xff", 10},       //
  };
  for (const Row& row : table) {
    EXPECT_EQ(tern::codec::utf8_prefix(row.text), row.good) << hex(tern::as_bytes(row.text));
    EXPECT_EQ(decode_failure<std::string>(json(), "\"" + row.text + "\"").empty(),
              row.good == row.text.size() && row.text != "\xef\xbb\xbf")
        << hex(tern::as_bytes(row.text));
    EXPECT_EQ(encode_failure(json(), row.text).empty(), row.good == row.text.size());
  }
}

TEST(Utf8, IsQuotedForMessagesWhateverItHolds) {
  EXPECT_EQ(tern::codec::quoted("a\n\xff\xc3\xa9"), "\"a\\x0a\\xff\xc3\xa9\"");
  EXPECT_EQ(tern::codec::quoted(std::string(100, 'x')), "\"" + std::string(40, 'x') + "...\"");
  EXPECT_TRUE(tern::codec::is_utf8(tern::codec::quoted(std::string(39, 'x') + "\xe2\x82\xac")));
}

TEST(Base64, WritesThePaddedStandardForm) {
  const std::pair<const char*, const char*> table[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : table) {
    const tern::ByteView view = tern::as_bytes(bytes);
    std::string out(tern::codec::base64_size(view.size()), '\0');
    tern::codec::write_base64(view, out.data());
    EXPECT_EQ(out, text);
    std::vector<std::byte> back;
    ASSERT_TRUE(tern::codec::read_base64(text, back)) << text;
    EXPECT_EQ(tern::as_text(back), bytes);
  }
}

TEST(Base64, ReadsUnpaddedAndRefusesTheRest) {
  std::vector<std::byte> out;
  EXPECT_TRUE(tern::codec::read_base64("Zg", out));
  EXPECT_TRUE(tern::codec::read_base64("Zm8", out));
  EXPECT_EQ(tern::as_text(out), "fo");
  for (const char* text : {"Z", "Zg=", "Zg===", "=", "====", "Zm9v=", "Zh", "Zm9", "Zm 9v",
                           "Zm9v\n", "-_8=", "Zm=v", "Zg==Zg=="}) {
    EXPECT_FALSE(tern::codec::read_base64(text, out)) << text;
  }
}

// What it holds, or "no".
std::string read_pieces(std::string_view text, std::size_t piece) {
  tern::codec::Base64Reader reader;
  tern::Buffer out;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    if (!reader.add(text.substr(0, piece), out)) return "no";
  }
  return reader.complete() ? std::string(tern::as_text(out.view())) : "no";
}

TEST(Base64, IsReadInPaddedPiecesHoweverTheyAreCut) {
  for (std::size_t piece = 1; piece <= 12; ++piece) {
    EXPECT_EQ(read_pieces("", piece), "");
    EXPECT_EQ(read_pieces("Zm9v", piece), "foo");
    EXPECT_EQ(read_pieces("Zg==Zm8=Zm9v", piece), "ffofoo");
    EXPECT_EQ(read_pieces("Zm9vYg==YmFy", piece), "foobbar");
    for (const char* text : {"Z", "Zg", "Zm8", "Zg=", "Zg==Z", "Zg===", "=", "=Zg=", "Z===",
                             "Zm9v=", "Zh==", "Zm9=", "Zm=v", "Zm 9", "Zm9v\n", "-_8="}) {
      EXPECT_EQ(read_pieces(text, piece), "no") << text;
    }
  }
}

constexpr std::int64_t kSecond = 1'000'000'000;

TEST(Rfc3339, IsWrittenAsGoWritesIt) {
  const std::pair<std::int64_t, const char*> table[] = {
      {0, "1970-01-01T00:00:00Z"},
      {1, "1970-01-01T00:00:00.000000001Z"},
      {-1, "1969-12-31T23:59:59.999999999Z"},
      {1'500'000'000, "1970-01-01T00:00:01.5Z"},
      {1136214245 * kSecond, "2006-01-02T15:04:05Z"},
      {951782400 * kSecond, "2000-02-29T00:00:00Z"},
      {std::numeric_limits<std::int64_t>::max(), "2262-04-11T23:47:16.854775807Z"},
      {std::numeric_limits<std::int64_t>::min(), "1677-09-21T00:12:43.145224192Z"},
  };
  for (const auto& [count, text] : table) {
    const tern::Timestamp time{tern::Duration(count)};
    char out[tern::codec::kRfc3339Size];
    EXPECT_EQ(std::string_view(
                  out, static_cast<std::size_t>(tern::codec::write_rfc3339(time, out) - out)),
              text);
    tern::Timestamp back;
    ASSERT_TRUE(tern::codec::read_rfc3339(text, back)) << text;
    EXPECT_EQ(back, time);
  }
}

TEST(Rfc3339, IsReadWithAnOffset) {
  tern::Timestamp time;
  ASSERT_TRUE(tern::codec::read_rfc3339("1970-01-01T02:30:00.25+02:30", time));
  EXPECT_EQ(time.time_since_epoch(), std::chrono::milliseconds(250));
  ASSERT_TRUE(tern::codec::read_rfc3339("1969-12-31T23:00:00-01:00", time));
  EXPECT_EQ(time, tern::Timestamp());
}

TEST(Rfc3339, RefusesWhatIsNoTimeOrTooFarAway) {
  tern::Timestamp time;
  for (const char* text : {"",
                           "1970-01-01",
                           "1970-01-01T00:00:00",
                           "1970-01-01 00:00:00Z",
                           "1970-1-1T00:00:00Z",
                           "1970-13-01T00:00:00Z",
                           "1970-00-01T00:00:00Z",
                           "1970-02-29T00:00:00Z",
                           "1970-01-32T00:00:00Z",
                           "1970-01-01T24:00:00Z",
                           "1970-01-01T00:60:00Z",
                           "1970-01-01T00:00:60Z",
                           "1970-01-01T00:00:00.Z",
                           "1970-01-01T00:00:00.1234567890Z",
                           "1970-01-01T00:00:00z",
                           "1970-01-01t00:00:00Z",
                           "1970-01-01T00:00:00+24:00",
                           "1970-01-01T00:00:00+0100",
                           "1970-01-01T00:00:00+01",
                           "1970-01-01T00:00:00Z ",
                           "0001-01-01T00:00:00Z",
                           "9999-12-31T23:59:59Z",
                           "2262-04-11T23:47:16.854775808Z",
                           "1677-09-21T00:12:43.145224191Z",
                           "+1970-01-01T00:00:00Z"}) {
    EXPECT_FALSE(tern::codec::read_rfc3339(text, time)) << text;
  }
}

}  // namespace
}  // namespace sample
