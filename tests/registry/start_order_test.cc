// The registry, a server and a client are started in every order, minutes apart: calls that wait
// for a server get their answer when all three are there, and the others fail until then.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arith.service.h"
#include "integration/plain_arith.h"
#include "support/fake_dialer.h"
#include "support/test_loop.h"
#include "tern/cluster.h"
#include "tern/http_registry.h"
#include "tern/in_process.h"
#include "tern/server.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kService = "arith.Arith";
constexpr std::string_view kAddress = "tcp@10.0.0.1:7000";

enum class Part { kRegistry, kServer, kClient };
using Order = std::array<Part, 3>;

std::string name_of(const Order& order) {
  std::string name;
  for (Part part : order) {
    name += part == Part::kRegistry ? "Registry" : part == Part::kServer ? "Server" : "Client";
  }
  return name;
}

std::vector<Order> every_order() {
  Order order{Part::kRegistry, Part::kServer, Part::kClient};
  std::vector<Order> all;
  do {
    all.push_back(order);
  } while (std::next_permutation(order.begin(), order.end()));
  return all;
}

// Leads to a server in memory, and is refused while there is none.
class LaterDialer final : public Dialer {
 public:
  void set_server(Server& server) { to_server_ = in_process_dialer(server); }
  std::size_t attempts() const { return attempts_; }

  std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint& endpoint,
                                std::chrono::nanoseconds timeout, Done done) override {
    ++attempts_;
    if (to_server_) return to_server_->dial(loop, endpoint, timeout, std::move(done));
    refusing_.fail_next(Status(Code::kUnavailable, "connection refused", HandlerRan::kNo));
    return refusing_.dial(loop, endpoint, timeout, std::move(done));
  }

 private:
  std::shared_ptr<Dialer> to_server_;
  FakeDialer refusing_;
  std::size_t attempts_ = 0;
};

class StartOrder : public testing::TestWithParam<Order> {
 protected:
  using Outcome = std::shared_ptr<std::optional<Result<std::int64_t>>>;

  ~StartOrder() override {
    if (registration_) {
      registration_->async_withdraw([] {});
      loop_.settle();
      registration_.reset();
    }
    cluster_.reset();
    discovery_.reset();
    loop_.settle();
    loop_.io().stop();
    server_.reset();
    registry_server_.reset();
  }

  void start(Part part) {
    switch (part) {
      case Part::kRegistry:
        registry_server_ = make_server();
        ASSERT_TRUE(add_http_registry(*registry_server_).ok());
        to_registry_->set_server(*registry_server_);
        break;
      case Part::kServer:
        server_ = make_server();
        ASSERT_TRUE(server_->add(std::make_shared<PlainArith>()).ok());
        to_server_->set_server(*server_);
        registration_ = open_registry()->announce(kService, Instance(*parse_endpoint(kAddress)));
        break;
      case Part::kClient: {
        discovery_ = open_registry()->discover(kService);
        ClusterOptions options;
        options.client.dialer = to_server_;
        options.client.random = [] { return 0.5; };
        cluster_ = std::make_unique<Cluster>(discovery_, loop_.pool(), options);
        break;
      }
    }
    loop_.settle();
  }

  Outcome multiply(bool wait_for_ready) {
    CallOptions options;
    options.wait_for_ready = wait_for_ready;
    options.timeout = 24h;
    auto outcome = std::make_shared<std::optional<Result<std::int64_t>>>();
    Call<std::int64_t> call = arith::ArithStub(*cluster_).Multiply({6, 7}, options);
    call.then([outcome](Result<std::int64_t> result) { outcome->emplace(std::move(result)); });
    loop_.settle();
    return outcome;
  }
  static bool is_answered(const Outcome& outcome) {
    return *outcome && (*outcome)->ok() && **(*outcome) == 42;
  }
  void pass(std::chrono::seconds time) {
    for (; time > 0s; time -= 1s) loop_.advance(1s);
  }
  std::size_t attempts() const { return to_registry_->attempts() + to_server_->attempts(); }

  bool has_client() const { return cluster_ != nullptr; }

 private:
  std::unique_ptr<Server> make_server() {
    ServerOptions options;
    options.log = [](std::string_view) {};
    return std::make_unique<Server>(loop_.pool(), std::move(options));
  }
  std::shared_ptr<Registry> open_registry() {
    HttpRegistryOptions options;
    options.dialer = to_registry_;
    options.random = [] { return 0.5; };
    return *open_http_registry("registry:9999", loop_.pool(), std::move(options));
  }

  TestLoop loop_;
  std::shared_ptr<LaterDialer> to_registry_ = std::make_shared<LaterDialer>();
  std::shared_ptr<LaterDialer> to_server_ = std::make_shared<LaterDialer>();
  std::unique_ptr<Server> registry_server_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Registration> registration_;
  std::shared_ptr<Discovery> discovery_;
  std::unique_ptr<Cluster> cluster_;
};

TEST_P(StartOrder, DoesNotMatterToCallsThatWaitAndTheOthersFailUntilAllAreThere) {
  Outcome waiting;
  for (std::size_t i = 0; i < GetParam().size(); ++i) {
    start(GetParam()[i]);
    if (has_client() && !waiting) waiting = multiply(true);
    if (i + 1 == GetParam().size()) break;
    for (int minute = 0; minute < 10; ++minute, pass(60s)) {
      if (!has_client()) continue;
      Outcome failing = multiply(false);
      ASSERT_TRUE(failing->has_value()) << "a call that does not wait must fail at once";
      EXPECT_EQ((*failing)->status().code(), Code::kUnavailable)
          << (*failing)->status().to_string();
      EXPECT_EQ((*failing)->status().handler_ran(), HandlerRan::kNo);
      EXPECT_FALSE(waiting->has_value());
    }
  }
  // Who has waited for long tries again rarely, and not never.
  for (int second = 0; second < 300 && !waiting->has_value(); ++second) pass(1s);
  ASSERT_TRUE(waiting->has_value());
  EXPECT_TRUE(is_answered(waiting)) << (*waiting)->status().to_string();
  EXPECT_TRUE(is_answered(multiply(false)));
  EXPECT_LT(attempts(), 200u);
}

INSTANTIATE_TEST_SUITE_P(Of, StartOrder, testing::ValuesIn(every_order()),
                         [](const auto& order) { return name_of(order.param); });

}  // namespace
}  // namespace tern::test
