#include "serve/handshake.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tern {
namespace {

using Kind = serve::Handshake::Kind;

const std::string kOption =
    R"({"MagicNumber":3927900,"CodecType":"application/x-tern","HandleTimeout":5000})";

serve::Handshake handshake_of(const std::string& text, std::size_t limit = 4096,
                              serve::HandshakeStage stage = serve::HandshakeStage::kAnything) {
  Limits limits;
  limits.option_bytes = limit;
  static const CodecRegistry codecs;
  static const Protocols protocols;
  return serve::read_handshake(as_bytes(text), stage, {codecs, limits, protocols});
}

TEST(ReadHandshake, TakesTheOptionAndItsNewlineAndNothingElse) {
  serve::Handshake handshake = handshake_of(kOption + "\nrest");
  ASSERT_EQ(handshake.kind, Kind::kAccepted) << handshake.why.to_string();
  EXPECT_EQ(handshake.consumed, kOption.size() + 1);
  EXPECT_EQ(handshake.codec, &native_codec());
  EXPECT_EQ(handshake.handle_timeout, std::chrono::nanoseconds(5000));
}

TEST(ReadHandshake, RefusesOurFramesWhileTheServerGoesAway) {
  static const CodecRegistry codecs;
  static const Protocols protocols;
  Limits limits;
  serve::HandshakeRules rules{codecs, limits, protocols, true};
  std::string option = kOption + "\n";
  serve::Handshake handshake =
      serve::read_handshake(as_bytes(option), serve::HandshakeStage::kAnything, rules);
  ASSERT_EQ(handshake.kind, Kind::kRefused);
  EXPECT_EQ(handshake.reason, serve::Refusal::kGoingAway);
  EXPECT_EQ(handshake.why.code(), Code::kUnavailable);
  EXPECT_EQ(
      handshake.answer,
      "{\"MagicNumber\":3927900,\"Version\":1,\"Error\":\"server: going away; it takes no new "
      "calls\",\"GoingAway\":true}\n");
}

TEST(ReadHandshake, WaitsForTheRestAtEverySplit) {
  std::string whole = "  " + kOption + "\n";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    serve::Handshake handshake = handshake_of(whole.substr(0, size));
    EXPECT_EQ(handshake.kind, Kind::kMore) << size;
    EXPECT_EQ(handshake.consumed, 0u) << size;
  }
  EXPECT_EQ(handshake_of(whole).kind, Kind::kAccepted);
}

TEST(ReadHandshake, TakesKeysInAnyOrderAndCaseAndUnknownOnes) {
  std::string text =
      "{ \"Later\": {\"x\": [1, \"}\"]},\r\n \"codectype\" : \"application/x-tern+json\", "
      "\"Version\": 1, \"magicNumber\":3927900 }\n";
  serve::Handshake handshake = handshake_of(text);
  ASSERT_EQ(handshake.kind, Kind::kAccepted) << handshake.why.to_string();
  EXPECT_EQ(handshake.codec, &json_codec());
}

TEST(ReadHandshake, TakesAnOptionAsLongAsTheLimit) {
  EXPECT_EQ(handshake_of(kOption + "\n", kOption.size()).kind, Kind::kAccepted);
  EXPECT_EQ(handshake_of(kOption, kOption.size()).kind, Kind::kMore);
  serve::Handshake handshake = handshake_of(kOption + "\n", kOption.size() - 1);
  EXPECT_EQ(handshake.kind, Kind::kRefused);
  EXPECT_EQ(handshake.reason, serve::Refusal::kHandshakeTooLarge);
  EXPECT_EQ(handshake.why.message(), "handshake: its JSON object does not end within " +
                                         std::to_string(kOption.size() - 1) +
                                         " bytes, which is the limit");
}

TEST(ReadHandshake, RefusesWhiteSpaceWithoutEnd) {
  EXPECT_EQ(handshake_of(std::string(4095, ' ')).kind, Kind::kMore);
  EXPECT_EQ(handshake_of(std::string(4096, ' ')).reason, serve::Refusal::kHandshakeTooLarge);
}

