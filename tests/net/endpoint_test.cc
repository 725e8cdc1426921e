#include "tern/endpoint.h"

#include <gtest/gtest.h>

namespace tern {
namespace {

TEST(Endpoint, ReadsWhatItWrites) {
  for (std::string_view text : {"tcp@127.0.0.1:80",
                                "tcp@[::1]:65535",
                                "tcp@[fe80::1%eth0]:7",
                                "tcp@localhost:0",
                                "tcp@:7000",
                                "unix@/tmp/a.sock",
                                "unix@relative path@with:all",
                                "http@localhost:80",
                                "http@[::1]:80/_goRPC_",
                                "netrpc+tcp@a:1",
                                "netrpc+http@a:1",
                                "netrpc+unix@/a",
                                "jsonrpc+unix@/a",
                                "jsonrpc2+tcp@a:1",
                                "jsonrpc2+http@a:1/rpc",
                                "connect+http@a:1",
                                "connect-h2+tcp@a:1",
                                "connect-h2+unix@/a",
                                "connect-h2+tls@a:1",
                                "grpc+tcp@a:1",
                                "grpc+unix@/a",
                                "tls@a:1",
                                "tls@[::1]:1",
                                "https@a:1",
                                "https@a:1/_goRPC_",
                                "tls-or-tcp@:1",
                                "grpc+tls@a:1",
                                "connect+https@a:1",
                                "jsonrpc+tls@a:1",
                                "jsonrpc2+https@a:1/rpc",
                                "netrpc+tls@a:1",
                                "netrpc+https@a:1"}) {
    Result<Endpoint> endpoint = parse_endpoint(text);
    ASSERT_TRUE(endpoint.ok()) << endpoint.status().to_string();
    EXPECT_EQ(endpoint->to_string(), text);
  }
}

TEST(Endpoint, KeepsHostAndPortApart) {
  Result<Endpoint> endpoint = parse_endpoint("tcp@[fe80::1]:9999");
  ASSERT_TRUE(endpoint.ok());
  EXPECT_EQ(endpoint->host, "fe80::1");
  EXPECT_EQ(endpoint->port, 9999);
  endpoint = parse_endpoint("http@[fe80::1]:80/a:b/c@d");
  ASSERT_TRUE(endpoint.ok());
  EXPECT_EQ(endpoint->host, "fe80::1");
  EXPECT_EQ(endpoint->port, 80);
  EXPECT_EQ(endpoint->path, "/a:b/c@d");
}

struct Refused {
  std::string text;
  std::string_view says;
};

class EndpointRefuses : public testing::TestWithParam<Refused> {};

TEST_P(EndpointRefuses, AndSaysWhy) {
  Result<Endpoint> endpoint = parse_endpoint(GetParam().text);
  ASSERT_FALSE(endpoint.ok());
  EXPECT_EQ(endpoint.status().code(), Code::kInvalidArgument);
  std::string_view message = endpoint.status().message();
  EXPECT_NE(message.find(GetParam().says), std::string_view::npos) << message;
  EXPECT_NE(message.find("expected \"tcp@host:port\""), std::string_view::npos) << message;
}

INSTANTIATE_TEST_SUITE_P(
    Table, EndpointRefuses,
    testing::Values(
        Refused{"", "there is no \"@\""}, Refused{"localhost:80", "there is no \"@\""},
        Refused{"udp@localhost:80", "transport \"udp\" is not known"},
        Refused{"TCP@localhost:80", "transport \"TCP\" is not known"},
        Refused{"grpc@localhost:80",
                "\"grpc\" is a protocol; its transport stands behind it: \"grpc+tcp@\""},
        Refused{"connect@localhost:80", "\"connect+http@\""},
        Refused{"tcp@localhost", "there is no \":port\""},
        Refused{"tcp@localhost:", "port \"\" is not a number"},
        Refused{"tcp@localhost:70000", "port \"70000\" is not a number"},
        Refused{"tcp@localhost:-1", "port \"-1\" is not a number"},
        Refused{"tcp@localhost:80x", "port \"80x\" is not a number"},
        Refused{"tcp@::1:80", "an IPv6 address stands in brackets"},
        Refused{"tcp@[::1:80", "the \"[\" has no \"]\""},
        Refused{"tcp@[[9]:700", "\"[9\" in brackets is not an IPv6 address"},
        Refused{"tcp@[host]:700", "\"host\" in brackets is not an IPv6 address"},
        Refused{"tcp@[]:700", "\"\" in brackets is not an IPv6 address"},
        Refused{"tcp@[fe80::1%]:7", "\"fe80::1%\" in brackets is not an IPv6 address"},
        Refused{"tcp@a]:700", "brackets stand around the whole of an IPv6 address"},
        Refused{"tcp@[::1]80", "there is no \":port\" behind the \"]\""},
        Refused{"tcp@a b:80", "the host has a space in it"},
        Refused{"tcp@a\r\nb:80", "the host has a space in it"},
        Refused{"soap+tcp@localhost:80", "protocol \"soap\" is not known"},
        Refused{"+tcp@localhost:80", "protocol \"\" is not known"},
        Refused{"connect+tcp@a:80",
                "protocol \"connect\" goes over \"http\" or \"https\"; over \"tcp\" there "
                "is \"connect-h2\""},
        Refused{"connect+tls@a:80", "over \"tls\" there is \"connect-h2\""},
        Refused{"connect-h2+https@a:80", "over \"https\" there is \"connect\""},
        Refused{"grpc-web+tls@a:80", "over \"tls\" there is \"grpc\""},
        Refused{"grpc+https@a:80", "over \"https\" there is \"grpc-web\""},
        Refused{"jsonrpc+https@a:80", "over \"https\" there is \"jsonrpc2\""},
        Refused{"grpc+tls-or-tcp@a:80", "\"tls-or-tcp\" is for servers that listen"},
        Refused{"grpc+http@a:80", "protocol \"grpc\" goes over \"tcp\", \"unix\" or \"tls\""},
        Refused{"jsonrpc+http@a:80", "protocol \"jsonrpc\" goes over \"tcp\""},
        Refused{"http@a:80/x y", "the path has a space in it"},
        Refused{"http@a/x:80", "there is no \":port\""}, Refused{"unix@", "the path is empty"},
        Refused{"unix@" + std::string(108, 'x'), "the path is 108 bytes long"},
        Refused{std::string("unix@a\0b", 8), "the path has a zero byte"}));

}  // namespace
}  // namespace tern
