// examples/cluster, on every registry: all that changes is an address.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#ifdef TERN_HAS_ETCD
#include "registry/etcd/etcd_server.h"
#endif
#ifdef TERN_HAS_ZOOKEEPER
#include "registry/zookeeper/zk_server.h"
#endif

namespace tern::test {
namespace {

// `registry`: the path of `tern`, or the address of a registry that runs.
int run_example(const std::string& registry) {
  const std::string command =
      std::string("'") + TERN_RUN + "' '" + TERN_CLUSTER_DIRECTORY + "' '" + registry + "'";
  return std::system(command.c_str());
}

TEST(ClusterExample, RunsWithTernsRegistry) {
  EXPECT_EQ(run_example(TERN_COMMAND), 0);
}

#ifdef TERN_HAS_ETCD
TEST(ClusterExample, RunsWithEtcd) {
  EtcdServer etcd;
  EXPECT_EQ(run_example("etcd@" + etcd.at()), 0);
}
#endif

#ifdef TERN_HAS_ZOOKEEPER
TEST(ClusterExample, RunsWithZooKeeper) {
  ZkServer zookeeper;
  EXPECT_EQ(run_example("zookeeper@" + zookeeper.at()), 0);
}
#endif

}  // namespace
}  // namespace tern::test
