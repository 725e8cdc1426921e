// A client and a cluster that are static objects: they end behind main().
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "arith.service.h"
#include "integration/plain_arith.h"
#include "tern/tern.h"

namespace {

// Made before what the library keeps for itself, and so destroyed behind it.
struct AtTheEnd {
  ~AtTheEnd() {
    client.reset();
    if (code == tern::Code::kCancelled) return;
    std::fprintf(stderr, "the call of a static client ended with %d; expected cancelled\n",
                 static_cast<int>(code));
    std::_Exit(1);
  }
  tern::Code code = tern::Code::kCancelled;
  std::unique_ptr<tern::Client> client;
} at_the_end;

TEST(StaticObjects, ACallThatWaitsEndsWithItsClientBehindMain) {
  // Nobody listens there, and the call waits for somebody.
  tern::Server server;
  ASSERT_TRUE(server.add(std::make_shared<tern::test::PlainArith>()).ok());
  tern::Result<tern::Endpoint> address = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(address.ok()) << address.status().to_string();
  at_the_end.client = std::make_unique<tern::Client>(address->to_string());
  arith::ArithStub arith(*at_the_end.client);
  ASSERT_EQ(*arith.Multiply({6, 7}).get(), 42);
  server.stop();
  at_the_end.code = tern::Code::kUnknown;
  tern::CallOptions options;
  options.wait_for_ready = true;
  arith.Multiply({6, 7}, options).then([](tern::Result<std::int64_t> result) {
    at_the_end.code = result.status().code();
  });
}

}  // namespace
