// What a peer may ask for, and what it hears when it asks for more.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "serve/gate.h"
#include "serve/server_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

using Limited = ServerFixture;

TEST_F(Limited, MessagesOverTheLimitAreRefusedAndTheConnectionLives) {
  options().limits.message_bytes = 1000;
  auto peer = connect();
  // What the codec adds to a string of this size.
  std::size_t extra =
      peer->request(1, std::string(500, 'x')).size() - 500 - wire::native::Frames::kHeaderBytes;
  peer->send(peer->request(1, std::string(1000 - extra, 'x')) +
             peer->request(2, std::string(1001 - extra, 'x')) + peer->request(3, "x"));
  settle();
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_EQ(answers[0].kind, wire::FrameKind::kReply);
  EXPECT_EQ(answers[1].code, Code::kResourceExhausted);
  EXPECT_EQ(answers[1].text, "the message is 1001 bytes long; the limit is 1000");
  EXPECT_EQ(answers[1].ran, HandlerRan::kNo);
  EXPECT_EQ(answers[2].kind, wire::FrameKind::kReply);
  EXPECT_EQ(refused("message too large"), 1u);
}

TEST_F(Limited, AMessageOverTheLimitIsReadPastAsItComes) {
  options().limits.message_bytes = 100;
  auto peer = connect();
  StreamFaults faults;
  faults.read_size = 7;
  faults.gaps = true;
  peer->server_end().set_faults(faults);
  peer->send(peer->request(1, std::string(1000, 'x')) + peer->request(2, "x"));
  settle();
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].code, Code::kResourceExhausted);
  EXPECT_EQ(answers[1].text, "x");
}

TEST_F(Limited, MessagesThatClaimAbsurdSizesEndTheConnection) {
  for (std::uint32_t size : {0u, 27u, 0x7fffffffu, 0x80000000u, 0xffffffffu}) {
    auto peer = connect();
    std::string request = peer->request(1, "x");
    request.replace(0, 4, reinterpret_cast<const char*>(&size), 4);
    peer->send(request);
    settle();
    Answer last = peer->answer();
    EXPECT_EQ(last.kind, wire::FrameKind::kGoingAway);
    EXPECT_NE(last.text.find(std::to_string(size)), std::string::npos) << last.text;
    EXPECT_TRUE(peer->end().end_received()) << size;
  }
  EXPECT_EQ(refused("malformed frame"), 5u);
}

TEST_F(Limited, NamesOfMethodsOverTheLimitAreRefused) {
  auto peer = connect();
  peer->send(peer->request_by_name(1, std::string(256, 'a'), "x") +
             peer->request_by_name(2, std::string(257, 'a'), "x") + peer->request(3, "x"));
  settle();
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_EQ(answers[0].code, Code::kUnimplemented);
  EXPECT_EQ(answers[1].text, "the name of the method is 257 bytes long; the limit is 256");
  EXPECT_EQ(answers[2].kind, wire::FrameKind::kReply);
  EXPECT_EQ(refused("method name too long"), 1u);
}

TEST_F(Limited, MetadataOverTheLimitIsRefused) {
  options().limits.metadata_bytes = 100;
  auto peer = connect();
  RequestOptions fits, too_much;
  fits.metadata.add("k", std::string(91, 'v'));  // and twice four bytes of length
  too_much.metadata.add("k", std::string(92, 'v'));
  peer->send(peer->request(1, "x", fits) + peer->request(2, "x", too_much));
  settle();
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].kind, wire::FrameKind::kReply);
  EXPECT_EQ(answers[1].text, "the metadata is 101 bytes long; the limit is 100");
  EXPECT_EQ(refused("metadata too large"), 1u);
}

TEST_F(Limited, MetadataThatCannotBeReadFailsItsCall) {
  auto peer = connect();
  RequestOptions options;
  options.metadata.add("key", "value");
  std::string request = peer->request(1, "x", options);
  request[wire::native::Frames::kHeaderBytes] = '\x7f';
  peer->send(request + peer->request(2, "x"));
  settle();
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].kind, wire::FrameKind::kError);
  EXPECT_EQ(answers[0].ran, HandlerRan::kNo);
  EXPECT_EQ(answers[1].kind, wire::FrameKind::kReply);
  EXPECT_EQ(refused("malformed metadata"), 1u);
}

