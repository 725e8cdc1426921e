// Names of several addresses, some of which nobody answers on (RFC 8305).
#include "net/dial.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <future>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/acceptor.h"
#include "net/socket_stream.h"
#include "support/fake_dialer.h"
#include "support/gated_names.h"
#include "support/hand_names.h"
#include "support/test_loop.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

class DialTest : public testing::Test {
 protected:
  DialTest() { names.add("two", {"10.0.0.1", "10.0.0.2"}); }

  // Dials, and goes on until the addresses are known.
  void dial(const std::string& host, std::chrono::nanoseconds timeout = 10s) {
    Endpoint endpoint;
    endpoint.host = host;
    endpoint.port = 7;
    attempt = dialer.dial(loop.loop(), endpoint, timeout, [this](auto dialed) {
      attempt.reset();
      outcome = dialed.ok() ? (*dialed)->peer() : std::string(dialed.status().message());
      if (!dialed.ok()) code = dialed.status().code();
    });
    loop.io().run_one();
    loop.settle();
  }
  std::vector<std::string> tried() const {
    std::vector<std::string> hosts;
    for (const Endpoint& one : addresses->endpoints()) hosts.push_back(one.host);
    return hosts;
  }
  static Status refused() { return Status(Code::kUnavailable, "refused", HandlerRan::kNo); }

  TestLoop loop;
  GatedNames names;
  std::shared_ptr<FakeDialer> addresses = std::make_shared<FakeDialer>();
  net::SocketDialer dialer{std::make_shared<net::ThreadedResolver>(names.lookup()), addresses};
  std::unique_ptr<Dialer::Attempt> attempt;
  std::string outcome;
  std::optional<Code> code;
};

TEST_F(DialTest, AnAddressWithoutAnAnswerCostsAQuarterOfASecond) {
  addresses->hang_next();
  dial("two");
  EXPECT_EQ(tried(), (std::vector<std::string>{"10.0.0.1"}));
  loop.advance(249ms);
  EXPECT_EQ(tried().size(), 1u);
  loop.advance(1ms);
  EXPECT_EQ(outcome, "tcp@10.0.0.2:7");
  EXPECT_EQ(addresses->given_up(), 1u) << "the other one is closed";
  EXPECT_EQ(loop.loop().timer_count(), 0u);
}

TEST_F(DialTest, AnAddressThatRefusesCostsNothing) {
  addresses->fail_next(refused());
  dial("two");
  EXPECT_EQ(outcome, "tcp@10.0.0.2:7");
}

TEST_F(DialTest, TheFirstAddressMayStillWin) {
  names.add("three", {"10.0.0.1", "10.0.0.2", "10.0.0.3"});
  addresses->hang_next();
  addresses->hang_next();
  dial("three");
  loop.advance(250ms);
  EXPECT_EQ(tried().size(), 2u);
  EXPECT_EQ(addresses->given_up(), 0u);
  loop.advance(250ms);
  EXPECT_EQ(outcome, "tcp@10.0.0.3:7");
  EXPECT_EQ(addresses->given_up(), 2u);
}

TEST_F(DialTest, AllThatRefuseAreNamedByTheLast) {
  addresses->fail_next(refused());
  addresses->fail_next(refused());
  dial("two");
  EXPECT_EQ(outcome, "connect to \"tcp@two:7\": none of 2 addresses; the last to fail: refused");
  EXPECT_EQ(code, Code::kUnavailable);
}

TEST_F(DialTest, EndsInTimeAndSaysHowFarItCame) {
  addresses->hang_next();
  addresses->fail_next(refused());
  dial("two", 1s);
  loop.advance(250ms);
  loop.advance(750ms);
  EXPECT_EQ(outcome,
            "connect to \"tcp@two:7\": not connected within 1s; 2 of 2 addresses tried; refused");
  EXPECT_EQ(code, Code::kDeadlineExceeded);
  EXPECT_EQ(addresses->given_up(), 1u);
}

TEST_F(DialTest, EndsInTimeWhileTheNameIsNotKnown) {
  names.add("slow", {"10.0.0.1"}, true);
  Endpoint endpoint;
  endpoint.host = "slow";
  attempt = dialer.dial(loop.loop(), endpoint, 1s, [this](auto dialed) {
    attempt.reset();
    outcome = dialed.status().message();
  });
  loop.advance(1s);
  EXPECT_EQ(outcome,
            "connect to \"tcp@slow:0\": not connected within 1s; the addresses of host "
            "\"slow\" are not known yet");
  names.open();
  loop.settle();
  EXPECT_TRUE(tried().empty());
}

TEST_F(DialTest, EveryAddressHasBegunWhenHalfOfTheTimeIsOver) {
  std::vector<std::string> many;
  for (int i = 1; i <= 10; ++i) {
    many.push_back("10.0.0." + std::to_string(i));
    addresses->hang_next();
  }
  names.add("many", many);
  dial("many", 1s);
  for (int i = 0; i < 9; ++i) loop.advance(50ms);
  EXPECT_EQ(tried(), many);
}