TEST(ReadHandshake, RefusesWhatIsNotAHandshake) {
  struct Case {
    const char* text;
    serve::Refusal reason;
    const char* message;
  };
  const Case cases[] = {
      {"{\"MagicNumber\":1,\"CodecType\":\"application/x-tern\"}\n",
       serve::Refusal::kMalformedHandshake, "handshake: MagicNumber is 1; expected 3927900"},
      {"{\"CodecType\":\"application/x-tern\"}\n", serve::Refusal::kMalformedHandshake,
       "handshake: there is no MagicNumber; expected 3927900"},
      {"{\"MagicNumber\":3927900,\"MagicNumber\":3927900,\"CodecType\":\"x\"}\n",
       serve::Refusal::kMalformedHandshake, "handshake: duplicate key \"MagicNumber\""},
      {"{\"MagicNumber\":3927900,\"CodecType\":\"application/xml\"}\n",
       serve::Refusal::kUnknownCodec,
       "handshake: peer offers codec \"application/xml\"; this server knows application/x-tern, "
       "application/x-tern+json, application/proto, application/gob, application/json"},
      {"{\"MagicNumber\":3927900,\"CodecType\":\"application/x-tern\",\"Version\":2}\n",
       serve::Refusal::kUnknownVersion,
       "handshake: peer speaks version 2 of the protocol; this server knows version 1"},
      {"{\"MagicNumber\":3927900,\"CodecType\":\"application/x-tern\"}A",
       serve::Refusal::kMalformedHandshake,
       "handshake: byte 0x41 follows its JSON object; expected a newline"},
  };
  for (const Case& one : cases) {
    serve::Handshake handshake = handshake_of(one.text);
    EXPECT_EQ(handshake.kind, Kind::kRefused) << one.text;
    EXPECT_EQ(handshake.reason, one.reason) << one.text;
    EXPECT_EQ(handshake.why.message(), one.message);
    EXPECT_EQ(handshake.why.handler_ran(), HandlerRan::kNo);
  }
}

TEST(ReadHandshake, RefusesEverySpellingOfSomethingElse) {
  for (const char* text :
       {"{}\n", "{\"MagicNumber\":NaN}\n", "{\"MagicNumber\":\"3927900\"}\n",
        "{\"MagicNumber\":3927900.0,\"CodecType\":\"application/x-tern\"}\n",
        "{\"MagicNumber\":-3927900,\"CodecType\":\"application/x-tern\"}\n",
        "{\"MagicNumber\":3927900}\n", "{\"MagicNumber\":3927900,\"CodecType\":7}\n",
        "{\"MagicNumber\":3927900,\"CodecType\":\"application/x-tern\",\"HandleTimeout\":-1}\n",
        "{\"MagicNumber\":3927900,\"CodecType\":\"application/x-tern\",\"Version\":-1}\n",
        "{\"MagicNumber\":3927900,,\"CodecType\":\"application/x-tern\"}\n", "{]}\n"}) {
    EXPECT_EQ(handshake_of(text).kind, Kind::kRefused) << text;
  }
  std::string deep = "{\"x\":" + std::string(1500, '[') + std::string(1500, ']') + "}\n";
  EXPECT_EQ(handshake_of(deep).kind, Kind::kRefused);
}

TEST(ReadHandshake, SaysWhatTheBytesOfAnotherProtocolAre) {
  serve::Handshake handshake = handshake_of("SSH-2.0-OpenSSH_9.2\r\n");
  EXPECT_EQ(handshake.kind, Kind::kRefused);
  EXPECT_EQ(handshake.reason, serve::Refusal::kUnknownProtocol);
  EXPECT_EQ(handshake.why.message(),
            "handshake: the first bytes are \"SSH-2.0-OpenSSH_9.2\\x0d\\x0a\"; expected "
            "a JSON object with a MagicNumber, or one of net/rpc, JSON-RPC, HTTP/1");
}

TEST(ReadHandshake, OfGeeRpcNeedsNoNewlineAndTakesNone) {
  std::string option = R"({"MagicNumber":3927900,"CodecType":"application/gob"})";
  for (std::string_view behind : {"", "\n", "x"}) {
    serve::Handshake handshake = handshake_of(option + std::string(behind));
    ASSERT_EQ(handshake.kind, Kind::kAccepted) << handshake.why.to_string();
    EXPECT_EQ(handshake.protocol->name, "GeeRPC");
    EXPECT_EQ(handshake.protocol->option_codec, "application/gob");
    EXPECT_EQ(handshake.consumed, option.size());
    EXPECT_EQ(handshake.answer, "");
  }
}

TEST(ReadHandshake, OfPaddedOptionsTakesThePadding) {
  std::string option = R"({"MagicNumber":3927900,"CodecType":"application/json"})";
  option.insert(0, 512 - option.size(), ' ');
  serve::Handshake handshake = handshake_of(option + "{");
  ASSERT_EQ(handshake.kind, Kind::kAccepted);
  EXPECT_EQ(handshake.protocol->name, "GeeRPC");
  EXPECT_EQ(handshake.protocol->option_codec, "application/json");
  EXPECT_EQ(handshake.consumed, 512u);
}

