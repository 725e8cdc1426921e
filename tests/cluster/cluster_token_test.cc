// Calls of a cluster whose servers do not believe a token.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cluster/cluster_fixture.h"
#include "cluster/local_town.h"
#include "tern/interceptor.h"
#include "tern/token_source.h"

namespace tern::test {
namespace {

// Gives "1", "2" and so on, for each server; or waits for the test.
class NumberedTokens final : public TokenSource {
 public:
  void token(const Endpoint& server, Done done) override {
    const std::string value = std::to_string(++asked[server.host]);
    if (later) {
      waiting.emplace_back(value, std::move(done));
    } else if (fails) {
      done(Status(Code::kUnavailable, "the issuer is away"));
    } else {
      done(Token(value));
    }
  }
  void answer() {
    auto [value, done] = std::move(waiting.front());
    waiting.erase(waiting.begin());
    done(Token(value));
  }

  bool later = false;
  bool fails = false;
  std::map<std::string, int> asked;
  std::vector<std::pair<std::string, Done>> waiting;
};

// Takes what the test lets it take, and remembers what came.
class TokenCheck final : public Interceptor {
 public:
  Status on_start(InterceptedCall& call) override {
    shown.emplace_back(call.metadata.get("authorization"));
    if (good(shown.back())) return {};
    return Status(Code::kUnauthenticated, "expected another token");
  }

  std::function<bool(const std::string&)> good = [](const std::string&) { return true; };
  std::vector<std::string> shown;
};

class ClusterTokens : public ClusterTest {
 protected:
  ClusterTokens() {
    options.client.dialer = std::make_shared<LocalTown>(*town);
    options.client.token_source = tokens_;
    server_options.interceptors = {check_};
  }
  int calls_of_all() {
    int all = 0;
    for (int of_one : calls()) all += of_one;
    return all;
  }
  int asked_of_all() const {
    int all = 0;
    for (const auto& [server, times] : tokens_->asked) all += times;
    return all;
  }

