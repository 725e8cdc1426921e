// A message of exactly the limit, and of one byte more, in every protocol and on both sides.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "serve/sample_service.h"
#include "tern/call.h"
#include "tern/testing.h"

namespace tern::test {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

constexpr std::size_t kLimit = 5000;  // bytes of a message

struct Via {
  std::string_view name;
  std::string_view address;
  std::string_view codec = "application/x-tern";
  // A connection on which a message over the limit has come goes on.
  bool goes_on = true;
};

void PrintTo(const Via& via, std::ostream* out) {
  *out << via.name;
}

constexpr std::array<Via, 12> kVias{{
    {"Native", "unix@here"},
    {"NativeJson", "unix@here", "application/x-tern+json"},
    {"GeeGob", "unix@here", "application/gob"},
    {"GeeJson", "unix@here", "application/json"},
    {"NetRpc", "netrpc+unix@here"},
    {"JsonRpc1", "jsonrpc+unix@here", "application/x-tern", false},
    {"JsonRpc2", "jsonrpc2+unix@here", "application/x-tern", false},
    {"JsonRpc2Http", "jsonrpc2+http@here:80", "application/x-tern", false},
    {"Connect", "connect+http@here:80", "application/x-tern", false},
    {"ConnectProto", "connect+http@here:80", "application/proto", false},
    {"ConnectH2", "connect-h2+unix@here"},
    {"ConnectH2Proto", "connect-h2+unix@here", "application/proto"},
}};

class ExactLimits : public testing::TestWithParam<Via> {
 protected:
  std::unique_ptr<TestServer> serve(std::size_t limit) {
    ServerOptions options;
    options.limits.message_bytes = limit;
    options.log = [](std::string_view) {};
    auto server = std::make_unique<TestServer>(options);
    EXPECT_TRUE(server->add(service_).ok());
    return server;
  }
  std::unique_ptr<Client> connect(TestServer& server, std::size_t limit) {
    ClientOptions options;
    options.limits.message_bytes = limit;
    options.codec = std::string(GetParam().codec);
    return server.connect(options, GetParam().address);
  }
  static Status echo(Client& client, std::size_t size) {
    std::string text(size, 'x');
    Result<std::string> reply =
        start_call<std::string>(client, SampleService::method(SampleService::kEcho), &text,
                                CallOptions())
            .get();
    if (reply.ok()) {
      EXPECT_EQ(*reply, text);
    }
    return reply.status();
  }
  // The longest text that gets through, and what is said of the one that is a byte longer.
  static std::size_t longest(Client& client, std::string& refusal) {
    std::size_t size = kLimit + 1;
    for (; size > kLimit - 200; --size) {
      Status status = echo(client, size);
      if (status.ok()) return size;
      refusal = status.message();
    }
    return 0;
  }

  std::shared_ptr<ScriptedService> service_ = std::make_shared<ScriptedService>();
};

// Which one depends on whether the protocol says how long a message is, and who knows the limit.
auto names_the_limit() {
  return AnyOf(HasSubstr("is 5001 bytes long; the limit is 5000"),
               HasSubstr("is 5001 bytes long when encoded; the peer takes at most 5000"),
               HasSubstr("longer than the limit, 5000 bytes"));
}

TEST_P(ExactLimits, OfAServerAreKeptToTheByte) {
  auto server = serve(kLimit);
  auto client = connect(*server, 4 * kLimit);
  std::string refusal;
  ASSERT_GT(longest(*client, refusal), 0u);
  EXPECT_THAT(refusal, names_the_limit());
}

TEST_P(ExactLimits, OfAClientAreKeptToTheByte) {
  auto server = serve(4 * kLimit);
  auto client = connect(*server, kLimit);
  std::string refusal;
  ASSERT_GT(longest(*client, refusal), 0u);
  EXPECT_THAT(refusal, names_the_limit());
}

TEST_P(ExactLimits, LetTheNextCallThrough) {
  auto server = serve(kLimit);
  auto client = connect(*server, 4 * kLimit);
  EXPECT_FALSE(echo(*client, 2 * kLimit).ok());
  EXPECT_TRUE(echo(*client, 10).ok());
  EXPECT_EQ(server->server().stats().connections_accepted, GetParam().goes_on ? 1u : 2u);
}

INSTANTIATE_TEST_SUITE_P(Of, ExactLimits, testing::ValuesIn(kVias),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace tern::test