TEST_F(Limited, OptionsOverTheLimitAreRefused) {
  auto peer = connect_silent();
  peer->send("{\"x\":\"" + std::string(5000, 'x'));
  settle();
  ASSERT_TRUE(peer->option_reply().has_value());
  EXPECT_EQ(peer->option_reply()->error,
            "handshake: its JSON object does not end within 4096 bytes, which is the limit");
  EXPECT_EQ(refused("handshake too large"), 1u);
}

TEST_F(Limited, HandshakesAtATimeAreCapped) {
  options().pending_handshakes = 2;
  auto one = connect_silent();
  auto two = connect_silent();
  auto three = connect_silent();
  EXPECT_TRUE(three->end().end_received());
  EXPECT_EQ(refused("too many handshakes"), 1u);
  one->send(one->option());
  settle();
  auto four = connect_silent();
  EXPECT_FALSE(four->end().end_received());
  two->end().close();
  settle();
  auto five = connect_silent();
  EXPECT_FALSE(five->end().end_received());
}

TEST_F(Limited, CallsInFlightAreHeldBackAndAnsweredLater) {
  options().limits.calls_in_flight = 4;
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  std::string bytes;
  for (std::uint64_t id = 0; id < 100; ++id) bytes += peer->request(id, std::to_string(id));
  peer->send(bytes);
  settle();
  EXPECT_EQ(gate.waiting(), 4);
  peer->send(peer->request(100, "100"));
  settle();
  EXPECT_EQ(peer->server_end().unread(), 0u);
  gate.open();
  settle();
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 101u);
  for (const Answer& answer : answers)
    EXPECT_EQ(answer.kind, wire::FrameKind::kReply) << answer.text;
}

TEST_F(Limited, CallsInFlightStopNoPingAndNoCancel) {
  options().limits.calls_in_flight = 2;
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  for (std::uint64_t id = 1; id <= 4; ++id) peer->send(peer->request(id, std::to_string(id)));
  settle();
  peer->send(peer->ping(77));
  settle();
  EXPECT_EQ(peer->answer().kind, wire::FrameKind::kPong);
  // Of a call that runs, and of one that is held back.
  peer->send(peer->cancel(1) + peer->cancel(3));
  settle();
  EXPECT_EQ(gate.cancelled(), 1);
  EXPECT_EQ(gate.waiting(), 2);
  gate.open();
  settle();
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].text, "2");
  EXPECT_EQ(answers[1].text, "4");
}

TEST_F(Limited, RequestsThatAreHeldBackAreBoundedInBytes) {
  options().limits.calls_in_flight = 1;
  options().limits.held_bytes = 10'000;
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  for (std::uint64_t id = 1; id <= 12; ++id) {
    peer->send(peer->request(id, std::string(4000, 'x')));
  }
  settle();
  std::vector<Answer> refusals = peer->answers();
  ASSERT_EQ(refusals.size(), 8u);
  for (const Answer& refusal : refusals) {
    EXPECT_EQ(refusal.code, Code::kResourceExhausted);
    EXPECT_EQ(refusal.ran, HandlerRan::kNo);
    EXPECT_EQ(refusal.text,
              "server: 1 calls of the connection run, which is the limit, and no more than 10000 "
              "bytes of requests wait for them");
  }
  EXPECT_EQ(refused("too many calls"), 8u);
  gate.open();
  settle();
  EXPECT_EQ(peer->answers().size(), 4u);
}

TEST_F(Limited, ARequestThatIsHeldBackKeepsItsDeadlineAndItsId) {
  options().limits.calls_in_flight = 1;
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  RequestOptions second;
  second.timeout = 1s;
  peer->send(peer->request(1, "x") + peer->request(2, "y", second) + peer->request(2, "z"));
  settle();
  EXPECT_EQ(peer->answer().text, "request 2: a call with this id still runs");
  advance(1s);
  gate.open();
  settle();
  std::vector<Answer> answers = peer->answers();
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[1].code, Code::kDeadlineExceeded);
  EXPECT_EQ(answers[1].ran, HandlerRan::kNo);
  EXPECT_EQ(service().echoes(), 1);
}

