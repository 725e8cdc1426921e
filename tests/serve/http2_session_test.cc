// What a server does over HTTP/2 with requests that are not gRPC's.
#include <gmock/gmock.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "serve/gate.h"
#include "serve/http2_fixture.h"
#include "serve/scripted_authenticator.h"
#include "tern/http_handler.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class Http2Session : public Http2Fixture {};

TEST_F(Http2Session, AnswersConnectsCallsBesideThoseOfGrpc) {
  connect();
  const std::int32_t json = post_echo("hello", {{"key", "value"}});
  const std::int32_t grpc = echo("hello");
  exchange();
  EXPECT_EQ(http_status(json), "200");
  EXPECT_EQ(field(json, "content-type"), "application/json");
  EXPECT_EQ(field(json, "content-length"), "7");
  EXPECT_EQ(body(json), "\"hello\"");
  EXPECT_EQ(status(grpc), "0");
}

TEST_F(Http2Session, CallsSeeMetadataAndAnswerWithIt) {
  service().on_echo([](ServerContext& context, std::string) -> Reply<std::string> {
    context.reply_metadata().add("took", "3ms");
    return std::string(context.metadata().get("key")) +
           (context.metadata().get("host").empty() ? "" : "!");
  });
  connect();
  const std::int32_t stream = post_echo("", {{"key", "value"}, {"connect-timeout-ms", "1000"}});
  exchange();
  EXPECT_EQ(body(stream), "\"value\"");
  EXPECT_EQ(field(stream, "took"), "3ms");
}

TEST_F(Http2Session, AnErrorOfACallHasTheStatusOfHttp) {
  service().on_echo([](ServerContext&, std::string) -> Reply<std::string> {
    return Status(Code::kNotFound, "gone", HandlerRan::kYes);
  });
  connect();
  const std::int32_t stream = post_echo("x");
  const std::int32_t unknown = post("/sample.Sample/Nothing", "1");
  const std::int32_t wrong = post("/sample.Sample/Echo", "1");
  exchange();
  EXPECT_EQ(http_status(stream), "404");
  EXPECT_EQ(body(stream), R"({"code":"not_found","message":"gone"})");
  EXPECT_EQ(http_status(unknown), "404");
  EXPECT_THAT(body(unknown), StartsWith(R"({"code":"unimplemented")"));
  EXPECT_EQ(http_status(wrong), "400");
  EXPECT_THAT(body(wrong), StartsWith(R"({"code":"invalid_argument")"));
}

TEST_F(Http2Session, AnswersABatchOfJsonRpc) {
  connect();
  const std::int32_t stream =
      post("/rpc", R"([{"jsonrpc":"2.0","id":1,"method":"Sample.Echo","params":["a"]},)"
                   R"({"jsonrpc":"2.0","id":2,"method":"Sample.Echo","params":["b"]}])");
  const std::int32_t nothing = post("/rpc", "");
  exchange();
  EXPECT_EQ(http_status(stream), "200");
  EXPECT_THAT(body(stream), HasSubstr(R"("result":"a")"));
  EXPECT_THAT(body(stream), HasSubstr(R"("result":"b")"));
  EXPECT_TRUE(client().answer(nothing).ended);
  EXPECT_THAT(body(nothing), HasSubstr("error"));
}

TEST_F(Http2Session, ABatchThatIsResetCancelsEachOfItsCalls) {
  Gate gate;
  service().on_echo(
      [&](ServerContext&, std::string text) -> Reply<std::string> { return behind(gate, text); });
  connect();
  const std::int32_t stream =
      post("/rpc", R"([{"jsonrpc":"2.0","id":1,"method":"Sample.Echo","params":["a"]},)"
                   R"({"jsonrpc":"2.0","id":2,"method":"Sample.Echo","params":["b"]}])");
  exchange();
  EXPECT_EQ(gate.waiting(), 2);
  client().reset(stream, 8);
  exchange();
  EXPECT_EQ(gate.cancelled(), 2);
}

TEST_F(Http2Session, AnswersPagesAndTheirHeads) {
  options().debug_pages.health_for_all = true;
  options().debug_pages.hosts = {"here"};
  connect();
  const std::int32_t page = get("/healthz");
  const std::int32_t head_only = client().begin(head("HEAD", "/healthz"), true);
  const std::int32_t nothing = get("/nothing");
  exchange();
  EXPECT_EQ(http_status(page), "200") << body(page);
  EXPECT_FALSE(body(page).empty());
  EXPECT_EQ(http_status(head_only), "200");
  EXPECT_EQ(field(head_only, "content-length"), field(page, "content-length"));
  EXPECT_TRUE(body(head_only).empty());
  EXPECT_EQ(http_status(nothing), "404");
}

