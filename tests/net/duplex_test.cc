// A stream of frames taken apart into the two directions of calls.
#include "net/duplex.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>

#include "net/connection.h"
#include "support/memory_stream.h"
#include "support/test_loop.h"

namespace tern::test {
namespace {

enum : char {
  kRequest = 1,
  kReply = 2,
  kError = 3,
  kCancel = 4,
  kPing = 5,
  kPong = 6,
  kAway = 7,
  kRequestStreamData = 8,
  kReplyCredit = 9,
  kData = 10,
  kReplyStreamData = 11,
  kRequestCredit = 12,
  kRequestData = 13
};

std::string frame(char kind, std::string_view rest) {
  auto size = static_cast<std::uint32_t>(1 + rest.size());
  std::string text(sizeof size, '\0');
  std::memcpy(text.data(), &size, sizeof size);
  return text + kind + std::string(rest);
}

// Reads all that comes of one half and writes what it is given, as a connection does: what is given
// while a write is under way goes in the next one.
class HalfUser : public ByteStreamUser, public std::enable_shared_from_this<HalfUser> {
 public:
  explicit HalfUser(std::unique_ptr<ByteStream> stream) : stream_(std::move(stream)) {}

  void start() { stream_->wait_readable(shared_from_this()); }
  SharedTraffic shared_traffic() const { return stream_->shared_traffic(); }
  void write(std::string_view bytes) {
    queued_ += bytes;
    if (!waits_to_write) write_out();
  }
  ByteStream& stream() { return *stream_; }

  std::string text;
  std::size_t read_size = 7;  // of one read, at most: smaller than what comes
  bool ended = false;
  bool reading = true;
  bool closes_when_readable = false;
  bool waits_to_write = false;
  bool write_failed = false;
  int readable = 0;
  int writable = 0;

 private:
  void on_readable() override {
    ++readable;
    if (closes_when_readable) stream_->close();
    std::byte memory[4096];
    while (reading) {
      IoResult result = stream_->read_some(std::span(memory).first(read_size));
      if (!result.ok()) {
        ended = result.end || result.error;
        if (!ended) start();
        return;
      }
      text += as_text(ByteView(memory).first(result.bytes));
    }
  }
  void on_writable() override {
    ++writable;
    waits_to_write = false;
    write_out();
  }
  void write_out() {
    for (;;) {
      if (writing_.empty()) writing_.swap(queued_);
      if (writing_.empty()) return;
      ByteView piece = as_bytes(writing_);
      IoResult result = stream_->write_some({&piece, 1});
      writing_.erase(0, result.bytes);
      if (result.would_block) {
        waits_to_write = true;
        stream_->wait_writable(shared_from_this());
      }
      if (result.error) write_failed = true;
      if (!result.ok()) return;
    }
  }

  std::unique_ptr<ByteStream> stream_;
  std::string queued_;
  std::string writing_;
};

// Has one thing to say, and learns of the end.
class LastWords final : public net::ConnectionUser {
 public:
  explicit LastWords(std::string_view text) { outgoing_.append(text); }

  Consumed on_bytes(ByteView bytes) override { return {bytes.size(), 0}; }
  void take_outgoing(Buffer& out) override { std::swap(out, outgoing_); }
  void on_closed(const Status& reason) override { why = reason; }

  Status why;

 private:
  Buffer outgoing_;
};

class DuplexTest : public testing::Test {
 protected:
  ~DuplexTest() override {
    if (calling) calling->stream().close();
    loop.settle();
  }

