// A generated stub at servers in Go.
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "arith.service.h"
#include "interop.service.h"
#include "reverse.service.h"
#include "support/child_process.h"
#include "tern/tern.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

struct Kind {
  std::string name;
  std::string serves;  // goserver's argument
  std::string codec;   // of a GeeRPC client
};

class GoServer : public testing::TestWithParam<Kind> {
 protected:
  GoServer() : process_({TERN_GO_SERVER, GetParam().serves, "tcp", "127.0.0.1:0"}) {
    if (!GetParam().codec.empty()) options_.codec = GetParam().codec;
  }

  Client& client() {
    if (!client_) client_.emplace(process_.first_line(), options_);
    return *client_;
  }
  bool lives() {
    Result<std::int64_t> sum = interop::FooStub(client()).Sum({1, 3}).get();
    return sum.ok() && *sum == 4 && client().stats().connects == 1;
  }

  ClientOptions options_;
  ChildProcess process_;

 private:
  std::optional<Client> client_;
};

TEST_P(GoServer, AnswersAThousandCallsAtOnce) {
  interop::ArithStub arith(client());
  std::vector<Call<std::int64_t>> calls;
  for (std::int64_t i = 0; i < 1000; ++i) calls.push_back(arith.Multiply({i, -i}));
  std::int64_t right = 0;
  for (std::int64_t i = 0; i < 1000; ++i) {
    Result<std::int64_t> product = calls[static_cast<std::size_t>(i)].get();
    if (product.ok() && *product == -i * i) ++right;
  }
  EXPECT_EQ(right, 1000);
}

TEST_P(GoServer, CarriesAMebibyteThereAndBack) {
  interop::KVStoreServiceStub store(client());
  std::string large(1 << 20, 'x');
  large.replace(1000, 2, "é");
  ASSERT_TRUE(store.Set({"large", large}).get().ok());
  Result<std::string> back = store.Get("large").get();
  ASSERT_TRUE(back.ok()) << back.status().to_string();
  EXPECT_TRUE(*back == large);
}

TEST_P(GoServer, TextsOfErrorsArriveToTheLetterAndTheConnectionLives) {
  Result<interop::Quotient> quotient = interop::ArithStub(client()).Divide({1, 0}).get();
  EXPECT_EQ(quotient.status().message(), "divide by zero");
  EXPECT_EQ(quotient.status().handler_ran(), HandlerRan::kUnknown);
  EXPECT_TRUE(lives());
  Result<std::string> text = interop::KVStoreServiceStub(client()).Get("nothing").get();
  EXPECT_EQ(text.status().message(), "not found");
  EXPECT_TRUE(lives());
}

TEST_P(GoServer, AReplyAfterTheDeadlineIsDropped) {
  interop::FooStub foo(client());
  ASSERT_TRUE(lives());
  CallOptions hasty;
  hasty.timeout = 100ms;
  EXPECT_EQ(foo.Sleep({1, 3}, hasty).get().status().code(), Code::kDeadlineExceeded);
  // Its reply comes behind the late one: both slept a second, and this one began later.
  Result<std::int64_t> sum = foo.Sleep({1, 4}).get();
  ASSERT_TRUE(sum.ok()) << sum.status().to_string();
  EXPECT_EQ(*sum, 5);
  EXPECT_EQ(client().stats().late_replies, 1u);
  EXPECT_EQ(client().stats().connects, 1u);
}

TEST_P(GoServer, ThatIsGoneEndsItsCalls) {
  ASSERT_TRUE(lives());
  Call<std::int64_t> waiting = interop::FooStub(client()).Sleep({60, 0});
  process_.kill();
  Status lost = waiting.get().take_status();
  EXPECT_EQ(lost.code(), Code::kUnavailable) << lost.to_string();
  EXPECT_EQ(lost.handler_ran(), HandlerRan::kUnknown);
}

const Kind kKinds[] = {
    {"NetRpc", "netrpc", ""},
    {"NetRpcOverHttp", "netrpc+http", ""},
    {"JsonRpc", "jsonrpc", ""},
    {"GeeRpcGob", "geerpc", "application/gob"},
    {"GeeRpcJson", "geerpc", "application/json"},
    {"GeeRpcGobOverHttp", "geerpc+http", "application/gob"},
};
std::string name_of(const testing::TestParamInfo<Kind>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Kinds, GoServer, testing::ValuesIn(kKinds), name_of);

// GeeRPC's server leaves the body of such a request in the stream, and is lost.
class NetRpcServer : public GoServer {};

TEST_P(NetRpcServer, WithoutTheMethodSaysSoAndTheConnectionLives) {
  Status missing = arith::ArithStub(client()).Sleep(1ms).get().take_status();
  EXPECT_EQ(missing.message(), "rpc: can't find method Arith.Sleep");
  EXPECT_EQ(missing.code(), Code::kUnimplemented);
  EXPECT_EQ(missing.handler_ran(), HandlerRan::kUnknown);
  EXPECT_TRUE(lives());
}

TEST_P(NetRpcServer, WithoutTheServiceSaysSoAndTheConnectionLives) {
  Status missing = reverse::ArithmeticServiceStub(client()).Multiply({2, 3}).get().take_status();
  EXPECT_EQ(missing.message(), "rpc: can't find service ArithmeticService.Multiply");
  EXPECT_EQ(missing.code(), Code::kUnimplemented);
  EXPECT_EQ(missing.handler_ran(), HandlerRan::kUnknown);
  EXPECT_TRUE(lives());
}

INSTANTIATE_TEST_SUITE_P(Kinds, NetRpcServer, testing::ValuesIn(kKinds, kKinds + 3), name_of);

class GeeRpcServer : public GoServer {
 protected:
  GeeRpcServer() { options_.handle_timeout = 1s; }
};

TEST_P(GeeRpcServer, EndsACallWhenTheHandleTimeoutOfTheOptionIsOver) {
  Status late = interop::FooStub(client()).Sleep({30, 0}).get().take_status();
  EXPECT_EQ(late.message(), "rpc server: request handle timeout: expect within 1s");
  EXPECT_EQ(late.code(), Code::kDeadlineExceeded);
  EXPECT_TRUE(lives());
}

INSTANTIATE_TEST_SUITE_P(Kinds, GeeRpcServer, testing::ValuesIn(kKinds + 3, kKinds + 6), name_of);

}  // namespace
}  // namespace tern::test
