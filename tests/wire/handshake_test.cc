// The Option handshake, as runtime/README.md ("Handshake") has it.
#include "wire/handshake.h"

#include <gtest/gtest.h>

#include <string>

namespace tern {
namespace {

using Kind = wire::JsonObjectExtent::Kind;

constexpr std::string_view kGoOption =
    R"({"MagicNumber":3927900,"CodecType":"application/gob","ConnectTimeout":10000000000,"HandleTimeout":0})"
    "\n";

wire::JsonObjectExtent find(std::string_view text, std::size_t limit = 4096) {
  return wire::find_json_object(as_bytes(text), limit);
}

TEST(FindJsonObject, EndsAtTheClosingBraceAndNotAByteLater) {
  wire::JsonObjectExtent extent = find(kGoOption);
  EXPECT_EQ(extent.kind, Kind::kWhole);
  EXPECT_EQ(extent.size, kGoOption.size() - 1);
}

TEST(FindJsonObject, NeedsMoreAtEverySplitPoint) {
  for (std::size_t n = 0; n + 1 < kGoOption.size(); ++n) {
    EXPECT_EQ(find(kGoOption.substr(0, n)).kind, Kind::kMore) << n;
  }
}

TEST(FindJsonObject, CountsBracesOutsideStringsOnly) {
  std::string_view text = R"( {"a":"}{\"}","b":{"c":{}}} tail)";
  wire::JsonObjectExtent extent = find(text);
  EXPECT_EQ(extent.kind, Kind::kWhole);
  EXPECT_EQ(text.substr(extent.size), " tail");
}

TEST(FindJsonObject, TakesAnOptionThatIsPaddedWithSpaces) {
  std::string padded = std::string(400, ' ') + R"({"MagicNumber":3927900})";
  EXPECT_EQ(find(padded).size, padded.size());
}

TEST(FindJsonObject, RefusesWhatIsNoObject) {
  for (std::string_view text : {"[1]", "GET / HTTP/1.1", "\x16\x03\x01", "null", "\"{}\""}) {
    EXPECT_EQ(find(text).kind, Kind::kBroken) << text;
  }
}

TEST(FindJsonObject, GivesUpAtTheLimit) {
  std::string long_one = R"({"a":")" + std::string(100, 'x') + "\"}";
  EXPECT_EQ(find(long_one, long_one.size()).kind, Kind::kWhole);
  EXPECT_EQ(find(long_one, long_one.size() - 1).kind, Kind::kBroken);
  EXPECT_EQ(find(std::string(5000, ' ')).kind, Kind::kBroken);
}

TEST(ParseOption, ReadsWhatGoWrites) {
  Result<wire::Option> option = wire::parse_option(kGoOption);
  ASSERT_TRUE(option.ok()) << option.status().to_string();
  EXPECT_EQ(option->codec_type, "application/gob");
  EXPECT_EQ(option->connect_timeout, std::chrono::seconds(10));
  EXPECT_EQ(option->handle_timeout.count(), 0);
  EXPECT_EQ(option->version, 0);
}

TEST(ParseOption, TakesKeysInAnyCaseAndOrderWithOthersBetween) {
  Result<wire::Option> option = wire::parse_option(
      R"({"x":[1,{"MagicNumber":1}],"codectype":"application/x-tern","VERSION":1,"magicNumber":3927900,"HandleTimeout":1000000000})");
  ASSERT_TRUE(option.ok()) << option.status().to_string();
  EXPECT_EQ(option->version, 1);
  EXPECT_EQ(option->handle_timeout, std::chrono::seconds(1));
}

TEST(ParseOption, ReadsEscapedKeys) {
  EXPECT_TRUE(wire::parse_option(R"({"\u004dagicNumber":3927900,"CodecType":"c"})").ok());
}

TEST(ParseOption, ReadsItsOwnLine) {
  wire::Option option;
  option.codec_type = "application/x-\"odd\"\n";
  option.handle_timeout = std::chrono::milliseconds(1500);
  option.version = 1;
  Result<wire::Option> read = wire::parse_option(wire::to_line(option));
  ASSERT_TRUE(read.ok()) << read.status().to_string();
  EXPECT_EQ(read->codec_type, option.codec_type);
  EXPECT_EQ(read->handle_timeout, option.handle_timeout);
  EXPECT_EQ(read->version, 1);
  EXPECT_EQ(read->chunked_bytes, 0u);
}

