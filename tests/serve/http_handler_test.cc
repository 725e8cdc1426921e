// What a program answers over HTTP beside calls.
#include "tern/http_handler.h"

#include <atomic>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

#include "serve/http_fixture.h"

namespace tern::test {
namespace {

// Notes what it is asked, and answers when the test says so.
class NotedHandler final : public HttpHandler {
 public:
  class Waiting final : public Pending {
   public:
    explicit Waiting(NotedHandler& handler) : handler_(handler) { ++handler_.waiting; }
    ~Waiting() override { --handler_.waiting; }
    void on_shutdown() override { handler_.answer(200, "shut down"); }

   private:
    NotedHandler& handler_;
  };

  std::unique_ptr<Pending> handle(const Request& request, Done done_in) override {
    ++asked;
    verb = request.verb;
    query = request.query;
    header = request.headers->get("x-what");
    host = request.headers->get("host");
    body = request.body;
    peer = request.peer;
    if (throws) throw std::runtime_error("no more of this");
    if (drops) return nullptr;
    if (now) {
      done_in(*now);
      return nullptr;
    }
    done = std::move(done_in);
    if (told) *told = true;
    return std::make_unique<Waiting>(*this);
  }

  void answer(int status, std::string text) {
    Answer answer(status);
    answer.content_type = "text/plain";
    answer.headers.emplace_back("X-Answer", "yes");
    answer.body = std::move(text);
    done(std::move(answer));
  }

  std::atomic<bool>* told = nullptr;  // set when `done` is there
  int asked = 0;
  int waiting = 0;
  bool throws = false;
  bool drops = false;
  std::optional<Answer> now;
  Done done;
  std::string verb, query, header, host, body, peer;
};

class HttpHandlerTest : public HttpFixture {
 protected:
  HttpHandlerTest() {
    Status added = server().add_http("/a/path", handler_);
    EXPECT_TRUE(added.ok()) << added.to_string();
  }