TEST(ReadHandshake, SwitchesOnConnectInEverySpellingAndLeavesWhatFollows) {
  struct Case {
    std::string_view path;
    std::string_view answer;
    bool net_rpc;
  };
  for (const Case& one : {Case{"/_goRPC_", "HTTP/1.0 200 Connected to Go RPC\n\n", true},
                          Case{"/_geeprc_", "HTTP/1.0 200 Connected to Gee RPC\n\n", false},
                          Case{"/_geerpc_", "HTTP/1.0 200 Connected to Gee RPC\n\n", false},
                          Case{"/_myrpc_", "HTTP/1.0 200 Connected to MyRPC\n\n", false}}) {
    for (std::string_view rest : {" HTTP/1.0\n\n", " HTTP/1.1\r\nHost: x\r\n\r\n"}) {
      std::string text = "CONNECT " + std::string(one.path) + std::string(rest);
      serve::Handshake handshake = handshake_of(text + "{rest");
      EXPECT_EQ(handshake.kind, one.net_rpc ? Kind::kAccepted : Kind::kSwitched) << text;
      EXPECT_EQ(handshake.consumed, text.size()) << text;
      EXPECT_EQ(handshake.answer, one.answer) << text;
      for (std::size_t size = 0; size < text.size(); ++size) {
        EXPECT_EQ(handshake_of(text.substr(0, size)).kind, Kind::kMore) << text << size;
      }
    }
  }
}

TEST(ReadHandshake, BehindConnectTakesAnOptionOnly) {
  EXPECT_EQ(handshake_of(kOption + "\n", 4096, serve::HandshakeStage::kOption).kind,
            Kind::kAccepted);
  for (std::string_view other : {"GET / HTTP/1.1", "{\"method\":\"a.b\"", "\x2f\xff\x81"}) {
    EXPECT_EQ(handshake_of(std::string(other), 4096, serve::HandshakeStage::kOption).kind,
              Kind::kRefused);
  }
}

TEST(ReadHandshake, RefusesConnectToWhatIsNotMounted) {
  struct Case {
    std::string text;
    std::string_view answer;
  };
  for (const Case& one : {Case{"CONNECT 169.254.169.254:80 HTTP/1.1\r\n\r\n", "HTTP/1.0 404 "},
                          Case{"CONNECT /_goRPC_x HTTP/1.0\n\n", "HTTP/1.0 404 "},
                          Case{"CONNECT /_goRPC_\n\n", "HTTP/1.0 400 "},
                          Case{"CONNECT /_goRPC_ HTTP/2.0\n\n", "HTTP/1.0 400 "},
                          Case{"CONNECT /a /b HTTP/1.0\n\n", "HTTP/1.0 400 "},
                          Case{"CONNECT /_goRPC_ HTTP/1.0\nno header\n\n", "HTTP/1.0 400 "},
                          Case{"CONNECT /_goRPC_ HTTP/1.0\nContent-Length: 5\n\n", "HTTP/1.0 400 "},
                          Case{"CONNECT /_goRPC_ HTTP/1.0\na\1: b\n\n", "HTTP/1.0 400 "},
                          Case{"CONNECT /" + std::string(5000, 'x'), "HTTP/1.0 400 "}}) {
    serve::Handshake handshake = handshake_of(one.text);
    EXPECT_EQ(handshake.kind, Kind::kRefused) << one.text;
    EXPECT_TRUE(handshake.answer.starts_with(one.answer)) << handshake.answer;
  }
}

TEST(ReadHandshake, RefusesProtocolsThatAreSwitchedOff) {
  static const CodecRegistry codecs;
  static const Limits limits;
  Protocols none;
  none.tern = none.geerpc = none.netrpc = none.jsonrpc = false;
  for (const std::string& text :
       {kOption + "\n", std::string(R"({"MagicNumber":3927900,"CodecType":"application/gob"})"),
        std::string("\x2f\xff\x81"), std::string("{\"method\""),
        std::string("CONNECT /_goRPC_ HTTP/1.0\n\n"),
        std::string("CONNECT /_geeprc_ HTTP/1.0\n\n")}) {
    serve::Handshake handshake = serve::read_handshake(
        as_bytes(text), serve::HandshakeStage::kAnything, {codecs, limits, none});
    EXPECT_EQ(handshake.kind, Kind::kRefused) << text;
    EXPECT_EQ(handshake.reason, serve::Refusal::kUnknownProtocol) << text;
    EXPECT_NE(handshake.why.message().find("switched off"), std::string_view::npos) << text;
  }
}

