// examples/cluster, on every registry: all that changes is an address.
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "support/child_process.h"

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

// What a page's address is printed for.
TEST(ClusterExample, NamesAPageOnlyIfItIsStillThereAtTheEnd) {
  ChildProcess ends({TERN_RUN, TERN_CLUSTER_DIRECTORY, TERN_COMMAND});
  EXPECT_EQ(ends.wait(), 0);
  EXPECT_EQ(ends.output().find("/debug/rpc"), std::string::npos);

  ChildProcess stays({TERN_RUN, TERN_CLUSTER_DIRECTORY, TERN_COMMAND, "--stay"});
  std::optional<std::string> page = stays.next_line_with("/debug/rpc");
  ASSERT_TRUE(page.has_value());
  ASSERT_TRUE(stays.next_line_with("Ctrl-C").has_value());
  ChildProcess asked({"curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}\n",
                      page->substr(page->find("http:"))});
  EXPECT_EQ(asked.first_line(), "200");
  stays.terminate();
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