TEST(ParseOption, ReadsWhetherTheClientReadsChunks) {
  wire::Option option;
  EXPECT_EQ(wire::to_line(option).find("ChunkedBytes"), std::string::npos);
  option.chunked_bytes = 16'777'216;
  EXPECT_NE(wire::to_line(option).find(R"("ChunkedBytes":16777216)"), std::string::npos);
  Result<wire::Option> read = wire::parse_option(wire::to_line(option));
  ASSERT_TRUE(read.ok()) << read.status().to_string();
  EXPECT_EQ(read->chunked_bytes, 16'777'216u);
}

// Byte for byte what programs wrote before there were streams, and what they read.
constexpr std::string_view kOldOption =
    R"({"MagicNumber":3927900,"CodecType":"application/x-tern","ConnectTimeout":10000000000,"HandleTimeout":0,"Version":1,"ChunkedBytes":16777216})"
    "\n";
constexpr std::string_view kOldAnswer =
    R"({"MagicNumber":3927900,"Version":1,"MaxMessageBytes":4194304,"MaxCallsInFlight":1024})"
    "\n";

TEST(StreamsInTheHandshake, AreNotInWhatOldProgramsSay) {
  Result<wire::Option> option = wire::parse_option(kOldOption);
  ASSERT_TRUE(option.ok()) << option.status().to_string();
  EXPECT_EQ(option->terms().chunked_bytes, 16'777'216u);
  EXPECT_EQ(option->terms().stream_window, 0u);
  Result<wire::OptionReply> answer = wire::parse_option_reply(kOldAnswer);
  ASSERT_TRUE(answer.ok()) << answer.status().to_string();
  EXPECT_EQ(answer->max_calls_in_flight, 1024u);
  EXPECT_EQ(answer->terms().chunked_bytes, 0u);
  EXPECT_EQ(answer->terms().stream_window, 0u);
  EXPECT_EQ(answer->terms().max_streams, 0u);
}

TEST(StreamsInTheHandshake, ChangeNoByteForAProgramThatHasNone) {
  wire::Option option;
  option.version = 1;
  option.chunked_bytes = 16'777'216;
  EXPECT_EQ(wire::to_line(option), kOldOption);
  wire::OptionReply answer;
  answer.max_message_bytes = 4'194'304;
  answer.max_calls_in_flight = 1024;
  EXPECT_EQ(wire::to_line(answer), kOldAnswer);
}

