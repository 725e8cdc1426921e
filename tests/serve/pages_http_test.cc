// The pages as a session serves them over HTTP/1.1.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "serve/server_fixture.h"

namespace tern::test {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class PagesOverHttp : public ServerFixture {
 protected:
  // A stream in memory is not known to be local.
  PagesOverHttp() { options().debug_pages.loopback_only = false; }

  // What comes until there are so many answers, or the end.
  std::string answer(Peer& peer, std::string_view request, int answers = 1) {
    peer.send(request);
    std::string received;
    while (answers > 0) {
      settle();
      bool end = peer.end().end_received();
      std::string more = peer.end().take_received();
      for (std::size_t at = 0; (at = more.find("HTTP/1.1 ", at)) != std::string::npos; ++at) {
        --answers;
      }
      received += more;
      if (end) break;
    }
    return received;
  }
  std::string answer(std::string_view request, int answers = 1) {
    std::unique_ptr<Peer> peer = connect_silent();
    std::string received = answer(*peer, request, answers);
    peer->end().close();
    settle();
    return received;
  }
  static std::string get(std::string_view path, std::string_view headers = "") {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(headers) +
           "\r\n";
  }
};

TEST_F(PagesOverHttp, HaveTheHeadersThatKeepThemSafe) {
  std::string page = answer(get("/debug/rpc"));
  EXPECT_THAT(page, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(page, HasSubstr("\r\nContent-Security-Policy: default-src 'none';"));
  EXPECT_THAT(page, HasSubstr("\r\nX-Content-Type-Options: nosniff\r\n"));
  EXPECT_THAT(page, HasSubstr("\r\nCache-Control: no-store\r\n"));
  EXPECT_THAT(page, EndsWith("</html>\n"));
}

TEST_F(PagesOverHttp, AreAnsweredInTheirTurnAmongCalls) {
  std::string call =
      "POST /sample.Sample/Echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: 4\r\n\r\n\"hi\"";
  std::string answers = answer(get("/healthz") + call + get("/debug/rpc?format=json"), 3);
  std::size_t health = answers.find("\r\n\r\nok\n");
  std::size_t reply = answers.find("\r\n\r\n\"hi\"");
  std::size_t json = answers.find("\"calls\":1");
  EXPECT_LT(health, reply);
  EXPECT_LT(reply, json);
  EXPECT_NE(json, std::string::npos);
}

TEST_F(PagesOverHttp, ComeWholeBeforeTheConnectionEnds) {
  std::unique_ptr<Peer> peer = connect_silent();
  std::string page = answer(*peer, get("/debug/rpc", "Connection: close\r\n"));
  EXPECT_THAT(page, EndsWith("</html>\n"));
  while (!peer->end().end_received()) settle();
  peer->end().close();
}

TEST_F(PagesOverHttp, MayComeWhenWhoAskedHasLeft) {
  for (int i = 0; i < 20; ++i) {
    std::unique_ptr<Peer> peer = connect_silent();
    peer->send(get("/debug/rpc") + get("/metrics"));
    if (i % 2 == 0) settle();
    peer->end().close();
    settle();
  }
  EXPECT_THAT(answer(get("/healthz")), StartsWith("HTTP/1.1 200 "));
}

TEST_F(PagesOverHttp, SayOnlyTheirLengthToHead) {
  std::string head = answer("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(head, EndsWith("\r\n\r\n"));
}

TEST_F(PagesOverHttp, AreForReadingOnly) {
  std::string refusal = answer(
      "POST /debug/rpc HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: 2\r\n\r\n{}");
  EXPECT_THAT(refusal, StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(refusal, HasSubstr("\r\nAllow: GET, HEAD\r\n"));
}

TEST_F(PagesOverHttp, AreRefusedToOtherHosts) {
  EXPECT_THAT(answer("GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
              StartsWith("HTTP/1.1 403 "));
}

TEST_F(PagesOverHttp, AreRefusedToPeersThatMayBeFarAway) {
  options().debug_pages.loopback_only = true;
  for (std::string_view path : {"/debug/rpc", "/metrics", "/healthz"}) {
    std::string refusal = answer(get(path));
    EXPECT_THAT(refusal, StartsWith("HTTP/1.1 403 ")) << path;
    EXPECT_THAT(refusal, Not(HasSubstr("sample"))) << path;
  }
}

TEST_F(PagesOverHttp, AreThereWhereCallsOverHttpAreNot) {
  options().protocols.http = false;
  EXPECT_THAT(answer(get("/healthz")), StartsWith("HTTP/1.1 200 "));
}

TEST_F(PagesOverHttp, SayThatTheServerStopsWhileItDoes) {
  std::unique_ptr<Peer> peer = connect_silent();
  EXPECT_THAT(answer(*peer, get("/healthz")), StartsWith("HTTP/1.1 200 "));
  begin_stop(std::chrono::seconds(30));
  std::string last;
  while (!peer->end().end_received() && last.find(" 503 ") == std::string::npos) {
    last = answer(*peer, get("/healthz"));
  }
  EXPECT_THAT(last, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(last, EndsWith("\r\n\r\ndraining\n"));
  peer->end().close();
  finish_stop();
}

}  // namespace
}  // namespace tern::test