TEST_F(Limited, RequestsThatAreHeldBackGoWithTheirPeer) {
  options().limits.calls_in_flight = 1;
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  peer->send(peer->request(1, "x") + peer->request(2, "y"));
  settle();
  peer->end().close();
  settle();
  EXPECT_EQ(service().echoes(), 1);
  EXPECT_EQ(gate.cancelled(), 1);
  EXPECT_EQ(server().stats().connections, 0u);
}

TEST_F(Limited, CallsInFlightAreHeldByNotReadingWhereNothingButRequestsComes) {
  options().limits.calls_in_flight = 2;
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect_silent();
  std::string request =
      "{\"jsonrpc\":\"2.0\",\"method\":\"Sample.Echo\",\"params\":[\"x\"],\"id\":1}\n";
  for (int i = 0; i < 4; ++i) peer->send(request);
  settle();
  peer->send(request);
  settle();
  EXPECT_EQ(gate.waiting(), 2);
  EXPECT_GT(peer->server_end().unread(), 0u);
  gate.open();
  settle();
  std::string answers = peer->end().take_received();
  EXPECT_EQ(std::count(answers.begin(), answers.end(), '\n'), 5);
}

TEST_F(Limited, OneCallThatEndsMakesRoomForOneMore) {
  options().limits.calls_in_flight = 2;
  Gate first, others;
  service().on_echo([&](ServerContext&, std::string text) {
    return behind(text == "first" ? first : others, text);
  });
  auto peer = connect();
  peer->send(peer->request(1, "first") + peer->request(2, "x") + peer->request(3, "x"));
  settle();
  EXPECT_EQ(others.waiting(), 1);
  first.open();
  settle();
  EXPECT_EQ(peer->answer().text, "first");
  EXPECT_EQ(others.waiting(), 2);
  others.open();
  settle();
}

TEST_F(Limited, EveryCallBehindTheLimitIsAnsweredInTheEnd) {
  options().limits.calls_in_flight = 4;
  service().on_echo([](ServerContext&, std::string text) -> Reply<std::string> {
    auto later = [](std::string value) -> asio::awaitable<Result<std::string>> {
      co_await asio::post(asio::use_awaitable);
      co_return value;
    };
    return later(std::move(text));
  });
  auto peer = connect();
  std::string bytes;
  for (std::uint64_t id = 0; id < 1000; ++id) bytes += peer->request(id, std::to_string(id));
  peer->send(bytes);
  settle();
  EXPECT_EQ(peer->answers().size(), 1000u);
}

