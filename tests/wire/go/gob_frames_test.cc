// net/rpc and GeeRPC over gob, beside the bytes that Go wrote.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "codec/gob_messages.h"
#include "codec/gob_stream.h"
#include "codec/gob_vectors.h"
#include "codec/sample_messages.h"
#include "tern/walk.h"
#include "wire/go/gob_client.h"
#include "wire/go/gob_server.h"

namespace tern {
namespace {

using sample::Args;
using testing::HasSubstr;
using Step = wire::FrameStep;

const Method kMultiply{"arith.Arith",          "Multiply", 1,  type_ops<Args>,
                       type_ops<std::int64_t>, {},         {}, false};
const Method kSum{"Foo", "Sum", 2,    type_ops<sample::go::Numbers>, type_ops<std::int64_t>,
                  {},    {},    false};

// A frame that outlives the bytes it was read from.
struct Seen {
  wire::FrameKind kind{};
  std::uint64_t id = 0;
  std::string method;
  std::string message;
  std::string refused;
  wire::FrameLimit limit{};
  Code code{};
  HandlerRan ran{};
};

// One side of a conversation, fed with what the other side has written.
template <typename Protocol>
class Side {
 public:
  explicit Side(wire::go::Dialect dialect, const Limits& limits = Limits())
      : frames(dialect, limits) {}

  // Reads all of `bytes`, and the bodies as T; what is left of them stays for the next time.
  template <typename T>
  void read(std::string_view bytes) {
    unread_.append(bytes);
    for (;;) {
      wire::Frame frame;
      const std::vector<char> exact(unread_.begin(), unread_.end());
      const auto progress = frames.next(as_bytes({exact.data(), exact.size()}), frame, why);
      step = progress.step;
      if (step == Step::kFrame) {
        Seen one;
        one.kind = frame.kind;
        one.id = frame.id;
        one.method = frame.method_name;
        one.message = frame.message;
        one.refused = frame.refused.message();
        one.limit = frame.limit;
        one.code = frame.code;
        one.ran = frame.ran;
        seen.push_back(one);
        T value{};
        const Status failure = frame.refused.ok() && frame.kind != wire::FrameKind::kError
                                   ? frames.read_body(frame, type_ops<T>(), &value)
                                   : Status();
        values.push_back(failure.ok() ? testing::PrintToString(value)
                                      : std::string(failure.message()));
      }
      unread_.erase(0, progress.consumed);
      if (step == Step::kMore || step == Step::kBroken) return;
    }
  }
  std::size_t unread() const { return unread_.size(); }

  Protocol frames;
  std::vector<Seen> seen;
  std::vector<std::string> values;
  Status why;
  Step step = Step::kMore;

