// TLS over streams in memory: bytes, faults, and the end.
#include <string>
#include <vector>

#include "net/duplex.h"
#include "tls/tls_fixture.h"

namespace tern::test {
namespace {

using TlsStream = TlsTest;

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
  return text;
}

TEST_F(TlsStream, CarriesBytesBothWays) {
  auto credentials = server();
  TlsPair pair(loop_, *credentials, *client());
  pair.client().write("from the client");
  pair.server().write("from the server");
  EXPECT_EQ(pair.server().queued, "from the server");  // nothing leaves before the handshake
  pair.start();
  EXPECT_EQ(pair.server().text, "from the client");
  EXPECT_EQ(pair.client().text, "from the server");
  EXPECT_TRUE(pair.client().stream->established());
  EXPECT_EQ(credentials->stats().handshakes, 1u);
  EXPECT_EQ(credentials->stats().subject, "CN=server");
}

TEST_F(TlsStream, CarriesMuchThroughLittleRoom) {
  TlsPair pair(loop_, *server(), *client());
  StreamFaults narrow;
  narrow.capacity = 1000;
  narrow.read_size = 333;
  narrow.write_size = 700;
  pair.link().left().set_faults(narrow);
  pair.link().right().set_faults(narrow);
  const std::string much = pattern(300'000);
  pair.client().write(much);
  pair.server().write(much);
  pair.start();
  EXPECT_TRUE(pair.server().text == much);
  EXPECT_TRUE(pair.client().text == much);
}

TEST_F(TlsStream, GathersPiecesAndKeepsTheirOrder) {
  TlsPair pair(loop_, *server(), *client());
  pair.start();
  std::vector<std::string> texts;
  std::string all;
  for (std::size_t size : {0u, 1u, 100u, 0u, 16'383u, 2u, 16'384u, 40'000u, 0u, 7u}) {
    texts.push_back(pattern(size));
    all += texts.back();
  }
  std::vector<ByteView> pieces;
  for (const std::string& text : texts) pieces.push_back(as_bytes(text));
  IoResult result = pair.client().stream->write_some(pieces);
  EXPECT_EQ(result.bytes, all.size());
  loop_.settle();
  EXPECT_TRUE(pair.server().text == all);
}

// A record that has been made of the one half's bytes is what leaves next, whoever writes.
TEST_F(TlsStream, KeepsTheWriteThatHasBegunApartFromThoseOfTheOtherHalf) {
  TlsPair pair(loop_, *server(), *client());
  pair.start();
  auto duplex = net::Duplex::make(loop_.loop(), std::move(pair.client().stream), 1 << 20);
  auto calling = std::make_shared<StreamUser>(duplex->open(net::Duplex::Half::kCalling));
  auto serving = std::make_shared<StreamUser>(duplex->open(net::Duplex::Half::kServing));
  StreamFaults full;
  full.capacity = 0;
  pair.link().right().set_faults(full);
  const std::string first(5'000, 'a');
  const std::string second(100, 'b');
  calling->write(first);
  serving->write(second);
  loop_.settle();
  EXPECT_EQ(pair.server().text, "");
  pair.link().right().set_faults(StreamFaults());
  loop_.settle();
  EXPECT_EQ(calling->error, "");
  EXPECT_EQ(serving->error, "");
  EXPECT_EQ(pair.server().text, first + second);
  calling->stream->close();
  serving->stream->close();
  pair.server().stream->close();
  loop_.settle();
}

TEST_F(TlsStream, WritesFourRecordsAtOnce) {
  TlsPair pair(loop_, *server(), *client());
  pair.start();
  const std::size_t before = pair.link().right().writes();
  const std::string text = pattern(16 * 16 * 1024);
  pair.client().write(text);
  EXPECT_EQ(pair.client().queued, "");
  EXPECT_EQ(pair.link().right().writes() - before, 4u);
  loop_.settle();
  EXPECT_TRUE(pair.server().text == text);
}

// Else it would be lost when its user closes the stream behind the last byte.
TEST_F(TlsStream, TakesNothingThatTheStreamBelowHasNotTaken) {
  for (std::size_t room : {std::size_t{0}, std::size_t{100}, std::size_t{20'000}}) {
    TlsPair pair(loop_, *server(), *client());
    pair.start();
    StreamFaults full;
    full.capacity = room;
    pair.link().right().set_faults(full);
    pair.link().left().block_reads(true);
    const std::string text = pattern(40'000);
    ByteView piece = as_bytes(text);
    ByteStream& stream = *pair.client().stream;
    std::size_t taken = 0;
    IoResult result;
    while (!(result = stream.write_some({&piece, 1})).would_block) {
      ASSERT_FALSE(result.error) << room;
      piece = piece.subspan(result.bytes);
      taken += result.bytes;
    }
    EXPECT_LE(taken, room);
    EXPECT_TRUE(stream.write_begun());
    loop_.settle();
    pair.link().left().block_reads(false);
    pair.link().right().set_faults(StreamFaults());
    loop_.settle();
    // It comes once, also as far as records had been made of it.
    pair.client().write(text.substr(taken));
    pair.client().end();
    loop_.settle();
    EXPECT_FALSE(stream.write_begun());
    EXPECT_TRUE(pair.server().text == text) << pair.server().text.size();
    EXPECT_TRUE(pair.server().ended);
    EXPECT_EQ(pair.server().error, "");
  }
}

TEST_F(TlsStream, SaysThatWhatHasBegunCannotBeSent) {
  TlsPair pair(loop_, *server(), *client());
  pair.start();
  StreamFaults full;
  full.capacity = 0;
  pair.link().right().set_faults(full);
  pair.client().write(pattern(40'000));
  ASSERT_NE(pair.client().queued, "");
  pair.link().left().reset();
  loop_.settle();
  EXPECT_NE(pair.client().error.find("reset"), std::string::npos) << pair.client().error;
  EXPECT_EQ(pair.client().code, std::errc::connection_reset);
}

// What has been read ahead makes no socket readable, and must not be forgotten.
TEST_F(TlsStream, IsReadableWhileItHasBytesThoughTheSocketHasNone) {
  TlsPair pair(loop_, *server(), *client());
  pair.server().read_size = 10;
  pair.start();
  const std::string text = pattern(5'000);
  pair.client().write(text);
  loop_.settle();
  EXPECT_TRUE(pair.server().text == text);
}

TEST_F(TlsStream, SaysTheEndAndStillWritesBehindIt) {
  TlsPair pair(loop_, *server(), *client());
  pair.start();
  pair.client().write("the last words");
  pair.client().end();
  loop_.settle();
  EXPECT_EQ(pair.server().text, "the last words");
  EXPECT_TRUE(pair.server().ended);
  EXPECT_EQ(pair.server().error, "");
  pair.server().write("an answer");
  loop_.settle();
  EXPECT_EQ(pair.client().text, "an answer");
}

TEST_F(TlsStream, TellsAnEndThatAnybodyCanForgeFromOneOfThePeers) {
  auto credentials = server();
  TlsPair pair(loop_, *credentials, *client());
  pair.start();
  pair.link().right().shutdown_write();
  loop_.settle();
  EXPECT_FALSE(pair.server().ended);
  EXPECT_NE(pair.server().error.find("close_notify"), std::string::npos) << pair.server().error;
  EXPECT_EQ(pair.server().code, tls::Error::kTruncated);
}

// However the bytes come, the handshake is the same.
TEST_F(TlsStream, ReadsTheHandshakeByteByByte) {
  TlsPair pair(loop_, *mutual_server(), *client(client_certificate()));
  StreamFaults slow;
  slow.read_size = 1;
  slow.gaps = true;
  pair.link().left().set_faults(slow);
  pair.link().right().set_faults(slow);
  pair.client().write("hello");
  pair.start();
  EXPECT_EQ(pair.server().text, "hello");
  ASSERT_TRUE(pair.server().stream->peer_certificate());
  EXPECT_EQ(pair.server().stream->peer_certificate()->subject, "CN=client");
}

// Two links with the test between them, which passes on so many bytes and then closes both.
class Cut {
 public:
  Cut(TestLoop& loop, ServerCredentials& server, ChannelCredentials& client)
      : loop_(loop),
        server_(std::make_shared<StreamUser>(server.accept(
            loop.loop(), to_server_.left().open(loop.loop()), ServerCredentials::Peers::kSecure))),
        client_(std::make_shared<StreamUser>(client.connect(
            loop.loop(), to_client_.right().open(loop.loop()), TlsPair::localhost()))) {
    server_->start();
    client_->write("hello");
    client_->start();
  }
  ~Cut() {
    server_->stream->close();
    client_->stream->close();
    loop_.settle();
  }

  // Of what the client sends, and of what the server sends.
  void pass(std::size_t from_client, std::size_t from_server) {
    for (bool more = true; more;) {
      loop_.settle();
      std::string sent = to_client_.left().take_received();
      std::string answered = to_server_.right().take_received();
      more = !sent.empty() || !answered.empty();
      sent_ += sent.size();
      answered_ += answered.size();
      give(to_server_.right(), sent, from_client);
      give(to_client_.left(), answered, from_server);
    }
  }
  void close() {
    to_server_.right().close();
    to_client_.left().close();
    loop_.settle();
  }
  std::size_t sent() const { return sent_; }
  std::size_t answered() const { return answered_; }
  StreamUser& server() { return *server_; }
  StreamUser& client() { return *client_; }

 private:
  static void give(MemoryEnd& to, const std::string& bytes, std::size_t& left) {
    const std::size_t part = std::min(left, bytes.size());
    left -= part;
    if (part > 0) to.send(bytes.substr(0, part));
  }

  TestLoop& loop_;
  MemoryLink to_server_;
  MemoryLink to_client_;
  std::shared_ptr<StreamUser> server_;
  std::shared_ptr<StreamUser> client_;
  std::size_t sent_ = 0;
  std::size_t answered_ = 0;
};

constexpr std::size_t kAll = 1'000'000;

TEST_F(TlsStream, EndsWithAReasonWhereverTheClientsBytesAreCut) {
  auto server_side = mutual_server();
  auto client_side = client(client_certificate());
  std::size_t whole = 0;
  {
    Cut cut(loop_, *server_side, *client_side);
    cut.pass(kAll, kAll);
    ASSERT_EQ(cut.server().text, "hello");
    whole = cut.sent();
  }
  // Signatures of a curve differ in length by a few bytes.
  for (std::size_t at = 0; at + 32 < whole; ++at) {
    Cut cut(loop_, *server_side, *client_side);
    cut.pass(at, kAll);
    EXPECT_EQ(cut.server().text, "") << at;
    EXPECT_EQ(cut.server().error, "") << at;  // it waits
    cut.close();
    ASSERT_NE(cut.server().error, "") << at;
    ASSERT_EQ(cut.server().error.rfind("TLS", 0), 0u) << cut.server().error;
    ASSERT_NE(cut.client().error, "") << at;
    EXPECT_EQ(cut.server().stream->peer_certificate() != nullptr,
              cut.server().stream->established() && at > 0)
        << at;
  }
}

TEST_F(TlsStream, EndsWithAReasonWhereverTheServersBytesAreCut) {
  auto server_side = server();
  auto client_side = client();
  std::size_t whole = 0;
  {
    Cut cut(loop_, *server_side, *client_side);
    cut.pass(kAll, kAll);
    whole = cut.answered();
  }
  for (std::size_t at = 0; at < whole; ++at) {
    Cut cut(loop_, *server_side, *client_side);
    cut.pass(kAll, at);
    cut.close();
    ASSERT_NE(cut.client().error, "") << at;
    ASSERT_EQ(cut.client().error.rfind("TLS", 0), 0u) << cut.client().error;
    // Or what the client writes finds nobody.
    if (cut.client().code != std::errc::broken_pipe) {
      EXPECT_EQ(cut.client().code, cut.client().stream->established()
                                       ? tls::Error::kTruncated
                                       : tls::Error::kClosedInHandshake)
          << at;
    }
    // Nothing of the user's has left before the server was verified.
    EXPECT_EQ(cut.client().queued, cut.client().stream->established() ? "" : "hello") << at;
  }
}

TEST_F(TlsStream, SurvivesEveryFailureOfTheStreamBelow) {
  auto server_side = mutual_server();
  auto client_side = client(client_certificate());
  for (bool left : {false, true}) {
    for (bool reading : {false, true}) {
      std::size_t without_effect = 0;
      for (std::size_t k = 1; k < 40 && without_effect < 3; ++k) {
        TlsPair pair(loop_, *server_side, *client_side);
        StreamFaults faults;
        faults.read_size = 400;
        (reading ? faults.fail_read : faults.fail_write) = k;
        MemoryEnd& end = left ? pair.link().left() : pair.link().right();
        end.set_faults(faults);
        pair.client().write("hello");
        pair.server().write(pattern(50));
        pair.start();
        StreamUser& hit = left ? pair.server() : pair.client();
        if (hit.error.empty()) {
          ++without_effect;
        } else {
          EXPECT_NE(hit.error.find("reset"), std::string::npos) << hit.error;
          EXPECT_EQ(hit.code, std::errc::connection_reset) << hit.code.message();
        }
      }
      EXPECT_EQ(without_effect, 3u);
    }
  }
}

TEST_F(TlsStream, ReleasesThoseWhoWaitWhenItIsClosed) {
  TlsPair pair(loop_, *server(), *client());
  std::weak_ptr<StreamUser> waiting = pair.client().weak_from_this();
  pair.start();
  auto other = std::make_shared<StreamUser>(nullptr);
  std::weak_ptr<StreamUser> released = other;
  pair.client().stream->wait_readable(std::move(other));
  pair.client().stream->close();
  EXPECT_TRUE(released.expired());
}

TEST_F(TlsStream, PassesPlaintextOnWhereBothAreTaken) {
  auto credentials = server();
  MemoryLink link;
  auto user = std::make_shared<StreamUser>(credentials->accept(
      loop_.loop(), link.left().open(loop_.loop()), ServerCredentials::Peers::kSecureOrPlaintext));
  user->start();
  link.right().send("{");
  loop_.settle();
  link.right().send("\"MagicNumber\":3927900}");
  loop_.settle();
  EXPECT_EQ(user->text, "{\"MagicNumber\":3927900}");
  user->write("an answer");
  EXPECT_EQ(link.right().take_received(), "an answer");
  EXPECT_TRUE(user->stream->established());
  EXPECT_FALSE(user->stream->peer_certificate());
  user->stream->close();

  TlsPair pair(loop_, *credentials, *client(), TlsPair::localhost(),
               ServerCredentials::Peers::kSecureOrPlaintext);
  pair.client().write("secure");
  pair.start();
  EXPECT_EQ(pair.server().text, "secure");
}

}  // namespace
}  // namespace tern::test
