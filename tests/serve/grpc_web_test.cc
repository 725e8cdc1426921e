// A server's calls and streams in gRPC-Web.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "serve/http_stream_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

// google.protobuf.StringValue.
std::string text_value(std::string_view text) {
  return std::string("\x0a") + static_cast<char>(text.size()) + std::string(text);
}

class GrpcWeb : public HttpStreams {
 protected:
  static std::string call(std::string_view method, std::string_view argument,
                          std::string_view headers = "") {
    const std::string body = envelope(text_value(argument));
    return post(method,
                fmt::format("Content-Type: application/grpc-web+proto\r\n{}Content-Length: {}\r\n",
                            headers, body.size()),
                body);
  }
};

TEST_F(GrpcWeb, CarriesAServersMessagesAndTheirEndAndTheConnectionLives) {
  auto peer = open();
  feed().watch = [](ServerContext& context, std::string key,
                    Writer<std::string> out) -> Reply<void> {
    context.reply_metadata().add("took", "3ms");
    return [](std::string text, Writer<std::string> to) -> asio::awaitable<Result<void>> {
      for (const std::string& message : {text + "1", text + "2"}) {
        if (!co_await to.write(message)) co_return to.status();
      }
      co_return Result<void>();
    }(std::move(key), std::move(out));
  };
  for (int i = 0; i < 2; ++i) {
    const std::string answer = say(*peer, call("Watch", "all"));
    EXPECT_THAT(answer,
                StartsWith("HTTP/1.1 200 OK\r\nContent-Type: application/grpc-web+proto\r\n"));
    EXPECT_EQ(body_of(answer), envelope(text_value("all1")) + envelope(text_value("all2")) +
                                   trailers("grpc-status: 0\r\ntook: 3ms\r\n"));
  }
  EXPECT_EQ(streams_open(), 0u);
}

TEST_F(GrpcWeb, SaysAnErrorBeforeTheFirstMessageInTheHead) {
  auto peer = open();
  feed().watch = [](ServerContext&, std::string, Writer<std::string>) -> Reply<void> {
    return Status(Code::kNotFound, "no such feed");
  };
  EXPECT_THAT(say(*peer, call("Watch", "all")),
              AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("Content-Length: 0\r\n"),
                    HasSubstr("\r\ngrpc-status: 5\r\ngrpc-message: no such feed\r\n")));
}

TEST_F(GrpcWeb, SaysThatAMethodIsNotThereOrThatItsClientStreams) {
  auto peer = open();
  EXPECT_THAT(say(*peer, call("Wotch", "all")),
              AllOf(HasSubstr("\r\ngrpc-status: 12\r\n"),
                    HasSubstr("unknown method Wotch for service feed.Feed")));
  EXPECT_THAT(say(*peer, call("Upload", "all")),
              AllOf(HasSubstr("\r\ngrpc-status: 12\r\n"),
                    HasSubstr("the client of feed.Feed/Upload streams")));
}

TEST_F(GrpcWeb, SaysThatAnArgumentCannotBeReadAsGrpcDoes) {
  auto peer = open();
  const std::string body = envelope("\x0a\x7f");
  EXPECT_THAT(say(*peer, post("Watch",
                              fmt::format("Content-Type: application/grpc-web\r\n"
                                          "Content-Length: {}\r\n",
                                          body.size()),
                              body)),
              AllOf(HasSubstr("\r\ngrpc-status: 13\r\n"), HasSubstr("the argument of feed.Feed")));
}

TEST_F(GrpcWeb, IsCancelledWhenItsClientLeaves) {
  expect_cancelled_when_its_client_leaves(call("Watch", "all"));
}

TEST_F(GrpcWeb, EndsWithTheClientsTimeLimit) {
  expect_ended_by_its_time(call("Watch", "all", "Grpc-Timeout: 500m\r\n"),
                           envelope(text_value("one")), "grpc-status: 4\r\n");
}

TEST_F(GrpcWeb, WaitsForItsClientToRead) {
  expect_wait_for_its_client_to_read(call("Watch", "all"));
}

}  // namespace
}  // namespace tern::test
