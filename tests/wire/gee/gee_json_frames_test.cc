// GeeRPC's frames in JSON, from both sides.
#include "wire/gee/json_messages.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "codec/sample_messages.h"
#include "tern/codegen/type_ops_of.h"
#include "wire/gee/json_client.h"
#include "wire/gee/json_server.h"

namespace tern {
namespace {

using Step = wire::FrameStep;

constexpr Method kMultiply{"arith.Arith",
                           "Multiply",
                           1,
                           &type_ops<sample::Args>,
                           &type_ops<std::int64_t>,
                           {},
                           std::chrono::nanoseconds(0),
                           false};

// One frame, copied.
struct Seen {
  Step step = Step::kMore;
  wire::FrameKind kind = wire::FrameKind::kRequest;
  std::uint64_t id = 0;
  std::string method;
  std::string message;
  std::string body;
  Code refused = Code::kOk;
  bool operator==(const Seen&) const = default;
};

// What `frames` makes of `text`, offered in pieces of `piece` bytes, until it is broken.
template <typename Protocol>
std::vector<Seen> read(Protocol& frames, std::string_view text,
                       std::size_t piece = std::numeric_limits<std::size_t>::max()) {
  std::vector<Seen> all;
  std::string waiting;
  wire::Frame frame;
  Status why;
  while (!text.empty()) {
    waiting += text.substr(0, piece);
    text.remove_prefix(std::min(piece, text.size()));
    for (;;) {
      wire::FrameProgress progress = frames.next(as_bytes(waiting), frame, why);
      if (progress.step == Step::kMore) break;
      if (progress.step != Step::kSkip) {
        Seen& seen = all.emplace_back();
        seen.step = progress.step;
        if (progress.step == Step::kBroken) return all;
        if (progress.step == Step::kFrame) {
          seen.kind = frame.kind;
          seen.id = frame.id;
          seen.method = frame.method_name;
          seen.message = frame.message;
          seen.body = as_text(frame.body);
          seen.refused = frame.refused.code();
        }
      }
      waiting.erase(0, progress.consumed);
      if (waiting.empty()) break;
    }
  }
  return all;
}

std::vector<Seen> read_as_server(std::string_view text) {
  wire::gee::JsonServerProtocol frames{Limits()};
  return read(frames, text);
}

Seen read_reply(std::string_view text) {
  wire::gee::JsonClientProtocol frames{Limits()};
  std::vector<Seen> all = read(frames, text);
  EXPECT_EQ(all.size(), 1u);
  return all.empty() ? Seen() : all.front();
}

constexpr std::string_view kTwoRequests =
    "\n{\"ServiceMethod\":\"Arith.Multiply\",\"Seq\":1,\"Error\":\"\"}\n{\"A\":7,\"B\":8}\n"
    "{\"seq\":2,\"servicemethod\":\"Foo.Sum\"}   [1]";

TEST(GeeJson, ReadsRequestsAtEverySplit) {
  std::vector<Seen> whole = read_as_server(kTwoRequests);
  ASSERT_EQ(whole.size(), 2u);
  EXPECT_EQ(whole[0].id, 1u);
  EXPECT_EQ(whole[0].method, "Arith.Multiply");
  EXPECT_EQ(whole[0].body, R"({"A":7,"B":8})");
  EXPECT_EQ(whole[1].id, 2u);
  EXPECT_EQ(whole[1].method, "Foo.Sum");
  EXPECT_EQ(whole[1].body, "[1]");
  for (std::size_t piece = 1; piece < kTwoRequests.size(); ++piece) {
    wire::gee::JsonServerProtocol frames{Limits()};
    EXPECT_EQ(read(frames, kTwoRequests, piece), whole) << piece;
  }
}

TEST(GeeJson, WritesWhatGosEncoderWould) {
  wire::gee::JsonClientProtocol frames{Limits()};
  wire::RequestHead head;
  head.id = 3;
  head.method = &kMultiply;
  sample::Args args(7, 8);
  Buffer out;
  ASSERT_TRUE(frames.write_request(head, type_ops<sample::Args>(), &args, out).ok());
  EXPECT_EQ(as_text(out.view()),
            "{\"ServiceMethod\":\"Arith.Multiply\",\"Seq\":3,\"Error\":\"\"}\n{\"A\":7,\"B\":8}\n");
}

TEST(GeeJson, AnswersWithTheMethodAsItWasSpelled) {
  wire::gee::JsonServerProtocol frames{Limits()};
  read(frames, "{\"ServiceMethod\":\"arith.Arith/Multiply\",\"Seq\":1} {}");
  wire::ReplyHead head;
  head.id = 1;
  head.method = &kMultiply;
  std::int64_t product = 56;
  Buffer out;
  ASSERT_TRUE(frames.write_reply(head, type_ops<std::int64_t>(), &product, out).ok());
  EXPECT_EQ(as_text(out.view()),
            "{\"ServiceMethod\":\"arith.Arith/Multiply\",\"Seq\":1,\"Error\":\"\"}\n56\n");
}

TEST(GeeJson, PutsAnEmptyObjectBehindAnError) {
  wire::gee::JsonServerProtocol frames{Limits()};
  read(frames, "{\"ServiceMethod\":\"Nope.Nope\",\"Seq\":9} {}");
  wire::ReplyHead head;
  head.id = 9;
  Buffer out;
  frames.write_error(head, frames.unknown_method(1, "Nope.Nope", wire::UnknownMethod::kService),
                     out);
  EXPECT_EQ(as_text(out.view()),
            "{\"ServiceMethod\":\"Nope.Nope\",\"Seq\":9,\"Error\":\"rpc server: can't find service "
            "Nope\"}\n{}\n");
}

TEST(GeeJson, NeverWritesAnErrorWithoutText) {
  wire::gee::JsonServerProtocol frames{Limits()};
  wire::ReplyHead head;
  head.id = 9;
  head.method = &kMultiply;
  Buffer out;
  frames.write_error(head, Status(Code::kNotFound, ""), out);
  EXPECT_EQ(as_text(out.view()),
            "{\"ServiceMethod\":\"Arith.Multiply\",\"Seq\":9,\"Error\":\"not_found\"}\n{}\n");
}

TEST(GeeJson, ReadsReplies) {
  Seen reply = read_reply("{\"ServiceMethod\":\"Arith.Multiply\",\"Seq\":1,\"Error\":\"\"}\n56\n");
  EXPECT_EQ(reply.kind, wire::FrameKind::kReply);
  EXPECT_EQ(reply.id, 1u);
  EXPECT_EQ(reply.body, "56");
}

TEST(GeeJson, ReadsErrors) {
  Seen error =
      read_reply("{\"ServiceMethod\":\"A.B\",\"Seq\":1,\"Error\":\"divide by zero\"}\n{}\n");
  EXPECT_EQ(error.kind, wire::FrameKind::kError);
  EXPECT_EQ(error.id, 1u);
  EXPECT_EQ(error.message, "divide by zero");
}

TEST(GeeJson, AnswersARequestWithoutANumberAndGoesOn) {
  for (const char* header :
       {"{\"ServiceMethod\":\"A.B\"}", "{\"ServiceMethod\":\"A.B\",\"Seq\":0}"}) {
    wire::gee::JsonServerProtocol frames{Limits()};
    std::vector<Seen> all =
        read(frames, std::string(header) + "{}{\"ServiceMethod\":\"A.B\",\"Seq\":1}{}");
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].step, Step::kAnswer);
    EXPECT_EQ(all[1].id, 1u);
  }
}

