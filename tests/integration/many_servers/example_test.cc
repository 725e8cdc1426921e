// examples/cluster, on every registry: all that changes is an address.
#include <gmock/gmock.h>

#include <array>
#include <cstdio>
#include <string>

#ifdef TERN_HAS_ETCD
#include "registry/etcd/etcd_server.h"
#endif
#ifdef TERN_HAS_ZOOKEEPER
#include "registry/zookeeper/zk_server.h"
#endif

namespace tern::test {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Outcome {
  int status = -1;
  std::string printed;
};

// `registry`: the path of `tern`, or the address of a registry that runs.
Outcome run_example(const std::string& registry) {
  const std::string command =
      std::string("'") + TERN_RUN + "' '" + TERN_CLUSTER_DIRECTORY + "' '" + registry + "'";
  Outcome outcome;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return outcome;
  std::array<char, 4096> part{};
  while (std::size_t size = std::fread(part.data(), 1, part.size(), pipe)) {
    outcome.printed.append(part.data(), size);
  }
  outcome.status = ::pclose(pipe);
  return outcome;
}

TEST(ClusterExample, RunsWithTernsRegistry) {
  Outcome outcome = run_example(TERN_COMMAND);
  EXPECT_EQ(outcome.status, 0) << outcome.printed;
}

TEST(ClusterExample, NamesNoPageOfAServerThatHasEnded) {
  EXPECT_THAT(run_example(TERN_COMMAND).printed, Not(HasSubstr("/debug/rpc")));
}

#ifdef TERN_HAS_ETCD
TEST(ClusterExample, RunsWithEtcd) {
  EtcdServer etcd;
  Outcome outcome = run_example("etcd@" + etcd.at());
  EXPECT_EQ(outcome.status, 0) << outcome.printed;
}
#endif

#ifdef TERN_HAS_ZOOKEEPER
TEST(ClusterExample, RunsWithZooKeeper) {
  ZkServer zookeeper;
  Outcome outcome = run_example("zookeeper@" + zookeeper.at());
  EXPECT_EQ(outcome.status, 0) << outcome.printed;
}
#endif

}  // namespace
}  // namespace tern::test
