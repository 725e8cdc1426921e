// A server whose connections come from a Listener of the test's.
#include "tern/listener.h"

#include <gtest/gtest.h>

#include <memory>

#include "serve/server_fixture.h"
#include "support/fake_listener.h"
#include "tern/reverse_dialer.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

Endpoint somewhere() {
  Endpoint endpoint;
  endpoint.host = "somewhere";
  endpoint.port = 1;
  return endpoint;
}

class Listeners : public ServerFixture {
 protected:
  void listen() {
    Status listening = server().listen(listening_.make(somewhere()));
    EXPECT_TRUE(listening.ok()) << listening.to_string();
  }
  std::unique_ptr<Peer> come() {
    auto peer = std::make_unique<Peer>();
    listening_.connect(peer->server_end());
    peer->send(peer->option() + peer->request(1, "hello"));
    return peer;
  }
  void expect_answered(Peer& peer) {
    std::vector<Answer> answers = peer.answers();
    ASSERT_FALSE(answers.empty());
    EXPECT_EQ(answers.front().text, "hello");
  }

  FakeListening listening_;
};

TEST_F(Listeners, BringAServerItsConnections) {
  listen();
  ASSERT_EQ(server().addresses().size(), 1u);
  EXPECT_EQ(server().addresses().front(), somewhere());
  settle();
  ASSERT_TRUE(listening_.started());
  auto first = come();
  auto second = come();
  settle();
  expect_answered(*first);
  expect_answered(*second);
  EXPECT_EQ(server().stats().connections_accepted, 2u);
}

TEST_F(Listeners, KeepWhoComesBeforeTheyAreStarted) {
  auto early = come();
  listen();
  EXPECT_FALSE(listening_.started());
  settle();
  expect_answered(*early);
}

TEST_F(Listeners, LoseNobodyButAConnectionThatCannotBeOpened) {
  listen();
  settle();
  auto served = come();
  listening_.fail_to_open();
  auto lost = come();
  settle();
  EXPECT_TRUE(lost->end().end_received());
  EXPECT_TRUE(lost->answers().empty());
  expect_answered(*served);
}

TEST_F(Listeners, HandOverWhoHasComeWhenTheServerStops) {
  listen();
  settle();
  auto in_time = come();
  begin_stop(10s);
  while (!listening_.destroyed()) settle();
  auto late = come();
  settle();
  EXPECT_TRUE(late->end().end_received());
  ASSERT_TRUE(in_time->option_reply().has_value());
  in_time->end().close();
  finish_stop();
  EXPECT_TRUE(stopped());
}

TEST_F(Listeners, AreRefusedByAServerThatHasBeenStopped) {
  connect_silent()->end().close();
  begin_stop(0s);
  finish_stop();
  Status refused = server().listen(listening_.make(somewhere()));
  EXPECT_EQ(refused.code(), Code::kFailedPrecondition);
  EXPECT_TRUE(listening_.destroyed());
}

TEST(ReverseDialerListener, GivesItsConnectionsToClients) {
  TestLoop loop;
  FakeListening listening;
  std::shared_ptr<ReverseDialer> dialer =
      ReverseDialer::listen(listening.make(somewhere()), loop.pool());
  EXPECT_EQ(dialer->endpoint(), somewhere());
  loop.settle();
  MemoryLink waits;
  listening.connect(waits.right());
  loop.settle();
  EXPECT_EQ(dialer->waiting(), 1u);

  std::vector<std::unique_ptr<ByteStream>> dialed;
  auto keep = [&dialed](Result<std::unique_ptr<ByteStream>> result) {
    ASSERT_TRUE(result.ok()) << result.status().to_string();
    dialed.push_back(std::move(*result));
  };
  auto first = dialer->dial(loop.loop(), Endpoint(), 1s, keep);
  auto second = dialer->dial(loop.loop(), Endpoint(), 1s, keep);
  loop.settle();
  EXPECT_EQ(dialed.size(), 1u);
  EXPECT_EQ(dialer->waiting(), 0u);
  MemoryLink comes;
  listening.connect(comes.right());
  loop.settle();
  EXPECT_EQ(dialed.size(), 2u);

  first.reset();
  second.reset();
  dialer.reset();
  EXPECT_TRUE(listening.destroyed());
}

}  // namespace
}  // namespace tern::test
