// Our frames, byte for byte as runtime/README.md ("Frames") has them.
#include "wire/native/frames.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "wire/native/client.h"
#include "wire/native/server.h"
#include "wire/native/text_codec.h"

namespace tern {
namespace {

using Step = wire::FrameStep;

const test::TextCodec kCodec;
const TypeOps kText = [] {
  TypeOps ops{};
  ops.name = "test.Text";
  return ops;
}();
const TypeOps& text_ops() noexcept {
  return kText;
}
const Method kMethod{"test.Echo", "Say", 0x11223344, text_ops, text_ops, {}, {}, false};

Limits small_limits() {
  Limits limits;
  limits.message_bytes = 64;
  limits.metadata_bytes = 32;
  limits.method_name_bytes = 16;
  return limits;
}

class NativeFramesTest : public testing::Test {
 protected:
  // What next() makes of the front of `bytes`.
  Step next(ByteView bytes) {
    why_ = Status();
    progress_ = frames_.next(bytes, frame_, why_);
    return progress_.step;
  }
  Step next(const Buffer& buffer) { return next(buffer.view()); }

  Buffer request(std::string body, std::uint64_t id = 7, const Metadata* metadata = nullptr) {
    Buffer out;
    wire::RequestHead head{.id = id,
                           .method = &kMethod,
                           .timeout = std::chrono::milliseconds(5),
                           .metadata = metadata};
    Status status = client_.write_request(head, kText, &body, out);
    EXPECT_TRUE(status.ok()) << status.to_string();
    return out;
  }
  std::string body() {
    std::string text;
    EXPECT_TRUE(frames_.read_body(frame_, kText, &text).ok());
    return text;
  }