TEST_F(Limited, UnsentBytesAreHeldByNotReading) {
  options().limits.unsent_bytes = 10'000;
  service().on_echo(
      [](ServerContext&, std::string) -> Reply<std::string> { return std::string(1000, 'x'); });
  auto peer = connect();
  peer->server_end().block_writes(true);
  std::string bytes;
  for (std::uint64_t id = 0; id < 100; ++id) bytes += peer->request(id, "");
  peer->send(bytes);
  settle();
  int asked = service().echoes();
  EXPECT_GE(asked, 9);
  EXPECT_LE(asked, 10);
  std::uint64_t unsent = server().stats().unsent_bytes;
  EXPECT_GE(unsent, 9'000u);
  EXPECT_LE(unsent, 12'000u);
  peer->send(peer->request(100, ""));
  settle();
  EXPECT_GT(peer->server_end().unread(), 0u);
  EXPECT_EQ(service().echoes(), asked);
  peer->server_end().block_writes(false);
  settle();
  EXPECT_EQ(peer->answers().size(), 101u);
  EXPECT_EQ(server().stats().unsent_bytes, 0u);
}

TEST_F(Limited, RepliesOfCallsThatRanAlreadyAreBoundedToo) {
  options().limits.unsent_bytes = 5'000;
  options().limits.unsent_reply_bytes = 50'000;
  Gate first, second;
  service().on_echo([&](ServerContext&, std::string text) {
    return behind(text == "first" ? first : second, std::string(1000, 'x'));
  });
  auto peer = connect();
  for (std::uint64_t id = 0; id < 40; ++id) peer->send(peer->request(id, "first"));
  for (std::uint64_t id = 40; id < 100; ++id) peer->send(peer->request(id, "second"));
  settle();
  peer->server_end().block_writes(true);
  first.open();
  settle();
  EXPECT_EQ(server().stats().connections, 1u);
  EXPECT_GE(server().stats().unsent_bytes, 40'000u);
  EXPECT_LE(server().stats().unsent_bytes, 45'000u);
  second.open();
  settle();
  EXPECT_EQ(server().stats().connections, 0u);
  EXPECT_EQ(server().stats().unsent_bytes, 0u);
  EXPECT_EQ(server().stats().calls_running, 0u);
  EXPECT_EQ(refused("unsent replies"), 1u);
}

TEST_F(Limited, RepliesThatThePeerReadsAreNotBounded) {
  options().limits.unsent_bytes = 5'000;
  options().limits.unsent_reply_bytes = 20'000;
  Gate gate;
  service().on_echo(
      [&](ServerContext&, std::string) { return behind(gate, std::string(1000, 'x')); });
  auto peer = connect();
  for (std::uint64_t id = 0; id < 100; ++id) peer->send(peer->request(id, ""));
  settle();
  gate.open();
  settle();
  EXPECT_EQ(peer->answers().size(), 100u);
}

TEST_F(Limited, UnsentBytesOfAllConnectionsAreBounded) {
  options().limits.server_unsent_bytes = 50'000;
  service().on_echo([](ServerContext&, std::string size) -> Reply<std::string> {
    return std::string(std::stoul(size), 'x');
  });
  std::vector<std::unique_ptr<Peer>> peers;
  for (const char* size : {"10000", "20000", "15000"}) {
    peers.push_back(connect());
    peers.back()->server_end().block_writes(true);
    peers.back()->send(peers.back()->request(1, size));
    settle();
  }
  EXPECT_EQ(server().stats().connections, 3u);
  peers[0]->send(peers[0]->request(2, "9000"));
  settle();
  EXPECT_EQ(server().stats().connections, 2u);
  EXPECT_TRUE(peers[1]->end().end_received());
  EXPECT_EQ(refused("unsent replies"), 1u);
  EXPECT_GE(server().stats().unsent_bytes, 34'000u);
  EXPECT_LE(server().stats().unsent_bytes, 35'000u);
}

TEST_F(Limited, UnsentBytesOfATurnThatTheStreamTakesAtOnceHoldNothing) {
  options().limits.unsent_bytes = 1000;
  auto peer = connect();
  std::string bytes;
  for (std::uint64_t id = 0; id < 100; ++id) bytes += peer->request(id, std::string(500, 'x'));
  peer->send(bytes);
  settle();
  EXPECT_EQ(peer->answers().size(), 100u);
}

TEST_F(Limited, RepliesFromAClientEndTheConnection) {
  for (char kind : {'\x02', '\x03'}) {
    auto peer = connect();
    std::string frame = peer->ping(1);
    frame[4] = kind;
    peer->send(frame + peer->request(2, "x"));
    settle();
    EXPECT_TRUE(peer->end().end_received());
  }
  EXPECT_EQ(service().echoes(), 0);
  EXPECT_EQ(refused("unexpected frame"), 2u);
}

TEST_F(Limited, FramesOfAnUnknownKindEndTheConnectionAndItsCalls) {
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  std::string frame = peer->ping(1);
  frame[4] = '\x0a';
  peer->send(peer->request(2, "x") + frame);
  settle();
  EXPECT_EQ(peer->answer().text,
            "frame: kind 10 with flags 0 is not known; this is version 1 of the protocol");
  EXPECT_TRUE(peer->end().end_received());
  EXPECT_EQ(gate.cancelled(), 1);
}

TEST_F(Limited, AServerThatCouldReadNothingSaysSo) {
  options().limits.unsent_bytes = 0;
  Result<Endpoint> listening = server().listen("tcp@127.0.0.1:0");
  EXPECT_EQ(listening.status().code(), Code::kInvalidArgument);
  EXPECT_EQ(listening.status().message(),
            "limits: unsent_bytes is 0, so that no request would be read");
}

}  // namespace
}  // namespace tern::test