// Each is told in its own words, when it is known who asks.
TEST_F(Http2Session, TellsWhatIsNotServedWhenItIsKnownWhoAsks) {
  auto authenticator = std::make_shared<ScriptedAuthenticator>();
  authenticator->mode = ScriptedAuthenticator::Mode::kLater;
  options().authenticator = authenticator;
  connect();
  const std::int32_t json = post("/sample.Sample/Nothing", "1");
  const std::int32_t served = post_echo("x");
  exchange();
  ASSERT_EQ(authenticator->waiting.size(), 2u);
  for (auto& [token, done] : authenticator->waiting) token = "alice";
  authenticator->answer();
  authenticator->answer();
  exchange();
  EXPECT_EQ(http_status(json), "404");
  EXPECT_THAT(body(json), StartsWith(R"({"code":"unimplemented")"));
  EXPECT_EQ(http_status(served), "200");
  const std::int32_t refused = post("/sample.Sample/Nothing", "1");
  exchange();
  authenticator->answer();
  exchange();
  EXPECT_EQ(http_status(refused), "401");
  EXPECT_EQ(field(refused, "www-authenticate"), "Bearer");
}

// Answers when the test says so, in any order.
class HeldPages final : public HttpHandler {
 public:
  class Waiting final : public Pending {
   public:
    explicit Waiting(HeldPages& pages) : pages_(pages) { ++pages_.waiting; }
    ~Waiting() override { --pages_.waiting; }

   private:
    HeldPages& pages_;
  };

  std::unique_ptr<Pending> handle(const Request& request, Done done) override {
    host = request.headers->get("host");
    asked.push_back(std::move(done));
    return std::make_unique<Waiting>(*this);
  }
  void answer(std::size_t index, std::string text) {
    Answer answer;
    answer.content_type = "text/plain";
    answer.headers.emplace_back("X-Answer", "yes");
    answer.headers.emplace_back("Connection", "close");
    answer.body = std::move(text);
    asked[index](std::move(answer));
  }

  std::vector<Done> asked;
  std::string host;
  int waiting = 0;
};

TEST_F(Http2Session, PagesThatAreAnsweredLaterHoldUpNothing) {
  auto pages = std::make_shared<HeldPages>();
  ASSERT_TRUE(server().add_http("/held", pages).ok());
  connect();
  const std::int32_t first = get("/held");
  const std::int32_t second = get("/held");
  const std::int32_t call = post_echo("x");
  exchange();
  EXPECT_EQ(pages->host, "here");
  EXPECT_EQ(http_status(call), "200");
  ASSERT_EQ(pages->asked.size(), 2u);
  pages->answer(1, "the second");
  exchange();
  EXPECT_EQ(body(second), "the second");
  EXPECT_EQ(field(second, "x-answer"), "yes");
  EXPECT_EQ(field(second, "connection"), "");  // HTTP/2 has none
  EXPECT_EQ(http_status(first), "");
  client().reset(first, 8);
  exchange();
  EXPECT_EQ(pages->waiting, 0);
  pages->answer(0, "nobody awaits it");
  exchange();
  EXPECT_EQ(body(first), "");
  const std::int32_t third = get("/debug");
  exchange();
  EXPECT_NE(http_status(third), "");
}

TEST_F(Http2Session, CarriesStreamsInBothDirections) {
  feed().chat = [](ServerContext&, Reader<std::string> in, Writer<std::string> out) {
    return Reply<void>(test::echo(std::move(in), std::move(out)));
  };
  connect();
  const std::int32_t stream = begin_post("/feed.Feed/Chat", "application/connect+json");
  exchange();
  client().send(stream, envelope("\"one\""), false);
  exchange();
  EXPECT_EQ(body(stream), envelope("\"one\""));
  EXPECT_EQ(field(stream, "content-type"), "application/connect+json");
  client().send(stream, envelope("\"two\""), true);
  exchange();
  EXPECT_EQ(body(stream), envelope("\"one\"") + envelope("\"two\"") + envelope("{}", 2));
  EXPECT_TRUE(client().answer(stream).ended);
  EXPECT_EQ(client().answer(stream).reset, 0u);
}