 private:
  std::string unread_;
};

using ClientSide = Side<wire::go::ClientProtocol>;
using ServerSide = Side<wire::go::ServerProtocol>;

template <typename T>
std::string request(wire::go::ClientProtocol& frames, std::uint64_t id, const Method& method,
                    const T& value) {
  Buffer out;
  wire::RequestHead head;
  head.id = id;
  head.method = &method;
  const Status status = frames.write_request(head, type_ops<T>(), &value, out);
  EXPECT_TRUE(status.ok()) << status.to_string();
  return std::string(as_text(out.view()));
}

template <typename T>
std::string reply(wire::go::ServerProtocol& frames, std::uint64_t id, const Method& method,
                  const T& value) {
  Buffer out;
  wire::ReplyHead head;
  head.id = id;
  head.method = &method;
  const Status status = frames.write_reply(head, type_ops<T>(), &value, out);
  EXPECT_TRUE(status.ok()) << status.to_string();
  return std::string(as_text(out.view()));
}

std::string error(wire::go::ServerProtocol& frames, std::uint64_t id, const Method* method,
                  const Status& status) {
  Buffer out;
  wire::ReplyHead head;
  head.id = id;
  head.method = method;
  frames.write_error(head, status, out);
  return std::string(as_text(out.view()));
}

std::string vector(const std::string& name) {
  return sample::gob_vectors().at(name);
}
std::string description(const std::string& stream) {
  return sample::GobDescription(stream).text();
}

std::string printed(const auto& value) {
  return testing::PrintToString(value);
}

// ---- what Go wrote

TEST(NetRpc, WritesRequestsAsGoDoes) {
  wire::go::ClientProtocol client(wire::go::Dialect::kNetRpc, Limits());
  EXPECT_EQ(description(request(client, 0, kMultiply, Args(7, 8))),
            description(vector("net/rpc request header and body")));
}

TEST(NetRpc, ReadsGosRequests) {
  ServerSide server(wire::go::Dialect::kNetRpc);
  server.read<Args>(vector("two net/rpc requests"));
  ASSERT_EQ(server.seen.size(), 2u);
  EXPECT_EQ(server.seen[0].kind, wire::FrameKind::kRequest);
  EXPECT_EQ(server.seen[0].id, 0u);
  EXPECT_EQ(server.seen[0].method, "Arith.Multiply");
  EXPECT_EQ(server.values[0], printed(Args(7, 8)));
  EXPECT_EQ(server.seen[1].id, 1u);
  EXPECT_EQ(server.seen[1].method, "Arith.Divide");
  EXPECT_EQ(server.values[1], printed(Args(17, 5)));
  EXPECT_EQ(server.unread(), 0u);
}

TEST(NetRpc, WritesRepliesAsGoDoes) {
  wire::go::ServerProtocol server(wire::go::Dialect::kNetRpc, Limits());
  EXPECT_EQ(description(reply(server, 0, kMultiply, std::int64_t{56})),
            description(vector("net/rpc reply")));
  wire::go::ServerProtocol other(wire::go::Dialect::kNetRpc, Limits());
  const Method divide{"arith.Arith", "Divide", 1, nullptr, nullptr, {}, {}, false};
  EXPECT_EQ(description(error(other, 1, &divide, Status(Code::kUnknown, "divide by zero"))),
            description(vector("net/rpc error reply")));
}

TEST(NetRpc, ReadsGosReplies) {
  ClientSide client(wire::go::Dialect::kNetRpc);
  client.read<std::int64_t>(vector("net/rpc reply"));
  ASSERT_EQ(client.seen.size(), 1u);
  EXPECT_EQ(client.seen[0].kind, wire::FrameKind::kReply);
  EXPECT_EQ(client.values[0], "56");
  ClientSide failing(wire::go::Dialect::kNetRpc);
  failing.read<std::int64_t>(vector("net/rpc error reply"));
  ASSERT_EQ(failing.seen.size(), 1u);
  EXPECT_EQ(failing.seen[0].kind, wire::FrameKind::kError);
  EXPECT_EQ(failing.seen[0].id, 1u);
  EXPECT_EQ(failing.seen[0].message, "divide by zero");
  EXPECT_EQ(failing.seen[0].code, Code::kUnknown);
  EXPECT_EQ(failing.seen[0].ran, HandlerRan::kUnknown);
}

TEST(GeeRpc, ReadsAndWritesWhatGoDoes) {
  const std::string bytes = vector("GeeRPC header and body (after the Option)");
  for (const std::string newline : {"", "\n", "\r\n"}) {
    ServerSide server(wire::go::Dialect::kGeeRpc);
    server.read<sample::go::Numbers>(newline + bytes);
    ASSERT_EQ(server.seen.size(), 1u);
    EXPECT_EQ(server.seen[0].id, 1u);
    EXPECT_EQ(server.seen[0].method, "Foo.Sum");
    EXPECT_EQ(server.values[0], printed(sample::go::Numbers(1, 2)));
  }
  wire::go::ClientProtocol client(wire::go::Dialect::kGeeRpc, Limits());
  EXPECT_EQ(description(request(client, 1, kSum, sample::go::Numbers(1, 2))), description(bytes));
}

TEST(GeeRpc, TakesOneNewlineAtTheBeginningAndNoOther) {
  const std::string bytes = vector("GeeRPC header and body (after the Option)");
  ServerSide server(wire::go::Dialect::kGeeRpc);
  server.read<sample::go::Numbers>("");
  server.read<sample::go::Numbers>("\n");
  server.read<sample::go::Numbers>("");
  EXPECT_EQ(server.step, Step::kMore);
  server.read<sample::go::Numbers>("\n" + bytes);
  EXPECT_EQ(server.step, Step::kBroken);
  ServerSide windows(wire::go::Dialect::kGeeRpc);
  windows.read<sample::go::Numbers>("\r");
  EXPECT_EQ(windows.step, Step::kMore);
  windows.read<sample::go::Numbers>("\n" + bytes);
  EXPECT_EQ(windows.seen.size(), 1u);
  ServerSide net_rpc(wire::go::Dialect::kNetRpc);
  net_rpc.read<sample::go::Numbers>("\n" + bytes);
  EXPECT_EQ(net_rpc.step, Step::kBroken);
}

// ---- both

class GobFramesTest : public testing::TestWithParam<wire::go::Dialect> {
 protected:
  // Requests of several types, and what their server says, each in one stream.
  std::string requests() {
    std::string bytes = request(client.frames, 1, kMultiply, Args(7, 8));
    bytes += request(client.frames, 2, kSum, sample::go::Numbers(1, 2));
    bytes += request(client.frames, 3, kMultiply, Args(0, 0));
    return bytes;
  }
  std::string answers() {
    std::string bytes = reply(server.frames, 2, kSum, std::int64_t{3});
    bytes += error(server.frames, 1, &kMultiply, Status(Code::kAborted, "not today"));
    bytes += reply(server.frames, 3, kMultiply, std::int64_t{0});
    bytes += error(server.frames, 4, nullptr, Status(Code::kAborted, ""));
    return bytes;
  }

