// What becomes of those who wait when a cluster is closed, and where they hear of it.
#include <gmock/gmock.h>

#include <atomic>
#include <thread>
#include <vector>

#include "cluster/cluster_fixture.h"
#include "tern/fan_out.h"
#include "tern/loop_thread.h"

namespace tern::test {
namespace {

// What has been told, and where.
struct Told {
  std::atomic<int> times = 0;
  std::atomic<int> on_a_loop = 0;
  std::atomic<Code> code = Code::kOk;

  void tell(const Status& outcome) {
    code = outcome.code();
    if (on_loop_thread()) ++on_a_loop;
    ++times;
  }
};

class ClusterClose : public ClusterTest {
 protected:
  // Each way to wait for servers that nobody knows.
  static int wait_for_servers(Cluster& cluster, Told& told) {
    arith::ArithStub(cluster).Multiply({6, 7}).then(
        [&told](const Result<std::int64_t>& result) { told.tell(result.status()); });
    cluster.when_known(1h, [&told](const Result<std::vector<ServerChannel>>& known) {
      told.tell(known.status());
    });
    FanOut everyone = FanOut::broadcast(cluster);
    arith::ArithStub(everyone)
        .Multiply({6, 7}, within(1h))
        .then([&told](const Result<std::int64_t>& result) { told.tell(result.status()); });
    return 3;
  }
};

TEST_F(ClusterClose, TellsThoseWhoWaitOnTheLoopOfItsOwnPoolBeforeItReturns) {
  Told told;
  Cluster own(std::make_shared<ServerList>());
  const int waiting = wait_for_servers(own, told);
  own.close();
  EXPECT_EQ(told.times, waiting);
  EXPECT_EQ(told.on_a_loop, waiting);
  EXPECT_EQ(told.code, Code::kCancelled);
}

TEST_F(ClusterClose, TellsThoseWhoWaitOnALoopWhenItIsDestroyed) {
  Told told;
  IoPool pool(2);
  int waiting = 0;
  {
    Cluster shared(std::make_shared<ServerList>(), pool);
    waiting = wait_for_servers(shared, told);
  }
  EXPECT_EQ(told.times, waiting);
  EXPECT_EQ(told.on_a_loop, waiting);
}

TEST_F(ClusterClose, TellsThoseWhoWaitWhenTheUserRunsTheLoop) {
  Told told;
  const int waiting = wait_for_servers(cluster(), told);
  loop.settle();
  cluster().close();
  EXPECT_EQ(told.times, 0);
  loop.settle();
  EXPECT_EQ(told.times, waiting);
  EXPECT_EQ(told.on_a_loop, waiting);
  EXPECT_EQ(loop.loop().timer_count(), 0u);
}

TEST_F(ClusterClose, TellsThoseWhoWaitRightHereOnTheLoopItself) {
  Told told;
  const int waiting = wait_for_servers(cluster(), told);
  int before_it_returned = 0;
  loop.loop().post([&] {
    cluster().close();
    before_it_returned = told.times;
  });
  loop.settle();
  EXPECT_EQ(before_it_returned, waiting);
}

TEST_F(ClusterClose, TellsThoseWhoWaitRightHereWhenTheLoopHasStopped) {
  Told told;
  const int waiting = wait_for_servers(cluster(), told);
  loop.io().stop();
  cluster().close();
  EXPECT_EQ(told.times, waiting);
  loop.io().restart();
}

TEST_F(ClusterClose, MayComeFromOneWhoIsTold) {
  int told = 0;
  for (int i = 0; i < 3; ++i) {
    stub().Multiply({6, 7}).then([&](const Result<std::int64_t>& result) {
      EXPECT_EQ(result.status().code(), Code::kCancelled);
      cluster().close();
      ++told;
    });
  }
  loop.settle();
  cluster().close();
  loop.settle();
  EXPECT_EQ(told, 3);
}

// Under a sanitizer it shows that nobody touches another thread's timers.
TEST_F(ClusterClose, LeavesNoTimerToAnotherThread) {
  constexpr int kRounds = 300;
  IoPool pool(2);
  Told told;
  int waiting = 0;
  for (int round = 0; round < kRounds; ++round) {
    Cluster cluster(std::make_shared<ServerList>(), pool);
    waiting += wait_for_servers(cluster, told);
    std::thread other([&] { cluster.close(); });
    cluster.close();
    other.join();
  }
  EXPECT_EQ(told.times, waiting);
}

}  // namespace
}  // namespace tern::test
