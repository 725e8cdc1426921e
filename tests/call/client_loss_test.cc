// Connections that break, lie, or stop at the worst moment.
#include <gmock/gmock.h>

#include <map>
#include <random>
#include <vector>

#include "call/client_fixture.h"

namespace tern::test {
namespace {

class ClientLoss : public ClientTest {};

// F7, the second half: the server has the request.
TEST_F(ClientLoss, AfterTheRequestWasWrittenTheHandlerCanHaveRun) {
  connect();
  auto call = multiply(6, 7);
  loop.settle();
  dialer->server(0).close();
  loop.settle();
  EXPECT_EQ(call->code(), Code::kUnavailable);
  EXPECT_EQ(call->ran(), HandlerRan::kUnknown);
  EXPECT_THAT(call->message(),
              testing::StartsWith("arith.Arith/Multiply on tcp@127.0.0.1:7: connection lost "
                                  "before the reply came: "));
}

// F7, the first half: cut after each byte that the client has sent.
TEST_F(ClientLoss, TheHandlerCanHaveRunOnlyIfItsWholeRequestWasWritten) {
  std::size_t request_bytes = 0;
  {
    connect();
    multiply(6, 7);
    loop.settle();
    std::string sent = dialer->server(0).take_received();
    request_bytes = sent.size();
    destroy_client();
    loop.settle();
  }
  for (std::size_t written = 0; written <= 2 * request_bytes; ++written) {
    std::size_t index = dialer->streams();
    dialer->set_faults(StreamFaults());
    connect();
    dialer->server(index).take_received();
    StreamFaults faults;
    faults.capacity = written;
    dialer->client(index).set_faults(faults);
    auto first = multiply(6, 7);
    auto second = multiply(8, 9);
    loop.settle();
    dialer->server(index).reset();
    loop.settle();
    ASSERT_EQ(first->ends, 1);
    ASSERT_EQ(second->ends, 1);
    EXPECT_EQ(first->ran(), written >= request_bytes ? HandlerRan::kUnknown : HandlerRan::kNo)
        << written;
    EXPECT_EQ(second->ran(), written >= 2 * request_bytes ? HandlerRan::kUnknown : HandlerRan::kNo)
        << written;
    if (written < request_bytes) {
      EXPECT_THAT(first->message(), testing::HasSubstr("before the request was sent"));
    }
  }
}

// K6.
TEST_F(ClientLoss, EndsEveryCallOnce) {
  options.limits.calls_in_flight = 100'000;
  connect();
  std::vector<OutcomePtr<std::int64_t>> calls;
  for (int i = 0; i < 1000; ++i) calls.push_back(multiply(i, i, within(1h)));
  loop.settle();
  dialer->server(0).reset();
  loop.settle();
  for (const auto& call : calls) {
    EXPECT_EQ(call->ends, 1);
    EXPECT_EQ(call->code(), Code::kUnavailable);
  }
  EXPECT_EQ(client().stats().calls_pending, 0u);
  EXPECT_EQ(client().stats().timers, 0u);
}

// K6 at its largest: half of them are on their way. No time passes.
TEST_F(ClientLoss, EndsAHundredThousandCallsAtOnceInTheirOrder) {
  constexpr std::size_t kCalls = 100'000;
  options.limits.calls_in_flight = kCalls;
  options.limits.unsent_bytes = 256 * 1024 * 1024;
  connect();
  auto one = multiply(0, 0, within(1h));
  loop.settle();
  const std::size_t request_bytes = dialer->server(0).take_received().size();
  StreamFaults faults;
  faults.capacity = kCalls / 2 * request_bytes + request_bytes / 2;
  dialer->client(0).set_faults(faults);

  struct End {
    std::size_t call;
    Code code;
    HandlerRan ran;
    std::uint64_t turn;
  };
  std::vector<End> ends;
  std::uint64_t turn = 0;
  for (std::size_t i = 1; i < kCalls; ++i) {
    const auto number = static_cast<std::int64_t>(i);
    Call<std::int64_t> call = stub().Multiply({number, number}, within(1h));
    call.then([&, i](Result<std::int64_t> result) {
      ends.push_back(End{i, result.status().code(), result.status().handler_ran(), turn});
    });
  }
  loop.settle();
  ASSERT_EQ(client().stats().calls_pending, kCalls);
  ASSERT_TRUE(ends.empty());
  dialer->server(0).reset();
  while (loop.io().poll_one() > 0) ++turn;

  ASSERT_EQ(ends.size(), kCalls - 1);
  EXPECT_EQ(one->ends, 1);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const std::size_t number = i + 1;
    ASSERT_EQ(ends[i].call, number);
    ASSERT_EQ(ends[i].code, Code::kUnavailable) << number;
    ASSERT_EQ(ends[i].ran, number <= kCalls / 2 ? HandlerRan::kUnknown : HandlerRan::kNo) << number;
    ASSERT_EQ(ends[i].turn, ends[0].turn) << number;
  }
  EXPECT_EQ(client().stats().calls_pending, 0u);
  EXPECT_EQ(client().stats().timers, 0u);
}

TEST_F(ClientLoss, LetsCallbacksStartCallsOnTheNextConnection) {
  connect();
  OutcomePtr<std::int64_t> again;
  stub().Multiply({6, 7}).then([&](Result<std::int64_t> result) {
    EXPECT_FALSE(result.ok());
    again = multiply(6, 7);
  });
  loop.settle();
  dialer->server(0).close();
  loop.settle();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->ends, 0);
  server(1).accept();
  server(1).reply(server(1).read().at(0).id, 42);
  loop.settle();
  EXPECT_EQ(again->value(), 42);
}

