#include "debug_pages/access.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tern::debug_pages {
namespace {

DebugPages for_all(std::vector<std::string> hosts = {}) {
  DebugPages rules;
  rules.loopback_only = false;
  rules.hosts = std::move(hosts);
  return rules;
}

debug_pages::Asker local_asker(std::string_view host = "localhost:7000") {
  debug_pages::Asker asker;
  asker.host = host;
  asker.peer_is_local = true;
  return asker;
}

TEST(PageHosts, OfTheLoopbackAreAlwaysGood) {
  for (std::string_view host : {"localhost", "localhost:7000", "LocalHost:1", "127.0.0.1",
                                "127.0.0.1:65535", "[::1]", "[::1]:7000"}) {
    EXPECT_TRUE(debug_pages::host_allowed(host, DebugPages())) << host;
    EXPECT_TRUE(debug_pages::host_allowed(host, for_all())) << host;
  }
}

TEST(PageHosts, ThatAreNotConfiguredAreRefused) {
  for (std::string_view host :
       {"", "evil.example", "evil.example:7000", "localhost.evil.example", "127.0.0.1.evil.example",
        "localhost:", "localhost:7000:1", "localhost:70x", "localhost@evil.example", "[::1",
        "[::1]evil", "[::1]evil:1", "[evil]:1", ":7000", "127.1", "2130706433", "localhost ",
        "localhost."}) {
    EXPECT_FALSE(debug_pages::host_allowed(host, DebugPages())) << host;
    EXPECT_FALSE(debug_pages::host_allowed(host, for_all())) << host;
  }
}

TEST(PageHosts, ThatWereNamedAreGoodWithAnyPort) {
  DebugPages rules;
  rules.hosts = {"rpc1.example.org", "10.0.0.1"};
  EXPECT_TRUE(debug_pages::host_allowed("rpc1.example.org", rules));
  EXPECT_TRUE(debug_pages::host_allowed("RPC1.example.org:80", rules));
  EXPECT_TRUE(debug_pages::host_allowed("10.0.0.1:80", rules));
  EXPECT_FALSE(debug_pages::host_allowed("rpc2.example.org", rules));
  EXPECT_FALSE(debug_pages::host_allowed("rpc1.example.org.", rules));
}

TEST(PageHosts, ThatAreNumbersAreGoodWhereOthersMayAsk) {
  for (std::string_view host : {"10.0.0.1", "10.0.0.1:7000", "[fe80::1]:7000", "[2001:db8::1]"}) {
    EXPECT_TRUE(debug_pages::host_allowed(host, for_all())) << host;
    EXPECT_FALSE(debug_pages::host_allowed(host, DebugPages())) << host;
  }
}

TEST(PageAccess, IsForThisMachine) {
  EXPECT_EQ(refusal_of(local_asker(), DebugPages()), "");
  debug_pages::Asker remote = local_asker();
  remote.peer_is_local = false;
  EXPECT_NE(refusal_of(remote, DebugPages()), "");
}

TEST(PageAccess, TreatsAProxyAsRemote) {
  debug_pages::Asker asker = local_asker();
  asker.forwarded = true;
  EXPECT_NE(refusal_of(asker, DebugPages()), "");
  EXPECT_EQ(refusal_of(asker, for_all()), "");
}

TEST(PageAccess, KnowsAProxyByItsHeaders) {
  Metadata headers;
  headers.add("host", "here:80");
  headers.add("cookie", "c");
  HttpHandler::Request request;
  request.headers = &headers;
  request.peer_is_local = true;
  EXPECT_EQ(debug_pages::asker_of(request).host, "here:80");
  EXPECT_TRUE(debug_pages::asker_of(request).peer_is_local);
  EXPECT_FALSE(debug_pages::asker_of(request).forwarded);
  for (std::string_view name : {"forwarded", "via", "x-forwarded-for", "x-forwarded-host",
                                "x-forwarded-proto", "x-real-ip"}) {
    Metadata of_proxy = headers;
    of_proxy.add(std::string(name), "b");
    request.headers = &of_proxy;
    EXPECT_TRUE(debug_pages::asker_of(request).forwarded) << name;
  }
}

TEST(PageAccess, IsForTheHostThatWasAskedFor) {
  EXPECT_NE(refusal_of(local_asker("evil.example"), DebugPages()), "");
  EXPECT_NE(refusal_of(local_asker("evil.example"), for_all()), "");
  EXPECT_NE(refusal_of(local_asker(""), DebugPages()), "");
}

TEST(PageAccess, CanBeForEverybody) {
  debug_pages::Asker remote = local_asker("10.0.0.1:7000");
  remote.peer_is_local = false;
  EXPECT_EQ(refusal_of(remote, for_all()), "");
  remote.host = "rpc1.example.org";
  EXPECT_NE(refusal_of(remote, for_all()), "");
  EXPECT_EQ(refusal_of(remote, for_all({"rpc1.example.org"})), "");
}

}  // namespace
}  // namespace tern::debug_pages