  std::shared_ptr<NotedHandler> handler_ = std::make_shared<NotedHandler>();
};

TEST_F(HttpHandlerTest, GetsAllThatTheRequestSays) {
  handler_->now = HttpHandler::Answer();
  EXPECT_EQ(ask("PUT /a/path?x=%20y HTTP/1.1\r\nHost: here\r\nX-What: this\r\n"
                "Content-Length: 4\r\n\r\nbody")
                .status,
            200);
  EXPECT_EQ(handler_->verb, "PUT");
  EXPECT_EQ(handler_->query, "x=%20y");
  EXPECT_EQ(handler_->header, "this");
  EXPECT_EQ(handler_->host, "here");
  EXPECT_EQ(handler_->body, "body");
  EXPECT_EQ(handler_->peer, "the test");
}

TEST_F(HttpHandlerTest, GetsEveryVerbThoughThePathLooksLikeACall) {
  handler_->now = HttpHandler::Answer(299);
  for (std::string_view verb : {"GET", "HEAD", "POST", "DELETE", "OPTIONS"}) {
    auto peer = open();
    std::string received = exchange(*peer, bare(verb, "/a/path"));
    EXPECT_EQ(take_answer(received, true).status, 299) << verb;
  }
  EXPECT_EQ(handler_->asked, 5);
}

TEST_F(HttpHandlerTest, AnswersAtOnceToTheLetter) {
  HttpHandler::Answer answer(404);
  answer.headers.emplace_back("X-Answer", "no");
  handler_->now = answer;
  auto peer = open();
  EXPECT_EQ(exchange(*peer, bare("GET", "/a/path")),
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nX-Answer: no\r\n\r\n");
}

TEST_F(HttpHandlerTest, AnswersLaterFromAnotherThread) {
  auto peer = open();
  EXPECT_EQ(exchange(*peer, bare("GET", "/a/path")), "");
  EXPECT_EQ(handler_->waiting, 1);
  std::thread([this] { handler_->answer(200, "late"); }).join();
  settle();
  std::string received = peer->end().take_received();
  HttpAnswer answer = take_answer(received);
  EXPECT_EQ(answer.body, "late");
  EXPECT_TRUE(answer.has("X-Answer: yes"));
  EXPECT_EQ(handler_->waiting, 0);
}

TEST_F(HttpHandlerTest, TakesTheNextRequestWhenTheLastIsAnswered) {
  auto peer = open();
  EXPECT_EQ(exchange(*peer, bare("GET", "/a/path") + bare("GET", "/a/path?second")), "");
  EXPECT_EQ(handler_->asked, 1);
  handler_->answer(200, "one");
  settle();
  EXPECT_EQ(handler_->query, "second");
  handler_->answer(200, "two");
  settle();
  std::string received = peer->end().take_received();
  EXPECT_EQ(take_answer(received).body, "one");
  EXPECT_EQ(take_answer(received).body, "two");
}

TEST_F(HttpHandlerTest, CountsTheFirstAnswerOnly) {
  auto peer = open();
  exchange(*peer, bare("GET", "/a/path"));
  handler_->answer(200, "first");
  handler_->answer(200, "second");
  settle();
  std::string received = peer->end().take_received();
  EXPECT_EQ(take_answer(received).body, "first");
  EXPECT_EQ(received, "");
}

TEST_F(HttpHandlerTest, IsToldThatThePeerHasGone) {
  auto peer = open();
  exchange(*peer, bare("GET", "/a/path"));
  EXPECT_EQ(handler_->waiting, 1);
  peer->end().close();
  settle();
  EXPECT_EQ(handler_->waiting, 0);
  handler_->answer(200, "to nobody");
  settle();
}

TEST_F(HttpHandlerTest, MakesAnErrorOfAnException) {
  handler_->throws = true;
  EXPECT_EQ(ask(bare("GET", "/a/path")).status, 500);
}

TEST_F(HttpHandlerTest, MakesAnErrorOfAnAnswerThatNeverComes) {
  handler_->drops = true;
  EXPECT_EQ(ask(bare("GET", "/a/path")).status, 500);
  handler_->drops = false;
  auto peer = open();
  exchange(*peer, bare("GET", "/a/path"));
  handler_->done.reset();
  settle();
  std::string received = peer->end().take_received();
  EXPECT_EQ(take_answer(received).status, 500);
}

TEST_F(HttpHandlerTest, MakesAnErrorOfAHeaderThatIsNone) {
  for (auto [name, value] : {std::pair("X-Split", "a\r\nb"), std::pair("X Space", "a")}) {
    HttpHandler::Answer answer;
    answer.headers.emplace_back(name, value);
    handler_->now = answer;
    EXPECT_EQ(ask(bare("GET", "/a/path")).status, 500) << name;
  }
}

TEST_F(HttpHandlerTest, HearsOfTheShutdown) {
  auto peer = open();
  exchange(*peer, bare("GET", "/a/path"));
  begin_stop(std::chrono::seconds(30));
  std::string received;
  while (received.empty()) {
    settle();
    received = peer->end().take_received();
  }
  HttpAnswer answer = take_answer(received);
  EXPECT_EQ(answer.body, "shut down");
  EXPECT_TRUE(answer.has("Connection: close"));
  peer->end().close();
  finish_stop();
}

TEST_F(HttpHandlerTest, IsAnsweredForWhenTheTimeToStopIsOver) {
  auto peer = open();
  exchange(*peer, bare("GET", "/a/path"));
  begin_stop(std::chrono::seconds(0));
  while (!peer->end().end_received()) settle();
  peer->end().shutdown_write();
  finish_stop();
  std::string received = peer->end().take_received();
  EXPECT_EQ(take_answer(received).status, 503);
  EXPECT_EQ(handler_->waiting, 0);
}

// The handler's thread answers while the server, its sessions and its loops go.
TEST(HttpHandlerThread, MayAnswerWhileTheServerEnds) {
  for (int i = 0; i < 100; ++i) {
    auto handler = std::make_shared<NotedHandler>();
    std::atomic<bool> asked = false;
    handler->told = &asked;
    std::thread answers;
    {
      MemoryLink link;
      ServerOptions options;
      options.log = [](std::string_view) {};
      Server server(options);
      ASSERT_TRUE(server.add_http("/a/path", handler).ok());
      server.serve(server.pool().loop(0), link.right().open(server.pool().loop(0)));
      link.left().send("GET /a/path HTTP/1.1\r\nHost: here\r\n\r\n");
      while (!asked) std::this_thread::yield();
      answers =
          std::thread([done = std::move(handler->done)]() mutable { done(HttpHandler::Answer()); });
      link.left().close();
    }
    answers.join();
  }
}

TEST_F(HttpHandlerTest, IsRefusedForPathsThatAreTakenOrNone) {
  for (std::string_view path : {"", "a", "/a b", "/a?b", "/rpc", "/metrics", "/healthz",
                                "/debug/mine", "/_goRPC_", "/_geeprc_"}) {
    EXPECT_EQ(server().add_http(std::string(path), handler_).code(), Code::kInvalidArgument)
        << path;
  }
  EXPECT_EQ(server().add_http("/a/path", handler_).code(), Code::kAlreadyExists);
  EXPECT_EQ(server().add_http("/b", nullptr).code(), Code::kInvalidArgument);
}

TEST_F(HttpHandlerTest, IsRefusedOnceTheServerServes) {
  auto peer = open();
  EXPECT_EQ(server().add_http("/late", handler_).code(), Code::kFailedPrecondition);
}

TEST_F(HttpHandlerTest, LeavesOtherPathsAlone) {
  EXPECT_EQ(ask(echo("hello")).body, "\"hello\"");
  EXPECT_EQ(ask(bare("GET", "/a/pat")).status, 404);
  EXPECT_EQ(handler_->asked, 0);
}

// --- Server::before_stop() ---

TEST(ServerStop, RunsWhatIsToComeBeforeItFirst) {
  std::vector<int> order;
  Server server;
  Result<Endpoint> where = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(where.ok());
  EXPECT_EQ(server.addresses(), std::vector<Endpoint>{*where});
  EXPECT_TRUE(server.before_stop([&order] { order.push_back(1); }));
  EXPECT_TRUE(server.before_stop([&] {
    order.push_back(2);
    // It still accepts.
    Server other;
    EXPECT_FALSE(other.listen(where->to_string()).ok());
  }));
  server.stop();
  server.stop();
  EXPECT_EQ(order, (std::vector<int>{2, 1}));
  EXPECT_FALSE(server.before_stop([&order] { order.push_back(3); }));
  EXPECT_EQ(order.size(), 2u);
}

TEST(ServerStop, RunsWhatIsToComeBeforeItInTheDestructor) {
  bool ran = false;
  {
    Server server;
    EXPECT_TRUE(server.before_stop([&ran] { ran = true; }));
  }
  EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace tern::test
