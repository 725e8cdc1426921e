// Data and credit of streams, byte for byte as runtime/README.md ("Streams") has them.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <list>
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
using wire::FrameKind;
using wire::StreamPiece;

const test::TextCodec kCodec;
const TypeOps kText{};
const TypeOps& text_ops() noexcept {
  return kText;
}
const Method kMethod{
    "test.Echo", "Watch", 0x11223344, text_ops, text_ops, {}, {}, false, MethodKind::kServerStream};

wire::PeerTerms streaming() {
  wire::PeerTerms terms;
  terms.stream_window = 65'536;
  return terms;
}

StreamPiece message(std::uint64_t id, std::string_view bytes) {
  StreamPiece piece;
  piece.id = id;
  piece.bytes = as_bytes(bytes);
  piece.whole = bytes.size();
  return piece;
}

StreamPiece half_close(std::uint64_t id) {
  StreamPiece piece;
  piece.id = id;
  piece.ends_side = true;
  piece.message = false;
  return piece;
}

std::string hex(ByteView bytes) {
  std::string out;
  for (std::byte b : bytes) {
    char two[4];
    std::snprintf(two, sizeof two, "%02x", static_cast<unsigned>(b));
    out += two;
  }
  return out;
}

// A header by hand, with what follows it.
std::string raw(int kind, int flags, std::uint64_t last, std::string_view rest,
                std::uint32_t metadata = 0) {
  wire::native::Frames::Header header;
  header.size = static_cast<std::uint32_t>(28 + rest.size());
  header.kind = static_cast<std::uint8_t>(kind);
  header.flags = static_cast<std::uint8_t>(flags);
  header.id = 7;
  header.metadata = metadata;
  header.last = last;
  std::string out(sizeof header, '\0');
  std::memcpy(out.data(), &header, sizeof header);
  return out + std::string(rest);
}

class StreamFrames : public testing::Test {
 protected:
  explicit StreamFrames(const Limits& limits = Limits())
      : server_(kCodec, limits, streaming()), client_(kCodec, limits) {
    client_.set_peer(streaming());
  }

  // What the server, or the client, makes of the front of `bytes`.
  Step at_server(std::string_view bytes) { return next(server_, keep(bytes)); }
  Step at_client(std::string_view bytes) { return next(client_, keep(bytes)); }
  // The frame that is read has views of them.
  std::string_view keep(std::string_view bytes) { return kept_.emplace_back(bytes); }
  std::string why() const { return std::string(why_.message()); }

  std::string from_client(const StreamPiece& piece) {
    Buffer out;
    client_.write_stream_data(piece, out);
    return std::string(as_text(out.view()));
  }
  std::string from_server(const StreamPiece& piece) {
    Buffer out;
    server_.write_stream_data(piece, out);
    return std::string(as_text(out.view()));
  }

  wire::native::ServerProtocol server_;
  wire::native::ClientProtocol client_;
  wire::Frame frame_;
  Status why_;
  wire::FrameProgress progress_;
  std::list<std::string> kept_;

 private:
  template <typename Protocol>
  Step next(Protocol& protocol, std::string_view bytes) {
    why_ = Status();
    progress_ = protocol.next(as_bytes(bytes), frame_, why_);
    return progress_.step;
  }
};

