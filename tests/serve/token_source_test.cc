// A client that says who it is, at a server that asks.
#include "tern/token_source.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "serve/scripted_authenticator.h"
#include "serve/server_fixture.h"
#include "tern/call.h"
#include "tern/client.h"
#include "tern/in_process.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

// Gives what the test says.
class ScriptedTokens final : public TokenSource {
 public:
  enum class Mode { kAtOnce, kLater, kNever };

  void token(const Endpoint& server, Done done) override {
    ++asked;
    endpoint = server.to_string();
    if (mode == Mode::kNever) return;
    if (mode == Mode::kLater) {
      waiting.push_back(std::move(done));
      return;
    }
    done(next);
    done(Token("the second answer counts for nothing"));
  }

  Mode mode = Mode::kAtOnce;
  Result<Token> next = Token("alice");
  int asked = 0;
  std::string endpoint;
  std::vector<Done> waiting;
};

// Streams to another machine, without TLS, for all that the client can see.
class FarDialer final : public Dialer {
 public:
  explicit FarDialer(ServerOptions& /*server*/) {}
  std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint&, std::chrono::nanoseconds,
                                Done done) override {
    loop.post(
        [this, &loop, done = std::move(done)]() mutable { done(link_.left().open(loop, "far")); });
    return std::make_unique<Attempt>();
  }
  bool sent() { return !link_.right().take_received().empty(); }

 private:
  MemoryLink link_;
};

// Refuses connections until it is open.
class LateDialer final : public Dialer {
 public:
  explicit LateDialer(std::shared_ptr<Dialer> next) : next_(std::move(next)) {}
  std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint& endpoint,
                                std::chrono::nanoseconds timeout, Done done) override {
    if (open) return next_->dial(loop, endpoint, timeout, std::move(done));
    loop.post([done = std::move(done)]() mutable { done(Status(Code::kUnavailable, "refused")); });
    return std::make_unique<Attempt>();
  }

  bool open = false;

 private:
  const std::shared_ptr<Dialer> next_;
};

class TokenSources : public ServerFixture {
 protected:
  TokenSources() {
    options().authenticator = authenticator_;
    client_options_.token_source = tokens_;
    service().on_echo([](ServerContext& context, std::string) -> Reply<std::string> {
      return context.identity()->name;
    });
  }
  ~TokenSources() override {
    client_.reset();
    settle();
  }
  Client& client(std::string_view address = "tcp@here:1") {
    if (!client_) {
      if (!client_options_.dialer) client_options_.dialer = in_process_dialer(server());
      client_.emplace(address, loop().pool(), client_options_);
    }
    return *client_;
  }
  Call<std::string> begin(CallOptions options = CallOptions()) {
    std::string text = "x";
    Call<std::string> call = start_call<std::string>(
        client(), SampleService::method(SampleService::kEcho), &text, options);
    settle();
    return call;
  }
  // What comes of a call: the name of the caller, or the failure.
  static std::string outcome(Call<std::string>& call) {
    if (!call.done()) return "waits";
    Result<std::string> name = call.get();
    return name.ok() ? *name : name.status().to_string();
  }
  std::string ask(CallOptions options = CallOptions()) {
    Call<std::string> call = begin(options);
    return outcome(call);
  }

  std::shared_ptr<ScriptedAuthenticator> authenticator_ = std::make_shared<ScriptedAuthenticator>();
  std::shared_ptr<ScriptedTokens> tokens_ = std::make_shared<ScriptedTokens>();
  ClientOptions client_options_;
  std::optional<Client> client_;
};

TEST_F(TokenSources, GiveEachRequestItsToken) {
  EXPECT_EQ(ask(), "alice");
  EXPECT_EQ(ask(), "alice");
  EXPECT_EQ(tokens_->asked, 1);
  EXPECT_EQ(tokens_->endpoint, "tcp@here:1");
  EXPECT_EQ(authenticator_->asked, 2);
}

TEST_F(TokenSources, CanBeOfOneToken) {
  client_options_.token_source = fixed_token("root");
  EXPECT_EQ(ask(), "root");
}

