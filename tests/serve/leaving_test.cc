// A peer that closes its side, or vanishes, while its calls run.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "serve/gate.h"
#include "serve/http_fixture.h"
#include "wire/go/gob_client.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

class Leaving : public HttpFixture {
 protected:
  Leaving() {
    service().on_echo([this](ServerContext&, std::string text) -> Reply<std::string> {
      if (text == "at once") return text;
      return behind(gate_, text);
    });
  }

  Gate& gate() { return gate_; }

  // A connection whose first bytes are these.
  std::unique_ptr<Peer> connect_with(std::string_view bytes) {
    auto peer = connect_silent();
    peer->send(bytes);
    settle();
    return peer;
  }
  static std::string json_rpc(int id, std::string_view text = "x") {
    return fmt::format(
        "{{\"jsonrpc\":\"2.0\",\"method\":\"Sample.Echo\",\"params\":[\"{}\"],\"id\":{}}}\n", text,
        id);
  }
  static std::string net_rpc(std::uint64_t id) {
    wire::go::ClientProtocol frames(wire::go::Dialect::kNetRpc, Limits());
    wire::RequestHead head;
    head.id = id;
    head.method = &SampleService::method(SampleService::kEcho);
    std::string argument = "x";
    Buffer out;
    EXPECT_TRUE(frames.write_request(head, head.method->argument(), &argument, out).ok());
    return std::string(as_text(out.view()));
  }

  // Its calls are cancelled and nothing of it is left.
  void expect_gone(Peer& peer, int calls) {
    EXPECT_EQ(gate_.cancelled(), calls);
    EXPECT_EQ(gate_.waiting(), 0);
    EXPECT_EQ(server().stats().calls_running, 0u);
    EXPECT_EQ(server().stats().connections, 0u);
    EXPECT_TRUE(peer.end().end_received());
  }
  // The peer closes its side while one call of its runs.
  void expect_cancelled_by_the_end(std::string_view bytes) {
    auto peer = connect_with(bytes);
    ASSERT_EQ(gate_.waiting(), 1);
    peer->end().shutdown_write();
    settle();
    expect_gone(*peer, 1);
  }

 private:
  Gate gate_;
};

TEST_F(Leaving, CancelsTheCallsOfOurFrames) {
  auto peer = connect();
  for (std::uint64_t id = 1; id <= 20; ++id) peer->send(peer->request(id, "x"));
  settle();
  ASSERT_EQ(gate().waiting(), 20);
  peer->end().close();
  settle();
  expect_gone(*peer, 20);
}

TEST_F(Leaving, CancelsTheCallsOfNetRpc) {
  expect_cancelled_by_the_end(net_rpc(1));
}

TEST_F(Leaving, CancelsTheCallsOfGeeRpc) {
  expect_cancelled_by_the_end(
      "{\"MagicNumber\":3927900,\"CodecType\":\"application/json\"}\n"
      "{\"ServiceMethod\":\"Sample.Echo\",\"Seq\":1}\n\"x\"\n");
}

TEST_F(Leaving, CancelsACallOverHttp) {
  expect_cancelled_by_the_end(echo("x"));
}

TEST_F(Leaving, CancelsACallOverHttpThatIsTheLastOfItsConnection) {
  expect_cancelled_by_the_end(echo("x", "Connection: close\r\n"));
}

TEST_F(Leaving, CancelsJsonRpcOverHttp) {
  expect_cancelled_by_the_end(post("/rpc", json_rpc(1)));
}

TEST_F(Leaving, StillGetsWhatIsAnsweredAtOnce) {
  auto peer = connect();
  peer->send(peer->request(1, "at once") + peer->request(2, "x") + peer->request(3, "at once"));
  peer->end().shutdown_write();
  settle();
  EXPECT_EQ(peer->answers().size(), 2u);
  expect_gone(*peer, 1);
}

TEST_F(Leaving, StillGetsTheRepliesThatAreOnTheirWay) {
  auto peer = connect();
  StreamFaults faults;
  faults.capacity = 50;
  peer->server_end().set_faults(faults);
  peer->send(peer->request(1, "at once") + peer->request(2, "at once") + peer->request(3, "x"));
  peer->end().shutdown_write();
  settle();
  EXPECT_EQ(gate().cancelled(), 1);
  std::size_t answers = 0;
  for (int i = 0; i < 10; ++i) {
    answers += peer->answers().size();
    settle();
  }
  EXPECT_EQ(answers, 2u);
  expect_gone(*peer, 1);
}

TEST_F(Leaving, IsNoticedWithinASecondWhileNothingIsRead) {
  options().limits.calls_in_flight = 1;
  auto peer = connect_with(json_rpc(1) + json_rpc(2));
  peer->send(json_rpc(3));
  settle();
  ASSERT_GT(peer->server_end().unread(), 0u);
  peer->end().reset();
  advance(1s);
  expect_gone(*peer, 1);
}

TEST_F(Leaving, IsNoticedBehindRequestsThatAreNotRead) {
  auto peer = connect_with(echo("x") + echo("y"));
  peer->send(echo("z"));
  settle();
  ASSERT_GT(peer->server_end().unread(), 0u);
  peer->end().shutdown_write();
  advance(1s);
  expect_gone(*peer, 1);
}

TEST_F(Leaving, IsNotSeenInAPeerThatOnlyWaits) {
  auto peer = connect_with(echo("x") + echo("y"));
  for (int i = 0; i < 100; ++i) advance(1s);
  EXPECT_EQ(gate().waiting(), 1);
  gate().open();
  settle();
  EXPECT_EQ(server().stats().connections, 1u);
}

using HalfClose = Leaving;

TEST_F(HalfClose, OfJsonRpcGetsEveryAnswer) {
  auto peer = connect_with(json_rpc(1) + json_rpc(2));
  peer->end().shutdown_write();
  settle();
  EXPECT_EQ(gate().waiting(), 2);
  EXPECT_FALSE(peer->end().end_received());
  gate().open();
  settle();
  EXPECT_EQ(peer->end().take_received(),
            "{\"jsonrpc\":\"2.0\",\"result\":\"x\",\"id\":1}\n"
            "{\"jsonrpc\":\"2.0\",\"result\":\"x\",\"id\":2}\n");
  expect_gone(*peer, 0);
}

TEST_F(HalfClose, OfJsonRpcLastsNoLongerThanItMay) {
  options().half_close_timeout = 5s;
  auto peer = connect_with(json_rpc(1));
  peer->end().shutdown_write();
  settle();
  for (int i = 0; i < 4; ++i) advance(1s);
  EXPECT_EQ(gate().waiting(), 1);
  advance(1s);
  expect_gone(*peer, 1);
  EXPECT_EQ(refused("half-close timeout"), 1u);
}

TEST_F(HalfClose, OfJsonRpcEndsWithinASecondOfAReset) {
  auto peer = connect_with(json_rpc(1));
  peer->end().shutdown_write();
  settle();
  EXPECT_EQ(gate().waiting(), 1);
  peer->end().reset();
  advance(1s);
  expect_gone(*peer, 1);
}

}  // namespace
}  // namespace tern::test