  std::shared_ptr<NumberedTokens> tokens_ = std::make_shared<NumberedTokens>();
  std::shared_ptr<TokenCheck> check_ = std::make_shared<TokenCheck>();
};

using Shown = std::vector<std::string>;

TEST_F(ClusterTokens, AreRenewedForACallThatIsRefusedOnce) {
  list({"a", "b", "c"});
  check_->good = [](const std::string& token) { return token == "Bearer 2"; };
  for (const bool idempotent : {true, false}) {
    check_->shown.clear();
    if (idempotent) {
      EXPECT_EQ(multiply()->message(), "");
    } else {
      EXPECT_EQ(divide()->message(), "");
    }
    EXPECT_EQ(check_->shown, (Shown{"Bearer 1", "Bearer 2"}));
  }
  EXPECT_EQ(calls_of_all(), 2);
}

TEST_F(ClusterTokens, AreRenewedOnceForACall) {
  list({"a", "b", "c"});
  check_->good = [](const std::string&) { return false; };
  auto ended = divide();
  EXPECT_EQ(ended->ends, 1);
  EXPECT_EQ(ended->code(), Code::kUnauthenticated);
  EXPECT_EQ(ended->result->status().handler_ran(), HandlerRan::kNo);
  EXPECT_EQ(check_->shown.size(), 2u);
  EXPECT_EQ(calls_of_all(), 0);
}

TEST_F(ClusterTokens, AreNotRenewedForAHandlersAnswer) {
  list({"a"});
  server("a").begins = [](arith::Args) { return Status(Code::kUnauthenticated, "not you"); };
  auto ended = divide();
  EXPECT_EQ(ended->code(), Code::kUnauthenticated);
  EXPECT_EQ(ended->result->status().handler_ran(), HandlerRan::kYes);
  EXPECT_EQ(server("a").calls, 1);
  EXPECT_EQ(asked_of_all(), 1);
  // What may run twice may be made once more.
  EXPECT_EQ(multiply()->code(), Code::kUnauthenticated);
  EXPECT_EQ(server("a").calls, 3);
  EXPECT_EQ(asked_of_all(), 2);
}

TEST_F(ClusterTokens, AreNotRenewedForACallThatSaysItselfWhoItIs) {
  list({"a"});
  check_->good = [](const std::string&) { return false; };
  CallOptions call;
  call.metadata.add("authorization", "Bearer its own");
  EXPECT_EQ(multiply(call)->code(), Code::kUnauthenticated);
  EXPECT_EQ(check_->shown, (Shown{"Bearer its own"}));
  EXPECT_EQ(asked_of_all(), 1);
}

TEST_F(ClusterTokens, AreNotRenewedForAnotherFailure) {
  list({"a"});
  server("a").begins = [](arith::Args) { return Status(Code::kPermissionDenied, "not this"); };
  EXPECT_EQ(multiply()->code(), Code::kPermissionDenied);
  EXPECT_EQ(server("a").calls, 1);
  EXPECT_EQ(asked_of_all(), 1);
}

TEST_F(ClusterTokens, AreWaitedForWithinTheDeadline) {
  list({"a", "b"});
  check_->good = [](const std::string& token) { return token == "Bearer 2"; };
  EXPECT_EQ(multiply()->message(), "");  // one of them is connected, with a fresh token
  check_->good = [](const std::string& token) { return token == "Bearer 3"; };
  tokens_->later = true;
  auto late = divide(within(1s));
  auto in_time = divide();
  EXPECT_FALSE(late->done());
  EXPECT_FALSE(in_time->done());
  loop.advance(1s);
  EXPECT_EQ(late->code(), Code::kDeadlineExceeded);
  EXPECT_EQ(late->result->status().handler_ran(), HandlerRan::kNo);
  const int before = calls_of_all();
  check_->good = [](const std::string&) { return true; };
  while (!tokens_->waiting.empty()) {
    tokens_->answer();
    loop.settle();
  }
  EXPECT_EQ(in_time->message(), "");
  EXPECT_EQ(late->ends, 1);
  EXPECT_EQ(calls_of_all(), before + 1);
}

TEST_F(ClusterTokens, AreNotWaitedForByACallThatIsCancelled) {
  list({"a"});
  check_->good = [](const std::string& token) { return token == "Bearer 1"; };
  EXPECT_EQ(multiply()->message(), "");
  check_->good = [](const std::string&) { return false; };
  tokens_->later = true;
  Call<arith::Quotient> call = stub().Divide({7, 2});
  loop.settle();
  call.cancel();
  auto ended = watch(call);
  loop.settle();
  EXPECT_EQ(ended->code(), Code::kCancelled);
  tokens_->answer();
  loop.settle();
  EXPECT_EQ(ended->ends, 1);
}

TEST_F(ClusterTokens, ThatCannotBeRenewedLeaveTheRefusal) {
  list({"a"});
  EXPECT_EQ(multiply()->message(), "");
  check_->good = [](const std::string&) { return false; };
  tokens_->fails = true;
  auto ended = divide();
  EXPECT_EQ(ended->code(), Code::kUnauthenticated);
  EXPECT_EQ(ended->result->status().handler_ran(), HandlerRan::kNo);
  EXPECT_EQ(ended->message().find("there is no fresh token, either"), 0u) << ended->message();
  EXPECT_EQ(server("a").calls, 1);
}

TEST_F(ClusterTokens, AreForgottenWithTheCluster) {
  list({"a"});
  EXPECT_EQ(multiply()->message(), "");
  check_->good = [](const std::string&) { return false; };
  tokens_->later = true;
  auto ended = divide();
  EXPECT_FALSE(ended->done());
  cluster().close();
  loop.settle();
  EXPECT_EQ(ended->code(), Code::kCancelled);
  tokens_->answer();
  loop.settle();
  EXPECT_EQ(ended->ends, 1);
}

TEST_F(ClusterTokens, AreRenewedForHedgedCalls) {
  options.hedge.max_attempts = 2;
  options.hedge.after = 1s;
  list({"a", "b"});
  check_->good = [](const std::string& token) { return token == "Bearer 2"; };
  EXPECT_EQ(multiply()->message(), "");
  EXPECT_EQ(check_->shown, (Shown{"Bearer 1", "Bearer 2"}));
}

}  // namespace
}  // namespace tern::test