TEST_F(StreamFrames, HaveTheDocumentedBytes) {
  EXPECT_EQ(hex(as_bytes(from_client(message(7, "hi")))),
            "1e000000"          // size: 28 of the header and 2 of the message
            "08000000"          // the client's data, no flags
            "0700000000000000"  // id
            "00000000"
            "00000000"          // no metadata
            "0200000000000000"  // the length of the message
            "6869");
  EXPECT_EQ(hex(as_bytes(from_client(half_close(7)))),
            "1c000000"
            "08010000"  // the client's side ends
            "0700000000000000"
            "0000000000000000"
            "0000000000000000");
  EXPECT_EQ(hex(as_bytes(from_server(message(7, "hi")))),
            "1e000000"
            "0b000000"
            "0700000000000000"
            "0000000000000000"
            "0200000000000000"
            "6869");
  Buffer credit;
  client_.write_credit(7, 65'536, credit);
  server_.write_credit(7, 1, credit);
  EXPECT_EQ(hex(credit.view()),
            "1c000000"
            "09000000"
            "0700000000000000"
            "0000000000000000"
            "0000010000000000"  // bytes
            "1c000000"
            "0c000000"
            "0700000000000000"
            "0000000000000000"
            "0100000000000000");
  Metadata metadata;
  metadata.add("k", "v");
  Buffer initial;
  server_.write_initial_metadata(7, metadata, initial);
  EXPECT_EQ(hex(initial.view()),
            "26000000"
            "0b040000"  // the server's data: initial metadata
            "0700000000000000"
            "00000000"
            "0a000000"  // length of the metadata
            "0000000000000000"
            "0100000001000000"
            "6b76");
}

TEST_F(StreamFrames, ARequestOpensAStreamWithAnArgumentOrWithoutOne) {
  wire::RequestHead head;
  head.id = 7;
  head.method = &kMethod;
  head.opens_stream = true;
  const std::string argument = "all";
  Buffer out;
  ASSERT_TRUE(client_.write_request(head, kText, &argument, out).ok());
  EXPECT_EQ(out.data()[5], std::byte{2});
  ASSERT_EQ(at_server(as_text(out.view())), Step::kFrame);
  EXPECT_TRUE(frame_.opens_stream);
  EXPECT_TRUE(frame_.refused.ok());
  EXPECT_EQ(as_text(frame_.body), "all");
  Buffer bare;
  ASSERT_TRUE(client_.write_request(head, kText, nullptr, bare).ok());
  ASSERT_EQ(at_server(as_text(bare.view())), Step::kFrame);
  EXPECT_TRUE(frame_.opens_stream);
  EXPECT_TRUE(frame_.body.empty());
  // Which sides stream is said.
  for (MethodKind kind :
       {MethodKind::kServerStream, MethodKind::kClientStream, MethodKind::kBidiStream}) {
    Method method = kMethod;
    method.kind = kind;
    head.method = &method;
    Buffer of_kind;
    ASSERT_TRUE(client_.write_request(head, kText, nullptr, of_kind).ok());
    ASSERT_EQ(at_server(as_text(of_kind.view())), Step::kFrame);
    EXPECT_EQ(frame_.called_as, kind);
  }
  head.method = &kMethod;
  // The next one does not.
  head.opens_stream = false;
  Buffer unary;
  ASSERT_TRUE(client_.write_request(head, kText, &argument, unary).ok());
  ASSERT_EQ(at_server(as_text(unary.view())), Step::kFrame);
  EXPECT_FALSE(frame_.opens_stream);
}

TEST_F(StreamFrames, ARequestThatOpensAStreamIsRefusedIfTheHandshakeHasNone) {
  wire::RequestHead head;
  head.id = 7;
  head.method = &kMethod;
  head.opens_stream = true;
  const std::string argument = "all";
  Buffer out;
  ASSERT_TRUE(client_.write_request(head, kText, &argument, out).ok());
  wire::native::ServerProtocol server(kCodec, Limits());
  EXPECT_FALSE(server.has_streams());
  ASSERT_EQ(server.next(out.view(), frame_, why_).step, Step::kFrame);
  EXPECT_EQ(frame_.refused.code(), Code::kUnimplemented);
  EXPECT_EQ(frame_.refused.handler_ran(), HandlerRan::kNo);
}

TEST_F(StreamFrames, AreThereIfBothSidesHaveSaidSo) {
  EXPECT_TRUE(server_.has_streams());
  EXPECT_TRUE(client_.has_streams());
  EXPECT_EQ(server_.stream_window(), 65'536u);
  EXPECT_EQ(client_.stream_window(), 65'536u);
  EXPECT_EQ(&server_.message_codec(), &kCodec);
  EXPECT_EQ(&client_.message_codec(), &kCodec);
  EXPECT_FALSE(wire::native::ClientProtocol(kCodec, Limits()).has_streams());
  for (bool windows : {false, true}) {
    Limits none;
    (windows ? none.stream_window : none.streams) = 0;
    EXPECT_FALSE(wire::native::ServerProtocol(kCodec, none, streaming()).has_streams());
    wire::native::ClientProtocol client(kCodec, none);
    client.set_peer(streaming());
    EXPECT_FALSE(client.has_streams());
  }
}

TEST_F(StreamFrames, MessagesComeBackInBothDirections) {
  for (std::string_view text : {"", "one"}) {
    ASSERT_EQ(at_server(from_client(message(7, text))), Step::kFrame);
    EXPECT_EQ(frame_.kind, FrameKind::kRequestStreamData);
    EXPECT_EQ(frame_.id, 7u);
    EXPECT_EQ(frame_.whole, text.size());
    EXPECT_EQ(as_text(frame_.body), text);
    EXPECT_FALSE(frame_.continues || frame_.ends_side || frame_.initial_metadata);
    EXPECT_TRUE(wire::is_message(frame_));
    ASSERT_EQ(at_client(from_server(message(8, text))), Step::kFrame);
    EXPECT_EQ(frame_.kind, FrameKind::kReplyStreamData);
    EXPECT_EQ(frame_.id, 8u);
    EXPECT_EQ(as_text(frame_.body), text);
    EXPECT_TRUE(wire::is_message(frame_));
  }
}

TEST_F(StreamFrames, ChunksOfAMessageComeOneByOne) {
  const std::string text(100, 'x');
  StreamPiece piece = message(7, std::string_view(text).substr(0, 40));
  piece.whole = 100;
  piece.continues = true;
  ASSERT_EQ(at_server(from_client(piece)), Step::kFrame);
  EXPECT_EQ(frame_.whole, 100u);
  EXPECT_EQ(frame_.body.size(), 40u);
  EXPECT_TRUE(frame_.continues);
  piece.first = false;
  ASSERT_EQ(at_server(from_client(piece)), Step::kFrame);
  EXPECT_EQ(frame_.whole, 0u);
  EXPECT_TRUE(frame_.continues);
  piece.bytes = as_bytes(std::string_view(text).substr(0, 20));
  piece.continues = false;
  piece.ends_side = true;
  ASSERT_EQ(at_server(from_client(piece)), Step::kFrame);
  EXPECT_EQ(frame_.body.size(), 20u);
  EXPECT_FALSE(frame_.continues);
  EXPECT_TRUE(frame_.ends_side);
  EXPECT_TRUE(wire::is_message(frame_));
}

TEST_F(StreamFrames, AHalfCloseIsNoMessageAloneAndOneBesideAMessage) {
  ASSERT_EQ(at_server(from_client(half_close(7))), Step::kFrame);
  EXPECT_TRUE(frame_.ends_side);
  EXPECT_FALSE(wire::is_message(frame_));
  StreamPiece last = message(7, "last");
  last.ends_side = true;
  ASSERT_EQ(at_server(from_client(last)), Step::kFrame);
  EXPECT_TRUE(frame_.ends_side);
  EXPECT_TRUE(wire::is_message(frame_));
  EXPECT_EQ(as_text(frame_.body), "last");
}

TEST_F(StreamFrames, AHalfCloseIsWrittenWithoutABodyWhateverThePieceHas) {
  StreamPiece piece = half_close(7);
  piece.bytes = as_bytes(std::string_view("no message"));
  piece.whole = 10;
  EXPECT_EQ(from_client(piece), from_client(half_close(7)));
}

TEST_F(StreamFrames, CreditComesBackInBothDirections) {
  Buffer granted;
  client_.write_credit(7, 1ull << 40, granted);
  ASSERT_EQ(at_server(as_text(granted.view())), Step::kFrame);
  EXPECT_EQ(frame_.kind, FrameKind::kReplyCredit);
  EXPECT_EQ(frame_.id, 7u);
  EXPECT_EQ(frame_.credit, 1ull << 40);
  Buffer back;
  server_.write_credit(8, 5, back);
  ASSERT_EQ(at_client(as_text(back.view())), Step::kFrame);
  EXPECT_EQ(frame_.kind, FrameKind::kRequestCredit);
  EXPECT_EQ(frame_.credit, 5u);
  // It does not stay for the frames behind it.
  ASSERT_EQ(at_client(from_server(message(8, "x"))), Step::kFrame);
  EXPECT_EQ(frame_.credit, 0u);
}

TEST_F(StreamFrames, InitialMetadataComesBackAndIsNoMessage) {
  Metadata metadata;
  metadata.add("key", "value");
  Buffer out;
  server_.write_initial_metadata(7, metadata, out);
  ASSERT_EQ(at_client(as_text(out.view())), Step::kFrame);
  EXPECT_TRUE(frame_.initial_metadata);
  EXPECT_FALSE(wire::is_message(frame_));
  EXPECT_TRUE(frame_.body.empty());
  Metadata read;
  ASSERT_TRUE(client_.read_metadata(frame_, read).ok());
  EXPECT_EQ(read, metadata);
  ASSERT_EQ(at_client(from_server(message(7, "x"))), Step::kFrame);
  EXPECT_FALSE(frame_.initial_metadata);
  EXPECT_TRUE(frame_.metadata.empty());
}

TEST_F(StreamFrames, WaitForTheRestAndSayHowMuch) {
  const std::string bytes = from_client(message(7, "hello"));
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    ASSERT_EQ(at_server(std::string_view(bytes).substr(0, n)), Step::kMore) << n;
    EXPECT_EQ(progress_.consumed, 0u);
    EXPECT_EQ(progress_.wanted, n < 32 ? 32u : bytes.size());
  }
}

TEST_F(StreamFrames, AMessageCosts32BytesMoreThanItHas) {
  EXPECT_EQ(wire::stream_cost(0), 32u);
  EXPECT_EQ(wire::stream_cost(100), 132u);
}

struct WrongFrame {
  const char* name;
  bool from_client;
  std::string bytes;
  std::string_view says;
};

TEST_F(StreamFrames, ThatLieAreBroken) {
  const WrongFrame wrong[] = {
      {"the server's data from a client", true, raw(11, 0, 1, "x"),
       "frame: kind 11 came from a client; its data and credit of streams are kinds 8 and 9"},
      {"the server's credit from a client", true, raw(12, 0, 1, ""),
       "frame: kind 12 came from a client; its data and credit of streams are kinds 8 and 9"},
      {"the client's data from a server", false, raw(8, 0, 1, "x"),
       "frame: kind 8 came from a server; its data and credit are kinds 10, 11 and 12"},
      {"the client's credit from a server", false, raw(9, 0, 1, ""),
       "frame: kind 9 came from a server; its data and credit are kinds 10, 11 and 12"},
      {"a request's chunk from a server", false, raw(13, 2, 10, "x"),
       "frame: kind 13 came from a server; its data and credit are kinds 10, 11 and 12"},
      {"unknown flags", true, raw(8, 4, 0, ""),
       "frame: kind 8 with flags 4 is not known; this is version 1 of the protocol"},
      {"the end and more", true, raw(8, 3, 100, "x"),
       "frame: kind 8 with flags 3 is not known; this is version 1 of the protocol"},
      {"a server's half-close", false, raw(11, 1, 0, ""),
       "frame: kind 11 with flags 1 is not known; this is version 1 of the protocol"},
      {"initial metadata that continues", false, raw(11, 6, 0, ""),
       "frame: kind 11 with flags 6 is not known; this is version 1 of the protocol"},
      {"flags of credit", true, raw(9, 1, 1, ""),
       "frame: kind 9 with flags 1 is not known; this is version 1 of the protocol"},
      {"credit of nothing", true, raw(9, 0, 0, ""),
       "frame: credit of stream 7 is 0 bytes; expected 1 or more"},
      {"credit of nothing, from a server", false, raw(12, 0, 0, ""),
       "frame: credit of stream 7 is 0 bytes; expected 1 or more"},
      {"credit with a body", true, raw(9, 0, 1, "x"),
       "frame: credit of stream 7 has a body of 1 bytes; expected none"},
      {"a half-close that goes on with its message", true, raw(8, 1, 5, "four"),
       "frame: data of stream 7 has a message that ends with 4 bytes; it says that there are 5"},
      {"a first chunk that is longer than the message", true, raw(8, 2, 3, "four"),
       "frame: data of stream 7 has a first chunk of 4 bytes; it says that the message has 3"},
      {"a message that is longer than it says", false, raw(11, 0, 3, "four"),
       "frame: data of stream 7 has a first chunk of 4 bytes; it says that the message has 3"},
      {"a message that is shorter than it says", false, raw(11, 0, 5, "four"),
       "frame: data of stream 7 has a message that ends with 4 bytes; it says that there are 5"},
      {"a first chunk that is all and not the last", true, raw(8, 2, 4, "four"),
       "frame: data of stream 7 has a message that goes on behind its end, at 4 bytes"},
      {"a first chunk without bytes", true, raw(8, 2, 4, ""),
       "frame: data of stream 7 has a chunk without bytes that is not the last"},
      {"a next chunk without bytes", true, raw(8, 2, 0, ""),
       "frame: data of stream 7 has a chunk without bytes that is not the last"},
      {"a chunk that is too large", true, raw(8, 2, 100'000, std::string(65'537, 'x')),
       "frame: data of stream 7 has a chunk of 65537 bytes; a chunk has at most 65536"},
      {"metadata beside a message", false, raw(11, 0, 0, "12345678", 8),
       "frame: data of stream 7 has metadata of 8 bytes beside a message; expected none"},
      {"a message beside initial metadata", false, raw(11, 4, 0, "12345678x", 8),
       "frame: data of stream 7 has a message of 1 bytes beside initial metadata; expected none"},
      {"a length beside initial metadata", false, raw(11, 4, 5, "12345678", 8),
       "frame: data of stream 7 has a message of 5 bytes beside initial metadata; expected none"},
      {"less initial metadata than it says", false, raw(11, 4, 0, "1234", 8),
       "frame: data of stream 7 has 4 bytes; its initial metadata claims 8"},
  };
  for (const WrongFrame& one : wrong) {
    EXPECT_EQ(one.from_client ? at_server(one.bytes) : at_client(one.bytes), Step::kBroken)
        << one.name;
    EXPECT_EQ(why(), one.says) << one.name;
  }
}

class StreamFramesOverALimit : public StreamFrames {
 protected:
  static Limits small() {
    Limits limits;
    limits.message_bytes = 64;
    limits.metadata_bytes = 16;
    return limits;
  }
  StreamFramesOverALimit() : StreamFrames(small()) {}
};

TEST_F(StreamFramesOverALimit, AreGivenWithTheirFirstChunkAndTheConnectionLives) {
  const std::string text(65, 'x');
  ASSERT_EQ(at_server(from_client(message(7, std::string_view(text).substr(0, 64)))), Step::kFrame);
  EXPECT_TRUE(frame_.refused.ok());
  ASSERT_EQ(at_server(from_client(message(7, text))), Step::kFrame);
  EXPECT_EQ(frame_.refused.message(), "the message is 65 bytes long; the limit is 64");
  EXPECT_EQ(frame_.refused.code(), Code::kResourceExhausted);
  EXPECT_EQ(frame_.limit, wire::FrameLimit::kMessage);
  EXPECT_EQ(frame_.body.size(), 65u);  // what it takes of the window is to be known
  StreamPiece first = message(7, std::string_view(text).substr(0, 30));
  first.whole = 1'000'000'000'000;
  first.continues = true;
  ASSERT_EQ(at_client(from_server(first)), Step::kFrame);
  EXPECT_EQ(frame_.refused.message(), "the message is 1000000000000 bytes long; the limit is 64");
  EXPECT_TRUE(frame_.continues);
  // What follows of it comes as ever: whoever reads the frames drops it.
  first.first = false;
  ASSERT_EQ(at_client(from_server(first)), Step::kFrame);
  EXPECT_TRUE(frame_.refused.ok());
  EXPECT_EQ(frame_.body.size(), 30u);
}

TEST_F(StreamFramesOverALimit, InitialMetadataIsReadPast) {
  Metadata metadata;
  metadata.add("key", std::string(30, 'v'));
  Buffer out;
  server_.write_initial_metadata(7, metadata, out);
  const std::size_t size = out.size();
  server_.write_stream_data(message(7, "next"), out);
  const std::string bytes(as_text(out.view()));
  ASSERT_EQ(at_client(std::string_view(bytes).substr(0, 40)), Step::kFrame);
  EXPECT_TRUE(frame_.initial_metadata);
  EXPECT_EQ(frame_.limit, wire::FrameLimit::kMetadata);
  EXPECT_FALSE(frame_.refused.ok());
  ASSERT_EQ(at_client(std::string_view(bytes).substr(40, size - 40)), Step::kSkip);
  ASSERT_EQ(at_client(std::string_view(bytes).substr(size)), Step::kFrame);
  EXPECT_EQ(as_text(frame_.body), "next");
  EXPECT_TRUE(frame_.refused.ok());
}

// No change of a byte may crash, read outside of the frame, or give a message of more than came.
TEST_F(StreamFrames, SurviveEveryChangeOfAByte) {
  Metadata metadata;
  metadata.add("key", "value");
  Buffer initial;
  server_.write_initial_metadata(7, metadata, initial);
  const std::string originals[] = {from_client(message(7, "hello")), from_client(half_close(7)),
                                   from_server(message(7, "hello")),
                                   std::string(as_text(initial.view())), raw(9, 0, 100, "")};
  for (const std::string& original : originals) {
    for (std::size_t at = 0; at < original.size(); ++at) {
      for (int value = 0; value < 256; ++value) {
        // Exactly as large as its content, so that a sanitizer sees each byte read beyond it.
        std::vector<std::byte> changed(original.size());
        std::memcpy(changed.data(), original.data(), original.size());
        changed[at] = static_cast<std::byte>(value);
        wire::native::ServerProtocol server(kCodec, Limits(), streaming());
        wire::native::ClientProtocol client(kCodec, Limits());
        for (bool to_server : {true, false}) {
          wire::Frame frame;
          Status why;
          wire::FrameProgress progress =
              to_server ? server.next(changed, frame, why) : client.next(changed, frame, why);
          ASSERT_LE(progress.consumed, changed.size());
          ASSERT_LE(frame.body.size() + frame.metadata.size(), changed.size());
          ASSERT_EQ(why.ok(), progress.step != Step::kBroken);
        }
      }
    }
  }
}

}  // namespace
}  // namespace tern
