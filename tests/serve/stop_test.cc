// Server::stop(): what becomes of connections and of calls that run.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "serve/gate.h"
#include "serve/server_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

class Stop : public ServerFixture {
 protected:
  // The server begins to stop, and the peer hears of it.
  void stop_and_tell(Peer& peer, std::chrono::nanoseconds drain) {
    begin_stop(drain);
    while (!peer.end().unread()) settle();
    EXPECT_EQ(peer.answer().kind, wire::FrameKind::kGoingAway);
  }
};

TEST_F(Stop, TellsIdleClientsAndClosesWhenTheyLeave) {
  auto peer = connect();
  stop_and_tell(*peer, 30s);
  peer->end().close();
  finish_stop();
}

TEST_F(Stop, ClosesIdleClientsThatDoNotLeaveAfterAMoment) {
  auto peer = connect();
  begin_stop(30s);
  while (!peer->end().unread()) settle();
  settle();
  EXPECT_FALSE(stopped());
  advance(1s);
  finish_stop();
  EXPECT_TRUE(peer->end().end_received());
}

TEST_F(Stop, FinishesWhatRunsAndRefusesWhatIsNew) {
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  peer->send(peer->request(1, "first"));
  settle();
  stop_and_tell(*peer, 30s);
  peer->send(peer->request(2, "second"));
  settle();
  Answer refusal = peer->answer();
  EXPECT_EQ(refusal.id, 2u);
  EXPECT_EQ(refusal.code, Code::kUnavailable);
  EXPECT_EQ(refusal.ran, HandlerRan::kNo);
  EXPECT_EQ(refusal.text, "server: going away; it takes no new calls");
  advance(20s);
  gate.open();
  settle();
  EXPECT_EQ(peer->answer().text, "first");
  peer->end().close();
  finish_stop();
  EXPECT_EQ(service().echoes(), 1);
}

TEST_F(Stop, CancelsWhatStillRunsAtTheLimit) {
  Gate gate;
  service().on_echo([&gate](ServerContext&, std::string text) -> Reply<std::string> {
    if (text == "stuck") return behind(gate, text);
    return text;
  });
  auto peer = connect();
  peer->send(peer->request(1, "stuck") + peer->request(2, "fine"));
  settle();
  EXPECT_EQ(peer->answer().text, "fine");
  stop_and_tell(*peer, 5s);
  advance(5s);
  settle();
  peer->end().shutdown_write();
  finish_stop();
  Answer answer = peer->answer();
  EXPECT_EQ(answer.id, 1u);
  EXPECT_EQ(answer.code, Code::kUnavailable);
  EXPECT_EQ(answer.ran, HandlerRan::kYes);
  EXPECT_EQ(answer.text, "server: stopped; the call was not done after 5s");
  EXPECT_EQ(gate.cancelled(), 1);
}

TEST_F(Stop, EndsConnectionsInTheOrderInWhichTheyHaveCome) {
  Gate gate;
  std::vector<std::string> ended;
  service().on_echo([&](ServerContext& context, std::string text) -> Reply<std::string> {
    context.on_cancel([&ended, text] { ended.push_back(text); });
    return behind(gate, text);
  });
  std::vector<std::unique_ptr<Peer>> peers;
  std::vector<std::string> came;
  for (int i = 0; i < 40; ++i) {
    peers.push_back(connect());
    came.push_back(std::to_string(i));
    peers.back()->send(peers.back()->request(1, came.back()));
    settle();
  }
  // One that leaves does not change the others' places.
  peers[7]->end().close();
  settle();
  ASSERT_EQ(ended, std::vector<std::string>{"7"});
  ended.clear();
  came.erase(came.begin() + 7);
  begin_stop(0s);
  while (ended.size() < came.size()) settle();
  EXPECT_EQ(ended, came);
}

TEST_F(Stop, ClosesAfterAMomentWhenTheLastCallIsCancelled) {
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  peer->send(peer->request(1, "x"));
  settle();
  stop_and_tell(*peer, 1h);
  peer->send(peer->cancel(1));
  settle();
  advance(1s);
  EXPECT_TRUE(peer->end().end_received());
  advance(1h);
  finish_stop();
}

TEST_F(Stop, WaitsForAPeerThatTakesItsLastReplySlowly) {
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  peer->send(peer->request(1, "last"));
  settle();
  stop_and_tell(*peer, 30s);
  peer->server_end().block_writes(true);
  gate.open();
  settle();
  for (int i = 0; i < 10; ++i) advance(1s);
  peer->server_end().block_writes(false);
  settle();
  EXPECT_EQ(peer->answer().text, "last");
  advance(1s);
  finish_stop();
}

