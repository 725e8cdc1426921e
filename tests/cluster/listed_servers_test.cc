#include "cluster/listed_servers.h"

#include <gtest/gtest.h>

#include "cluster/subchannels.h"

namespace tern::test {
namespace {

class ListedServersTest : public testing::Test {
 protected:
  std::string callable() { return names(cluster::eligible(servers.listed, options)); }

  Subchannels servers;
  ClusterOptions options;
};

TEST_F(ListedServersTest, CanBeCalledIfConnectedOrWorthAConnection) {
  servers.add("a", cluster::Connectivity::kIdle);
  servers.add("b", cluster::Connectivity::kConnecting);
  servers.add("c", cluster::Connectivity::kReady);
  servers.add("d", cluster::Connectivity::kConnectingInBackground);
  servers.add("e", cluster::Connectivity::kTransientFailure);
  EXPECT_EQ(callable(), "abc");
}

TEST_F(ListedServersTest, AreNotCalledWithTheWeightZero) {
  servers.add("a");
  servers.add("b").load->set_weight(0);
  EXPECT_EQ(callable(), "a");
  EXPECT_TRUE(cluster::some_wanted(servers.listed));
  servers["a"].subchannel->load->set_weight(0);
  EXPECT_EQ(callable(), "");
  EXPECT_FALSE(cluster::some_wanted(servers.listed));
}

TEST_F(ListedServersTest, AreNotCalledWhileEjectedUnlessMoreThanTheShareIsOut) {
  servers.add("a").outlier.eject({});
  servers.add("b");
  EXPECT_EQ(callable(), "b");
  EXPECT_FALSE(cluster::room_for_an_ejection(servers.listed, options.outliers));
  servers["b"].subchannel->connectivity = cluster::Connectivity::kTransientFailure;
  EXPECT_EQ(callable(), "a");
}

TEST_F(ListedServersTest, AreConnectedUpToTheLimit) {
  options.max_connections = 2;
  servers.add("a", cluster::Connectivity::kIdle);
  servers.add("b");
  EXPECT_EQ(callable(), "ab");
  servers["a"].subchannel->connectivity = cluster::Connectivity::kConnecting;
  servers.add("c", cluster::Connectivity::kIdle);
  EXPECT_EQ(callable(), "ab");
  servers["b"].subchannel->load->set_weight(0);
  EXPECT_EQ(callable(), "ac");
}

TEST_F(ListedServersTest, SomeConnectOnlyIfTheyMayBeCalled) {
  servers.add("a", cluster::Connectivity::kIdle);
  EXPECT_FALSE(cluster::some_connect(servers.listed));
  servers.add("b", cluster::Connectivity::kConnectingInBackground).load->set_weight(0);
  EXPECT_FALSE(cluster::some_connect(servers.listed));
  servers["b"].subchannel->load->set_weight(1);
  EXPECT_TRUE(cluster::some_connect(servers.listed));
}

TEST_F(ListedServersTest, SayWhyNoneCanBeCalled) {
  const Status gone(Code::kUnavailable, "the registry is gone");
  EXPECT_EQ(cluster::why_none({}, false, gone).message(),
            "its servers are not known: the registry is gone");
  EXPECT_EQ(cluster::why_none({}, true, gone).message(),
            "no server is listed; the registry is gone");
  servers.add("a");
  servers.add("b");
  servers["b"].last_failure = Status(Code::kUnavailable, "connect to b: refused");
  EXPECT_EQ(cluster::why_none(servers.listed, true, {}).message(),
            "none of 2 servers can be reached: tcp@a:1; connect to b: refused");
}

}  // namespace
}  // namespace tern::test
