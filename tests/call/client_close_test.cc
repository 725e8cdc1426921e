// K13: a client that is closed or destroyed while calls wait, from everywhere.
#include <gmock/gmock.h>

#include <asio/io_context.hpp>
#include <future>
#include <thread>
#include <vector>

#include "call/arith_server.h"
#include "call/client_fixture.h"
#include "net/dial.h"
#include "support/gated_names.h"

namespace tern::test {
namespace {

class ClientClose : public ClientTest {};

TEST_F(ClientClose, EndsEveryWaitingCall) {
  connect();
  auto sent = multiply(1, 1);
  loop.settle();
  auto queued = multiply(2, 2);
  client().close();
  loop.settle();
  EXPECT_EQ(sent->code(), Code::kCancelled);
  EXPECT_EQ(sent->ran(), HandlerRan::kUnknown);
  EXPECT_EQ(sent->message(),
            "arith.Arith/Multiply on tcp@127.0.0.1:7: cancelled before the reply came: "
            "the client is closed");
  EXPECT_EQ(queued->code(), Code::kCancelled);
  EXPECT_EQ(queued->ends, 1);
  EXPECT_TRUE(dialer->client(0).closed());
  EXPECT_EQ(loop.loop().timer_count(), 0u);
}

TEST_F(ClientClose, RefusesNewCallsAtOnceAndForEver) {
  connect();
  client().close();
  for (int i = 0; i < 2; ++i) {
    auto call = multiply(1, 1);
    EXPECT_EQ(call->ends, 1);
    EXPECT_EQ(call->code(), Code::kCancelled);
    EXPECT_EQ(call->ran(), HandlerRan::kNo);
    loop.settle();
    client().close();
  }
  EXPECT_EQ(dialer->attempts(), 1u);
  EXPECT_EQ(client().connect().code(), Code::kCancelled);
}

TEST_F(ClientClose, EndsCallsThatWaitForAConnection) {
  dialer->hang_next();
  auto call = multiply(1, 1, within(1h));
  auto other = multiply(1, 1, wait_for_ready());
  loop.settle();
  client().close();
  loop.settle();
  EXPECT_EQ(call->code(), Code::kCancelled);
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
  EXPECT_EQ(other->ends, 1);
  EXPECT_EQ(dialer->given_up(), 1u);
  EXPECT_EQ(loop.loop().timer_count(), 0u);
}

TEST_F(ClientClose, DuringABackOffLeavesNoTimer) {
  dialer->fail_next(Status(Code::kUnavailable, "no"));
  auto call = multiply(1, 1, wait_for_ready());
  loop.settle();
  client().close();
  loop.settle();
  EXPECT_EQ(call->code(), Code::kCancelled);
  EXPECT_EQ(loop.loop().timer_count(), 0u);
  loop.advance(1h);
  EXPECT_EQ(dialer->attempts(), 1u);
}

TEST_F(ClientClose, AStreamThatComesAfterwardsIsDropped) {
  auto call = multiply(1, 1);
  client().close();  // the connecting is on its way already
  loop.settle();
  EXPECT_EQ(call->code(), Code::kCancelled);
  EXPECT_EQ(call->ends, 1);
}

TEST_F(ClientClose, FromACallbackEndsTheOthers) {
  connect();
  OutcomePtr<std::int64_t> other;
  stub().Multiply({1, 1}).then([&](Result<std::int64_t>) {
    client().close();
    client().close();
    EXPECT_EQ(multiply(1, 1)->code(), Code::kCancelled);
  });
  other = multiply(2, 2);
  loop.settle();
  std::vector<SentFrame> sent = server().read();
  std::string both =
      WickedServer::reply_bytes(sent[0].id, 1) + WickedServer::reply_bytes(sent[1].id, 4);
  server().send(both);
  loop.settle();
  EXPECT_EQ(other->ends, 1);
  EXPECT_EQ(other->code(), Code::kCancelled);
}

TEST_F(ClientClose, FromACallbackClosesTheConnection) {
  connect();
  stub().Multiply({1, 1}).then([&](Result<std::int64_t>) { client().close(); });
  loop.settle();
  server().reply(server().read().at(0).id, 1);
  loop.settle();
  EXPECT_TRUE(dialer->client(0).closed());
}

TEST_F(ClientClose, EndsCallsOfAConnectionThatGoesAway) {
  connect();
  auto call = multiply(1, 1);
  loop.settle();
  server().going_away("restarting");
  loop.settle();
  client().close();
  loop.settle();
  EXPECT_EQ(call->ends, 1);
  EXPECT_EQ(call->code(), Code::kCancelled);
  EXPECT_TRUE(dialer->client(0).closed());
}

TEST_F(ClientClose, DestroyingFromACallbackEndsTheOthers) {
  connect();
  OutcomePtr<std::int64_t> other;
  bool destroyed = false;
  stub().Multiply({1, 1}).then([&](Result<std::int64_t>) {
    destroy_client();
    destroyed = true;
    EXPECT_EQ(other->ends, 1);  // not a moment later
  });
  other = multiply(2, 2, within(1h));
  loop.settle();
  std::vector<SentFrame> sent = server().read();
  server().send(WickedServer::reply_bytes(sent[0].id, 1) +
                WickedServer::reply_bytes(sent[1].id, 4));
  loop.settle();
  EXPECT_TRUE(destroyed);
  EXPECT_EQ(other->code(), Code::kCancelled);
  EXPECT_EQ(loop.loop().timer_count(), 0u);
}

TEST_F(ClientClose, DestroyingFromADeadlinesCallbackWorks) {
  connect();
  stub().Multiply({1, 1}, within(1s)).then([&](Result<std::int64_t>) { destroy_client(); });
  auto other = multiply(2, 2, within(1s));
  loop.advance(1s);
  EXPECT_EQ(other->ends, 1);
}

TEST_F(ClientClose, DestroyingFromALostCallsCallbackWorks) {
  connect();
  stub().Multiply({1, 1}).then([&](Result<std::int64_t>) { destroy_client(); });
  auto other = multiply(2, 2);
  loop.settle();
  dialer->server(0).reset();
  loop.settle();
  EXPECT_EQ(other->ends, 1);
  EXPECT_EQ(other->code(), Code::kUnavailable);
}

TEST_F(ClientClose, DestroyingFromAFailedConnectsCallbackWorks) {
  dialer->fail_next(Status(Code::kUnavailable, "no"));
  stub().Multiply({1, 1}).then([&](Result<std::int64_t>) { destroy_client(); });
  auto other = multiply(2, 2);
  auto late = multiply(3, 3, wait_for_ready());
  loop.settle();
  EXPECT_EQ(other->ends, 1);
  EXPECT_EQ(late->code(), Code::kCancelled);
  EXPECT_EQ(loop.loop().timer_count(), 0u);
}

// Knows whether anybody waits for it although it is closed.
class WatchedStream final : public ByteStream {
 public:
  struct Seen {
    bool closed = false;
    int waits_when_closed = 0;
  };
  explicit WatchedStream(std::shared_ptr<Seen> seen) : seen_(std::move(seen)) {}

