#include "cluster/picker.h"

#include <gtest/gtest.h>

#include "cluster/subchannels.h"

namespace tern::test {
namespace {

class PickerTest : public testing::Test {
 protected:
  PickerTest() {
    for (const char* name : {"a", "b", "c"}) servers.add(name);
    picker.replace(all(), false);
  }
  std::vector<cluster::SubchannelPtr> all() {
    std::vector<cluster::SubchannelPtr> all;
    for (const auto& [address, server] : servers.listed) all.push_back(server.subchannel);
    return all;
  }
  // The name of the server; "!" before one that has been tried; "" for none.
  std::string pick(const std::vector<std::uint64_t>& tried = {}) {
    PickRequest request;
    request.again = !tried.empty();
    cluster::Pick pick = picker.pick(request, tried);
    failure = pick.failure;
    if (!pick.server) return "";
    return (pick.again ? "!" : "") + pick.server->load->endpoint().host;
  }
  std::uint64_t id(const std::string& name) { return servers[name].subchannel->load->id(); }
  void make_full(const std::string& name) { servers[name].subchannel->load->call_started(); }

  Subchannels servers;
  cluster::Picker picker{round_robin([] { return 0.0; }), 1};
  Status failure;
};

TEST_F(PickerTest, TakesTheNextInPlaceOfOneThatIsFullOrHasBeenTried) {
  make_full("a");
  EXPECT_EQ(pick(), "b");
  EXPECT_EQ(pick({id("b")}), "c");
}

TEST_F(PickerTest, GoesWhereTheCallHasBeenIfThereIsNoOther) {
  make_full("a");
  EXPECT_EQ(pick({id("b"), id("c")}), "!b");
}

TEST_F(PickerTest, FailsIfAllAreFull) {
  for (const char* name : {"a", "b", "c"}) make_full(name);
  EXPECT_EQ(pick(), "");
  EXPECT_EQ(failure.code(), Code::kResourceExhausted);
}

TEST_F(PickerTest, IsReplacedOnlyByOtherServersOrWeights) {
  EXPECT_FALSE(picker.replace(all(), false));
  EXPECT_TRUE(picker.replace(all(), true));
  EXPECT_TRUE(picker.replace({}, false));
  EXPECT_TRUE(picker.empty());
  EXPECT_EQ(pick(), "");
  EXPECT_TRUE(failure.ok());
}

TEST_F(PickerTest, KeepsAServerThatItHasGivenAway) {
  cluster::Pick pick = picker.pick({}, {});
  picker.replace({}, false);
  servers.listed.clear();
  EXPECT_EQ(pick.server->address, "tcp@a:1");
}

}  // namespace
}  // namespace tern::test
