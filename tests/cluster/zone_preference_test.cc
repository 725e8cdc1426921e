#include "cluster/zone_preference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "balance/servers.h"

namespace tern::test {
namespace {

// Two servers in zone "x" and two in "y".
std::string preferred(std::size_t known, std::string_view zone, double min_share = 0.5) {
  Servers servers({});
  for (std::string_view one : {"x", "y", "x", "y"}) servers.join(1, one);
  std::string letters;
  for (const auto& server :
       cluster::prefer_zone(servers.candidates().servers, known, zone, min_share)) {
    letters += server->endpoint().host;
  }
  return letters;
}

TEST(ZonePreference, KeepsCallsInTheOwnZone) {
  EXPECT_EQ(preferred(2, "x"), "ac");
}

TEST(ZonePreference, IsContentWithHalfOfTheZone) {
  EXPECT_EQ(preferred(4, "x"), "ac");
}

TEST(ZonePreference, TakesAllServersWhenTooFewOfTheZoneAreThere) {
  EXPECT_EQ(preferred(5, "x"), "abcd");
}

TEST(ZonePreference, TakesAllServersWhenTheZoneHasNone) {
  EXPECT_EQ(preferred(0, "z"), "abcd");
  EXPECT_EQ(preferred(3, "z", 0), "abcd");
}

TEST(ZonePreference, AsksForAsMuchOfTheZoneAsItIsTold) {
  EXPECT_EQ(preferred(3, "x", 0.9), "abcd");
  EXPECT_EQ(preferred(20, "x", 0.1), "ac");
}

}  // namespace
}  // namespace tern::test