  IoResult read_some(std::span<std::byte>) override { return blocked(); }
  IoResult write_some(std::span<const ByteView>) override { return blocked(); }
  void wait_readable(std::shared_ptr<ByteStreamUser>) override { count(); }
  void wait_writable(std::shared_ptr<ByteStreamUser>) override { count(); }
  void shutdown_write() noexcept override {}
  void close() noexcept override { seen_->closed = true; }
  std::string peer() const override { return "watched"; }

 private:
  static IoResult blocked() {
    IoResult result;
    result.would_block = true;
    return result;
  }
  void count() {
    if (seen_->closed) ++seen_->waits_when_closed;
  }
  std::shared_ptr<Seen> seen_;
};

class WatchedDialer final : public Dialer {
 public:
  explicit WatchedDialer(std::shared_ptr<WatchedStream::Seen> seen) : seen_(std::move(seen)) {}
  std::unique_ptr<Attempt> dial(Loop& on, const Endpoint&, std::chrono::nanoseconds,
                                Done done) override {
    on.post([seen = seen_, done = std::move(done)]() mutable {
      done(std::unique_ptr<ByteStream>(std::make_unique<WatchedStream>(seen)));
    });
    return std::make_unique<Attempt>();
  }

 private:
  std::shared_ptr<WatchedStream::Seen> seen_;
};

TEST_F(ClientClose, DestroyingFromACallThatCouldNotBeSentLeavesNobodyWaiting) {
  auto seen = std::make_shared<WatchedStream::Seen>();
  options.dialer = std::make_shared<WatchedDialer>(seen);
  CallOptions too_much;
  too_much.metadata.add("key", std::string(options.limits.metadata_bytes, 'x'));
  Code code = Code::kOk;
  stub().Multiply({1, 1}, too_much).then([&](Result<std::int64_t> result) {
    code = result.status().code();
    destroy_client();
  });
  loop.settle();
  EXPECT_EQ(code, Code::kResourceExhausted);
  EXPECT_TRUE(seen->closed);
  EXPECT_EQ(seen->waits_when_closed, 0);
}

TEST_F(ClientClose, ACallOutlivesItsClient) {
  connect();
  Call<std::int64_t> call = stub().Multiply({1, 1});
  destroy_client();
  loop.settle();
  call.cancel();
  EXPECT_EQ(call.get().status().code(), Code::kCancelled);
}

// The user's io_context ends before the client's end could be seen to.
TEST(ClientOnAStoppedLoop, StillEndsItsCalls) {
  auto dialer = std::make_shared<FakeDialer>();
  OutcomePtr<std::int64_t> sent;
  OutcomePtr<std::int64_t> waiting;
  {
    asio::io_context io;
    IoPool pool(io);
    ClientOptions options;
    options.dialer = dialer;
    Client client("tcp@127.0.0.1:7", pool, options);
    sent = watch(arith::ArithStub(client).Multiply({1, 1}));
    for (int i = 0; i < 10; ++i) io.poll();
    waiting = watch(arith::ArithStub(client).Multiply({2, 2}));
  }
  EXPECT_EQ(sent->ends, 1);
  EXPECT_EQ(waiting->ends, 1);
  EXPECT_EQ(waiting->code(), Code::kCancelled);
}

TEST(ClientWhosePoolIsGone, EndsTheCallsThatWaitAndRefusesNewOnes) {
  ArithServer server;
  ClientOptions options;
  options.dialer = std::make_shared<ArithDialer>(server);
  auto pool = std::make_unique<IoPool>(1);
  Client client("tcp@127.0.0.1:7", *pool, options);
  Client unused("tcp@127.0.0.1:7", *pool, options);
  arith::ArithStub stub(client);
  Call<std::int64_t> never = stub.Multiply({-1, 1});
  EXPECT_EQ(*stub.Multiply({6, 7}).get(), 42);
  pool.reset();
  Status sent = never.get().status();
  EXPECT_EQ(sent.code(), Code::kFailedPrecondition);
  EXPECT_EQ(sent.handler_ran(), HandlerRan::kUnknown);
  for (Client* one : {&client, &unused}) {
    for (int i = 0; i < 2; ++i) {
      Status refused = arith::ArithStub(*one).Multiply({6, 7}).get().status();
      EXPECT_EQ(refused.code(), Code::kFailedPrecondition);
      EXPECT_EQ(refused.handler_ran(), HandlerRan::kNo);
      EXPECT_NE(refused.message().find("the IoPool of the client is gone"), std::string_view::npos)
          << refused.message();
    }
    EXPECT_EQ(one->connect().code(), Code::kFailedPrecondition);
    one->close();
  }
}

TEST(ClientWhosePoolIsGone, EndsTheCallsThatWaitForAConnection) {
  auto dialer = std::make_shared<FakeDialer>();
  dialer->hang_next();
  ClientOptions options;
  options.dialer = dialer;
  auto pool = std::make_unique<IoPool>(1);
  Client client("tcp@127.0.0.1:7", *pool, options);
  Call<std::int64_t> waiting = arith::ArithStub(client).Multiply({6, 7});
  pool.reset();
  Status why = waiting.get().status();
  EXPECT_EQ(why.code(), Code::kFailedPrecondition);
  EXPECT_EQ(why.handler_ran(), HandlerRan::kNo);
}

TEST(ClientWithAPoolOfItsOwn, IsDestroyedWithoutWaitingForASlowName) {
  GatedNames names;
  names.add("slow", {"127.0.0.1"}, true);
  ClientOptions options;
  options.dialer = std::make_shared<net::SocketDialer>(
      std::make_shared<net::ThreadedResolver>(names.lookup()), nullptr);
  auto client = std::make_unique<Client>("tcp@slow:7", options);
  Call<std::int64_t> call = arith::ArithStub(*client).Multiply({6, 7});
  names.wait_until_held(1);
  client.reset();
  EXPECT_EQ(call.get().status().code(), Code::kCancelled);
}

TEST(ClientWithAPoolOfItsOwn, EndsCallsFromTheirOwnCallback) {
  ArithServer server;
  ClientOptions options;
  options.dialer = std::make_shared<ArithDialer>(server);
  for (int round = 0; round < 50; ++round) {
    auto client = std::make_unique<Client>("tcp@127.0.0.1:7", options);
    arith::ArithStub stub(*client);
    Call<std::int64_t> never = stub.Multiply({-1, 1});
    std::promise<void> done;
    stub.Multiply({6, 7}).then([&](Result<std::int64_t> product) {
      EXPECT_EQ(*product, 42);
      client.reset();
      done.set_value();
    });
    done.get_future().wait();
    EXPECT_EQ(never.get().status().code(), Code::kCancelled);
  }
}

TEST(ClientWithAPoolOfItsOwn, EndsCallsFromManyThreadsAtOnce) {
  ArithServer server;
  ClientOptions options;
  options.dialer = std::make_shared<ArithDialer>(server);
  for (int round = 0; round < 50; ++round) {
    Client client("tcp@127.0.0.1:7", options);
    arith::ArithStub stub(client);
    std::vector<Call<std::int64_t>> calls;
    for (int i = 0; i < 20; ++i) calls.push_back(stub.Multiply({-1, i}));
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&] {
        client.close();
        EXPECT_EQ(stub.Multiply({1, 1}).get().status().code(), Code::kCancelled);
      });
    }
    for (auto& thread : threads) thread.join();
    for (auto& call : calls) {
      EXPECT_TRUE(call.done());  // close() returns when they have ended
      EXPECT_EQ(call.get().status().code(), Code::kCancelled);
    }
  }
}

}  // namespace
}  // namespace tern::test