TEST(GeeJson, SaysWhatIsWrongWithANumber) {
  wire::gee::JsonServerProtocol frames{Limits()};
  read(frames, "{\"ServiceMethod\":\"A.B\",\"Seq\":0}{}");
  Buffer out;
  frames.write_answer(out);
  EXPECT_EQ(as_text(out.view()),
            "{\"ServiceMethod\":\"A.B\",\"Seq\":0,\"Error\":\"rpc server: Seq is 0; expected 1 or "
            "more\"}\n{}\n");
}

TEST(GeeJson, EndsAfterAHeaderThatIsNone) {
  for (const char* text :
       {"[]", "7 ", "{]", "x", "{\"Seq\":\"1\"}", "{\"Seq\":-1}", "{\"Seq\":1.0}",
        "{\"Seq\":18446744073709551616}", "{\"ServiceMethod\":7,\"Seq\":1}",
        "{\"Seq\":1,\"Error\":[]}", "{\"Seq\":1,\"Seq\":1}", "{\"Seq\":1,\"SEQ\":2}",
        "{\"ServiceMethod\":\"A.B\",\"serviceMethod\":\"A.C\",\"Seq\":1}", "{Seq:1}"}) {
    std::vector<Seen> all = read_as_server(std::string(text) + "{}");
    ASSERT_EQ(all.size(), 1u) << text;
    EXPECT_EQ(all[0].step, Step::kBroken) << text;
  }
}