  wire::native::ClientProtocol client_{kCodec, small_limits()};
  wire::native::ServerProtocol server_{kCodec, small_limits()};
  wire::native::Frames frames_{kCodec, small_limits()};  // reads what either has written
  wire::Frame frame_;
  Status why_;
  wire::FrameProgress progress_;
};

std::string hex(ByteView bytes) {
  std::string out;
  for (std::byte b : bytes) {
    char two[4];
    std::snprintf(two, sizeof two, "%02x", static_cast<unsigned>(b));
    out += two;
  }
  return out;
}

TEST_F(NativeFramesTest, ARequestHasTheDocumentedBytes) {
  Buffer out = request("hi");
  EXPECT_EQ(hex(out.view()),
            "1e000000"          // size: 28 of the header and 2 of the body
            "01000000"          // request, no flags, no code, no ran
            "0700000000000000"  // id
            "44332211"          // method id
            "00000000"          // no metadata
            "404b4c0000000000"  // 5,000,000 ns
            "6869");
}

TEST_F(NativeFramesTest, AnErrorHasTheDocumentedBytes) {
  Buffer out;
  server_.write_error({9, &kMethod, nullptr}, Status(Code::kNotFound, "no", HandlerRan::kYes), out);
  EXPECT_EQ(hex(out.view()),
            "1e000000"
            "03000502"  // error, not_found, the handler has run
            "0900000000000000"
            "00000000"  // no declared error
            "00000000"
            "0200000000000000"  // length of the message
            "6e6f");
}

TEST_F(NativeFramesTest, ARequestComesBack) {
  Metadata metadata;
  metadata.add("k", "v");
  metadata.add("", "");
  Buffer out = request("hello", 1ull << 60, &metadata);
  ASSERT_EQ(next(out), Step::kFrame);
  EXPECT_EQ(progress_.consumed, out.size());
  EXPECT_EQ(frame_.kind, wire::FrameKind::kRequest);
  EXPECT_EQ(frame_.id, 1ull << 60);
  EXPECT_EQ(frame_.method_id, 0x11223344u);
  EXPECT_EQ(frame_.timeout, std::chrono::milliseconds(5));
  EXPECT_EQ(body(), "hello");
  Metadata read;
  ASSERT_TRUE(frames_.read_metadata(frame_, read).ok());
  EXPECT_EQ(read, metadata);
}

TEST_F(NativeFramesTest, AnErrorWithADeclaredErrorComesBack) {
  Buffer out;
  auto detail = std::make_shared<const std::string>("detail");
  Metadata metadata;
  metadata.add("k", "v");
  server_.write_error(
      {9, &kMethod, &metadata},
      Status::with_detail(Code::kInvalidArgument, "message", kText, detail, HandlerRan::kYes), out);
  ASSERT_EQ(next(out), Step::kFrame);
  EXPECT_EQ(frame_.code, Code::kInvalidArgument);
  EXPECT_EQ(frame_.ran, HandlerRan::kYes);
  EXPECT_EQ(frame_.message, "message");
  EXPECT_EQ(frame_.detail_type, "test.Text");
  EXPECT_EQ(body(), "detail");
}

TEST_F(NativeFramesTest, ADeclaredErrorThatCannotBeEncodedIsLeftOut) {
  Buffer out;
  auto detail = std::make_shared<const std::string>("unencodable");
  server_.write_error({9, &kMethod, nullptr},
                      Status::with_detail(Code::kAborted, "message", kText, detail), out);
  ASSERT_EQ(next(out), Step::kFrame);
  EXPECT_EQ(progress_.consumed, out.size());
  EXPECT_EQ(frame_.message, "message");
  EXPECT_EQ(frame_.detail_type, "");
}

TEST_F(NativeFramesTest, BareFramesComeBack) {
  struct Case {
    wire::FrameKind kind;
    void (wire::ClientProtocol::*write)(std::uint64_t, Buffer&);
  };
  for (Case c : {Case{wire::FrameKind::kCancel, &wire::ClientProtocol::write_cancel},
                 Case{wire::FrameKind::kPing, &wire::ClientProtocol::write_ping},
                 Case{wire::FrameKind::kPong, &wire::ClientProtocol::write_pong}}) {
    Buffer out;
    (client_.*c.write)(42, out);
    EXPECT_EQ(out.size(), wire::native::Frames::kHeaderBytes);
    ASSERT_EQ(next(out), Step::kFrame);
    EXPECT_EQ(frame_.kind, c.kind);
    EXPECT_EQ(frame_.id, 42u);
  }
  Buffer pong;
  server_.write_pong(43, pong);
  ASSERT_EQ(next(pong), Step::kFrame);
  EXPECT_EQ(frame_.kind, wire::FrameKind::kPong);
  EXPECT_EQ(frame_.id, 43u);
  Buffer out;
  server_.write_going_away("maintenance", out);
  ASSERT_EQ(next(out), Step::kFrame);
  EXPECT_EQ(frame_.kind, wire::FrameKind::kGoingAway);
  EXPECT_EQ(frame_.message, "maintenance");
}

TEST_F(NativeFramesTest, WaitsForTheRestAndSaysHowMuch) {
  Buffer out = request("hello");
  for (std::size_t n = 0; n < out.size(); ++n) {
    ASSERT_EQ(next(out.view().first(n)), Step::kMore) << n;
    EXPECT_EQ(progress_.consumed, 0u);
    EXPECT_EQ(progress_.wanted, n < wire::native::Frames::kHeaderBytes ? 32u : out.size());
  }
}

TEST_F(NativeFramesTest, ReadsFramesThatFollowEachOther) {
  Buffer both = request("one", 1);
  both.append(request("two", 2).view());
  ASSERT_EQ(next(both), Step::kFrame);
  EXPECT_EQ(body(), "one");
  ASSERT_EQ(next(both.view().subspan(progress_.consumed)), Step::kFrame);
  EXPECT_EQ(body(), "two");
}

TEST_F(NativeFramesTest, TakesAMessageOfTheLimitAndNotOneByteMore) {
  Buffer at = request(std::string(64, 'x'));
  ASSERT_EQ(next(at), Step::kFrame);
  EXPECT_TRUE(frame_.refused.ok());

  Buffer over = request(std::string(65, 'x'));
  ASSERT_EQ(next(over), Step::kFrame);
  EXPECT_EQ(frame_.id, 7u);
  EXPECT_EQ(frame_.refused.code(), Code::kResourceExhausted);
  EXPECT_EQ(frame_.refused.message(), "the message is 65 bytes long; the limit is 64");
}

TEST_F(NativeFramesTest, ReadsPastARefusedFrameAsItComes) {
  Buffer over = request(std::string(100, 'x'), 1);
  Buffer good = request("good", 2);
  ASSERT_EQ(next(over.view().first(40)), Step::kFrame);
  EXPECT_FALSE(frame_.refused.ok());
  EXPECT_EQ(progress_.consumed, 40u);
  Buffer rest;
  rest.append(over.view().subspan(40));
  rest.append(good.view());
  ASSERT_EQ(next(rest), Step::kSkip);
  EXPECT_EQ(progress_.consumed, over.size() - 40);
  ASSERT_EQ(next(rest.view().subspan(progress_.consumed)), Step::kFrame);
  EXPECT_TRUE(frame_.refused.ok());
  EXPECT_EQ(body(), "good");
}

TEST_F(NativeFramesTest, RefusesMetadataOverTheLimit) {
  Limits generous;
  wire::native::ClientProtocol writer(kCodec, generous);
  Metadata metadata;
  metadata.add("key", std::string(30, 'v'));
  std::string text = "x";
  Buffer out;
  ASSERT_TRUE(
      writer.write_request({.id = 7, .method = &kMethod, .metadata = &metadata}, kText, &text, out)
          .ok());
  ASSERT_EQ(next(out), Step::kFrame);
  EXPECT_EQ(frame_.refused.message(), "the metadata is 41 bytes long; the limit is 32");
}

TEST_F(NativeFramesTest, DoesNotSendMetadataOverTheLimit) {
  Metadata metadata;
  metadata.add("key", std::string(30, 'v'));
  std::string text = "x";
  Buffer out;
  out.append("before");
  Status status = client_.write_request({.id = 7, .method = &kMethod, .metadata = &metadata}, kText,
                                        &text, out);
  EXPECT_EQ(status.code(), Code::kResourceExhausted);
  EXPECT_EQ(status.handler_ran(), HandlerRan::kNo);
  EXPECT_EQ(as_text(out.view()), "before");
}

TEST_F(NativeFramesTest, DoesNotSendWhatThePeerWouldRefuse) {
  client_.set_peer_message_bytes(10);
  std::string text(11, 'x');
  Buffer out;
  Status status = client_.write_request({.id = 7, .method = &kMethod}, kText, &text, out);
  EXPECT_EQ(status.message(), "test.Text is 11 bytes long when encoded; the peer takes at most 10");
  EXPECT_TRUE(out.empty());
}

TEST_F(NativeFramesTest, LeavesNothingOfAMessageThatCannotBeEncoded) {
  std::string text = "unencodable";
  Buffer out;
  EXPECT_FALSE(server_.write_reply({7, &kMethod, nullptr}, kText, &text, out).ok());
  EXPECT_TRUE(out.empty());
}

// Sizes that cannot be true end the connection before memory is given to them.
TEST_F(NativeFramesTest, SizesThatLieAreBroken) {
  for (std::uint32_t size : {0u, 27u, 64u * 16 + 16, 0x7fffffffu, 0x80000000u, 0xffffffffu}) {
    Buffer out = request("hello");
    std::memcpy(out.data(), &size, sizeof size);
    EXPECT_EQ(next(out), Step::kBroken) << size;
    EXPECT_FALSE(why_.ok());
  }
}

TEST_F(NativeFramesTest, PartsThatClaimMoreThanTheFrameHasAreBroken) {
  Buffer out = request("hello");
  std::uint32_t metadata = 6;
  std::memcpy(out.data() + 20, &metadata, sizeof metadata);
  EXPECT_EQ(next(out), Step::kBroken);
  EXPECT_EQ(why_.message(), "frame: 5 bytes follow the header; its parts claim 0 + 6 + 0");
}

// Of 64 bits, so that the sum of the parts can come out small.
TEST_F(NativeFramesTest, AMessageWhoseLengthOverflowsTheSumIsBroken) {
  Buffer out;
  wire::ReplyHead head;
  server_.write_error(head, Status(Code::kAborted, "text"), out);
  std::uint32_t name = 2;
  std::uint64_t message = ~std::uint64_t{0};
  std::memcpy(out.data() + 16, &name, sizeof name);
  std::memcpy(out.data() + 24, &message, sizeof message);
  EXPECT_EQ(next(out), Step::kBroken);
}

// What a later version may send is not taken for a promise.
TEST_F(NativeFramesTest, AHandlerRanThatIsNotKnownIsUnknown) {
  Buffer out;
  wire::ReplyHead head;
  server_.write_error(head, Status(Code::kAborted, "text", HandlerRan::kNo), out);
  for (int ran : {3, 255}) {
    out.data()[7] = static_cast<std::byte>(ran);
    ASSERT_EQ(next(out), Step::kFrame);
    EXPECT_EQ(frame_.ran, HandlerRan::kUnknown) << ran;
  }
}

TEST_F(NativeFramesTest, UnknownKindsAndFlagsAreBroken) {
  for (int kind : {0, 10, 13, 14, 63, 255}) {
    Buffer out = request("hello");
    out.data()[4] = static_cast<std::byte>(kind);
    EXPECT_EQ(next(out), Step::kBroken) << kind;
  }
  for (int flags : {8, 16, 64, 128, 255}) {
    Buffer out = request("hello");
    out.data()[5] = static_cast<std::byte>(flags);
    EXPECT_EQ(next(out), Step::kBroken) << flags;
  }
  // Flags of requests are none of others.
  for (int kind : {2, 3, 4, 5, 6, 7}) {
    for (int flags : {1, 2, 4}) {
      Buffer out = request("");
      out.data()[4] = static_cast<std::byte>(kind);
      out.data()[5] = static_cast<std::byte>(flags);
      EXPECT_EQ(next(out), Step::kBroken) << kind << " " << flags;
      EXPECT_EQ(why_.message(), "frame: kind " + std::to_string(kind) + " with flags " +
                                    std::to_string(flags) +
                                    " is not known; this is version 1 of the protocol");
    }
  }
}

TEST_F(NativeFramesTest, AMethodCanBeCalledByName) {
  Buffer out = request("Echo.Saybody");
  out.data()[5] = std::byte{1};
  std::uint32_t length = 8;
  std::memcpy(out.data() + 16, &length, sizeof length);
  ASSERT_EQ(next(out), Step::kFrame);
  EXPECT_EQ(frame_.method_name, "Echo.Say");
  EXPECT_EQ(frame_.method_id, 0u);
  EXPECT_EQ(body(), "body");

  Buffer long_name = request(std::string(30, 'n'));
  long_name.data()[5] = std::byte{1};
  length = 17;
  std::memcpy(long_name.data() + 16, &length, sizeof length);
  ASSERT_EQ(next(long_name), Step::kFrame);
  EXPECT_EQ(frame_.refused.message(), "the name of the method is 17 bytes long; the limit is 16");
}

// No change of a single byte may crash, read outside of the frame, or be taken for more bytes than
// there are.
TEST_F(NativeFramesTest, SurvivesEverySingleByteChange) {
  Metadata metadata;
  metadata.add("key", "value");
  Buffer original = request("hello", 7, &metadata);
  for (std::size_t at = 0; at < original.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      wire::native::Frames frames(kCodec, small_limits());
      // Exactly as large as its content, so that a sanitizer sees each byte read beyond it.
      std::vector<std::byte> changed(original.data(), original.data() + original.size());
      changed[at] = static_cast<std::byte>(value);
      wire::Frame frame;
      Status why;
      wire::FrameProgress progress = frames.next(changed, frame, why);
      ASSERT_LE(progress.consumed, changed.size());
      if (progress.step == Step::kFrame) {
        Metadata read;
        Status status = frames.read_metadata(frame, read);
        std::string text;
        Status decoded = frames.read_body(frame, kText, &text);
        ASSERT_LE(text.size(), changed.size());
        (void)status.ok();
        (void)decoded.ok();
      } else if (progress.step == Step::kBroken) {
        ASSERT_FALSE(why.ok());
      }
    }
  }
}

}  // namespace
}  // namespace tern
