// What a client of Connect over HTTP/1.1 makes of answers to streams that are no streams.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <string_view>

#include "call/client_fixture.h"
#include "call/relay.h"

namespace tern::test {
namespace {

using testing::HasSubstr;

class ClientConnectStreamRefusals : public ClientTest {
 protected:
  ClientConnectStreamRefusals() : ClientTest("connect+http@127.0.0.1:7") {}

  relay::RelayStub relay() { return relay::RelayStub(client()); }
  void answer(std::string_view json) {
    loop.settle();
    dialer->server(0).send(
        fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    "Content-Length: {}\r\n\r\n{}",
                    json.size(), json));
    loop.settle();
  }
};

// Else a server that knows the method as another kind would seem to have sent a stream, to its end.
TEST_F(ClientConnectStreamRefusals, TheReplyOfAUnaryCallEndsNoStreamWell) {
  ServerStream<std::string> watching = relay().Watch("all");
  answer("\"one\"");
  std::string message;
  EXPECT_FALSE(watching.try_read(message));
  EXPECT_EQ(watching.status().code(), Code::kUnknown);
  EXPECT_EQ(watching.status().handler_ran(), HandlerRan::kUnknown);
  EXPECT_THAT(std::string(watching.status().message()),
              HasSubstr("status 200 with Content-Type \"application/json\""));
}

TEST_F(ClientConnectStreamRefusals, TheReplyOfAUnaryCallIsNoResultOfAnUpload) {
  ClientStream<std::string, std::int64_t> upload = relay().Upload();
  std::optional<Result<std::int64_t>> result;
  upload.finish_then([&](Result<std::int64_t> sum) { result.emplace(std::move(sum)); });
  answer("23");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status().code(), Code::kUnknown);
}

}  // namespace
}  // namespace tern::test