TEST_F(ClientLoss, EndsTheCallsOfAConnectionThatGoesAway) {
  connect();
  auto call = multiply(6, 7, within(1h));
  loop.settle();
  server().going_away("restarting");
  loop.settle();
  EXPECT_EQ(call->ends, 0);
  dialer->server(0).reset();
  loop.settle();
  EXPECT_EQ(call->ends, 1);
  EXPECT_EQ(call->ran(), HandlerRan::kUnknown);
  EXPECT_EQ(client().stats().timers, 0u);
}

// K14: the write fails while many calls are queued.
TEST_F(ClientLoss, AFailedWriteEndsEveryQueuedCallAsNotRun) {
  connect();
  StreamFaults faults;
  faults.fail_write = 1;
  dialer->client(0).set_faults(faults);
  std::vector<OutcomePtr<std::int64_t>> calls;
  int restarted = 0;
  for (int i = 0; i < 100; ++i) {
    calls.push_back(multiply(i, i));
    stub().Multiply({i, i}).then([&](Result<std::int64_t>) {
      multiply(1, 1);  // takes the client's mutex: nobody may hold it now
      ++restarted;
    });
  }
  loop.settle();
  for (const auto& call : calls) {
    EXPECT_EQ(call->ends, 1);
    EXPECT_EQ(call->ran(), HandlerRan::kNo);
  }
  EXPECT_EQ(restarted, 100);
}

TEST_F(ClientLoss, AServerThatTakesNothingIsDisconnected) {
  options.write_timeout = 5s;
  connect();
  dialer->client(0).block_writes(true);
  auto call = multiply(6, 7);
  loop.settle();
  loop.advance(5s);
  EXPECT_EQ(call->code(), Code::kUnavailable);
  EXPECT_EQ(call->ran(), HandlerRan::kNo);
}

// The k-th read or write fails, for every k, on streams that give and take a few bytes at a time.
class ClientFaults : public ClientTest {
 protected:
  // Runs calls against a server that answers all of them, until nothing moves any more. Returns
  // whether the fault was reached.
  bool run(const StreamFaults& faults) {
    dialer->set_faults(faults);
    std::vector<OutcomePtr<std::int64_t>> calls;
    for (int i = 0; i < 4; ++i) calls.push_back(multiply(i, 2));
    Call<std::int64_t> given_up = stub().Multiply({9, 9});
    calls.push_back(watch(given_up));
    calls.push_back(multiply(8, 8, within(1s)));
    loop.settle();
    std::size_t index = dialer->streams() - 1;
    std::vector<SentFrame> sent = server(index).read();
    std::map<std::uint64_t, int> place;
    server(index).accept();
    for (const SentFrame& frame : sent) {
      std::int64_t a = 0;
      std::memcpy(&a, frame.body.data() + (frame.body.size() - 16), sizeof a);
      if (frame.kind == wire::FrameKind::kRequest && a < 8) server(index).reply(frame.id, a * 2);
    }
    loop.settle();
    given_up.cancel();
    loop.settle();
    loop.advance(1s);
    bool reached = dialer->client(index).closed();
    dialer->server(index).close();
    loop.settle();
    for (std::size_t i = 0; i < calls.size(); ++i) {
      EXPECT_EQ(calls[i]->ends, 1) << i;
      if (calls[i]->ok()) {
        EXPECT_EQ(calls[i]->value(), static_cast<std::int64_t>(i) * 2);
      }
    }
    EXPECT_EQ(client().stats().calls_pending, 0u);
    EXPECT_EQ(client().stats().timers, 0u);
    loop.advance(1h);  // past the back-off
    return reached;
  }
};

