#include "serve/opening.h"

#include <gtest/gtest.h>

#include <string>

#include "wire/sniff.h"

namespace tern {
namespace {

using Kind = Opening::Kind;

const std::string kOption =
    R"({"MagicNumber":3927900,"CodecType":"application/x-tern","HandleTimeout":5000})";

Opening opening_of(const std::string& text, std::size_t limit = 4096) {
  Limits limits;
  limits.option_bytes = limit;
  static const CodecRegistry codecs;
  return read_opening(as_bytes(text), codecs, limits);
}

TEST(Sniff, DecidesOnTheFirstByteThatIsNoWhiteSpace) {
  for (int first = 0; first < 256; ++first) {
    std::string text(1, static_cast<char>(first));
    bool space = first == ' ' || first == '\t' || first == '\r' || first == '\n';
    Sniffed expected = space ? Sniffed::kMore : first == '{' ? Sniffed::kOption : Sniffed::kUnknown;
    EXPECT_EQ(sniff(as_bytes(text)), expected) << first;
    EXPECT_EQ(sniff(as_bytes(" \n" + text)), expected) << first;
  }
  EXPECT_EQ(sniff({}), Sniffed::kMore);
}

TEST(Opening, TakesTheOptionAndItsNewlineAndNothingElse) {
  Opening opening = opening_of(kOption + "\nrest");
  ASSERT_EQ(opening.kind, Kind::kFrames) << opening.why.to_string();
  EXPECT_EQ(opening.consumed, kOption.size() + 1);
  EXPECT_EQ(opening.codec, &native_codec());
  EXPECT_EQ(opening.handle_timeout, std::chrono::nanoseconds(5000));
}

TEST(Opening, WaitsForTheRestAtEverySplit) {
  std::string whole = "  " + kOption + "\n";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Opening opening = opening_of(whole.substr(0, size));
    EXPECT_EQ(opening.kind, Kind::kMore) << size;
    EXPECT_EQ(opening.consumed, 0u) << size;
  }
  EXPECT_EQ(opening_of(whole).kind, Kind::kFrames);
}

TEST(Opening, TakesKeysInAnyOrderAndCaseAndUnknownOnes) {
  std::string text =
      "{ \"Later\": {\"x\": [1, \"}\"]},\r\n \"codectype\" : \"application/x-tern+json\", "
      "\"Version\": 1, \"magicNumber\":3927900 }\n";
  Opening opening = opening_of(text);
  ASSERT_EQ(opening.kind, Kind::kFrames) << opening.why.to_string();
  EXPECT_EQ(opening.codec, &json_codec());
}

TEST(Opening, TakesAnOptionAsLongAsTheLimit) {
  EXPECT_EQ(opening_of(kOption + "\n", kOption.size()).kind, Kind::kFrames);
  EXPECT_EQ(opening_of(kOption, kOption.size()).kind, Kind::kMore);
  Opening opening = opening_of(kOption + "\n", kOption.size() - 1);
  EXPECT_EQ(opening.kind, Kind::kRefused);
  EXPECT_EQ(opening.reason, Refusal::kOptionTooLarge);
  EXPECT_EQ(opening.why.message(), "handshake: the Option does not end within " +
                                       std::to_string(kOption.size() - 1) +
                                       " bytes, which is the limit");
}

TEST(Opening, RefusesWhiteSpaceWithoutEnd) {
  EXPECT_EQ(opening_of(std::string(4095, ' ')).kind, Kind::kMore);
  EXPECT_EQ(opening_of(std::string(4096, ' ')).reason, Refusal::kOptionTooLarge);
}

TEST(Opening, RefusesWhatIsNoOption) {
  struct Case {
    const char* text;
    Refusal reason;
    const char* message;
  };
  const Case cases[] = {
      {"{\"MagicNumber\":1,\"CodecType\":\"application/x-tern\"}\n", Refusal::kMalformedOption,
       "handshake: MagicNumber is 1; expected 3927900"},
      {"{\"CodecType\":\"application/x-tern\"}\n", Refusal::kMalformedOption,
       "handshake: there is no MagicNumber; expected 3927900"},
      {"{\"MagicNumber\":3927900,\"MagicNumber\":3927900,\"CodecType\":\"x\"}\n",
       Refusal::kMalformedOption, "handshake: key \"MagicNumber\" stands there twice"},
      {"{\"MagicNumber\":3927900,\"CodecType\":\"application/xml\"}\n", Refusal::kUnknownCodec,
       "handshake: peer offers codec \"application/xml\"; this server knows application/x-tern, "
       "application/x-tern+json"},
      {"{\"MagicNumber\":3927900,\"CodecType\":\"application/x-tern\",\"Version\":2}\n",
       Refusal::kUnknownVersion,
       "handshake: peer speaks version 2 of the protocol; this server knows version 1"},
      {"{\"MagicNumber\":3927900,\"CodecType\":\"application/x-tern\"}A", Refusal::kMalformedOption,
       "handshake: byte 0x41 follows the Option; expected a newline"},
  };
  for (const Case& one : cases) {
    Opening opening = opening_of(one.text);
    EXPECT_EQ(opening.kind, Kind::kRefused) << one.text;
    EXPECT_EQ(opening.reason, one.reason) << one.text;
    EXPECT_EQ(opening.why.message(), one.message);
    EXPECT_EQ(opening.why.handler_ran(), HandlerRan::kNo);
  }
}

TEST(Opening, RefusesEverySpellingOfSomethingElse) {
  for (const char* text :
       {"{}\n", "{\"MagicNumber\":NaN}\n", "{\"MagicNumber\":\"3927900\"}\n",
        "{\"MagicNumber\":3927900.0,\"CodecType\":\"application/x-tern\"}\n",
        "{\"MagicNumber\":-3927900,\"CodecType\":\"application/x-tern\"}\n",
        "{\"MagicNumber\":3927900}\n", "{\"MagicNumber\":3927900,\"CodecType\":7}\n",
        "{\"MagicNumber\":3927900,\"CodecType\":\"application/x-tern\",\"HandleTimeout\":-1}\n",
        "{\"MagicNumber\":3927900,\"CodecType\":\"application/x-tern\",\"Version\":-1}\n",
        "{\"MagicNumber\":3927900,,\"CodecType\":\"application/x-tern\"}\n", "{]}\n"}) {
    EXPECT_EQ(opening_of(text).kind, Kind::kRefused) << text;
  }
  std::string deep = "{\"x\":" + std::string(1500, '[') + std::string(1500, ']') + "}\n";
  EXPECT_EQ(opening_of(deep).kind, Kind::kRefused);
}

TEST(Opening, SaysWhatTheBytesOfAnotherProtocolAre) {
  Opening opening = opening_of("SSH-2.0-OpenSSH_9.2\r\n");
  EXPECT_EQ(opening.kind, Kind::kNotSpoken);
  EXPECT_EQ(opening.reason, Refusal::kUnknownProtocol);
  EXPECT_EQ(opening.why.message(),
            "handshake: the first bytes are \"SSH-2.0-OpenSSH_9.2\\x0d\\x0a\"; expected an Option, "
            "a JSON object with a MagicNumber");
}

}  // namespace
}  // namespace tern
