// How a server keeps itself in a registry.
#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "registry/registry_client_fixture.h"
#include "tern/registry.h"
#include "tern/server.h"

namespace tern::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class HttpRegistrationTest : public RegistryClientFixture {
 protected:
  ~HttpRegistrationTest() override {
    if (registration_) leave();
  }

  void announce(Instance instance, std::string_view service = "arith.Arith") {
    registration_ = open()->announce(service, std::move(instance));
    settle();
  }
  void announce() { announce(instance("tcp@10.0.0.1:7000")); }
  // Answers whatever is asked.
  void leave() {
    destroy(std::move(registration_), [this] {
      if (dialer_.streams() == 0) return;
      answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
  }
  Status status() { return registration_->status(); }
  std::string sent(std::string_view verb) {
    std::string request = take_request();
    EXPECT_THAT(request, StartsWith(verb));
    return request;
  }

  std::unique_ptr<Registration> registration_;
};

constexpr std::string_view kStillListed = "tcp@10.0.0.1:7000";

TEST_F(HttpRegistrationTest, SaysToTheLetterWhatGeeRpcsServersSay) {
  announce(instance("tcp@10.0.0.1:7000"), "");
  EXPECT_EQ(take_request(),
            "POST /_geerpc_/registry HTTP/1.1\r\nHost: registry:9999\r\nConnection: close\r\n"
            "X-Geerpc-Server: tcp@10.0.0.1:7000\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(status().code(), Code::kUnavailable);
  answer(plain_ok());
  EXPECT_TRUE(status().ok()) << status().to_string();
}

TEST_F(HttpRegistrationTest, SaysWhatElseThereIsInHeadersOfOurOwn) {
  options_.token = "secret";
  Instance one = instance("tcp@10.0.0.1:7000");
  one.weight = 7;
  one.zone = "west 1";
  one.metadata = {{"a", "b&c"}};
  announce(one);
  EXPECT_THAT(sent("POST"),
              HasSubstr("Authorization: Bearer secret\r\nX-Geerpc-Server: tcp@10.0.0.1:7000\r\n"
                        "X-Tern-Service: arith.Arith\r\nX-Tern-Weight: 7\r\n"
                        "X-Tern-Zone: west%201\r\nX-Tern-Metadata: a=b%26c\r\n"));
}

TEST_F(HttpRegistrationTest, SaysItAgainEvery4Minutes) {
  options_.random = [] { return 0.0; };
  options_.refresh = std::chrono::hours(24);
  announce();
  answer(plain_ok());
  for (std::size_t i = 1; i < 5; ++i) {
    advance(minutes(4) - milliseconds(1));
    EXPECT_EQ(requests(), i);
    advance(milliseconds(1));
    ASSERT_EQ(requests(), i + 1);
    sent("POST");
    answer(plain_ok());
  }
}

TEST_F(HttpRegistrationTest, SaysItWellBeforeItsEntryExpires) {
  struct Case {
    std::string_view expire_ms;
    milliseconds wait;
  };
  options_.random = [] { return 0.0; };
  options_.refresh = std::chrono::hours(24);
  for (Case one :
       {Case{"300000", minutes(3)}, Case{"600000", minutes(4)}, Case{"240000", minutes(2)},
        Case{"60000", seconds(20)}, Case{"3000", seconds(1)}}) {
    std::size_t before = requests();
    announce();
    sent("POST");
    answer(fmt::format("HTTP/1.1 200 OK\r\nX-Tern-Expire-Ms: {}\r\nContent-Length: 0\r\n\r\n",
                       one.expire_ms));
    advance(one.wait - milliseconds(1));
    EXPECT_EQ(requests(), before + 1) << one.expire_ms;
    advance(milliseconds(1));
    EXPECT_EQ(requests(), before + 2) << one.expire_ms;
    leave();
  }
}

TEST_F(HttpRegistrationTest, SaysItTheSoonerAgainTheLessIsLeftOfItsEntry) {
  options_.random = [] { return 0.0; };
  options_.backoff.jitter = 0;
  options_.wait = std::chrono::hours(24);
  announce();
  answer(ok());
  advance(seconds(0));
  sent("GET");
  for (int i = 0; i < 100; ++i) dialer_.hang_next();
  for (int i = 0; i < 6000; ++i) advance(milliseconds(100));

  std::vector<Clock::TimePoint> times = dialer_.attempt_times();
  auto at = [&](std::chrono::nanoseconds time) {
    return std::lower_bound(times.begin(), times.end(), times.front() + time);
  };
  EXPECT_EQ(at(minutes(3)) - times.begin(), 2);
  EXPECT_GE(at(minutes(5)) - at(minutes(3)), 20);
  EXPECT_LE(at(minutes(5)) - at(minutes(3)), 40);
  EXPECT_EQ(*(at(minutes(5)) - 1) - *(at(minutes(5)) - 2), seconds(2));
  EXPECT_EQ(times[times.size() - 1] - times[times.size() - 2], seconds(35));
  destroy(std::move(registration_), [this] { advance(milliseconds(100)); });
}

TEST_F(HttpRegistrationTest, SaysItSoonerByUpToATenthSoThatServersSpread) {
  options_.random = [] { return 0.999; };
  options_.refresh = std::chrono::hours(24);
  announce();
  answer(plain_ok());
  advance(seconds(216));
  EXPECT_EQ(requests(), 1u);
  advance(seconds(1));
  EXPECT_EQ(requests(), 2u);
}

TEST_F(HttpRegistrationTest, TriesForEverAndMoreRarely) {
  for (int i = 0; i < 100; ++i) dialer_.fail_next(refused());
  announce();
  EXPECT_EQ(status().code(), Code::kUnavailable);
  EXPECT_THAT(status().message(), HasSubstr("registry http@registry:9999: connection refused"));
  while (dialer_.streams() == 0) advance(seconds(1));
  auto times = dialer_.attempt_times();
  ASSERT_EQ(times.size(), 101u);
  EXPECT_EQ(times[1] - times[0], seconds(1));
  EXPECT_EQ(times[100] - times[99], seconds(30));
  answer(plain_ok());
  EXPECT_TRUE(status().ok());
}

TEST_F(HttpRegistrationTest, TellsOfEachAttemptAndOfTheLastOneAtOnce) {
  announce();
  answer("HTTP/1.1 401 Unauthorized\r\nContent-Length: 3\r\n\r\nno\n");
  std::vector<Code> told;
  registration_->on_status([&](const Status& status) { told.push_back(status.code()); });
  EXPECT_EQ(told, std::vector<Code>{Code::kPermissionDenied});
  advance(seconds(1));
  answer(plain_ok());
  EXPECT_EQ(told.back(), Code::kOk);
  registration_->on_status({});
  const std::size_t before = told.size();
  advance(minutes(4));
  answer(plain_ok());
  EXPECT_EQ(told.size(), before);
}

TEST_F(HttpRegistrationTest, HasTheServersLogSayThatItIsNotListedAndThatItIsAgain) {
  std::vector<std::string> lines;
  ServerOptions options;
  options.log = [&lines](std::string_view line) { lines.emplace_back(line); };
  Server server(test_.pool(), options);
  for (int i = 0; i < 3; ++i) dialer_.fail_next(refused());
  auto registry = open();
  ASSERT_TRUE(tern::announce(server, *registry, "Arith", instance("tcp@10.0.0.1:7000")).ok());
  settle();
  const std::string failed =
      "tern: \"tcp@10.0.0.1:7000\" is not listed under \"Arith\"; retrying: registry "
      "http@registry:9999: connection refused";
  EXPECT_THAT(lines, testing::ElementsAre(failed));
  while (dialer_.streams() == 0) advance(seconds(1));
  answer(plain_ok());
  EXPECT_THAT(lines, testing::ElementsAre(
                         failed, "tern: \"tcp@10.0.0.1:7000\" is listed under \"Arith\" now"));
  // It withdraws; nobody wants to know.
  bool stopped = false;
  server.async_stop(std::chrono::nanoseconds(0), [&stopped] { stopped = true; });
  settle();
  EXPECT_FALSE(stopped) << "the registry has not answered";
  answer(plain_ok());
  EXPECT_TRUE(stopped);
  EXPECT_EQ(lines.size(), 2u);
}

TEST_F(HttpRegistrationTest, SaysWhyItIsNotListed) {
  announce();
  answer("HTTP/1.1 401 Unauthorized\r\nContent-Length: 3\r\n\r\nno\n");
  EXPECT_EQ(status().code(), Code::kPermissionDenied);
  EXPECT_THAT(status().message(), HasSubstr("answers 401 \"no\""));
  advance(seconds(1));
  EXPECT_EQ(requests(), 2u);
}

TEST_F(HttpRegistrationTest, TimesOutOnARegistryThatHangsAndRetries) {
  announce();
  advance(seconds(5));
  EXPECT_EQ(status().code(), Code::kDeadlineExceeded);
  EXPECT_TRUE(over(0));
  advance(seconds(1));
  EXPECT_EQ(requests(), 2u);
}

// --- A registry that forgets ---

TEST_F(HttpRegistrationTest, WaitsAtOurRegistryForTheTimeThatItIsForgotten) {
  announce();
  answer(ok());
  advance(seconds(0));
  ASSERT_EQ(requests(), 2u);
  EXPECT_THAT(sent("GET"), StartsWith("GET /_geerpc_/registry?service=arith.Arith&"
                                      "server=tcp%4010.0.0.1%3A7000&wait=30000ms HTTP/1.1\r\n"));
  advance(seconds(30));
  answer(list("e-1", {std::string(kStillListed)}));
  advance(seconds(0));
  ASSERT_EQ(requests(), 3u);
  sent("GET");
  advance(seconds(10));
  answer(list("e-2", {}));
  advance(seconds(0));
  ASSERT_EQ(requests(), 4u);
  sent("POST");
}

TEST_F(HttpRegistrationTest, RegistersAgainWithinSecondsAfterARestart) {
  announce();
  answer(ok());
  advance(seconds(0));
  dialer_.fail_next(refused());
  dialer_.fail_next(refused());
  cut(1);
  advance(seconds(1));
  EXPECT_EQ(status().code(), Code::kUnavailable);
  advance(seconds(1));
  advance(milliseconds(1600));
  ASSERT_EQ(requests(), 5u);
  sent("POST");
  answer(ok());
  EXPECT_TRUE(status().ok());
  advance(seconds(0));
  sent("GET");
}

TEST_F(HttpRegistrationTest, LooksIntoGosListEvery10SecondsAndSpeaksWhenItIsNotThere) {
  announce();
  answer(plain_ok());
  for (int i = 0; i < 3; ++i) {
    advance(seconds(10));
    EXPECT_THAT(sent("GET"), Not(HasSubstr("wait")));
    answer(plain(fmt::format("tcp@10.0.0.0:1,{}", kStillListed)));
  }
  advance(seconds(10));
  sent("GET");
  answer(plain("tcp@10.0.0.0:1"));
  advance(seconds(0));
  sent("POST");
}

TEST_F(HttpRegistrationTest, SpeaksAtMostOnceASecondToARegistryThatNeverListsIt) {
  announce();
  std::size_t answered = 0;
  std::size_t posts = 0;
  for (int i = 0; i < 10'000; ++i) {
    for (; answered < dialer_.streams(); ++answered) {
      bool post = take_request(answered).starts_with("POST");
      posts += post ? 1 : 0;
      answer(answered, post ? ok() : list("e-1", {}));
    }
    advance(milliseconds(1));
  }
  EXPECT_GE(posts, 9u);
  EXPECT_LE(posts, 11u);
}

TEST_F(HttpRegistrationTest, DoesNotFloodARegistryThatShowsNoLists) {
  announce();
  std::size_t answered = 0;
  for (int i = 0; i < 1000; ++i) {
    for (; answered < dialer_.streams(); ++answered) {
      bool post = take_request(answered).starts_with("POST");
      answer(answered, post ? ok() : "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n");
    }
    advance(seconds(1));
  }
  EXPECT_LE(answered, 120u);
  EXPECT_TRUE(status().ok());
}

// --- Changes, and the end ---

TEST_F(HttpRegistrationTest, TellsOfAnotherWeightAtOnce) {
  announce();
  Instance heavier = instance("tcp@10.0.0.9:1");  // the address stays
  heavier.weight = 5;
  registration_->update(heavier);
  settle();
  EXPECT_EQ(requests(), 1u);
  answer(ok());
  ASSERT_EQ(requests(), 2u);
  EXPECT_THAT(sent("POST"), HasSubstr("X-Geerpc-Server: tcp@10.0.0.1:7000\r\n"
                                      "X-Tern-Service: arith.Arith\r\nX-Tern-Weight: 5\r\n"));
  answer(ok());
}

TEST_F(HttpRegistrationTest, RefusesAtOnceWhatNoListCouldCarry) {
  Instance one = instance("tcp@10.0.0.1:7000");
  one.zone = std::string(256, 'z');
  announce(one);
  EXPECT_EQ(status().code(), Code::kInvalidArgument);
  EXPECT_THAT(status().message(), HasSubstr("X-Tern-Zone"));
  EXPECT_EQ(requests(), 0u);
}

TEST_F(HttpRegistrationTest, WithdrawsWhenItEnds) {
  announce();
  answer(ok());
  std::string request;
  destroy(std::move(registration_), [&] {
    if (requests() < 2 || !request.empty()) return;
    request = take_request();
    answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  EXPECT_EQ(request,
            "DELETE /_geerpc_/registry HTTP/1.1\r\nHost: registry:9999\r\nConnection: close\r\n"
            "X-Geerpc-Server: tcp@10.0.0.1:7000\r\nX-Tern-Service: arith.Arith\r\n\r\n");
  EXPECT_EQ(test_.loop().timer_count(), 0u);
}

TEST_F(HttpRegistrationTest, WithdrawsBehindWhatIsOnItsWay) {
  announce();
  std::string order;
  destroy(std::move(registration_), [&] {
    std::string request = take_request();
    if (request.empty()) return;
    order += request.substr(0, request.find(' ')) + " ";
    answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  EXPECT_EQ(order, "POST DELETE ");
}

TEST_F(HttpRegistrationTest, WaitsForNoRegistryThatHangsToLetItGo) {
  announce();
  answer(ok());
  destroy(std::move(registration_), [this] { advance(milliseconds(100)); });
  EXPECT_EQ(test_.loop().timer_count(), 0u);
  EXPECT_TRUE(over(dialer_.streams() - 1));
}

TEST_F(HttpRegistrationTest, SaysNothingOnceItIsWithdrawn) {
  announce();
  answer(ok());
  leave();
  std::size_t before = requests();
  advance(std::chrono::hours(1));
  EXPECT_EQ(requests(), before);
}

// --- Its end, on a loop that is run by hand ---

TEST_F(HttpRegistrationTest, TellsOfItsEndWhenTheRegistryHasAnswered) {
  announce();
  answer(ok());
  int ends = 0;
  registration_->async_withdraw([&] { ++ends; });
  settle();
  sent("DELETE");
  EXPECT_EQ(ends, 0);
  registration_->async_withdraw([&] { ++ends; });
  answer(ok());
  EXPECT_EQ(ends, 2);
  EXPECT_EQ(status().code(), Code::kCancelled);
  EXPECT_EQ(test_.loop().timer_count(), 0u);
  registration_->async_withdraw([&] { ++ends; });
  EXPECT_EQ(ends, 2) << "not from within";
  settle();
  EXPECT_EQ(ends, 3);
  std::size_t before = requests();
  registration_->update(instance("tcp@10.0.0.1:7000"));
  settle();
  EXPECT_EQ(requests(), before);
}

TEST_F(HttpRegistrationTest, MayBeDestroyedWhereItTellsOfItsEnd) {
  announce();
  answer(ok());
  Registration& ends = *registration_;
  ends.async_withdraw([this] { registration_.reset(); });
  settle();
  answer(ok());
  EXPECT_FALSE(registration_);
  EXPECT_EQ(test_.loop().timer_count(), 0u);
}

TEST_F(HttpRegistrationTest, TellsOfItsEndAfterItsTimeWhereTheRegistryHangs) {
  announce();
  answer(ok());
  int ends = 0;
  registration_->async_withdraw([&] { ++ends; });
  settle();
  advance(milliseconds(1499));
  EXPECT_EQ(ends, 0);
  advance(milliseconds(1));
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(test_.loop().timer_count(), 0u);
  registration_.reset();
  settle();
}

TEST_F(HttpRegistrationTest, WithdrawsThoughItIsDestroyedOnItsLoop) {
  announce();
  answer(ok());
  test_.loop().post([this] { registration_.reset(); });
  settle();
  EXPECT_FALSE(registration_);
  sent("DELETE");
  answer(ok());
  EXPECT_EQ(test_.loop().timer_count(), 0u);
}

TEST_F(HttpRegistrationTest, TellsNobodyOfItsStatusOnceItIsDestroyed) {
  announce();
  answer(ok());
  int told = 0;
  registration_->on_status([&](const Status&) { ++told; });
  registration_.reset();
  told = 0;
  settle();
  answer(ok());
  EXPECT_EQ(told, 0);
}

TEST_F(HttpRegistrationTest, EndsAtOnceWhereTheLoopHasBeenStopped) {
  announce();
  answer(ok());
  std::size_t before = requests();
  test_.io().stop();
  int ends = 0;
  registration_->async_withdraw([&] { ++ends; });
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(requests(), before);
  registration_->withdraw();  // has nothing to wait for
  registration_.reset();
}

TEST_F(HttpRegistrationTest, DoesNotBlockItsLoop) {
  announce();
  bool thrown = false;
  test_.loop().post([&] {
    try {
      registration_->withdraw();
    } catch (const std::logic_error& error) {
      thrown = std::string_view(error.what()).find("async_withdraw()") != std::string_view::npos;
    }
  });
  settle();
  EXPECT_TRUE(thrown);
}

}  // namespace
}  // namespace tern::test