TEST_F(ClientFaults, TheKthReadFailsForEveryK) {
  std::size_t k = 1;
  for (; k < 1000; ++k) {
    StreamFaults faults;
    faults.read_size = 7;
    faults.fail_read = k;
    if (!run(faults)) break;
  }
  EXPECT_GT(k, 20u);
  EXPECT_LT(k, 1000u);
}

TEST_F(ClientFaults, TheKthWriteFailsForEveryK) {
  std::size_t k = 1;
  for (; k < 1000; ++k) {
    StreamFaults faults;
    faults.write_size = 7;
    faults.fail_write = k;
    if (!run(faults)) break;
  }
  EXPECT_GT(k, 20u);
  EXPECT_LT(k, 1000u);
}

// What a server says, cut or changed at each byte: an error or the right values, never a crash, and
// never the value of another call.
class ClientDamage : public ClientTest {
 protected:
  struct Started {
    OutcomePtr<std::int64_t> one;
    OutcomePtr<std::int64_t> two;
    std::size_t index = 0;
    std::string answer;
  };

  Started start() {
    Started started;
    started.one = multiply(1, 1);
    started.two = multiply(2, 1);
    loop.settle();
    started.index = dialer->streams() - 1;
    std::vector<SentFrame> sent = server(started.index).read();
    started.answer = WickedServer::accept_line(1000, 100) +
                     WickedServer::reply_bytes(sent.at(0).id, 0x1111) +
                     WickedServer::reply_bytes(sent.at(1).id, 0x2222);
    return started;
  }
  void finish(const Started& started) {
    loop.settle();
    dialer->server(started.index).close();
    loop.settle();
    EXPECT_EQ(started.one->ends, 1);
    EXPECT_EQ(started.two->ends, 1);
    EXPECT_EQ(client().stats().calls_pending, 0u);
    loop.advance(1h);
  }
};

TEST_F(ClientDamage, AnAnswerThatIsCutShortEndsEachCallOnce) {
  std::size_t size = 1;
  for (std::size_t cut = 0; cut < size; ++cut) {
    Started started = start();
    size = started.answer.size();
    server(started.index).send(started.answer.substr(0, cut));
    finish(started);
    EXPECT_FALSE(started.two->ok()) << cut;
    if (started.one->ok()) {
      EXPECT_EQ(started.one->value(), 0x1111);
    } else {
      EXPECT_EQ(started.one->ran(), HandlerRan::kUnknown);
    }
    EXPECT_EQ(started.two->ran(), HandlerRan::kUnknown);
  }
}

TEST_F(ClientDamage, ByteChangesInTheAnswerDoNotCrossCalls) {
  std::size_t size = 1;
  std::size_t crossed = 0;
  for (std::size_t place = 0; place < size; ++place) {
    for (int change : {0x01, 0x10, 0x80, 0xff}) {
      Started started = start();
      size = started.answer.size();
      std::string answer = started.answer;
      answer[place] = static_cast<char>(answer[place] ^ change);
      server(started.index).send(answer);
      finish(started);
      if (started.one->ok() && started.one->value() == 0x2222) ++crossed;
      if (started.two->ok() && started.two->value() == 0x1111) ++crossed;
    }
  }
  // The ids are part of the bytes: only a change that turns one into the other can do that.
  EXPECT_LE(crossed, 2u);
}

TEST_F(ClientDamage, RandomBytesAfterTheHandshakeEndEachCallOnce) {
  std::minstd_rand random(17);
  for (int round = 0; round < 300; ++round) {
    Started started = start();
    server(started.index).accept();
    std::string noise(1 + random() % 200, '\0');
    for (char& byte : noise) byte = static_cast<char>(random());
    server(started.index).send(noise);
    finish(started);
  }
}

}  // namespace
}  // namespace tern::test
