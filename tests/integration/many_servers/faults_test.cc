// Servers and the registry that are killed, stopped and restarted while clients call.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>

#include <chrono>
#include <memory>
#include <vector>

#include "integration/many_servers/foo_servers.h"

namespace tern::test {
namespace {

using ::testing::Each;
using ::testing::Le;

class Faults : public FooServersTest {
 protected:
  // Each a client of its own: connections, knowledge of servers, budget.
  std::vector<std::unique_ptr<Cluster>> clients(std::size_t count) {
    std::vector<std::unique_ptr<Cluster>> made;
    for (std::size_t i = 0; i < count; ++i) {
      made.push_back(std::make_unique<Cluster>(discover(), pool_));
    }
    return made;
  }

  static void call_for(Callers& callers, std::chrono::steady_clock::duration time) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) callers.wait_for(1);
  }
};

TEST_F(Faults, OneOfThreeServersKilledCostsAClientOneCallAtMost) {
  start_registry();
  for (int i = 0; i < 3; ++i) add_server({"--work", "1"});
  auto calling = clients(16);
  Callers callers(calling, Callers::Method::kSleep);
  callers.wait_for(100);
  servers_[1].process->kill();
  callers.wait_for(300);
  callers.stop();
  EXPECT_THAT(callers.failed(), Each(Le(1u))) << callers.first_failure();
}

TEST_F(Faults, OneOfThreeServersKilledCostsNoIdempotentCall) {
  start_registry();
  for (int i = 0; i < 3; ++i) add_server({"--work", "1"});
  auto calling = clients(16);
  Callers callers(calling, Callers::Method::kSum);
  callers.wait_for(100);
  servers_[1].process->kill();
  callers.wait_for(300);
  callers.stop();
  EXPECT_THAT(callers.failed(), Each(0u)) << callers.first_failure();
}

TEST_F(Faults, TenRollingRestartsOfFourServersCostNoCall) {
  start_registry();
  for (int i = 0; i < 4; ++i) add_server({"--work", "2"});
  auto calling = clients(8);
  Callers callers(calling, Callers::Method::kSleep);
  for (int round = 0; round < 10; ++round) {
    for (FooServer& server : servers_) {
      callers.wait_for(10);
      EXPECT_EQ(server.process->terminate(), 0);
      start_again(server);
    }
  }
  callers.wait_for(10);
  callers.stop();
  EXPECT_THAT(callers.failed(), Each(0u)) << callers.first_failure();
}

TEST_F(Faults, TwentySecondsWithoutTheRegistryCostNoCall) {
  start_registry();
  for (int i = 0; i < 3; ++i) add_server({"--work", "5"});
  auto calling = clients(4);
  Callers callers(calling, Callers::Method::kSleep);
  callers.wait_for(20);

  // Gone without a word. A server that is told to stop meanwhile can tell its clients only. Then
  // the registry is there again, and has forgotten everything.
  registry_process_->kill();
  call_for(callers, std::chrono::seconds(10));
  EXPECT_EQ(servers_[2].process->terminate(), 0);
  call_for(callers, std::chrono::seconds(10));
  start_registry();
  start_again(servers_[2]);
  callers.wait_for(50);
  callers.stop();
  EXPECT_THAT(callers.failed(), Each(0u)) << callers.first_failure();
}

TEST_F(Faults, AStoppedProcessCostsOnlyTheCallsThatWaitForIt) {
  start_registry();
  for (int i = 0; i < 3; ++i) add_server({"--work", "1"});
  std::vector<std::unique_ptr<Cluster>> calling;
  for (int i = 0; i < 4; ++i) {
    ClusterOptions options;
    options.client.default_timeout = std::chrono::seconds(1);
    options.outliers.consecutive_failures = 1;
    calling.push_back(std::make_unique<Cluster>(discover(), pool_, options));
  }
  Callers callers(calling, Callers::Method::kSleep);
  callers.wait_for(20);
  servers_[0].process->signal(SIGSTOP);
  callers.wait_for(200);
  servers_[0].process->signal(SIGCONT);
  callers.wait_for(20);
  callers.stop();
  EXPECT_THAT(callers.failed(), Each(Le(1u))) << callers.first_failure();
}

}  // namespace
}  // namespace tern::test
