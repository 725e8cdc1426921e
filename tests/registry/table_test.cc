// Who is listed, until when, and which list has changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "registry/server_table.h"

namespace tern::registry {
namespace {

using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TableTest : public ::testing::Test {
 protected:
  ServerTable::Put put(std::string_view address, std::string_view service = "",
                       std::uint32_t weight = 1) {
    Listing listing;
    listing.address = address;
    listing.service = service;
    listing.weight = weight;
    return table_.put(std::move(listing), now_);
  }
  std::vector<std::string> listed(std::string_view service) {
    std::vector<std::string> addresses;
    for (const Listing& one : table_.list(service).servers) addresses.push_back(one.address);
    return addresses;
  }
  bool pass(nanoseconds time) {
    now_ += time;
    return table_.expire(now_);
  }

  Clock::TimePoint now_{std::chrono::hours(1)};
  ServerTable table_{minutes(5), 4, "e", now_};
};

TEST_F(TableTest, ListsEachAddressOnceInOrder) {
  put("tcp@b:1", "x");
  put("tcp@a:1", "y");
  put("tcp@b:1", "y");
  put("tcp@a:1");
  EXPECT_THAT(table_.addresses(""), ElementsAre("tcp@a:1", "tcp@b:1"));
  EXPECT_THAT(table_.addresses("x"), ElementsAre("tcp@a:1", "tcp@b:1"));
  put("tcp@c:1", "z");
  EXPECT_THAT(table_.addresses("x"), ElementsAre("tcp@a:1", "tcp@b:1"));
}

TEST_F(TableTest, ListsAServerThatDoesNotSayWhatItServesForEveryService) {
  put("tcp@a:1", "x");
  put("tcp@b:1");
  put("tcp@c:1", "y");
  EXPECT_THAT(listed("x"), ElementsAre("tcp@a:1", "tcp@b:1"));
  EXPECT_THAT(listed("other"), ElementsAre("tcp@b:1"));
  EXPECT_THAT(listed(""), ElementsAre("tcp@a:1", "tcp@b:1", "tcp@c:1"));
}

TEST_F(TableTest, DropsAnEntryThatIsNotRenewedFor5Minutes) {
  put("tcp@a:1");
  put("tcp@b:1");
  pass(minutes(4));
  EXPECT_EQ(put("tcp@b:1"), ServerTable::Put::kRenewed);
  EXPECT_FALSE(pass(minutes(1) - nanoseconds(1)));
  EXPECT_TRUE(pass(nanoseconds(1)));
  EXPECT_THAT(listed(""), ElementsAre("tcp@b:1"));
  EXPECT_TRUE(pass(minutes(4)));
  EXPECT_THAT(listed(""), IsEmpty());
}

TEST_F(TableTest, KeepsEntriesForEverIfTheyDoNotExpire) {
  ServerTable table(nanoseconds(0), 4, "e", now_);
  Listing listing;
  listing.address = "tcp@a:1";
  table.put(listing, now_);
  table.expire(now_ + std::chrono::hours(24 * 365));
  EXPECT_EQ(table.size(), 1u);
}

TEST_F(TableTest, GivesAListAnotherVersionOnlyWhenItHasChanged) {
  put("tcp@a:1", "x");
  std::string x = table_.version("x");
  std::string y = table_.version("y");
  EXPECT_EQ(x.substr(0, 2), "e-");
  put("tcp@a:1", "x");
  EXPECT_EQ(table_.version("x"), x);
  put("tcp@a:1", "x", 2);
  EXPECT_NE(table_.version("x"), x);
  EXPECT_EQ(table_.version("y"), y);
  put("tcp@b:1");
  EXPECT_NE(table_.version("y"), y);
}

TEST_F(TableTest, GivesTheListOfAllAnotherVersionWithEveryChange) {
  std::string before = table_.version("");
  put("tcp@a:1", "x");
  std::string after = table_.version("");
  EXPECT_NE(after, before);
  EXPECT_TRUE(table_.remove("tcp@a:1", "x"));
  EXPECT_NE(table_.version(""), after);
}

TEST_F(TableTest, TakesOutOneServiceOfAServerOrAll) {
  put("tcp@a:1", "x");
  put("tcp@a:1", "y");
  put("tcp@b:1", "x");
  EXPECT_TRUE(table_.remove("tcp@a:1", "x"));
  EXPECT_FALSE(table_.remove("tcp@a:1", "x"));
  EXPECT_THAT(listed("x"), ElementsAre("tcp@b:1"));
  put("tcp@a:1", "z");
  EXPECT_TRUE(table_.remove("tcp@a:1", ""));
  EXPECT_THAT(listed(""), ElementsAre("tcp@b:1"));
}

TEST_F(TableTest, RefusesWhatIsTooMuchAndRenewsWhatItHas) {
  for (const char* address : {"tcp@a:1", "tcp@b:1", "tcp@c:1", "tcp@d:1"}) put(address);
  EXPECT_EQ(put("tcp@e:1"), ServerTable::Put::kFull);
  EXPECT_EQ(put("tcp@a:1"), ServerTable::Put::kRenewed);
  table_.remove("tcp@a:1", "");
  EXPECT_EQ(put("tcp@e:1"), ServerTable::Put::kChanged);
}

TEST_F(TableTest, IsWarmingUntilEveryServerHasHadToRenew) {
  EXPECT_TRUE(table_.list("").warming);
  std::string version = table_.version("x");
  pass(minutes(5) - nanoseconds(1));
  EXPECT_TRUE(table_.list("").warming);
  EXPECT_TRUE(pass(nanoseconds(1)));
  EXPECT_FALSE(table_.list("").warming);
  EXPECT_NE(table_.version("x"), version);
}

TEST_F(TableTest, TellsWhoHasLeftWhileItIsWarming) {
  put("tcp@a:1", "x");
  std::string version = table_.version("x");
  table_.remove("tcp@a:1", "x");
  table_.remove("tcp@unheard:1", "");
  EXPECT_NE(table_.version("x"), version);
  EXPECT_THAT(table_.list("x").withdrawn, ElementsAre("tcp@a:1", "tcp@unheard:1"));
  put("tcp@a:1", "x");
  EXPECT_THAT(table_.list("x").withdrawn, ElementsAre("tcp@unheard:1"));
  pass(minutes(5));
  table_.remove("tcp@a:1", "x");
  EXPECT_THAT(table_.list("x").withdrawn, IsEmpty());
}

TEST_F(TableTest, ForgetsNamesOfServicesThatAreGone) {
  std::string version;
  for (int i = 0; i < 100; ++i) {
    std::string service = "service" + std::to_string(i);
    put("tcp@a:1", service);
    version = table_.version(service);
    table_.remove("tcp@a:1", service);
    EXPECT_NE(table_.version(service), version);
  }
}

TEST_F(TableTest, SaysWhenItHasSomethingToDoNext) {
  EXPECT_EQ(table_.next_due(), now_ + minutes(5));
  pass(minutes(5));
  EXPECT_EQ(table_.next_due(), std::nullopt);
  put("tcp@a:1");
  EXPECT_EQ(table_.next_due(), now_ + minutes(5));
}

}  // namespace
}  // namespace tern::registry
