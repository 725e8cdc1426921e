#include "registry/server_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tern::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

std::string failure(std::string_view text) {
  return std::string(parse_server_file("servers", text).status().message());
}

TEST(ServerFiles, HaveOneServerALine) {
  auto servers = parse_server_file("servers", R"(
# The servers of arith.
tcp@10.0.0.1:7000 weight=3 zone=a rack=12 note=a=b   # the first one

	netrpc+http@b:1/x#y
unix@/run/arith.sock weight=0
10.0.0.2:7000
# The end)");
  ASSERT_TRUE(servers.ok()) << servers.status().to_string();
  ASSERT_EQ(servers->size(), 4u);
  const Instance& first = servers->front();
  EXPECT_EQ(first.endpoint.to_string(), "tcp@10.0.0.1:7000");
  EXPECT_EQ(first.weight, 3u);
  EXPECT_EQ(first.zone, "a");
  EXPECT_THAT(first.metadata, ElementsAre(Pair("note", "a=b"), Pair("rack", "12")));
  EXPECT_EQ((*servers)[1], Instance(*parse_endpoint("netrpc+http@b:1/x#y")));
  EXPECT_EQ((*servers)[2].weight, 0u);
  EXPECT_EQ((*servers)[3].endpoint.to_string(), "tcp@10.0.0.2:7000");
}

TEST(ServerFiles, MayComeFromWindows) {
  auto servers = parse_server_file("servers", "\xEF\xBB\xBFtcp@a:1 zone=x\r\ntcp@b:1\r\n");
  ASSERT_TRUE(servers.ok()) << servers.status().to_string();
  EXPECT_EQ(servers->front().zone, "x");
}

TEST(ServerFiles, SayInWhichLinesTheyAreWrong) {
  EXPECT_EQ(failure("tcp@a:1\ntcp@b:1 weight=x\ntcp@c:1 heavy\n"),
            "servers:2: weight \"x\" is not a number from 0 to 4294967295\n"
            "servers:3: expected key=value behind the address, such as weight=3 or zone=a, not "
            "\"heavy\"");
}

TEST(ServerFiles, SayWhatTheyExpected) {
  EXPECT_THAT(failure("a\n"), ::testing::StartsWith("servers:1: address \"tcp@a\": there is no"));
  EXPECT_EQ(failure("tcp@a:0\n"),
            "servers:1: address \"tcp@a:0\": expected a port from 1 to 65535, not 0");
  EXPECT_EQ(failure("tcp@:1\n"), "servers:1: address \"tcp@:1\": there is no host to connect to");
  EXPECT_EQ(failure("tcp@a:1 weight=-1\n"),
            "servers:1: weight \"-1\" is not a number from 0 to 4294967295");
  EXPECT_EQ(failure("tcp@a:1 weight=4294967296\n"),
            "servers:1: weight \"4294967296\" is not a number from 0 to 4294967295");
  EXPECT_EQ(failure("tcp@a:1 x=1 x=2\n"), "servers:1: duplicate key \"x\"");
  EXPECT_EQ(failure("tcp@a:1\na:1 zone=b\n"), "servers:2: \"tcp@a:1\" is in line 1 already");
  EXPECT_EQ(failure("tcp@a:1 x=\x01\n"), "servers:1: there is a control character in it");
}

TEST(ServerFiles, EndWithANewline) {
  EXPECT_EQ(failure("tcp@a:1\ntcp@b:1 zone=a"),
            "servers:2: expected a newline behind \"zone=a\"; without it the line may be half "
            "written");
}

TEST(ServerFiles, ReportTheFirstFewFailures) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "tcp@a\n";
  EXPECT_THAT(failure(text), ::testing::EndsWith("\nservers: 95 more"));
}

TEST(ServerFiles, ListOneServerAtLeast) {
  for (std::string_view text : {"", "\n\n", "# tcp@a:1\n"}) {
    EXPECT_EQ(failure(text),
              "servers: expected one server a line, such as \"tcp@10.0.0.1:7000 weight=3\"; there "
              "is none");
  }
}

}  // namespace
}  // namespace tern::registry
