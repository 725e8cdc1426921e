// A registry, a server that is listed there and a cluster that finds it, on one loop that the test
// runs by hand: there is no thread but the test's.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>

#include "arith.service.h"
#include "integration/plain_arith.h"
#include "support/test_loop.h"
#include "tern/cluster.h"
#include "tern/http_registry.h"
#include "tern/in_process.h"
#include "tern/server.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

std::ptrdiff_t threads_of_this_process() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

class RegistryByHand : public testing::Test {
 protected:
  RegistryByHand() {
    EXPECT_TRUE(add_http_registry(*registry_server_).ok());
    EXPECT_TRUE(server_->add(std::make_shared<PlainArith>()).ok());
    HttpRegistryOptions options;
    options.dialer = in_process_dialer(*registry_server_);
    options.random = [] { return 0.5; };
    registry_ = *open_http_registry("registry:9999", loop_.pool(), std::move(options));
  }

  std::unique_ptr<Server> make_server() {
    ServerOptions options;
    options.log = [](std::string_view) {};
    return std::make_unique<Server>(loop_.pool(), std::move(options));
  }
  void announce_server() {
    Instance instance(*parse_endpoint("tcp@10.0.0.1:7000"));
    Status listed = tern::announce(*server_, *registry_, "arith.Arith", instance);
    EXPECT_TRUE(listed.ok()) << listed.to_string();
    loop_.settle();
  }
  // Runs the loop until the server has ended; false if that does not come.
  bool end(std::unique_ptr<Server>& server) {
    bool ended = false;
    server->async_stop(0ns, [&] {
      server.reset();
      ended = true;
    });
    loop_.settle();
    return ended;
  }
  std::size_t listed(const Discovery& discovery) {
    return discovery.view().known() ? discovery.view().servers->size() : 99;
  }

  const std::ptrdiff_t threads_ = threads_of_this_process();
  TestLoop loop_;
  std::unique_ptr<Server> registry_server_ = make_server();
  std::unique_ptr<Server> server_ = make_server();
  std::shared_ptr<Registry> registry_;
};

TEST_F(RegistryByHand, NeedsNoThreadFromTheFirstCallToTheEnd) {
  announce_server();
  std::shared_ptr<Discovery> discovery = registry_->discover("arith.Arith");
  loop_.settle();
  ASSERT_EQ(listed(*discovery), 1u);

  ClusterOptions options;
  options.client.dialer = in_process_dialer(*server_);
  auto cluster = std::make_unique<Cluster>(discovery, loop_.pool(), options);
  std::int64_t product = 0;
  arith::ArithStub(*cluster).Multiply({6, 7}).then([&](Result<std::int64_t> result) {
    if (result.ok()) product = *result;
  });
  loop_.settle();
  EXPECT_EQ(product, 42);

  loop_.advance(100ms);
  EXPECT_TRUE(end(server_));
  EXPECT_EQ(listed(*discovery), 0u) << "it withdraws before it ends";

  cluster.reset();
  discovery.reset();
  loop_.settle();
  EXPECT_TRUE(end(registry_server_));
  EXPECT_EQ(loop_.loop().timer_count(), 0u);
  EXPECT_EQ(threads_of_this_process(), threads_);
}

TEST_F(RegistryByHand, ServersEndThoughTheRegistryIsGone) {
  announce_server();
  bool ended = false;
  registry_server_->async_stop(0ns, [&] { ended = true; });
  loop_.settle();
  EXPECT_TRUE(ended);
  EXPECT_TRUE(end(server_));
  EXPECT_EQ(loop_.loop().timer_count(), 0u);
}

}  // namespace
}  // namespace tern::test