// --- What was agreed by ALPN ---

struct Beginning {
  std::string name;  // in ALPN
  std::string says;  // of what speaks it
  std::string bytes;
};

std::vector<Beginning> beginnings() {
  return {{"h2", "HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
          {"http/1.1", "http", "GET /debug/rpc HTTP/1.1\r\nHost: a\r\n\r\n"},
          {"http/1.1", "HTTP's CONNECT", "CONNECT /_goRPC_ HTTP/1.0\n\n"},
          {"tern", "tern", kOption + "\n."},
          {"", "GeeRPC", R"({"MagicNumber":3927900,"CodecType":"application/gob"})"},
          {"", "GeeRPC", R"({"MagicNumber":3927900,"CodecType":"application/json"})"},
          {"", "net/rpc", "\x2f\xff\x81"},
          {"", "JSON-RPC", R"({"method")"},
          {"", "something else", "\x16\x03\x01"},
          {"", "something else", "SSH-2.0-OpenSSH_9.2\r\n"}};
}

TEST(ReadHandshake, IsBoundToWhatWasAgreedByAlpn) {
  static const CodecRegistry codecs;
  static const Limits limits;
  static const Protocols protocols;
  for (std::string_view agreed : {"h2", "tern", "http/1.1"}) {
    for (const Beginning& one : beginnings()) {
      serve::Handshake handshake =
          serve::read_handshake(as_bytes(one.bytes), serve::HandshakeStage::kAnything,
                                {codecs, limits, protocols, false, agreed});
      if (one.name == agreed) {
        EXPECT_NE(handshake.kind, Kind::kRefused) << agreed << " " << handshake.why.to_string();
        EXPECT_NE(handshake.kind, Kind::kMore) << agreed << " " << one.says;
        continue;
      }
      ASSERT_EQ(handshake.kind, Kind::kRefused) << agreed << " " << one.says;
      EXPECT_EQ(handshake.why.code(), Code::kFailedPrecondition);
      EXPECT_TRUE(handshake.why.message().starts_with("handshake: the peer has agreed to \"" +
                                                      std::string(agreed) +
                                                      "\" by ALPN, and speaks " + one.says))
          << handshake.why.message();
      EXPECT_NE(handshake.why.message().find("; what was agreed binds"), std::string_view::npos);
    }
  }
}

TEST(ReadHandshake, LooksAtTheFirstBytesIfNothingWasAgreed) {
  for (const Beginning& one : beginnings()) {
    if (one.says == "something else") continue;
    serve::Handshake handshake = handshake_of(one.bytes);
    EXPECT_NE(handshake.kind, Kind::kRefused) << handshake.why.to_string();
    EXPECT_NE(handshake.kind, Kind::kMore) << one.says;
  }
}

// What follows CONNECT is what CONNECT has named.
TEST(ReadHandshake, TakesTheOptionBehindAConnectThatWasAgreed) {
  static const CodecRegistry codecs;
  static const Limits limits;
  static const Protocols protocols;
  const serve::HandshakeRules rules{codecs, limits, protocols, false, "http/1.1"};
  const std::string option = kOption + "\n";
  EXPECT_EQ(serve::read_handshake(as_bytes(option), serve::HandshakeStage::kOption, rules).kind,
            Kind::kAccepted);
}

// A peer that can read an answer gets one.
TEST(ReadHandshake, TellsThosePeersThatCanReadItWhatWasAgreed) {
  static const CodecRegistry codecs;
  static const Limits limits;
  static const Protocols protocols;
  const serve::HandshakeRules rules{codecs, limits, protocols, false, "h2"};
  for (const auto& [bytes, answer] :
       {std::pair<std::string, std::string>("GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                                            "HTTP/1.0 400 Not What ALPN Agreed"),
        {"CONNECT /_goRPC_ HTTP/1.0\n\n", "HTTP/1.0 400 Not What ALPN Agreed"},
        {kOption + "\n.", "\"Error\":\"handshake: the peer has agreed to"}}) {
    serve::Handshake handshake =
        serve::read_handshake(as_bytes(bytes), serve::HandshakeStage::kAnything, rules);
    EXPECT_NE(handshake.answer.find(answer), std::string::npos) << handshake.answer;
  }
}

}  // namespace
}  // namespace tern
