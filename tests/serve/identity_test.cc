// Who calls, as an interceptor has found it out and the handler learns of it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "serve/gate.h"
#include "serve/http_fixture.h"

namespace tern::test {
namespace {

struct Identity {
  std::string name;
};

// Takes the peer for who it is: something that no client can write.
class Authenticates final : public Interceptor {
 public:
  Status on_start(InterceptedCall& call) override {
    call.values.set(Identity{"known as " + std::string(call.peer)});
    return {};
  }
  void on_finish(InterceptedCall& call, const Status& /*outcome*/) noexcept override {
    const Identity* who = call.values.get<Identity>();
    finished = who ? who->name : "nobody";
  }

  std::string finished;
};

class Identities : public HttpFixture {
 protected:
  Identities() {
    options().interceptors = {authenticates_};
    service().on_echo([this](ServerContext& context, std::string) -> Reply<std::string> {
      claimed_ = context.metadata().get("user");
      const Identity* who = context.values().get<Identity>();
      return who ? who->name : "nobody";
    });
  }

  std::shared_ptr<Authenticates> authenticates_ = std::make_shared<Authenticates>();
  std::string claimed_;
};

constexpr std::string_view kKnown = "known as the test";

TEST_F(Identities, OfOurFramesAreNotTheClientsToSay) {
  auto peer = connect();
  RequestOptions forged;
  forged.metadata.add("user", "admin");
  peer->send(peer->request(1, "x", forged) + peer->request(2, "x"));
  settle();
  for (const Answer& answer : peer->answers()) EXPECT_EQ(answer.text, kKnown);
  EXPECT_EQ(authenticates_->finished, kKnown);
}

TEST_F(Identities, OfHttpAreNotTheClientsToSay) {
  auto peer = open();
  std::string answer = exchange(*peer, echo("x", "User: admin\r\n"));
  EXPECT_EQ(take_answer(answer).body, fmt::format("\"{}\"", kKnown));
  EXPECT_EQ(claimed_, "admin");
}

TEST_F(Identities, OfJsonRpcReachTheHandler) {
  auto peer = open();
  EXPECT_EQ(exchange(*peer, R"({"jsonrpc":"2.0","method":"Sample.Echo","params":["x"],"id":1})"),
            fmt::format("{{\"jsonrpc\":\"2.0\",\"result\":\"{}\",\"id\":1}}\n", kKnown));
}

TEST_F(Identities, OfGeeRpcReachTheHandler) {
  auto peer = open();
  std::string answer = exchange(*peer,
                                "{\"MagicNumber\":3927900,\"CodecType\":\"application/json\"}\n"
                                "{\"ServiceMethod\":\"Sample.Echo\",\"Seq\":1} \"x\"");
  EXPECT_NE(answer.find(kKnown), std::string::npos) << answer;
}

// Runs before the others.
class SeesNothing final : public Interceptor {
 public:
  Status on_start(InterceptedCall& call) override {
    EXPECT_TRUE(call.values.empty());
    ++calls;
    return {};
  }

  int calls = 0;
};

TEST_F(Identities, AreNotThoseOfTheCallBefore) {
  auto first = std::make_shared<SeesNothing>();
  options().interceptors = {first, authenticates_};
  auto peer = connect();
  for (std::uint64_t id : {1, 2, 3}) {
    peer->send(peer->request(id, "x"));
    settle();
    EXPECT_EQ(peer->answer().text, kKnown);
  }
  EXPECT_EQ(first->calls, 3);
}

TEST_F(Identities, LiveUntilTheHandlerIsDoneAlsoIfTheCallHasEnded) {
  Gate gate;
  std::string seen;
  auto wait = [&](ServerContext& context) -> asio::awaitable<Result<std::string>> {
    try {
      co_await gate.wait();
    } catch (const std::system_error&) {
      seen = context.values().get<Identity>()->name;
      throw;
    }
    co_return std::string();
  };
  service().on_echo(
      [&](ServerContext& context, std::string) -> Reply<std::string> { return wait(context); });
  auto peer = connect();
  peer->send(peer->request(1, "x"));
  settle();
  peer->send(peer->cancel(1));
  settle();
  EXPECT_EQ(seen, kKnown);
}

// What interceptors do to metadata at the end travels, however many entries there are afterwards.
class Renames final : public Interceptor {
 public:
  void on_finish(InterceptedCall& call, const Status& /*outcome*/) noexcept override {
    call.reply_metadata.set("by", "interceptor");
    call.reply_metadata.remove("secret");
  }
};

TEST_F(Identities, MayGoWithMetadataThatInterceptorsReplace) {
  options().interceptors = {std::make_shared<Renames>()};
  service().on_echo([](ServerContext& context, std::string text) -> Reply<std::string> {
    context.reply_metadata().add("by", "handler");
    if (text == "secret") context.reply_metadata().add("secret", "1234");
    return text;
  });
  auto peer = connect();
  peer->send(peer->request(1, "x") + peer->request(2, "secret"));
  settle();
  for (const Answer& answer : peer->answers()) {
    EXPECT_EQ(answer.metadata.size(), 1u);
    EXPECT_EQ(answer.metadata.get("by"), "interceptor");
  }
}

}  // namespace
}  // namespace tern::test
