// Requests in chunks, byte for byte as runtime/README.md ("Chunks") has them, from a client's side
// to a server's.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "wire/native/chunks.h"
#include "wire/native/client.h"
#include "wire/native/server.h"
#include "wire/native/text_codec.h"

namespace tern {
namespace {

using Step = wire::FrameStep;
using Strings = std::vector<std::string>;
using wire::FrameKind;

const test::TextCodec kCodec;
const TypeOps kText{};
const TypeOps& text_ops() noexcept {
  return kText;
}
const Method kMethod{"test.Echo", "Say", 0x11223344, text_ops, text_ops, {}, {}, false};

std::string text(std::size_t size) {
  std::string made(size, 'x');
  for (std::size_t i = 0; i < size; ++i) made[i] = static_cast<char>('a' + i % 23);
  return made;
}

wire::PeerTerms reader_of(std::uint64_t chunked_bytes) {
  wire::PeerTerms terms;
  terms.chunked_bytes = chunked_bytes;
  return terms;
}

std::string request(std::uint64_t id, const std::string& body, bool opens_stream = false) {
  wire::native::ClientProtocol protocol(kCodec, Limits());
  wire::RequestHead head;
  head.id = id;
  Method method = kMethod;
  if (opens_stream) method.kind = MethodKind::kServerStream;
  head.method = &method;
  head.opens_stream = opens_stream;
  Buffer out;
  EXPECT_TRUE(protocol.write_request(head, kText, &body, out).ok());
  return std::string(as_text(out.view()));
}

std::string cancel(std::uint64_t id) {
  Buffer out;
  wire::native::Frames::write_bare(FrameKind::kCancel, id, {}, out);
  return std::string(as_text(out.view()));
}

std::string chunk(std::uint64_t id, std::uint64_t whole, std::string_view bytes) {
  Buffer out;
  wire::native::Frames::write_chunk(FrameKind::kRequestData, id, whole, as_bytes(bytes), out);
  return std::string(as_text(out.view()));
}

// A request, cut for a server that reads so many bytes in chunks.
Strings chunks(std::uint64_t id, const std::string& body, const Metadata* metadata = nullptr) {
  wire::native::ClientProtocol protocol(kCodec, Limits());
  protocol.set_peer(reader_of(1'000'000));
  wire::RequestHead head;
  head.id = id;
  head.method = &kMethod;
  head.timeout = std::chrono::milliseconds(5);
  head.metadata = metadata;
  Buffer message;
  EXPECT_TRUE(protocol.write_request(head, kText, &body, message).ok());
  Strings cut;
  for (std::size_t taken = 0; taken < message.size();) {
    Buffer out;
    taken += protocol.cutter()->write_chunk(message.view(), taken, out);
    cut.emplace_back(as_text(out.view()));
  }
  return cut;
}

// What a server has made of a stream of frames.
struct Read {
  Strings frames;  // "request 7: text", "cancel 7", "refused 7: text"
  std::string broken;
};

class Server {
 public:
  explicit Server(const Limits& limits = Limits()) : protocol_(kCodec, limits) {}

  Read read(std::string_view bytes) {
    Read seen;
    Status why;
    while (!bytes.empty()) {
      wire::ServerProtocol::Progress progress = protocol_.next(as_bytes(bytes), frame_, why);
      if (progress.step == Step::kBroken) {
        seen.broken = why.message();
        break;
      }
      if (progress.step == Step::kMore) break;
      bytes.remove_prefix(progress.consumed);
      if (progress.step == Step::kFrame) seen.frames.push_back(text_of());
    }
    return seen;
  }
  wire::native::ServerProtocol& protocol() { return protocol_; }
  const wire::Frame& frame() const { return frame_; }

 private:
  std::string text_of() {
    std::string id = std::to_string(frame_.id);
    if (!frame_.refused.ok()) return "refused " + id + ": " + std::string(frame_.refused.message());
    if (frame_.kind == FrameKind::kCancel) return "cancel " + id;
    if (frame_.kind != FrameKind::kRequest) return "another " + id;
    std::string body;
    EXPECT_TRUE(protocol_.read_body(frame_, kText, &body).ok());
    return "request " + id + ": " + body;
  }

