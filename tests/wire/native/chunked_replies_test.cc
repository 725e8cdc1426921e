// Replies in chunks, byte for byte as runtime/README.md ("Chunks") has them, from a server's side
// to a client's.
#include "wire/native/chunked_messages.h"

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

const test::TextCodec kCodec;
const TypeOps kText{};

wire::PeerTerms reader_of(std::uint64_t chunked_bytes) {
  wire::PeerTerms terms;
  terms.chunked_bytes = chunked_bytes;
  return terms;
}

// The server's side: a reply, and the chunks that it is cut into.
class Server {
 public:
  explicit Server(std::size_t chunked_bytes)
      : protocol_(kCodec, Limits(), reader_of(chunked_bytes)) {}

  bool cuts() { return protocol_.cutter() != nullptr; }
  base::MessageCutter& cutter() { return *protocol_.cutter(); }
  std::vector<std::string> chunks(std::uint64_t id, const std::string& body,
                                  const Metadata* metadata = nullptr) {
    Buffer message;
    EXPECT_TRUE(protocol_.write_reply({id, nullptr, metadata}, kText, &body, message).ok());
    std::vector<std::string> chunks;
    for (std::size_t taken = 0; taken < message.size();) {
      Buffer out;
      taken += cutter().write_chunk(message.view(), taken, out);
      chunks.emplace_back(as_text(out.view()));
    }
    return chunks;
  }
  std::string error(std::uint64_t id) {
    Buffer out;
    protocol_.write_error({id, nullptr, nullptr}, Status(Code::kAborted, "enough"), out);
    return std::string(as_text(out.view()));
  }

 private:
  wire::native::ServerProtocol protocol_;
};

std::string chunk(std::uint64_t id, std::uint64_t whole, std::string_view bytes) {
  Buffer out;
  wire::native::Frames::write_chunk(wire::FrameKind::kReplyData, id, whole, as_bytes(bytes), out);
  return std::string(as_text(out.view()));
}

std::string reply(std::uint64_t id, const std::string& body) {
  Buffer out;
  wire::native::ServerProtocol protocol(kCodec, Limits());
  EXPECT_TRUE(protocol.write_reply({id, nullptr, nullptr}, kText, &body, out).ok());
  return std::string(as_text(out.view()));
}

// What a client has made of a stream of frames.
struct Read {
  std::vector<std::string> frames;  // "reply 7: text", "data 7", "error 7", "refused 7: text"
  std::string broken;
  std::string last() const { return frames.empty() ? broken : frames.back(); }
};

class Client {
 public:
  explicit Client(const Limits& limits = Limits()) : protocol_(kCodec, limits) {}

  Read read(std::string_view bytes) {
    Read seen;
    wire::Frame frame;
    Status why;
    while (!bytes.empty()) {
      wire::ClientProtocol::Progress progress = protocol_.next(as_bytes(bytes), frame, why);
      if (progress.step == Step::kBroken) {
        seen.broken = why.message();
        break;
      }
      if (progress.step == Step::kMore) break;
      bytes.remove_prefix(progress.consumed);
      if (progress.step == Step::kFrame) seen.frames.push_back(text_of(frame));
    }
    return seen;
  }
  wire::native::ClientProtocol& protocol() { return protocol_; }

 private:
  std::string text_of(const wire::Frame& frame) {
    std::string id = std::to_string(frame.id);
    if (frame.kind == wire::FrameKind::kReplyData) return "data " + id;
    if (!frame.refused.ok()) return "refused " + id + ": " + std::string(frame.refused.message());
    if (frame.kind == wire::FrameKind::kError) return "error " + id;
    std::string body;
    EXPECT_TRUE(protocol_.read_body(frame, kText, &body).ok());
    return "reply " + id + ": " + body;
  }

  wire::native::ClientProtocol protocol_;
};

std::string text(std::size_t size) {
  std::string made(size, 'x');
  for (std::size_t i = 0; i < size; ++i) made[i] = static_cast<char>('a' + i % 23);
  return made;
}

using Strings = std::vector<std::string>;

TEST(ChunkedReply, HasTheDocumentedBytes) {
  std::vector<std::string> chunks =
      Server(1'000'000).chunks(7, text(2 * wire::native::kChunkBytes + 1));
  ASSERT_EQ(chunks.size(), 3u);
  auto head = [&chunks](std::size_t index) {
    wire::native::Frames::Header header;
    std::memcpy(&header, chunks[index].data(), sizeof header);
    return header;
  };
  EXPECT_EQ(head(0).size, 28u + 16384u);
  EXPECT_EQ(head(0).kind, 10u);
  EXPECT_EQ(head(0).flags, 2u);
  EXPECT_EQ(head(0).id, 7u);
  EXPECT_EQ(head(0).last, 32769u);
  EXPECT_EQ(head(1).kind, 10u);
  EXPECT_EQ(head(1).last, 0u);
  EXPECT_EQ(head(2).kind, 2u);
  EXPECT_EQ(head(2).flags, 0u);
  EXPECT_EQ(head(2).size, 28u + 1u);
}