TEST_F(Stop, ClosesConnectionsThatHaveNotSaidTheirOptionAfterAMoment) {
  auto peer = connect_silent();
  begin_drain(30s);
  EXPECT_FALSE(peer->end().end_received());
  advance(1s);
  finish_stop();
  EXPECT_TRUE(peer->end().end_received());
}

TEST_F(Stop, TellsClientsInTheirHandshakeThatTheirCallsHaveNotRun) {
  auto peer = connect_silent();
  begin_drain(30s);
  peer->send(peer->option() + peer->request(1, "x"));
  settle();
  std::optional<wire::OptionReply> reply = peer->option_reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_TRUE(reply->going_away);
  EXPECT_EQ(reply->error, "server: going away; it takes no new calls");
  EXPECT_TRUE(peer->end().end_received());
  peer->end().close();
  finish_stop();
  EXPECT_EQ(service().echoes(), 0);
  EXPECT_EQ(refused("going away"), 1u);
}

TEST_F(Stop, RefusesTheRequestsOfOtherProtocolsThatBeginWhileItDrains) {
  auto peer = connect_silent();
  begin_drain(30s);
  peer->send(R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["x"],"id":1})");
  settle();
  EXPECT_EQ(peer->end().take_received(),
            R"({"jsonrpc":"2.0","error":{"code":-32000,"message":"server: going away; it takes no )"
            R"(new calls","data":{"code":"unavailable","ran":"no"}},"id":1})"
            "\n");
  advance(1s);
  finish_stop();
  EXPECT_TRUE(peer->end().end_received());
}

TEST_F(Stop, TellsConnectionsThatComeWhileItDrains) {
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto busy = connect();
  busy->send(busy->request(1, "x"));
  settle();
  begin_drain(30s);
  Peer late;
  late.send(late.option() + late.request(1, "x"));
  accept(late.server_end());
  settle();
  ASSERT_TRUE(late.option_reply().has_value());
  EXPECT_TRUE(late.option_reply()->going_away);
  late.end().close();
  gate.open();
  settle();
  busy->end().close();
  finish_stop();
}

TEST_F(Stop, GivesItsLastWordsAMomentToBeRead) {
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  peer->send(peer->request(1, "x"));
  settle();
  begin_stop(0s);
  while (!peer->end().end_received()) settle();
  EXPECT_EQ(peer->answer().text, "server: stopped");
  // Bytes that nobody has read would take the answer back if the socket were closed.
  peer->send(peer->request(2, "x"));
  settle();
  EXPECT_FALSE(peer->server_end().closed());
  EXPECT_EQ(peer->server_end().unread(), 0u);
  advance(2s);
  finish_stop();
  EXPECT_TRUE(peer->server_end().closed());
}

TEST_F(Stop, WaitsNoLongerForAPeerThatReadsNothing) {
  options().write_timeout = 1h;
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  peer->server_end().block_writes(true);
  peer->send(peer->request(1, "x"));
  settle();
  begin_stop(0s);
  while (gate.waiting() > 0) settle();
  settle();
  EXPECT_FALSE(stopped());
  advance(2s);
  finish_stop();
}

TEST_F(Stop, InAHandlerFailsInsteadOfWaitingForItself) {
  std::vector<std::string> lines;
  options().log = [&lines](std::string_view line) { lines.emplace_back(line); };
  service().on_echo([this](ServerContext&, std::string text) -> Reply<std::string> {
    server().stop(0s);
    return text;
  });
  auto peer = connect();
  peer->send(peer->request(1, "x"));
  settle();
  EXPECT_EQ(peer->answer().text, "the handler threw an exception");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find("stop() on a thread of an event loop or of the server's workers would "
                          "wait for itself"),
            std::string::npos)
      << lines[0];
}

TEST_F(Stop, InAWorkerFailsInsteadOfWaitingForItself) {
  service().on_echo([this](ServerContext& context, std::string) -> Reply<std::string> {
    return blocking(context, [this]() -> std::string {
      try {
        server().wait();
      } catch (const std::logic_error& thrown) {
        return thrown.what();
      }
      return "waited";
    });
  });
  auto peer = connect();
  peer->send(peer->request(1, "x"));
  while (!peer->end().unread()) settle();
  EXPECT_EQ(peer->answer().text.substr(0, 6), "wait()");
}