TEST(GeeJson, ReadsPastABodyOverTheLimit) {
  Limits limits;
  limits.message_bytes = 100;
  const std::string text = "{\"ServiceMethod\":\"A.B\",\"Seq\":1}\"" + std::string(20000, 'x') +
                           "\"{\"ServiceMethod\":\"A.B\",\"Seq\":2}{}";
  for (std::size_t piece : {std::size_t{1}, std::size_t{7000}, text.size()}) {
    wire::gee::JsonServerProtocol frames(limits);
    std::vector<Seen> all = read(frames, text, piece);
    ASSERT_EQ(all.size(), 2u) << piece;
    EXPECT_EQ(all[0].id, 1u);
    EXPECT_EQ(all[0].refused, Code::kResourceExhausted);
    EXPECT_EQ(all[1].id, 2u);
    EXPECT_EQ(all[1].refused, Code::kOk);
  }
}

TEST(GeeJson, TakesABodyOfTheLimitAndNoByteMore) {
  Limits limits;
  limits.message_bytes = 10;
  wire::gee::JsonServerProtocol frames(limits);
  std::vector<Seen> all = read(frames,
                               "{\"ServiceMethod\":\"A.B\",\"Seq\":1}\"12345678\""
                               "{\"ServiceMethod\":\"A.B\",\"Seq\":2}\"123456789\"");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].refused, Code::kOk);
  EXPECT_EQ(all[1].refused, Code::kResourceExhausted);
}

TEST(GeeJson, RefusesALongNameOfAMethod) {
  std::vector<Seen> all =
      read_as_server("{\"ServiceMethod\":\"" + std::string(257, 'x') + "\",\"Seq\":1}{}");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].refused, Code::kResourceExhausted);
}

TEST(GeeJson, EndsAfterAHeaderThatIsTooLong) {
  std::vector<Seen> all =
      read_as_server("{\"Seq\":1,\"x\":\"" + std::string(64 * 1024, 'x') + "\"}{}");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].step, Step::kBroken);
}

TEST(GeeJson, SurvivesEveryChangeOfAByte) {
  for (std::size_t at = 0; at < kTwoRequests.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string changed(kTwoRequests);
      changed[at] = static_cast<char>(value);
      wire::gee::JsonServerProtocol server{Limits()};
      EXPECT_LE(read(server, changed).size(), 4u);
      wire::gee::JsonClientProtocol client{Limits()};
      EXPECT_LE(read(client, changed).size(), 4u);
    }
  }
}

std::size_t acted_on(const TypeOps& type, const void* argument) {
  wire::gee::JsonClientProtocol frames{Limits()};
  wire::RequestHead head;
  head.id = 1;
  head.method = &kMultiply;
  Buffer out;
  EXPECT_TRUE(frames.write_request(head, type, argument, out).ok());
  return out.size() - frames.request_tail();
}

TEST(GeeJson, ARequestEndsWithItsLastBracketOrQuote) {
  const sample::Args args(7, 8);
  const std::string text = "seven";
  const std::size_t header =
      std::string_view("{\"ServiceMethod\":\"Arith.Multiply\",\"Seq\":1,\"Error\":\"\"}\n").size();
  EXPECT_EQ(acted_on(type_ops<sample::Args>(), &args),
            header + std::string_view("{\"A\":7,\"B\":8}").size());
  EXPECT_EQ(acted_on(type_ops<std::string>(), &text),
            header + std::string_view("\"seven\"").size());
}

// Go's decoder takes what a stream ends with for the whole number.
TEST(GeeJson, ARequestWithANumberMayEndAtItsFirstDigit) {
  const std::int64_t number = 1234567;
  const std::size_t header =
      std::string_view("{\"ServiceMethod\":\"Arith.Multiply\",\"Seq\":1,\"Error\":\"\"}\n").size();
  EXPECT_EQ(acted_on(type_ops<std::int64_t>(), &number), header + 1);
}

}  // namespace
}  // namespace tern