TEST_F(TokenSources, LeaveACallWhatItSaysItself) {
  CallOptions options;
  options.metadata.add("authorization", "Bearer root");
  EXPECT_EQ(ask(options), "root");
}

TEST_F(TokenSources, ServeGrpcAndConnect) {
  for (const char* address : {"grpc+tcp@here:1", "connect+http@here:1"}) {
    client_.reset();
    settle();
    client(address);
    EXPECT_EQ(ask(), "alice") << address;
  }
}

TEST_F(TokenSources, LetCallsWaitForTheFirstToken) {
  tokens_->mode = ScriptedTokens::Mode::kLater;
  Call<std::string> call = begin();
  EXPECT_EQ(outcome(call), "waits");
  tokens_->waiting.front()(Token("alice"));
  settle();
  EXPECT_EQ(outcome(call), "alice");
}

TEST_F(TokenSources, ThatFailFailTheCallsAndAreAskedAgain) {
  tokens_->next = Status(Code::kUnavailable, "the issuer is away");
  EXPECT_NE(ask().find("the issuer is away"), std::string::npos);
  tokens_->next = Token("alice");
  advance(10min);
  EXPECT_EQ(ask(), "alice");
}

TEST_F(TokenSources, ThatNeverAnswerFailTheCalls) {
  tokens_->mode = ScriptedTokens::Mode::kNever;
  EXPECT_NE(ask().find("the token source gave no answer"), std::string::npos);
  tokens_->mode = ScriptedTokens::Mode::kLater;
  advance(10min);
  Call<std::string> call = begin();
  advance(11s);
  EXPECT_NE(outcome(call).find("the token source gave no answer within 10s"), std::string::npos);
}

TEST_F(TokenSources, AreAskedAheadOfTheEnd) {
  tokens_->next = Token("alice", 100s);
  EXPECT_EQ(ask(), "alice");
  tokens_->next = Token("root", 100s);
  advance(79s);
  EXPECT_EQ(tokens_->asked, 1);
  advance(1s);
  EXPECT_EQ(tokens_->asked, 2);
  EXPECT_EQ(ask(), "root");
}

TEST_F(TokenSources, ThatFailAheadOfTheEndLeaveTheTokenUntilThen) {
  tokens_->next = Token("alice", 100s);
  EXPECT_EQ(ask(), "alice");
  tokens_->next = Status(Code::kUnavailable, "the issuer is away");
  advance(99s);
  EXPECT_EQ(ask(), "alice");
  advance(1s);
  // It is not sent any more: the server is not asked.
  const int asked = authenticator_->asked;
  EXPECT_NE(ask().find("there is no"), std::string::npos);
  EXPECT_EQ(authenticator_->asked, asked);
  tokens_->next = Token("root", 100s);
  advance(10min);
  EXPECT_EQ(ask(), "root");
}

// Nobody calls meanwhile, and the connection lives on.
TEST_F(TokenSources, ThatFailAheadOfTheEndAreAskedBehindItUntilThereIsAToken) {
  tokens_->next = Token("alice", 100s);
  EXPECT_EQ(ask(), "alice");
  tokens_->next = Status(Code::kUnavailable, "the issuer is away");
  advance(99s);
  advance(1s);
  for (int i = 0; i < 3; ++i) {
    const int asked = tokens_->asked;
    advance(10min);
    EXPECT_GT(tokens_->asked, asked);
  }
  tokens_->next = Token("root");
  advance(10min);
  const int asked = tokens_->asked;
  EXPECT_EQ(ask(), "root");
  EXPECT_EQ(tokens_->asked, asked);
}