TEST_F(Stop, ClosesStreamsThatComeAfterIt) {
  server();
  begin_stop(0s);
  finish_stop();
  Peer peer;
  server().serve(loop().loop(), peer.server_end().open(loop().loop()));
  settle();
  EXPECT_TRUE(peer.end().end_received());
  EXPECT_EQ(server().listen("tcp@127.0.0.1:0").status().code(), Code::kFailedPrecondition);
}

TEST_F(Stop, AStreamOnALoopOfAnotherPoolIsNotServed) {
  TestLoop other;
  Peer peer;
  server().serve(other.loop(), peer.server_end().open(other.loop()));
  EXPECT_TRUE(peer.end().end_received());
}

TEST_F(Stop, TwiceIsFineAndTheSecondCanHasten) {
  Gate gate;
  service().on_echo(echo_behind(gate));
  auto peer = connect();
  peer->send(peer->request(1, "stuck"));
  settle();
  begin_stop(1h);
  while (!peer->end().unread()) settle();
  std::atomic<bool> second = false;
  std::thread hasten([&] {
    server().stop(0s);
    second = true;
  });
  while (!second) {
    settle();
    if (peer->end().end_received()) peer->end().close();
    std::this_thread::yield();
  }
  hasten.join();
  finish_stop();
  server().stop(0s);
  server().wait();
  EXPECT_EQ(gate.cancelled(), 1);
}

TEST_F(Stop, WaitsForBlockingHandlersToReturn) {
  std::atomic<bool> running = false;
  std::atomic<bool> saw_cancel = false;
  service().on_echo([&](ServerContext& context, std::string) -> Reply<std::string> {
    return blocking(context, [&context, &running, &saw_cancel] {
      running = true;
      while (!context.cancelled()) std::this_thread::yield();
      saw_cancel = true;
      return std::string();
    });
  });
  auto peer = connect();
  peer->send(peer->request(1, "x"));
  while (!running) settle();
  begin_stop(0s);
  while (!peer->end().end_received()) settle();
  peer->end().close();
  finish_stop();
  EXPECT_TRUE(saw_cancel);
}

TEST_F(Stop, DoesNotReturnBeforeABlockingHandlerHas) {
  std::atomic<bool> running = false;
  std::atomic<bool> go = false;
  std::atomic<bool> returned = false;
  service().on_echo([&](ServerContext& context, std::string) -> Reply<std::string> {
    return blocking(context, [&] {
      running = true;
      while (!go) std::this_thread::yield();
      returned = true;
      return std::string();
    });
  });
  auto peer = connect();
  peer->send(peer->request(1, "x"));
  while (!running) settle();
  begin_stop(0s);
  while (!peer->end().end_received()) settle();
  peer->end().close();
  for (int i = 0; i < 10'000 && !stopped(); ++i) {
    settle();
    std::this_thread::yield();
  }
  EXPECT_FALSE(stopped());
  go = true;
  finish_stop();
  EXPECT_TRUE(returned);
}

TEST(ServerOnAnIoContextOfItsUser, EndsWhenThatHasBeenStopped) {
  TestLoop loop;
  Gate gate;
  auto service = std::make_shared<ScriptedService>();
  service->on_echo(echo_behind(gate));
  Peer peer;
  {
    Server server(loop.pool());
    ASSERT_TRUE(server.add(service).ok());
    server.serve(loop.loop(), peer.server_end().open(loop.loop()));
    peer.send(peer.option() + peer.request(1, "x"));
    loop.settle();
    loop.io().stop();
  }
  EXPECT_TRUE(peer.end().end_received());
}

TEST(ServerOnAnIoContextOfItsUser, EndsThoughThatHasNeverRunIfItDoesNotListen) {
  TestLoop loop;
  Server server(loop.pool());
  ASSERT_TRUE(server.add(std::make_shared<ScriptedService>()).ok());
  EXPECT_FALSE(server.listen("tcp@127.0.0.1").ok());
  EXPECT_FALSE(server.listen("unix@/no/such/directory/socket").ok());
}

TEST_F(Stop, ServicesCannotBeAddedToAServerThatServes) {
  auto peer = connect();
  EXPECT_EQ(server().add(std::make_shared<ScriptedService>()).code(), Code::kFailedPrecondition);
}

}  // namespace
}  // namespace tern::test