  net::Duplex& open(std::uint64_t window_bytes = 0) {
    duplex = net::Duplex::make(loop.loop(), link.right().open(loop.loop()), window_bytes);
    calling = std::make_shared<HalfUser>(duplex->open(net::Duplex::Half::kCalling));
    serving = std::make_shared<HalfUser>(duplex->open(net::Duplex::Half::kServing));
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
    for (char kind = 0; kind < 16; ++kind) {
      text += frame(kind,
                    std::string(static_cast<std::size_t>(kind) * 5, static_cast<char>('a' + kind)));
    }
    return text;
  }
  static bool is_answer(char kind) {
    return kind == kReply || kind == kError || kind == kPong || kind == kAway || kind == kData ||
           kind == kReplyStreamData || kind == kRequestCredit;
  }
  static std::string part_of(bool answers) {
    std::string text;
    for (char kind = 0; kind < 16; ++kind) {
      if (is_answer(kind) == answers) {
        text += frame(
            kind, std::string(static_cast<std::size_t>(kind) * 5, static_cast<char>('a' + kind)));
      }
    }
    return text;
  }

  TestLoop loop;
  MemoryLink link;
  std::shared_ptr<net::Duplex> duplex;
  std::shared_ptr<HalfUser> calling;
  std::shared_ptr<HalfUser> serving;
};

// A stream whose peer has shown a certificate.
class Certified final : public ByteStream {
 public:
  explicit Certified(std::unique_ptr<ByteStream> stream) : stream_(std::move(stream)) {}
  IoResult read_some(std::span<std::byte> into) override { return stream_->read_some(into); }
  IoResult write_some(std::span<const ByteView> pieces) override {
    return stream_->write_some(pieces);
  }
  void wait_readable(std::shared_ptr<ByteStreamUser> user) override {
    stream_->wait_readable(std::move(user));
  }
  void wait_writable(std::shared_ptr<ByteStreamUser> user) override {
    stream_->wait_writable(std::move(user));
  }
  void shutdown_write() noexcept override { stream_->shutdown_write(); }
  void close() noexcept override { stream_->close(); }
  std::string peer() const override { return stream_->peer(); }
  std::shared_ptr<const PeerCertificate> peer_certificate() const noexcept override {
    return certificate_;
  }