TEST_F(Http2Session, CarriesGrpcWebAsTextAndAsBytes) {
  feed().watch = [](ServerContext&, std::string, Writer<std::string> out) {
    return Reply<void>(write_many(std::move(out), 50, 100));
  };
  connect(1000, Http2Client::Windows::kByHand);
  const std::int32_t call = post("/sample.Sample/Echo", grpc_message(string_value("hello")), {},
                                 "application/grpc-web+proto");
  const std::int32_t wrong = post("/sample.Sample/Echo", "%%%%", {}, "application/grpc-web-text");
  // A message of one string, "all", behind its prefix.
  const std::int32_t text =
      post("/feed.Feed/Watch", "AAAAAAUKA2FsbA==", {}, "application/grpc-web-text");
  exchange();
  EXPECT_EQ(http_status(call), "200");
  EXPECT_EQ(body(call), grpc_message(string_value("hello")) +
                            grpc_message("grpc-status: 0\r\n", static_cast<char>(0x80)));
  EXPECT_EQ(status(wrong), "13");
  // Base64 is longer than the messages that the windows are counted for.
  EXPECT_EQ(body(text).size(), 1000u);
  for (int i = 0; i < 10; ++i) {
    client().open_window(text, 1000);
    exchange();
  }
  EXPECT_THAT(body(text), EndsWith("gAAAABBncnBjLXN0YXR1czogMA0K"));
  EXPECT_TRUE(client().answer(text).ended);
}

TEST_F(Http2Session, CarriesConnectInProtobuf) {
  connect();
  const std::int32_t call =
      post("/sample.Sample/Echo", string_value("hello"), {}, "application/proto");
  exchange();
  EXPECT_EQ(field(call, "content-type"), "application/proto");
  EXPECT_EQ(body(call), string_value("hello"));
}

TEST_F(Http2Session, AClientsStreamHasOneReply) {
  feed().upload = [](ServerContext&, Reader<std::string> in) {
    return Reply<std::string>(join(std::move(in)));
  };
  connect();
  const std::int32_t stream = begin_post("/feed.Feed/Upload", "application/connect+json");
  client().send(stream, envelope("\"a\"").substr(0, 3), false);
  exchange();
  client().send(stream, envelope("\"a\"").substr(3) + envelope("\"b\""), false);
  exchange();
  EXPECT_EQ(http_status(stream), "");
  client().send(stream, "", true);
  exchange();
  EXPECT_EQ(body(stream), envelope("\"ab\"") + envelope("{}", 2));
}

TEST_F(Http2Session, ABodyThatIsNoEnvelopesEndsItsStreamAlone) {
  feed().upload = [](ServerContext&, Reader<std::string> in) {
    return Reply<std::string>(join(std::move(in)));
  };
  connect();
  const std::int32_t flags = begin_post("/feed.Feed/Upload", "application/connect+json");
  client().send(flags, envelope("\"a\"", 64), false);
  const std::int32_t cut = begin_post("/feed.Feed/Upload", "application/connect+json");
  client().send(cut, envelope("\"a\"").substr(0, 6), true);
  const std::int32_t two = post("/feed.Feed/Watch", envelope("\"a\"") + envelope("\"b\""), {},
                                "application/connect+json");
  exchange();
  EXPECT_THAT(body(flags), HasSubstr("a message has the flags 0x40"));
  EXPECT_THAT(body(cut), HasSubstr("the body ends in the middle of a message"));
  EXPECT_THAT(body(two), HasSubstr("the body has a second message; this method takes one"));
  const std::int32_t good = post_echo("x");
  exchange();
  EXPECT_EQ(http_status(good), "200");
}

TEST_F(Http2Session, AStreamOfLinesWaitsForItsWindowToTheByte) {
  feed().watch = [](ServerContext&, std::string, Writer<std::string> out) {
    return Reply<void>(write_many(std::move(out), 100, 97));
  };
  connect(1000, Http2Client::Windows::kByHand);
  const std::int32_t stream = post("/feed.Feed/Watch", "\"all\"");
  const std::string line = "\"" + std::string(97, 'a') + "\"\n";
  exchange();
  EXPECT_EQ(body(stream).size(), 1000u);
  for (std::size_t i = 1; i < 10; ++i) {
    client().open_window(stream, 1000);
    exchange();
    EXPECT_EQ(body(stream).size(), (i + 1) * 1000);
  }
  EXPECT_THAT(body(stream), StartsWith(line));
  EXPECT_TRUE(client().answer(stream).ended);
}

TEST_F(Http2Session, EachSilentStreamOfEventsHasItsComments) {
  std::vector<Writer<std::string>> kept;
  feed().watch = [&](ServerContext&, std::string, Writer<std::string> out) {
    kept.push_back(std::move(out));
    return Reply<void>(tern::kept(kept.back()));
  };
  connect();
  kept.reserve(3);
  const Fields events = {{"accept", "text/event-stream"}};
  const std::int32_t first = post("/feed.Feed/Watch", "\"a\"", events);
  const std::int32_t second = post("/feed.Feed/Watch", "\"b\"", events);
  const std::int32_t lines = post("/feed.Feed/Watch", "\"c\"");
  exchange();
  EXPECT_EQ(http_status(first), "");
  advance(15s);
  exchange();
  EXPECT_EQ(body(first), ": \n\n");
  EXPECT_EQ(body(second), ": \n\n");
  EXPECT_EQ(body(lines), "");
  ASSERT_EQ(kept.size(), 3u);
  EXPECT_TRUE(kept[0].try_write("one"));
  exchange();
  EXPECT_EQ(body(first), ": \n\ndata: \"one\"\n\n");
  advance(15s);
  exchange();
  EXPECT_EQ(body(second), ": \n\n: \n\n");
  kept[1].finish(Status());
  exchange();
  EXPECT_THAT(body(second), HasSubstr("event: end"));
}

