// Servers that a cluster ejects, since calls to them fail.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "cluster/cluster_fixture.h"

namespace tern::test {
namespace {

class ClusterOutliers : public ClusterTest {
 protected:
  ClusterOutliers() { options.retry.max_attempts = 1; }
};

TEST_F(ClusterOutliers, ArePutOutAfterFiveFailuresInARow) {
  list({"a", "b"});
  server("a").handler = unavailable;
  EXPECT_EQ(multiply_times(10), 5);
  EXPECT_EQ(stats_of("a").state, "ejected");
  EXPECT_EQ(multiply_times(10), 0);
  EXPECT_EQ(server("a").calls, 5);
}

TEST_F(ClusterOutliers, CountOnlyFailuresInARow) {
  list({"a"});
  int call = 0;
  server("a").handler = [&](ServerContext&, arith::Args) -> Reply<std::int64_t> {
    if (++call % 5 == 0) return 1;
    return Status(Code::kUnavailable, "now and then");
  };
  multiply_times(40);
  EXPECT_EQ(cluster().stats().ejections, 0u);
}

TEST_F(ClusterOutliers, AreNotThoseWhoseHandlersSayNo) {
  list({"a", "b"});
  server("a").handler = [](ServerContext&, arith::Args) -> Reply<std::int64_t> {
    return Status(Code::kInvalidArgument, "no");
  };
  multiply_times(40);
  EXPECT_EQ(cluster().stats().ejections, 0u);
}

TEST_F(ClusterOutliers, ComeBackAfterThirtySecondsWhenTheyAnswer) {
  list({"a", "b"});
  server("a").handler = unavailable;
  multiply_times(10);
  server("a").handler = nullptr;
  loop.advance(30s - 1ns);
  EXPECT_EQ(stats_of("a").state, "ejected");
  loop.advance(1ns);
  EXPECT_EQ(stats_of("a").state, "ready");
  EXPECT_EQ(multiply_times(4), 0);
  EXPECT_EQ(server("a").calls, 7);
}

TEST_F(ClusterOutliers, StayOutLongerEachTime) {
  list({"a", "b"});
  server("a").handler = unavailable;
  multiply_times(10);
  loop.advance(30s);
  multiply_times(10);
  EXPECT_EQ(stats_of("a").state, "ejected");
  loop.advance(60s - 1ns);
  EXPECT_EQ(stats_of("a").state, "ejected");
  loop.advance(1ns);
  EXPECT_EQ(stats_of("a").state, "ready");
}

TEST_F(ClusterOutliers, StayOutWhileTheirCheckFails) {
  Status health(Code::kUnavailable, "not yet");
  options.outliers.check = [&](Channel&, std::function<void(Status)> done) { done(health); };
  list({"a", "b"});
  server("a").handler = unavailable;
  multiply_times(10);
  loop.advance(30s);
  EXPECT_EQ(stats_of("a").state, "ejected");
  health = Status();
  loop.advance(30s);
  EXPECT_EQ(stats_of("a").state, "ready");
}

TEST_F(ClusterOutliers, StayOutWhenTheirCheckThrows) {
  bool throws = true;
  options.outliers.check = [&](Channel&, const std::function<void(Status)>& done) {
    if (throws) throw std::runtime_error("no idea");
    done(Status());
  };
  list({"a", "b"});
  server("a").handler = unavailable;
  multiply_times(10);
  loop.advance(30s);
  EXPECT_EQ(stats_of("a").state, "ejected");
  throws = false;
  loop.advance(30s);
  EXPECT_EQ(stats_of("a").state, "ready");
}

TEST_F(ClusterOutliers, AreCheckedThroughAChannelToThem) {
  options.outliers.check = [](Channel& channel, std::function<void(Status)> done) {
    arith::ArithStub(channel).Divide({4, 2}).then(
        [done](Result<arith::Quotient> answer) { done(answer.status()); });
  };
  list({"a", "b"});
  server("a").handler = unavailable;
  multiply_times(10);
  int before = server("a").calls;
  loop.advance(30s);
  EXPECT_EQ(stats_of("a").state, "ready");
  EXPECT_EQ(server("a").calls, before + 1);
}

TEST_F(ClusterOutliers, StayOutWhenTheirCheckIsNotAnsweredInTime) {
  options.outliers.check = [](Channel&, const std::function<void(Status)>&) {};
  list({"a", "b"});
  server("a").handler = unavailable;
  multiply_times(10);
  loop.advance(30s);
  loop.advance(5s);
  EXPECT_EQ(stats_of("a").state, "ejected");
}

TEST_F(ClusterOutliers, LeaveTheirConnectionToAnotherServer) {
  options.max_connections = 1;
  list({"a", "b"});
  server("a").handler = unavailable;
  EXPECT_EQ(multiply_times(5), 5);
  EXPECT_EQ(stats_of("a").state, "ejected");
  EXPECT_EQ(multiply_times(5), 0);
  EXPECT_EQ(server("b").calls, 5);
}

TEST_F(ClusterOutliers, AreNotThoseThatGoAway) {
  list({"a", "b"});
  options.balancer = least_pending([] { return 0.0; });
  multiply_times(2);
  std::vector<EndedPtr> all;
  for (int i = 0; i < 40; ++i) {
    Call<std::int64_t> call = stub().Multiply({6, 7});
    all.push_back(watch(call));
  }
  drain("a");
  loop.settle();
  EXPECT_EQ(cluster().stats().ejections, 0u);
}

TEST_F(ClusterOutliers, AreNeverMoreThanHalf) {
  list({"a", "b", "c"});
  server("a").handler = unavailable;
  server("b").handler = unavailable;
  multiply_times(60);
  EXPECT_EQ(cluster().stats().ejections, 1u);
}

TEST_F(ClusterOutliers, AreCalledAgainWhenMoreThanHalfIsOut) {
  list({"a", "b", "c"});
  server("a").handler = unavailable;
  multiply_times(15);
  EXPECT_EQ(stats_of("a").state, "ejected");
  server("a").handler = nullptr;
  kill("b");
  kill("c");
  // They are found out by the calls that are meant for them.
  EXPECT_EQ(multiply_times(10), 0);
  EXPECT_GE(server("a").calls, 10);
}

// A server whose answers nobody can read, beside one that is as it should be.
class ClusterOfGarbage : public ClusterTest {
 protected:
  class GarbageDialer final : public Dialer {
   public:
    explicit GarbageDialer(std::shared_ptr<TownDialer> others) : others_(std::move(others)) {}
    std::unique_ptr<Attempt> dial(Loop& on, const Endpoint& endpoint,
                                  std::chrono::nanoseconds timeout, Done done) override {
      if (endpoint.host != "garbage") return others_->dial(on, endpoint, timeout, std::move(done));
      MemoryLink& link = *links.emplace_back(std::make_unique<MemoryLink>());
      on.post([stream = link.left().open(on, "garbage"), done = std::move(done)]() mutable {
        done(std::move(stream));
      });
      return std::make_unique<Attempt>();
    }
    // Answers every request.
    bool answer() {
      bool answered = false;
      for (auto& link : links) {
        if (link->right().take_received().empty()) continue;
        link->right().send("]");
        answered = true;
      }
      return answered;
    }
    std::vector<std::unique_ptr<MemoryLink>> links;

   private:
    std::shared_ptr<TownDialer> others_;
  };

  void list_both() {
    list({"good"});
    Instance garbage(*parse_endpoint("jsonrpc2+tcp@garbage:1"));
    servers->update({instance("good"), garbage});
    loop.settle();
  }

  std::shared_ptr<GarbageDialer> dialer = std::make_shared<GarbageDialer>(town);
};

TEST_F(ClusterOfGarbage, LosesNoIdempotentCallAndPutsTheServerOut) {
  options.client.dialer = dialer;
  cluster();
  list_both();
  int failed = 0;
  int answered = 0;
  for (int i = 0; i < 200; ++i) {
    EndedPtr ended = multiply();
    while (dialer->answer()) {
      ++answered;
      loop.settle();
    }
    // A retry waits a little.
    while (!ended->done()) loop.advance(10ms);
    if (!ended->ok()) ++failed;
  }
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(cluster().stats().ejections, 1u);
  EXPECT_GE(answered, 5);
}

}  // namespace
}  // namespace tern::test