TEST(ChunkedReply, ComesBackAtEveryLengthAboutThatOfAChunk) {
  Server server(1'000'000);
  Client client;
  for (std::size_t size :
       {wire::native::kChunkBytes - 1, wire::native::kChunkBytes, wire::native::kChunkBytes + 1,
        2 * wire::native::kChunkBytes, 2 * wire::native::kChunkBytes + 1, 300'000ul}) {
    std::string bytes;
    for (const std::string& part : server.chunks(7, text(size))) bytes += part;
    EXPECT_EQ(client.read(bytes).last(), "reply 7: " + text(size)) << size;
    EXPECT_FALSE(client.read(reply(8, "next")).frames.empty());
  }
}

TEST(ChunkedReply, HasItsMetadataInItsLastChunk) {
  Metadata metadata;
  metadata.add("key", "value");
  std::vector<std::string> chunks = Server(1'000'000).chunks(7, text(40'000), &metadata);
  EXPECT_EQ(chunks.size(), 3u);
  EXPECT_EQ(chunks[0].find("value"), std::string::npos);
  EXPECT_NE(chunks[2].find("value"), std::string::npos);
  Client client;
  EXPECT_EQ(client.read(chunks[0] + chunks[1] + chunks[2]).last(), "reply 7: " + text(40'000));
}

TEST(ChunkedReply, LeavesRoomForOthersBetweenItsChunks) {
  Server server(1'000'000);
  std::vector<std::string> one = server.chunks(1, text(40'000));
  std::vector<std::string> two = server.chunks(2, text(20'000));
  Read read = Client().read(one[0] + two[0] + reply(3, "short") + one[1] + two[1] +
                            server.error(4) + one[2]);
  EXPECT_EQ(read.frames, (Strings{"data 1", "data 2", "reply 3: short", "reply 2: " + text(20'000),
                                  "error 4", "reply 1: " + text(40'000)}));
}

TEST(ChunkedReply, IsNotCutForAClientThatHasNotSaidThatItReadsChunks) {
  EXPECT_FALSE(Server(0).cuts());
  EXPECT_TRUE(Server(1).cuts());
}

TEST(ChunkedReply, IsNotCutIfItIsAnError) {
  Server server(1'000'000);
  Buffer message;
  wire::native::ServerProtocol protocol(kCodec, Limits(), reader_of(1'000'000));
  protocol.write_error({7, nullptr, nullptr}, Status(Code::kAborted, text(100'000)), message);
  Buffer out;
  EXPECT_EQ(server.cutter().write_chunk(message.view(), 0, out), message.size());
  EXPECT_EQ(as_text(out.view()), as_text(message.view()));
}

TEST(ChunkedReply, EndsWithAnErrorOfItsCall) {
  Client client;
  Read read = client.read(chunk(7, 100, "some") + Server(1).error(7) + reply(7, "a second answer"));
  EXPECT_EQ(read.frames, (Strings{"data 7", "error 7", "reply 7: a second answer"}));
}

TEST(ChunkedReply, OverTheLimitFailsItsCallAlone) {
  Limits limits;
  limits.message_bytes = 20'000;
  Client client(limits);
  std::string bytes;
  for (const std::string& part : Server(1'000'000).chunks(7, text(40'000))) bytes += part;
  Read read = client.read(bytes + reply(8, "next"));
  EXPECT_EQ(read.broken, "");
  EXPECT_EQ(read.frames,
            (Strings{"data 7", "refused 7: the message is 40000 bytes long; the limit is 20000",
                     "reply 8: next"}));
}

TEST(ChunkedReply, IsNotKeptIfNobodyWaitsForIt) {
  Client client;
  client.read(chunk(7, 100, "some"));
  client.protocol().drop_reply(7);
  Read read = client.read(chunk(7, 0, "more") + reply(7, text(92)) + reply(8, "next"));
  EXPECT_EQ(read.broken, "");
  EXPECT_EQ(read.frames, (Strings{"reply 7: ", "reply 8: next"}));
}

struct Lie {
  const char* name;
  std::string bytes;
  std::string_view says;
};

TEST(ChunkedReply, ThatLiesIsBroken) {
  const std::string first = chunk(7, 100, "some");
  const Lie lies[] = {
      {"no first", chunk(7, 0, "x"),
       "frame: the reply of call 7 has a chunk that is not the first, and had none before"},
      {"after its end", first + reply(7, text(96)) + chunk(7, 0, "x"),
       "frame: the reply of call 7 has a chunk that is not the first, and had none before"},
      {"more than said", first + chunk(7, 0, text(97)),
       "frame: the reply of call 7 has 101 bytes so far; its first chunk said 100"},
      {"more at its end", first + reply(7, text(97)),
       "frame: the reply of call 7 ends with 101 bytes; its first chunk said 100"},
      {"end too early", first + reply(7, "x"),
       "frame: the reply of call 7 ends with 5 bytes; its first chunk said 100"},
      {"size changed", first + chunk(7, 101, "x"),
       "frame: the reply of call 7 says its length twice: 100 bytes, then 101"},
      {"nothing in it", first + chunk(7, 0, ""),
       "frame: the reply of call 7 has a chunk without bytes"},
      {"nothing in the first", chunk(7, 100, ""),
       "frame: the reply of call 7 has a chunk without bytes"},
      {"too large", chunk(7, 100'000, text(65'537)),
       "frame: the reply of call 7 has a chunk of 65537 bytes; a chunk has at most 65536"},
      {"too much together", chunk(6, 16'000'000, "x") + chunk(7, 1'000'000, "x"),
       "frame: the reply of call 7 has 1000000 bytes, and those that come in chunks besides have "
       "16000000; the limit is 16777216"},
      {"too much, overflowing", chunk(6, ~std::uint64_t{0}, "x") + chunk(7, 2, "x"),
       "frame: the reply of call 7 has 2 bytes, and those that come in chunks besides have "
       "18446744073709551615; the limit is 16777216"},
  };
  for (const Lie& lie : lies) EXPECT_EQ(Client().read(lie.bytes).broken, lie.says) << lie.name;
}

TEST(ChunkedReply, ThatWasNotAskedForIsBroken) {
  Limits limits;
  limits.chunked_bytes = 0;
  EXPECT_EQ(Client(limits).read(chunk(7, 100, "some")).broken,
            "frame: the reply of call 7 comes in chunks, which were not asked for");
}

TEST(ChunkedReply, IsOneOf128AtMost) {
  std::string bytes;
  for (std::uint64_t id = 1; id <= wire::native::kMostChunked; ++id) bytes += chunk(id, 2, "x");
  Client client;
  EXPECT_EQ(client.read(bytes).frames.size(), wire::native::kMostChunked);
  EXPECT_EQ(client.read(chunk(200, 2, "x")).broken,
            "frame: the reply of call 200 is one more than 128 that come in chunks at a time");
  EXPECT_EQ(client.read(reply(1, "x") + chunk(200, 2, "x")).broken, "");
}

// What a sender keeps to is what a reader takes, to the byte.
TEST(ChunkedReply, MayFillTheLimitOfAllTogether) {
  Limits limits;
  limits.chunked_bytes = 1000;
  Client client(limits);
  EXPECT_EQ(client.read(chunk(1, 600, "x") + chunk(2, 400, "x")).broken, "");
  EXPECT_NE(client.read(chunk(3, 1, "x")).broken, "");
  Client other(limits);
  EXPECT_EQ(other.read(chunk(1, 5000, "x")).broken, "");  // one alone
}

TEST(ChunkedReply, TakesMemoryOnlyForWhatHasCome) {
  Limits limits;
  wire::native::ChunkedMessages replies("reply", limits);
  std::string bytes = text(1000);
  for (std::uint64_t id = 1; id <= 4; ++id) {
    ASSERT_TRUE(replies.add(id, 4'000'000, 1000, as_bytes(bytes)).ok());
  }
  EXPECT_LE(replies.memory(), 4 * 8 * 1000u);
  replies.drop(1);
  EXPECT_LE(replies.memory(), 3 * 8 * 1000u);
  replies.forget(2);
  EXPECT_LE(replies.memory(), 2 * 8 * 1000u);
}

TEST(ChunkedReply, GivesItsMemoryBackBehindTheFrameThatWasReadLast) {
  Client client;
  client.read(chunk(7, 100'000, text(50'000)) + reply(7, text(50'000)));
  // next() finds nothing more, as at the end of a turn.
  wire::Frame frame;
  Status why;
  client.protocol().next({}, frame, why);
  wire::native::ChunkedMessages replies("reply", Limits());
  ASSERT_TRUE(replies.add(1, 10, 5, as_bytes(std::string_view("12345"))).ok());
  frame.kind = wire::FrameKind::kReply;
  frame.id = 1;
  frame.body = as_bytes(std::string_view("67890"));
  ASSERT_TRUE(replies.finish(frame).ok());
  EXPECT_EQ(as_text(frame.body), "1234567890");
  EXPECT_TRUE(replies.active());
  replies.free_complete();
  EXPECT_FALSE(replies.active());
  EXPECT_EQ(replies.memory(), 0u);
}

// No change of a byte of the frames may crash, or make a reply of what is none.
TEST(ChunkedReply, SurvivesEveryChangeOfAByteOfItsHeaders) {
  const std::string first = chunk(7, 12, "four");
  const std::string original = first + chunk(7, 0, "more") + reply(7, "last");
  for (std::size_t at = 0; at < original.size(); ++at) {
    for (int value = 0; value < 256; value += at < first.size() ? 1 : 17) {
      std::string changed = original;
      changed[at] = static_cast<char>(value);
      Read read = Client().read(changed);
      for (const std::string& frame : read.frames) {
        const std::size_t most = frame.starts_with("reply 7: ") ? 9 + 12 : 200;
        ASSERT_LE(frame.size(), most) << at;
      }
    }
  }
}

}  // namespace
}  // namespace tern
