#include "cluster/listed_servers.h"

#include <gtest/gtest.h>

#include "cluster/subchannels.h"

namespace tern::test {
namespace {

class ListedServersTest : public testing::Test {
 protected:
  std::string callable() { return names(eligible(servers.listed, options)); }

  Subchannels servers;
  ClusterOptions options;
};

TEST_F(ListedServersTest, CanBeCalledIfConnectedOrWorthAConnection) {
  servers.add("a", Connectivity::kIdle);
  servers.add("b", Connectivity::kConnecting);
  servers.add("c", Connectivity::kReady);
  servers.add("d", Connectivity::kConnectingInBackground);
  servers.add("e", Connectivity::kTransientFailure);
  EXPECT_EQ(callable(), "abc");
}

TEST_F(ListedServersTest, AreNotCalledWithTheWeightZero) {
  servers.add("a");
  servers.add("b").load->set_weight(0);
  EXPECT_EQ(callable(), "a");
  EXPECT_TRUE(some_wanted(servers.listed));
  servers["a"].subchannel->load->set_weight(0);
  EXPECT_EQ(callable(), "");
  EXPECT_FALSE(some_wanted(servers.listed));
}

TEST_F(ListedServersTest, AreNotCalledWhileEjectedUnlessMoreThanTheShareIsOut) {
  servers.add("a").outlier.eject({});
  servers.add("b");
  EXPECT_EQ(callable(), "b");
  EXPECT_FALSE(room_for_an_ejection(servers.listed, options.outliers));
  servers["b"].subchannel->connectivity = Connectivity::kTransientFailure;
  EXPECT_EQ(callable(), "a");
}

TEST_F(ListedServersTest, AreConnectedUpToTheLimit) {
  options.max_connections = 2;
  servers.add("a", Connectivity::kIdle);
  servers.add("b");
  EXPECT_EQ(callable(), "ab");
  servers["a"].subchannel->connectivity = Connectivity::kConnecting;
  servers.add("c", Connectivity::kIdle);
  EXPECT_EQ(callable(), "ab");
  servers["b"].subchannel->load->set_weight(0);
  EXPECT_EQ(callable(), "ac");
}

TEST_F(ListedServersTest, SomeConnectOnlyIfTheyMayBeCalled) {
  servers.add("a", Connectivity::kIdle);
  EXPECT_FALSE(some_connect(servers.listed));
  servers.add("b", Connectivity::kConnectingInBackground).load->set_weight(0);
  EXPECT_FALSE(some_connect(servers.listed));
  servers["b"].subchannel->load->set_weight(1);
  EXPECT_TRUE(some_connect(servers.listed));
}

TEST_F(ListedServersTest, SayWhyNoneCanBeCalled) {
  const Status gone(Code::kUnavailable, "the registry is gone");
  EXPECT_EQ(why_none({}, false, gone).message(), "its servers are not known: the registry is gone");
  EXPECT_EQ(why_none({}, true, gone).message(), "no server is listed; the registry is gone");
  servers.add("a");
  servers.add("b");
  servers["b"].last_failure = Status(Code::kUnavailable, "connect to b: refused");
  EXPECT_EQ(why_none(servers.listed, true, {}).message(),
            "none of 2 servers can be reached: tcp@a:1; connect to b: refused");
}

}  // namespace
}  // namespace tern::test