  ClientSide client{GetParam()};
  ServerSide server{GetParam()};
};

TEST_P(GobFramesTest, AreReadAtEverySplit) {
  const std::string there = requests();
  const std::string back = answers();
  for (std::size_t split = 0; split <= there.size(); ++split) {
    ServerSide reader(GetParam());
    reader.read<Args>(there.substr(0, split));
    reader.read<Args>(there.substr(split));
    ASSERT_EQ(reader.seen.size(), 3u) << split;
    EXPECT_EQ(reader.seen[1].method, "Foo.Sum");
    EXPECT_EQ(reader.unread(), 0u);
  }
  for (std::size_t split = 0; split <= back.size(); ++split) {
    ClientSide reader(GetParam());
    reader.read<std::int64_t>(back.substr(0, split));
    reader.read<std::int64_t>(back.substr(split));
    ASSERT_EQ(reader.seen.size(), 4u) << split;
    EXPECT_EQ(reader.values[0], "3");
    EXPECT_EQ(reader.seen[1].message, "not today");
    EXPECT_EQ(reader.values[2], "0");
    EXPECT_EQ(reader.seen[3].message, "aborted");
  }
}

TEST_P(GobFramesTest, AreReadByteByByte) {
  const std::string there = requests();
  for (const char byte : there) server.read<Args>({&byte, 1});
  ASSERT_EQ(server.seen.size(), 3u);
  EXPECT_EQ(server.values[0], printed(Args(7, 8)));
  EXPECT_EQ(server.values[2], printed(Args(0, 0)));
}

TEST_P(GobFramesTest, ThatAreCutAreWaitedFor) {
  const std::string there = requests();
  for (std::size_t size = 0; size < there.size(); ++size) {
    ServerSide reader(GetParam());
    reader.read<Args>(there.substr(0, size));
    EXPECT_EQ(reader.step, Step::kMore);
    EXPECT_LT(reader.seen.size(), 3u);
  }
}

TEST_P(GobFramesTest, HaveBegunWithTheirHeader) {
  const std::string first = request(client.frames, 1, kMultiply, Args(7, 8));
  const std::string second = request(client.frames, 2, kMultiply, Args(7, 8));
  server.read<Args>(first);
  EXPECT_FALSE(server.frames.in_frame());
  // All but the body, which is 9 bytes: its length, its type, A, B and the end.
  server.read<Args>(second.substr(0, second.size() - 8));
  EXPECT_EQ(server.unread(), 0u);
  EXPECT_TRUE(server.frames.in_frame());
  server.read<Args>(second.substr(second.size() - 8));
  EXPECT_FALSE(server.frames.in_frame());
  EXPECT_EQ(server.seen.size(), 2u);
}

TEST_P(GobFramesTest, GoOnAfterABodyThatDoesNotFit) {
  std::string bytes = request(client.frames, 1, kMultiply, std::string("text"));
  bytes += request(client.frames, 2, kMultiply, Args(1, 2));
  server.read<Args>(bytes);
  ASSERT_EQ(server.seen.size(), 2u);
  EXPECT_EQ(server.values[0], "expected arith.Args, got string");
  EXPECT_EQ(server.values[1], printed(Args(1, 2)));
}

TEST_P(GobFramesTest, OverTheLimitAreRefusedAndReadPast) {
  Limits limits;
  limits.message_bytes = 500;
  std::string bytes = request(client.frames, 1, kMultiply, std::string(2000, 'x'));
  bytes += request(client.frames, 2, kMultiply, std::string(400, 'x'));
  for (const std::size_t piece : {1, 100, 10000}) {
    ServerSide reader(GetParam(), limits);
    std::size_t most = 0;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      reader.read<std::string>(bytes.substr(at, piece));
      most = std::max(most, reader.unread());
    }
    ASSERT_EQ(reader.seen.size(), 2u);
    EXPECT_EQ(reader.seen[0].id, 1u);
    EXPECT_EQ(reader.seen[0].limit, wire::FrameLimit::kMessage);
    EXPECT_THAT(reader.seen[0].refused,
                HasSubstr("the message is 2004 bytes long; the limit is 500"));
    EXPECT_EQ(reader.seen[1].refused, "");
    EXPECT_LE(most, 500u);
  }
}

TEST_P(GobFramesTest, WithALongNameAreRefused) {
  const std::string name(300, 'm');
  const Method method{"S", name, 9, nullptr, nullptr, {}, {}, false};
  std::string bytes = request(client.frames, 7, method, Args(1, 2));
  bytes += request(client.frames, 8, kMultiply, Args(1, 2));
  server.read<Args>(bytes);
  ASSERT_EQ(server.seen.size(), 2u);
  EXPECT_EQ(server.seen[0].id, 7u);
  EXPECT_EQ(server.seen[0].limit, wire::FrameLimit::kMethodName);
  EXPECT_EQ(server.seen[0].refused, "the name of the method is 302 bytes long; the limit is 256");
  EXPECT_EQ(server.seen[0].method, "");
  EXPECT_EQ(server.values[1], printed(Args(1, 2)));
}

TEST_P(GobFramesTest, WithABodyThatNeedsTooMuchMemoryAreRefusedAndTheStreamGoesOn) {
  Limits limits;
  limits.gob_decode_overhead_bytes = 1000;
  ServerSide reader(GetParam(), limits);
  using Texts = std::vector<std::string>;
  for (const std::size_t count : {100, 10}) {
    reader.read<Texts>(request(client.frames, count, kMultiply, Texts(count)));
  }
  ASSERT_EQ(reader.values.size(), 2u);
  EXPECT_THAT(reader.values[0], HasSubstr("1000 (Limits::gob_decode_overhead_bytes)"));
  EXPECT_EQ(reader.values[1], printed(Texts(10)));
}

TEST_P(GobFramesTest, OfAServerMayNeedAsMuchMemoryAsInTheOtherCodecs) {
  Limits limits;
  limits.gob_decode_overhead_bytes = 0;
  ClientSide reader(GetParam(), limits);
  using Texts = std::vector<std::string>;
  wire::ReplyHead head;
  head.id = 3;
  head.method = &kMultiply;
  Buffer out;
  const Texts texts(40'000);
  ASSERT_TRUE(server.frames.write_reply(head, type_ops<Texts>(), &texts, out).ok());
  reader.read<Texts>(std::string(as_text(out.view())));
  ASSERT_EQ(reader.values.size(), 1u);
  EXPECT_EQ(reader.values[0], printed(texts));
}

TEST_P(GobFramesTest, OfWhichTheBodyCannotBeWrittenLeaveNothing) {
  static const TypeOps failing = [] {
    TypeOps ops = type_ops<sample::Circle>();
    ops.write = [](const void*, ValueWriter& out) { return out.fail("it cannot be written"); };
    return ops;
  }();
  Buffer out;
  wire::RequestHead head;
  head.id = 1;
  head.method = &kMultiply;
  const sample::Circle circle;
  EXPECT_EQ(client.frames.write_request(head, failing, &circle, out).message(),
            "it cannot be written");
  EXPECT_EQ(out.size(), 0u);
  // The header's type is told with the next one.
  server.read<sample::Circle>(request(client.frames, 2, kMultiply, circle));
  ASSERT_EQ(server.seen.size(), 1u);
  EXPECT_EQ(server.values[0], printed(circle));
}

TEST_P(GobFramesTest, AnswerInTheNameThatWasAskedFor) {
  const Method spelled{"Some", "Other", 9, nullptr, nullptr, {}, {}, false};
  server.read<Args>(request(client.frames, 4, spelled, Args(1, 2)));
  sample::GobReceiver at_once(error(server.frames, 4, nullptr, Status(Code::kUnknown, "no")));
  EXPECT_EQ(at_once.read<sample::go::Response>(), sample::go::Response("Some.Other", 4, "no"));
  EXPECT_EQ(at_once.read<Nothing>(), Nothing());
}

TEST_P(GobFramesTest, AnswerLaterInTheNameOfTheMethod) {
  sample::GobReceiver later(reply(server.frames, 5, kMultiply, Args(1, 2)));
  EXPECT_EQ(later.read<sample::go::Response>(), sample::go::Response("Arith.Multiply", 5, ""));
  EXPECT_EQ(later.read<Args>(), Args(1, 2));
}

TEST_P(GobFramesTest, HaveNoOtherKinds) {
  Buffer out;
  client.frames.write_cancel(1, out);
  client.frames.write_ping(1, out);
  client.frames.write_pong(1, out);
  server.frames.write_pong(1, out);
  server.frames.write_going_away("bye", out);
  server.frames.write_broken(Status(Code::kInternal, "what"), out);
  EXPECT_EQ(out.size(), 0u);
  EXPECT_FALSE(client.frames.has_pings());
  EXPECT_FALSE(server.frames.has_metadata());
}

TEST_P(GobFramesTest, WithoutAHeaderEndTheConnection) {
  sample::GobSender sender;
  server.read<Args>(sender.send(std::string("no header")));
  EXPECT_EQ(server.step, Step::kBroken);
  EXPECT_THAT(std::string(server.why.message()), HasSubstr("the header of a message: expected"));
  Limits limits;
  limits.message_bytes = 100;
  ServerSide small(GetParam(), limits);
  const std::string name(200, 'm');
  const Method long_one{"S", name, 9, nullptr, nullptr, {}, {}, false};
  small.read<Args>(request(client.frames, 7, long_one, Args(1, 2)));
  EXPECT_EQ(small.step, Step::kBroken);
}

TEST_P(GobFramesTest, ThatAreDamagedAreSurvived) {
  const std::string streams[] = {requests(), answers()};
  std::mt19937 random(11);
  for (const std::string& good : streams) {
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (const unsigned change :
           {1u, 2u, 0x10u, 0x80u, 0xffu, 1 + static_cast<unsigned>(random() % 255)}) {
        std::string bad = good;
        bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ change);
        ServerSide of_server(GetParam());
        of_server.read<Args>(bad);
        EXPECT_LE(of_server.seen.size(), 4u);
        ClientSide of_client(GetParam());
        of_client.read<Args>(bad);
        EXPECT_LE(of_client.seen.size(), 4u);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Dialects, GobFramesTest,
                         testing::Values(wire::go::Dialect::kNetRpc, wire::go::Dialect::kGeeRpc),
                         [](const auto& one) {
                           return one.param == wire::go::Dialect::kNetRpc ? "NetRpc" : "GeeRpc";
                         });

// ---- texts

TEST(GoErrors, OfNoHandlerAreToldApart) {
  wire::go::ServerProtocol wrote(wire::go::Dialect::kNetRpc, Limits());
  ClientSide client(wire::go::Dialect::kNetRpc);
  const Status unknown = wrote.unknown_method(1, "Arith.Add", wire::UnknownMethod::kMethod);
  client.read<Args>(error(wrote, 1, nullptr, unknown));
  ASSERT_EQ(client.seen.size(), 1u);
  EXPECT_EQ(client.seen[0].message, "rpc: can't find method Arith.Add");
  EXPECT_EQ(client.seen[0].code, Code::kUnimplemented);
  EXPECT_EQ(client.seen[0].ran, HandlerRan::kUnknown);
}

TEST(GoErrors, OfUnknownMethodsAreInTheWordsOfTheSystem) {
  wire::go::ServerProtocol net_rpc(wire::go::Dialect::kNetRpc, Limits());
  wire::go::ServerProtocol geerpc(wire::go::Dialect::kGeeRpc, Limits());
  const auto text = [](wire::go::ServerProtocol& frames, std::string_view name,
                       wire::UnknownMethod why) {
    const Status status = frames.unknown_method(1, name, why);
    EXPECT_EQ(status.handler_ran(), HandlerRan::kNo);
    return std::string(status.message());
  };
  EXPECT_EQ(text(net_rpc, "Arith.Add", wire::UnknownMethod::kService),
            "rpc: can't find service Arith.Add");
  EXPECT_EQ(text(net_rpc, "Arith.Add", wire::UnknownMethod::kMethod),
            "rpc: can't find method Arith.Add");
  EXPECT_EQ(text(net_rpc, "Add", wire::UnknownMethod::kIllFormed),
            "rpc: service/method request ill-formed: Add");
  EXPECT_EQ(text(geerpc, "Arith.Add", wire::UnknownMethod::kService),
            "rpc server: can't find service Arith");
  EXPECT_EQ(text(geerpc, "Arith.Add", wire::UnknownMethod::kMethod),
            "rpc server: can't find method Add");
  EXPECT_EQ(text(geerpc, "Add", wire::UnknownMethod::kIllFormed),
            "rpc server: service/method request ill-formed: Add");
}

}  // namespace
}  // namespace tern