 private:
  const std::unique_ptr<ByteStream> stream_;
  const std::shared_ptr<const PeerCertificate> certificate_ = std::make_shared<PeerCertificate>();
};

TEST(DuplexHalves, SayWhoseCertificateThePeerOfBothHas) {
  TestLoop loop;
  MemoryLink link;
  auto stream = std::make_unique<Certified>(link.left().open(loop.loop()));
  const PeerCertificate* shown = stream->peer_certificate().get();
  std::shared_ptr<net::Duplex> duplex = net::Duplex::make(loop.loop(), std::move(stream));
  for (net::Duplex::Half half : {net::Duplex::Half::kCalling, net::Duplex::Half::kServing}) {
    EXPECT_EQ(duplex->open(half)->peer_certificate().get(), shown);
  }
}

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
    auto taken = net::Duplex::make(loop.loop(), own.right().open(loop.loop()));
    taken->skip(as_bytes(requests).first(read));
    auto caller = std::make_shared<HalfUser>(taken->open(net::Duplex::Half::kCalling));
    auto server = std::make_shared<HalfUser>(taken->open(net::Duplex::Half::kServing));
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

TEST_F(DuplexTest, SaysHowMuchThePeerHasTakenSoThatAStallIsSeen) {
  StreamFaults slow;
  slow.capacity = 20;
  link.right().set_faults(slow);
  duplex = net::Duplex::make(loop.loop(), link.right().open(loop.loop()));
  calling = std::make_shared<HalfUser>(duplex->open(net::Duplex::Half::kCalling));
  LastWords user(std::string(30, 's'));
  auto connection = std::make_shared<net::Connection>(
      loop.loop(), duplex->open(net::Duplex::Half::kServing), user, net::ConnectionOptions());
  connection->start();
  connection->flush();
  loop.settle();
  EXPECT_EQ(connection->unsent(), 10u);
  loop.advance(net::ConnectionOptions().write_timeout);
  EXPECT_NE(user.why.message().find("took no byte for 30s while 10 bytes waited"),
            std::string_view::npos)
      << user.why.message();
}

TEST_F(DuplexTest, WakesAHalfThatWaitsBehindTheOtherWheneverThePeerTakesSomething) {
  StreamFaults slow;
  slow.capacity = 20;
  link.right().set_faults(slow);
  open();
  start();
  calling->write(std::string(100, 'c'));
  serving->write(std::string(10, 's'));
  for (int i = 1; i <= 3; ++i) {
    loop.settle();
    link.left().take_received();
    loop.settle();
    EXPECT_EQ(serving->writable, i);
    EXPECT_TRUE(serving->waits_to_write);
  }
}

TEST_F(DuplexTest, GivesTheOtherHalfItsTurnThoughOneAlwaysHasMoreToWrite) {
  StreamFaults slow;
  slow.capacity = 20;
  link.right().set_faults(slow);
  open();
  start();
  calling->write(std::string(30, 'c'));
  serving->write(std::string(30, 's'));
  calling->write(std::string(1000, 'c'));
  std::string got;
  while (got.size() < 70) {
    loop.settle();
    got += link.left().take_received();
  }
  EXPECT_EQ(got.substr(0, 70), std::string(30, 'c') + std::string(30, 's') + std::string(10, 'c'));
}

TEST_F(DuplexTest, FinishesAFrameBeforeTheEndThatTheOtherHalfOrders) {
  StreamFaults slow;
  slow.capacity = 20;
  link.right().set_faults(slow);
  open();
  start();
  calling->write(std::string(30, 'c'));
  serving->stream().shutdown_write();
  EXPECT_FALSE(link.left().end_received());
  std::string got = link.left().take_received();
  loop.settle();
  EXPECT_EQ(got + link.left().take_received(), std::string(30, 'c'));
  EXPECT_TRUE(link.left().end_received());
}

TEST_F(DuplexTest, EndsBothHalvesWhenOneCloses) {
  open();
  start();
  serving->stream().close();
  loop.settle();
  EXPECT_TRUE(calling->ended);
  EXPECT_FALSE(serving->ended);
  EXPECT_TRUE(link.left().end_received());
}

TEST_F(DuplexTest, KnowsWhetherThePeerHasLeftThoughNoHalfReads) {
  open();
  EXPECT_EQ(serving->stream().peer_state(), PeerState::kThere);
  link.left().shutdown_write();
  EXPECT_EQ(serving->stream().peer_state(), PeerState::kEnded);
  calling->stream().close();
  EXPECT_EQ(serving->stream().peer_state(), PeerState::kGone);
}

TEST_F(DuplexTest, EndsTheOtherHalfAlsoIfItIsJustBeingWoken) {
  open();
  start();
  calling->closes_when_readable = true;
  send(frame(kReply, "answer") + frame(kRequest, "last words"));
  EXPECT_EQ(serving->text, frame(kRequest, "last words"));
  EXPECT_TRUE(serving->ended);
}

TEST_F(DuplexTest, EndsTheOtherHalfAlsoIfItReadsLater) {
  open();
  calling->start();
  calling->stream().close();
  loop.settle();
  serving->start();
  loop.settle();
  EXPECT_TRUE(serving->ended);
}

TEST_F(DuplexTest, EndsTheOtherHalfAlsoIfItWaitsToWrite) {
  link.right().block_writes(true);
  open();
  serving->write(frame(kReply, "answer"));
  EXPECT_TRUE(serving->waits_to_write);
  calling->stream().close();
  loop.settle();
  EXPECT_TRUE(serving->write_failed);
}

TEST_F(DuplexTest, CallsNoHalfThatHasClosed) {
  open();
  start();
  calling->stream().close();
  loop.settle();
  EXPECT_EQ(calling->readable, 0);
  calling->start();
  loop.settle();
  EXPECT_EQ(calling->readable, 0);
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

TEST_F(DuplexTest, TellsEachHalfHowMuchHasComeForBoth) {
  open();
  start();
  const std::string request = frame(kRequest, "a part of it");
  send(std::string_view(request).substr(0, 7));
  EXPECT_EQ(calling->shared_traffic().bytes_read, 7u);
  send(std::string_view(request).substr(7));
  send(frame(kReply, "reply"));
  EXPECT_EQ(calling->shared_traffic().bytes_read, request.size() + frame(kReply, "reply").size());
  EXPECT_EQ(serving->shared_traffic().bytes_read, calling->shared_traffic().bytes_read);
  EXPECT_FALSE(calling->shared_traffic().held_up);
}

TEST_F(DuplexTest, HoldsThePeerUpWhenAHalfDoesNotRead) {
  open();
  serving->reading = false;
  serving->read_size = 4096;
  start();
  for (int i = 0; i < 64; ++i) send(frame(kRequest, std::string(64 * 1024, 'x')));
  EXPECT_GT(link.right().unread(), 2u * 1024 * 1024);
  EXPECT_TRUE(calling->shared_traffic().held_up);
  serving->reading = true;
  serving->start();
  loop.settle();
  EXPECT_FALSE(calling->shared_traffic().held_up);
  send(frame(kReply, "after"));
  EXPECT_EQ(serving->text.size(), 64u * (64 * 1024 + 5));
  EXPECT_EQ(calling->text, frame(kReply, "after"));
}

// The header of a frame without a body, whose size field says 28.
std::string bare(char kind) {
  return frame(kind, std::string(27, '\0'));
}

TEST_F(DuplexTest, LetsCreditPassToOneHalfWhileTheOtherDoesNotReadItsStreams) {
  open(8 * 1024 * 1024);
  serving->reading = false;
  serving->read_size = 4096;
  start();
  std::string sent;
  for (int i = 0; i < 64; ++i) {
    sent += frame(kRequestStreamData, std::string(64 * 1024, 'x')) + bare(kReplyCredit);
  }
  for (std::size_t at = 0; at < sent.size(); at += 64 * 1024) send(sent.substr(at, 64 * 1024));
  send(bare(kRequestCredit));
  EXPECT_EQ(link.right().unread(), 0u);
  EXPECT_EQ(calling->text, bare(kRequestCredit));
  serving->reading = true;
  serving->start();
  loop.settle();
  EXPECT_EQ(serving->text, sent);
}

TEST_F(DuplexTest, CountsRequestsAlsoIfDataOfStreamsWaitsBeforeAndBehindThem) {
  open(8 * 1024 * 1024);
  serving->reading = false;
  serving->read_size = 4096;
  start();
  std::string sent;
  for (int i = 0; i < 40; ++i) {
    sent += frame(kRequestStreamData, std::string(30'000, 'x')) +
            frame(kRequest, std::string(30'000, 'r'));
  }
  for (std::size_t at = 0; at < sent.size(); at += 30'000) send(sent.substr(at, 30'000));
  EXPECT_GT(link.right().unread(), 0u);
  EXPECT_LT(link.right().unread(), 12u * 30'000);
  serving->reading = true;
  serving->start();
  loop.settle();
  EXPECT_EQ(serving->text, sent);
  // What was read counts no longer.
  serving->reading = false;
  send(frame(kRequest, std::string(900'000, 'r')));
  send(bare(kRequestCredit));
  EXPECT_EQ(calling->text, bare(kRequestCredit));
}

TEST_F(DuplexTest, HoldsUpAPeerThatSendsMoreThanTheWindowsPermit) {
  open(2 * 1024 * 1024);
  serving->reading = false;
  start();
  for (int i = 0; i < 64; ++i) send(frame(kRequestStreamData, std::string(64 * 1024, 'x')));
  const std::size_t most = (1 + 2) * 1024 * 1024 + 2 * 1024 * 1024 / 8 + 64 * 1024;
  EXPECT_GE(link.right().unread(), 64u * 64 * 1024 - most);
  EXPECT_GT(link.right().unread(), 0u);
}

}  // namespace
}  // namespace tern::test
