// A stream of frames taken apart into the two directions of calls.
#include "net/duplex.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>

#include "support/memory_stream.h"
#include "support/test_loop.h"

namespace tern::test {
namespace {

enum : char { kRequest = 1, kReply = 2, kError = 3, kCancel = 4, kPing = 5, kPong = 6, kAway = 7 };

std::string frame(char kind, std::string_view rest) {
  auto size = static_cast<std::uint32_t>(1 + rest.size());
  std::string text(sizeof size, '\0');
  std::memcpy(text.data(), &size, sizeof size);
  return text + kind + std::string(rest);
}

// Reads all that comes of one half, as a connection does.
class HalfReader : public StreamUser, public std::enable_shared_from_this<HalfReader> {
 public:
  explicit HalfReader(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {}

  void start() { stream_->wait_readable(shared_from_this()); }
  void write(std::string_view bytes) {
    ByteView piece = as_bytes(bytes);
    IoResult result = stream_->write_some({&piece, 1});
    if (result.would_block) {
      blocked_ += bytes;
      stream_->wait_writable(shared_from_this());
    }
  }
  Stream& stream() { return *stream_; }

  std::string text;
  bool ended = false;
  bool reading = true;

 private:
  void on_readable() override {
    std::byte memory[7];  // smaller than what comes
    while (reading) {
      IoResult result = stream_->read_some(memory);
      if (!result.ok()) {
        ended = result.end || result.error;
        if (!ended) start();
        return;
      }
      text += as_text(ByteView(memory, result.bytes));
    }
  }
  void on_writable() override { write(std::exchange(blocked_, std::string())); }

  std::unique_ptr<Stream> stream_;
  std::string blocked_;
};

class DuplexTest : public testing::Test {
 protected:
  ~DuplexTest() override {
    if (calling) calling->stream().close();
    loop.settle();
  }

  Duplex& open() {
    duplex = Duplex::make(loop.loop(), link.right().open(loop.loop()));
    calling = std::make_shared<HalfReader>(duplex->open(Duplex::Half::kCalling));
    serving = std::make_shared<HalfReader>(duplex->open(Duplex::Half::kServing));
    return *duplex;
  }
  void start() {
    calling->start();
    serving->start();
    loop.settle();
  }
  void send(std::string_view bytes) {
    link.left().send(bytes);
    loop.settle();
  }
  static std::string all_kinds() {
    std::string text;
    for (char kind = 0; kind < 12; ++kind) {
      text += frame(kind,
                    std::string(static_cast<std::size_t>(kind) * 5, static_cast<char>('a' + kind)));
    }
    return text;
  }
  static bool is_answer(char kind) {
    return kind == kReply || kind == kError || kind == kPong || kind == kAway;
  }
  static std::string part_of(bool answers) {
    std::string text;
    for (char kind = 0; kind < 12; ++kind) {
      if (is_answer(kind) == answers) {
        text += frame(
            kind, std::string(static_cast<std::size_t>(kind) * 5, static_cast<char>('a' + kind)));
      }
    }
    return text;
  }

  TestLoop loop;
  MemoryLink link;
  std::shared_ptr<Duplex> duplex;
  std::shared_ptr<HalfReader> calling;
  std::shared_ptr<HalfReader> serving;
};

TEST_F(DuplexTest, GivesEachHalfItsFramesWhereverTheyAreCut) {
  std::string text = all_kinds();
  open();
  start();
  for (char byte : text) send(std::string_view(&byte, 1));
  send(text);
  EXPECT_EQ(calling->text, part_of(true) + part_of(true));
  EXPECT_EQ(serving->text, part_of(false) + part_of(false));
}

TEST_F(DuplexTest, LeavesTheAnswersToAHandshakeToTheCaller) {
  std::string handshake = "HTTP/1.0 200 Connected to Gee RPC\n\n{\"MagicNumber\":3927900}\n";
  open().expect_handshake();
  start();
  for (char byte : handshake) send(std::string_view(&byte, 1));
  send(frame(kRequest, "r") + frame(kReply, "a"));
  EXPECT_EQ(calling->text, handshake + frame(kReply, "a"));
  EXPECT_EQ(serving->text, frame(kRequest, "r"));
}

TEST_F(DuplexTest, GoesOnWhereverTheServerHasReadTo) {
  std::string requests = frame(kRequest, "first") + frame(kCancel, "") + frame(kRequest, "second");
  for (std::size_t read = 0; read <= requests.size(); ++read) {
    MemoryLink own;
    auto taken = Duplex::make(loop.loop(), own.right().open(loop.loop()));
    taken->skip(as_bytes(requests).first(read));
    auto caller = std::make_shared<HalfReader>(taken->open(Duplex::Half::kCalling));
    auto server = std::make_shared<HalfReader>(taken->open(Duplex::Half::kServing));
    caller->start();
    server->start();
    own.left().send(requests.substr(read) + frame(kReply, "answer") + frame(kPing, ""));
    loop.settle();
    EXPECT_EQ(server->text, requests.substr(read) + frame(kPing, "")) << read;
    EXPECT_EQ(caller->text, frame(kReply, "answer")) << read;
    caller->stream().close();
    loop.settle();
  }
}

TEST_F(DuplexTest, KeepsWhatEachHalfWritesInOnePiece) {
  StreamFaults slow;
  slow.write_size = 3;
  slow.capacity = 20;
  link.right().set_faults(slow);
  open();
  start();
  std::string expected;
  for (int i = 0; i < 20; ++i) {
    calling->write("[" + std::string(30, 'c') + "]");
    serving->write("(" + std::string(30, 's') + ")");
  }
  std::string got;
  for (int i = 0; i < 2000; ++i) {
    loop.settle();
    got += link.left().take_received();
  }
  EXPECT_EQ(got.size(), 40u * 32u);
  for (std::size_t at = 0; at < got.size(); at += 32) {
    bool whole = got.substr(at, 32) == "[" + std::string(30, 'c') + "]" ||
                 got.substr(at, 32) == "(" + std::string(30, 's') + ")";
    ASSERT_TRUE(whole) << got.substr(at, 32);
  }
}

TEST_F(DuplexTest, EndsBothHalvesWhenOneCloses) {
  open();
  start();
  serving->stream().close();
  loop.settle();
  EXPECT_TRUE(calling->ended);
  EXPECT_TRUE(link.left().end_received());
}

TEST_F(DuplexTest, EndsBothHalvesWhenThePeerIsGoneAndLosesNothingBefore) {
  open();
  start();
  link.left().send(frame(kRequest, "last words"));
  link.left().close();
  loop.settle();
  EXPECT_EQ(serving->text, frame(kRequest, "last words"));
  EXPECT_TRUE(calling->ended);
  EXPECT_TRUE(serving->ended);
}

TEST_F(DuplexTest, HoldsThePeerUpWhenAHalfDoesNotRead) {
  open();
  serving->reading = false;
  start();
  for (int i = 0; i < 64; ++i) send(frame(kRequest, std::string(64 * 1024, 'x')));
  EXPECT_GT(link.right().unread(), 2u * 1024 * 1024);
  serving->reading = true;
  serving->start();
  loop.settle();
  send(frame(kReply, "after"));
  EXPECT_EQ(serving->text.size(), 64u * (64 * 1024 + 5));
  EXPECT_EQ(calling->text, frame(kReply, "after"));
}

}  // namespace
}  // namespace tern::test