TEST_F(TokenSources, AreAskedAgainByAServerThatDoesNotKnowTheToken) {
  tokens_->next = Token("expired");
  tokens_->mode = ScriptedTokens::Mode::kLater;
  Call<std::string> call = begin();
  tokens_->waiting.front()(Token("expired"));
  settle();
  EXPECT_EQ(tokens_->asked, 2);
  EXPECT_EQ(outcome(call), "waits");
  tokens_->waiting.back()(Token("root"));
  settle();
  EXPECT_EQ(outcome(call), "root");
  EXPECT_EQ(authenticator_->asked, 2);
  EXPECT_EQ(service().echoes(), 1);
}

// Of the tokens that it has waited with none was refused but the last.
TEST_F(TokenSources, AreAskedAgainForACallThatHasWaitedForItsConnection) {
  auto dialer = std::make_shared<LateDialer>(in_process_dialer(server()));
  client_options_.dialer = dialer;
  tokens_->next = Token("alice", 100s);
  CallOptions options;
  options.wait_for_ready = true;
  Call<std::string> call = begin(options);
  tokens_->next = Token("expired");
  advance(80s);
  EXPECT_EQ(tokens_->asked, 2);
  tokens_->next = Token("root");
  dialer->open = true;
  advance(10min);
  EXPECT_EQ(outcome(call), "root");
  EXPECT_EQ(tokens_->asked, 3);
  EXPECT_EQ(authenticator_->asked, 2);
}

TEST_F(TokenSources, AreAskedAgainOnce) {
  tokens_->next = Token("mallory");
  EXPECT_NE(ask().find("expected a token that is known"), std::string::npos);
  EXPECT_EQ(tokens_->asked, 2);
  EXPECT_EQ(authenticator_->asked, 2);
}

// Echo may not run twice.
TEST_F(TokenSources, AreNotAskedAgainForAHandlersAnswer) {
  service().on_echo([](ServerContext&, std::string) -> Reply<std::string> {
    return Status(Code::kUnauthenticated, "not you");
  });
  EXPECT_NE(ask().find("not you"), std::string::npos);
  EXPECT_EQ(service().echoes(), 1);
  EXPECT_EQ(tokens_->asked, 1);
}

TEST_F(TokenSources, AreNotAskedAgainForACallThatSaysItselfWhoItIs) {
  CallOptions options;
  options.metadata.add("authorization", "Bearer mallory");
  EXPECT_NE(ask(options).find("expected a token that is known"), std::string::npos);
  EXPECT_EQ(tokens_->asked, 1);
  EXPECT_EQ(authenticator_->asked, 1);
}

TEST_F(TokenSources, AreNotWaitedForByACallThatIsCancelledOrWhoseTimeIsUp) {
  tokens_->next = Token("expired");
  EXPECT_NE(ask().find("unauthenticated"), std::string::npos);  // connected
  tokens_->mode = ScriptedTokens::Mode::kLater;
  Call<std::string> cancelled = begin();
  CallOptions options;
  options.timeout = 1s;
  Call<std::string> late = begin(options);
  cancelled.cancel();
  settle();
  EXPECT_NE(outcome(cancelled).find("cancelled"), std::string::npos);
  advance(1s);
  EXPECT_NE(outcome(late).find("deadline_exceeded"), std::string::npos);
  client().close();
  settle();
}

TEST_F(TokenSources, DoNotShowATokenToTheNetwork) {
  auto far = std::make_shared<FarDialer>(options());
  client_options_.dialer = far;
  EXPECT_NE(ask().find("does not send without TLS"), std::string::npos);
  EXPECT_FALSE(far->sent());
}

TEST_F(TokenSources, AreRefusedByProtocolsWithoutMetadata) {
  client("netrpc+tcp@here:1");
  EXPECT_NE(ask().find("net/rpc has no metadata to send a token in"), std::string::npos);
  EXPECT_EQ(tokens_->asked, 0);
}

TEST_F(TokenSources, AreForgottenWithTheClient) {
  tokens_->mode = ScriptedTokens::Mode::kLater;
  Call<std::string> call = begin();
  client_.reset();
  settle();
  EXPECT_NE(outcome(call).find("cancelled"), std::string::npos);
  tokens_->waiting.front()(Token("alice"));
  settle();
}

}  // namespace
}  // namespace tern::test