TEST(StreamsInTheHandshake, AreKeysOfTheirOwn) {
  wire::Option option;
  option.version = 1;
  option.stream_window = 65'536;
  const std::string line = wire::to_line(option);
  EXPECT_NE(line.find(R"(,"StreamWindow":65536})"), std::string::npos) << line;
  Result<wire::Option> read = wire::parse_option(line);
  ASSERT_TRUE(read.ok()) << read.status().to_string();
  EXPECT_EQ(read->terms().stream_window, 65'536u);
  wire::OptionReply answer;
  answer.chunked_bytes = 1;
  answer.stream_window = 2048;
  answer.max_streams = 3;
  const std::string reply = wire::to_line(answer);
  EXPECT_NE(reply.find(R"(,"ChunkedBytes":1,"StreamWindow":2048,"MaxStreams":3})"),
            std::string::npos)
      << reply;
  Result<wire::OptionReply> read_reply = wire::parse_option_reply(reply);
  ASSERT_TRUE(read_reply.ok()) << read_reply.status().to_string();
  EXPECT_EQ(read_reply->terms().chunked_bytes, 1u);
  EXPECT_EQ(read_reply->terms().stream_window, 2048u);
  EXPECT_EQ(read_reply->terms().max_streams, 3u);
}

TEST(StreamsInTheHandshake, AreRefusedIfTheyAreNoNumber) {
  for (std::string_view key : {"StreamWindow", "MaxStreams", "ChunkedBytes"}) {
    const std::string text =
        R"({"MagicNumber":3927900,"CodecType":"c",")" + std::string(key) + R"(":-1})";
    EXPECT_FALSE(wire::parse_option_reply(text).ok()) << key;
    EXPECT_EQ(wire::parse_option(text).ok(), key == "MaxStreams") << key;
  }
}

TEST(StreamsInTheHandshake, HaveAWindowInWhichAMessageFits) {
  const auto with_window = [](std::string_view window) {
    return R"({"MagicNumber":3927900,"CodecType":"c","StreamWindow":)" + std::string(window) + "}";
  };
  for (std::string_view right : {"0", "33", "2147483647"}) {
    EXPECT_TRUE(wire::parse_option(with_window(right)).ok()) << right;
    EXPECT_TRUE(wire::parse_option_reply(with_window(right)).ok()) << right;
  }
  for (std::string_view wrong : {"1", "32", "2147483648", "9223372036854775807"}) {
    const std::string says = "handshake: StreamWindow is " + std::string(wrong) +
                             "; expected 33 to 2147483647, or 0 for no streams";
    EXPECT_EQ(wire::parse_option(with_window(wrong)).status().message(), says);
    EXPECT_EQ(wire::parse_option_reply(with_window(wrong)).status().message(), says);
  }
}

struct Refused {
  std::string_view text;
  std::string_view says;
};

class ParseOptionRefuses : public testing::TestWithParam<Refused> {};

TEST_P(ParseOptionRefuses, AndSaysWhy) {
  Result<wire::Option> option = wire::parse_option(GetParam().text);
  ASSERT_FALSE(option.ok());
  EXPECT_EQ(option.status().code(), Code::kInvalidArgument);
  EXPECT_EQ(option.status().handler_ran(), HandlerRan::kNo);
  EXPECT_NE(option.status().message().find(GetParam().says), std::string_view::npos)
      << option.status().message();
}

INSTANTIATE_TEST_SUITE_P(
    Table, ParseOptionRefuses,
    testing::Values(
        Refused{R"({})", "there is no MagicNumber; expected 3927900"},
        Refused{R"({"MagicNumber":1,"CodecType":"c"})", "MagicNumber is 1; expected 3927900"},
        Refused{R"({"MagicNumber":3927900})", "there is no CodecType"},
        Refused{R"({"MagicNumber":"3927900","CodecType":"c"})",
                "MagicNumber is a string; expected an integer"},
        Refused{R"({"MagicNumber":3927900.0,"CodecType":"c"})",
                "MagicNumber is a number with a fraction or exponent; expected an integer"},
        Refused{R"({"MagicNumber":18446744073709551615,"CodecType":"c"})",
                "MagicNumber is a number over 9223372036854775807"},
        Refused{R"({"MagicNumber":3927900,"CodecType":7})", "CodecType is a number"},
        Refused{R"({"MagicNumber":3927900,"CodecType":null})", "CodecType is null"},
        Refused{R"({"MagicNumber":3927900,"CodecType":"c","HandleTimeout":-1})",
                "HandleTimeout is -1; expected 0 or more"},
        Refused{R"({"MagicNumber":3927900,"CodecType":"c","HandleTimeout":1e9})",
                "HandleTimeout is a number with a fraction or exponent"},
        Refused{R"({"MagicNumber":3927900,"CodecType":"c","ChunkedBytes":-1})",
                "ChunkedBytes is -1; expected 0 or more"},
        Refused{R"({"MagicNumber":3927900,"magicnumber":3927900,"CodecType":"c"})",
                "duplicate key \"MagicNumber\""},
        Refused{R"({"MagicNumber":NaN,"CodecType":"c"})", "the Option is not JSON"},
        Refused{R"({"MagicNumber":3927900,"CodecType":"c"}{})", "the Option is not JSON"},
        Refused{"{\"MagicNumber\":3927900,\"CodecType\":\"\xff\"}", "the Option is not JSON"},
        Refused{R"({"MagicNumber" 3927900})", "the Option is not JSON"}));

TEST(OptionReply, ReadsItsOwnLines) {
  wire::OptionReply limits;
  limits.max_message_bytes = 4194304;
  limits.max_calls_in_flight = 1024;
  Result<wire::OptionReply> read = wire::parse_option_reply(wire::to_line(limits));
  ASSERT_TRUE(read.ok()) << read.status().to_string();
  EXPECT_EQ(read->max_message_bytes, 4194304u);
  EXPECT_EQ(read->max_calls_in_flight, 1024u);
  EXPECT_EQ(read->error, "");

  wire::OptionReply refusal;
  refusal.error = "handshake: peer offers codec \"xml\"; this server knows native";
  read = wire::parse_option_reply(wire::to_line(refusal));
  ASSERT_TRUE(read.ok()) << read.status().to_string();
  EXPECT_EQ(read->error, refusal.error);
}

TEST(OptionReply, SaysThatTheServerGoesAway) {
  wire::OptionReply refusal;
  refusal.error = "server: going away";
  EXPECT_FALSE(wire::parse_option_reply(wire::to_line(refusal))->going_away);
  refusal.going_away = true;
  EXPECT_TRUE(wire::parse_option_reply(wire::to_line(refusal))->going_away);
}

TEST(OptionReply, IsRefusedWithoutTheMagicNumber) {
  EXPECT_FALSE(wire::parse_option_reply(R"({"Version":1})").ok());
  EXPECT_FALSE(wire::parse_option_reply("HTTP/1.1 400 Bad Request").ok());
}

}  // namespace
}  // namespace tern