// A window counts the bytes of comments, too, though no message has them.
TEST_F(Http2Session, CommentsTakeOfTheWindowOfTheirStream) {
  std::vector<Writer<std::string>> kept;
  feed().watch = [&](ServerContext&, std::string, Writer<std::string> out) {
    kept.push_back(std::move(out));
    return Reply<void>(tern::kept(kept.back()));
  };
  options().stream_idle_timeout = 0s;
  connect(100, Http2Client::Windows::kByHand);
  const std::int32_t stream = post("/feed.Feed/Watch", "\"a\"", {{"accept", "text/event-stream"}});
  exchange();
  for (int i = 0; i < 20; ++i) {
    advance(15s);
    exchange();
    client().open_window(stream, 4);
    exchange();
  }
  EXPECT_EQ(body(stream).size(), 80u);
  // There is room for 100 bytes and no more: what follows waits in the stream, not in the session.
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(kept[0].try_write(std::string(30, 'x')));
  exchange();
  EXPECT_EQ(body(stream).size(), 180u);
  client().open_window(stream, 1000);
  exchange();
  EXPECT_EQ(body(stream).size(), 80u + 5 * (30 + 10));
}

TEST_F(Http2Session, ACallThatIsResetIsCancelled) {
  bool cancelled = false;
  std::optional<Writer<std::string>> writer;
  feed().watch = [&](ServerContext& context, std::string, Writer<std::string> out) {
    context.on_cancel([&] { cancelled = true; });
    writer.emplace(std::move(out));
    return Reply<void>(tern::kept(*writer));
  };
  connect();
  const std::int32_t stream = watch("all");
  exchange();
  EXPECT_FALSE(cancelled);
  client().reset(stream, 8);
  exchange();
  EXPECT_TRUE(cancelled);
}

TEST_F(Http2Session, ABodyOverTheLimitIsRefusedAndTheConnectionGoesOn) {
  options().limits.message_bytes = 1000;
  connect();
  const std::int32_t call = post_echo(std::string(2000, 'x'));
  const std::int32_t page = post("/some/page/here", std::string(2000, 'x'));
  exchange();
  EXPECT_EQ(http_status(call), "413");
  EXPECT_THAT(body(call), StartsWith(R"({"code":"resource_exhausted")"));
  EXPECT_EQ(http_status(page), "413");
  const std::int32_t good = post_echo("x");
  exchange();
  EXPECT_EQ(http_status(good), "200");
}

TEST_F(Http2Session, AnswersAPreflightAndSaysWhoMayRead) {
  options().cors.origins = {"https://page.example"};
  connect();
  const std::int32_t preflight = client().begin(
      head("OPTIONS", "/sample.Sample/Echo",
           {{"origin", "https://page.example"}, {"access-control-request-method", "POST"}}),
      true);
  const std::int32_t call = post_echo("x", {{"origin", "https://page.example"}});
  exchange();
  EXPECT_EQ(http_status(preflight), "204");
  EXPECT_EQ(field(preflight, "access-control-allow-origin"), "https://page.example");
  EXPECT_EQ(field(call, "access-control-allow-origin"), "https://page.example");
}

TEST_F(Http2Session, RefusesWhatComesBehindAGoawayInTheWordsOfHttp2) {
  Gate gate;
  service().on_echo(
      [&](ServerContext&, std::string text) -> Reply<std::string> { return behind(gate, text); });
  connect();
  const std::int32_t running = post_echo("a");
  exchange();
  begin_stop(60s);
  while (client().goaways().empty()) listen();
  const std::int32_t late = post_echo("b");
  exchange();
  EXPECT_EQ(client().answer(late).reset, 7u);
  gate.open();
  exchange();
  EXPECT_EQ(body(running), "\"a\"");
  advance(10s);  // the client had time to leave
  finish_stop();
}

TEST_F(Http2Session, RefusesAStreamInAnUnknownWayBeforeItsEnd) {
  connect();
  const std::int32_t stream = begin_post("/feed.Feed/Chat", "application/connect+yaml");
  client().send(stream, "some", false);
  exchange();
  EXPECT_EQ(http_status(stream), "415");
  EXPECT_TRUE(client().answer(stream).ended);
}

}  // namespace
}  // namespace tern::test