TEST_F(DialTest, GivesEachFamilyItsTurn) {
  names.add("mixed", {"fd00::1", "fd00::2", "fd00::3", "10.0.0.1"});
  for (int i = 0; i < 3; ++i) addresses->fail_next(refused());
  dial("mixed");
  EXPECT_EQ(tried(), (std::vector<std::string>{"fd00::1", "10.0.0.1", "fd00::2", "fd00::3"}));
  EXPECT_EQ(outcome, "tcp@[fd00::3]:7");
}

TEST_F(DialTest, MayBeCancelledAtAnyStep) {
  for (int step = 0; step < 4; ++step) {
    addresses->hang_next();
    Endpoint endpoint;
    endpoint.host = "two";
    attempt = dialer.dial(loop.loop(), endpoint, 10s, [](auto) { ADD_FAILURE() << "called"; });
    if (step > 0) loop.io().run_one();  // the addresses are known
    if (step > 1) loop.settle();
    if (step > 2) loop.clock().advance(250ms);  // the next one is about to begin
    attempt.reset();
    loop.settle();
    EXPECT_EQ(loop.loop().timer_count(), 0u) << step;
  }
}

// A port where connections hang: nobody accepts, and the queue is full.
class BlackHole {
 public:
  BlackHole() : listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
    EXPECT_EQ(::bind(listening_.get(), raw(), sizeof address_), 0);
    EXPECT_EQ(::listen(listening_.get(), 0), 0);
    socklen_t size = sizeof address_;
    EXPECT_EQ(::getsockname(listening_.get(), reinterpret_cast<sockaddr*>(&address_), &size), 0);
    for (int i = 0; i < 4; ++i) {
      filling_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      ::connect(filling_.back().get(), raw(), sizeof address_);
    }
  }
  std::uint16_t port() const { return ntohs(address_.sin_port); }

 private:
  const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&address_); }

  net::SocketHandle listening_;
  sockaddr_in address_{};
  std::vector<net::SocketHandle> filling_;
};

TEST(DialOnSockets, ReachesAServerBehindAnAddressWithoutAnAnswer) {
  IoPool pool;
  // The same port at both addresses: another program may have it at one of them.
  std::list<BlackHole> holes(1);
  Endpoint live;
  live.host = "127.0.0.1";
  live.port = holes.back().port();
  auto listening = net::Acceptor::listen(live);
  while (!listening.ok() && holes.size() < 20) {
    live.port = holes.emplace_back().port();
    listening = net::Acceptor::listen(live);
  }
  ASSERT_TRUE(listening.ok()) << listening.status().message();
  GatedNames names;
  names.add("db", {"127.0.0.2", "127.0.0.1"});
  net::SocketDialer dialer(std::make_shared<net::ThreadedResolver>(names.lookup()), nullptr);
  Endpoint db = live;
  db.host = "db";
  std::promise<std::string> peer;
  std::unique_ptr<Dialer::Attempt> attempt;
  pool.loop(0).post([&] {
    attempt = dialer.dial(pool.loop(0), db, 1min, [&](auto dialed) {
      attempt.reset();
      peer.set_value(dialed.ok() ? (*dialed)->peer() : dialed.status().to_string());
    });
  });
  EXPECT_EQ(peer.get_future().get(), "127.0.0.1:" + std::to_string(live.port));
  std::promise<void> closed;
  pool.loop(0).post([&] {
    (*listening)->close();
    closed.set_value();
  });
  closed.get_future().get();
}

// --- Names that the pool's user looks up ---

class DialByHand : public testing::Test {
 protected:
  void dial(std::chrono::nanoseconds timeout) {
    Endpoint endpoint;
    endpoint.host = "db";
    endpoint.port = 7;
    attempt = dialer.dial(pool.loop(0), endpoint, timeout, [this](auto dialed) {
      attempt.reset();
      outcome = dialed.ok() ? (*dialed)->peer() : std::string(dialed.status().message());
    });
    loop.settle();
  }

  TestLoop loop;
  std::shared_ptr<HandNames> names = std::make_shared<HandNames>();
  IoPool pool{loop.io(), loop.clock(), names};
  std::shared_ptr<FakeDialer> addresses = std::make_shared<FakeDialer>();
  net::SocketDialer dialer{nullptr, addresses};
  std::unique_ptr<Dialer::Attempt> attempt;
  std::string outcome;
};

TEST_F(DialByHand, AsksTheResolverThatThePoolWasGiven) {
  dial(10s);
  EXPECT_EQ(names->waiting(), (std::vector<std::string>{"db"}));
  names->answer("db", {"10.0.0.1"});
  loop.settle();
  EXPECT_EQ(outcome, "tcp@10.0.0.1:7");
}

TEST_F(DialByHand, GivesAQuestionUpWhenItsTimeIsOver) {
  dial(10s);
  loop.advance(10s);
  EXPECT_NE(outcome.find("the addresses of host \"db\" are not known yet"), std::string::npos)
      << outcome;
  EXPECT_TRUE(names->waiting().empty());
}

}  // namespace
}  // namespace tern::test
