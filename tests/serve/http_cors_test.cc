// What browsers may do from pages of other origins.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "serve/http_fixture.h"

namespace tern::test {
namespace {

using Http = HttpFixture;

TEST_F(Http, SaysNothingToPagesOfOtherOriginsAtFirst) {
  HttpAnswer asked = ask(bare("OPTIONS", "/sample.Sample/Echo",
                              "Origin: https://a.example\r\n"
                              "Access-Control-Request-Method: POST\r\n"));
  EXPECT_EQ(asked.status, 204);
  EXPECT_FALSE(asked.has("Access-Control"));
  EXPECT_FALSE(ask(echo("a", "Origin: https://a.example\r\n")).has("Access-Control"));
}

TEST_F(Http, TellsPagesOfTheOriginsThatMayCall) {
  options().cors.origins = {"https://a.example"};
  options().cors.headers = {"X-Token"};
  HttpAnswer asked = ask(bare("OPTIONS", "/sample.Sample/Echo",
                              "Origin: https://a.example\r\n"
                              "Access-Control-Request-Method: POST\r\n"
                              "Access-Control-Request-Headers: content-type\r\n"));
  EXPECT_EQ(asked.status, 204);
  EXPECT_TRUE(asked.has("Access-Control-Allow-Origin: https://a.example\r\n"));
  EXPECT_TRUE(asked.has("Access-Control-Allow-Methods: GET, POST\r\n"));
  EXPECT_TRUE(
      asked.has("Access-Control-Allow-Headers: Content-Type, Connect-Protocol-Version, "
                "Connect-Timeout-Ms, X-Grpc-Web, X-User-Agent, Grpc-Timeout, X-Token\r\n"));
  EXPECT_TRUE(asked.has("Access-Control-Max-Age: 7200\r\n"));
  EXPECT_TRUE(asked.has("Vary: Origin\r\n"));
  for (std::string_view path : {"/sample.Sample/Echo", "/sample.Sample/None"}) {
    HttpAnswer answer = ask(post(path, "\"a\"", "Origin: https://a.example\r\n"));
    EXPECT_TRUE(answer.has("Access-Control-Allow-Origin: https://a.example\r\n")) << path;
  }
}

TEST_F(Http, SaysNothingToPagesOfOriginsThatAreNotListed) {
  options().cors.origins = {"https://a.example"};
  for (std::string_view origin :
       {"https://b.example", "https://a.example.evil", "http://a.example", "null"}) {
    HttpAnswer asked =
        ask(bare("OPTIONS", "/sample.Sample/Echo",
                 fmt::format("Origin: {}\r\nAccess-Control-Request-Method: POST\r\n", origin)));
    EXPECT_FALSE(asked.has("Access-Control")) << origin;
    EXPECT_TRUE(asked.has("Vary: Origin\r\n"));
  }
}

TEST_F(Http, AllowsEveryOriginIfAsked) {
  options().cors.origins = {"*"};
  HttpAnswer answer = ask(echo("a", "Origin: https://b.example\r\n"));
  EXPECT_TRUE(answer.has("Access-Control-Allow-Origin: *\r\n"));
}

TEST_F(Http, RefusesCallsByGetFromForeignPages) {
  for (std::string_view header : {"Origin: https://b.example\r\n", "Sec-Fetch-Site: cross-site\r\n",
                                  "Sec-Fetch-Site: same-site\r\n"}) {
    EXPECT_EQ(ask(bare("GET", "/sample.Sample/Touch", header)).status, 403) << header;
  }
  EXPECT_EQ(ask(bare("GET", "/sample.Sample/Touch", "Sec-Fetch-Site: same-origin\r\n")).status,
            200);
}

}  // namespace
}  // namespace tern::test