  wire::native::ServerProtocol protocol_;
  wire::Frame frame_;
};

TEST(ChunkedRequest, HasTheDocumentedBytes) {
  const Strings cut = chunks(7, text(2 * wire::native::kChunkBytes + 1));
  ASSERT_EQ(cut.size(), 3u);
  auto head = [&cut](std::size_t index) {
    wire::native::Frames::Header header;
    std::memcpy(&header, cut[index].data(), sizeof header);
    return header;
  };
  EXPECT_EQ(head(0).size, 28u + 16384u);
  EXPECT_EQ(head(0).kind, 13u);
  EXPECT_EQ(head(0).flags, 2u);
  EXPECT_EQ(head(0).id, 7u);
  EXPECT_EQ(head(0).last, 32769u);
  EXPECT_EQ(head(1).kind, 13u);
  EXPECT_EQ(head(1).last, 0u);
  EXPECT_EQ(head(2).kind, 1u);
  EXPECT_EQ(head(2).flags, 0u);
  EXPECT_EQ(head(2).name, 0x11223344u);
  EXPECT_EQ(head(2).last, 5'000'000u);
  EXPECT_EQ(head(2).size, 28u + 1u);
}

TEST(ChunkedRequest, ComesBackAtEveryLengthAboutThatOfAChunk) {
  Server server;
  for (std::size_t size :
       {wire::native::kChunkBytes - 1, wire::native::kChunkBytes, wire::native::kChunkBytes + 1,
        2 * wire::native::kChunkBytes, 2 * wire::native::kChunkBytes + 1, 300'000ul}) {
    std::string bytes;
    for (const std::string& part : chunks(7, text(size))) bytes += part;
    EXPECT_EQ(server.read(bytes).frames, Strings{"request 7: " + text(size)}) << size;
    EXPECT_EQ(server.frame().method_id, 0x11223344u);
    EXPECT_EQ(server.frame().timeout, std::chrono::milliseconds(5));
  }
}

TEST(ChunkedRequest, HasItsMetadataInItsLastChunk) {
  Metadata metadata;
  metadata.add("key", "value");
  const Strings cut = chunks(7, text(40'000), &metadata);
  ASSERT_EQ(cut.size(), 3u);
  EXPECT_EQ(cut[0].find("value"), std::string::npos);
  Server server;
  const std::string bytes = cut[0] + cut[1] + cut[2];  // frame() has views of it
  EXPECT_EQ(server.read(bytes).frames, Strings{"request 7: " + text(40'000)});
  Metadata read;
  ASSERT_TRUE(server.protocol().read_metadata(server.frame(), read).ok());
  EXPECT_EQ(read, metadata);
}

TEST(ChunkedRequest, LeavesRoomForOthersBetweenItsChunks) {
  const Strings one = chunks(1, text(40'000));
  const Strings two = chunks(2, text(20'000));
  EXPECT_EQ(Server()
                .read(one[0] + two[0] + request(3, "short") + one[1] + two[1] + cancel(3) + one[2])
                .frames,
            (Strings{"request 3: short", "request 2: " + text(20'000), "cancel 3",
                     "request 1: " + text(40'000)}));
}

TEST(ChunkedRequest, IsNotCutBeforeTheServerHasSaidThatItReadsChunks) {
  wire::native::ClientProtocol protocol(kCodec, Limits());
  EXPECT_EQ(protocol.cutter(), nullptr);
  protocol.set_peer(reader_of(5000));
  ASSERT_NE(protocol.cutter(), nullptr);
  EXPECT_EQ(protocol.cutter()->rules().begun_bytes, 5000u);
  EXPECT_EQ(protocol.cutter()->rules().begun_messages, wire::native::kMostChunked);
}

TEST(ChunkedRequest, IsNotCutIfItOpensAStream) {
  wire::native::ClientProtocol protocol(kCodec, Limits());
  protocol.set_peer(reader_of(1'000'000));
  const std::string message = request(7, text(100'000), true);
  Buffer out;
  EXPECT_EQ(protocol.cutter()->write_chunk(as_bytes(message), 0, out), message.size());
  EXPECT_EQ(as_text(out.view()), message);
}

TEST(ChunkedRequest, OverTheLimitFailsItsCallAlone) {
  Limits limits;
  limits.message_bytes = 20'000;
  Server server(limits);
  std::string bytes;
  for (const std::string& part : chunks(7, text(40'000))) bytes += part;
  Read read = server.read(bytes + request(8, "next"));
  EXPECT_EQ(read.broken, "");
  EXPECT_EQ(read.frames, (Strings{"refused 7: the message is 40000 bytes long; the limit is 20000",
                                  "request 8: next"}));
}

TEST(ChunkedRequest, OverTheLimitHasNotRun) {
  Limits limits;
  limits.message_bytes = 20'000;
  Server server(limits);
  std::string bytes;
  for (const std::string& part : chunks(7, text(40'000))) bytes += part;
  server.read(bytes);
  EXPECT_EQ(server.frame().refused.code(), Code::kResourceExhausted);
  EXPECT_EQ(server.frame().refused.handler_ran(), HandlerRan::kNo);
  EXPECT_EQ(server.frame().limit, wire::FrameLimit::kMessage);
}

TEST(ChunkedRequest, ThatIsCancelledMidwayEndsThereAndLeavesItsPlace) {
  Server server;
  std::string bytes;
  Strings frames;
  for (std::uint64_t id = 1; id <= 200; ++id) {
    bytes += chunks(id, text(60'000))[0] + cancel(id);
    frames.push_back("cancel " + std::to_string(id));
  }
  Read read = server.read(bytes + request(201, "next"));
  frames.emplace_back("request 201: next");
  EXPECT_EQ(read.broken, "");
  EXPECT_EQ(read.frames, frames);
  EXPECT_FALSE(server.protocol().in_frame());
}

TEST(ChunkedRequest, ThatWasCancelledMidwayHasNoRest) {
  const Strings cut = chunks(7, text(60'000));
  Server server;
  Read read = server.read(cut[0] + cancel(7) + cut[1]);
  EXPECT_EQ(read.broken,
            "frame: the request of call 7 has a chunk that is not the first, and had none before");
}

TEST(ChunkedRequest, IsAMessageThatMayStopMidway) {
  const Strings cut = chunks(7, text(40'000));
  Server server;
  server.read(cut[0]);
  EXPECT_TRUE(server.protocol().in_frame());
  server.read(cut[1] + cut[2]);
  EXPECT_FALSE(server.protocol().in_frame());
}

struct Lie {
  const char* name;
  std::string bytes;
  std::string_view says;
};

TEST(ChunkedRequest, ThatLiesIsBroken) {
  const std::string first = chunk(7, 100, "some");
  const Lie lies[] = {
      {"no first", chunk(7, 0, "x"),
       "frame: the request of call 7 has a chunk that is not the first, and had none before"},
      {"more than said", first + chunk(7, 0, text(97)),
       "frame: the request of call 7 has 101 bytes so far; its first chunk said 100"},
      {"more at its end", first + request(7, text(97)),
       "frame: the request of call 7 ends with 101 bytes; its first chunk said 100"},
      {"end too early", first + request(7, "x"),
       "frame: the request of call 7 ends with 5 bytes; its first chunk said 100"},
      {"size changed", first + chunk(7, 101, "x"),
       "frame: the request of call 7 says its length twice: 100 bytes, then 101"},
      {"nothing in it", first + chunk(7, 0, ""),
       "frame: the request of call 7 has a chunk without bytes"},
      {"too large", chunk(7, 100'000, text(65'537)),
       "frame: the request of call 7 has a chunk of 65537 bytes; a chunk has at most 65536"},
      {"too much together", chunk(6, 16'000'000, "x") + chunk(7, 1'000'000, "x"),
       "frame: the request of call 7 has 1000000 bytes, and those that come in chunks besides have "
       "16000000; the limit is 16777216"},
  };
  for (const Lie& lie : lies) EXPECT_EQ(Server().read(lie.bytes).broken, lie.says) << lie.name;
}

TEST(ChunkedRequest, ThatWasNotAskedForIsBroken) {
  Limits limits;
  limits.chunked_bytes = 0;
  EXPECT_EQ(Server(limits).read(chunk(7, 100, "some")).broken,
            "frame: the request of call 7 comes in chunks, which were not asked for");
}

TEST(ChunkedRequest, IsOneOf128AtMost) {
  std::string bytes;
  for (std::uint64_t id = 1; id <= wire::native::kMostChunked; ++id) bytes += chunk(id, 2, "x");
  Server server;
  EXPECT_EQ(server.read(bytes).broken, "");
  EXPECT_EQ(server.read(chunk(200, 2, "x")).broken,
            "frame: the request of call 200 is one more than 128 that come in chunks at a time");
  // One that is cancelled has no rest.
  EXPECT_EQ(server.read(cancel(1) + chunk(200, 2, "x")).broken, "");
}

// No change of a byte of the frames may crash, or make a request of what is none.
TEST(ChunkedRequest, SurvivesEveryChangeOfAByte) {
  const std::string original = chunk(7, 12, "four") + chunk(7, 0, "more") + request(7, "last");
  for (std::size_t at = 0; at < original.size(); ++at) {
    for (int value = 0; value < 256; value += 3) {
      std::string changed = original;
      changed[at] = static_cast<char>(value);
      for (const std::string& frame : Server().read(changed).frames) {
        const std::size_t most = frame.starts_with("request 7: ") ? 11 + 12 : 200;
        ASSERT_LE(frame.size(), most) << at;
      }
    }
  }
}

}  // namespace
}  // namespace tern
