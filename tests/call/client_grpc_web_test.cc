// A client that speaks gRPC-Web over HTTP/1.1, and a server by hand.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "call/client_fixture.h"
#include "call/relay.h"
#include "support/http_stream_text.h"

namespace tern::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kOk = "grpc-status: 0\r\n";

class ClientGrpcWeb : public ClientTest {
 protected:
  ClientGrpcWeb() : ClientTest("grpc-web+http@127.0.0.1:7") {}

  relay::RelayStub relay() { return relay::RelayStub(client()); }
  MemoryEnd& server(std::size_t index = 0) { return dialer->server(index); }
  std::string received() {
    loop.settle();
    return server().take_received();
  }
  void answer(std::string_view bytes) {
    server().send(bytes);
    loop.settle();
  }
  static std::string response(std::string_view body, std::string_view more = "", int status = 200,
                              std::string_view type = "application/grpc-web+proto") {
    return fmt::format(
        "HTTP/1.1 {} Some Words\r\nContent-Type: {}\r\n{}Content-Length: {}\r\n\r\n{}", status,
        type, more, body.size(), body);
  }
  // Int64Value.
  static std::string number(char value) { return envelope(std::string("\x08") + value); }
  // StringValue.
  static std::string text(std::string_view value) {
    return envelope("\x0a" + std::string(1, static_cast<char>(value.size())) + std::string(value));
  }
  static std::string reply(char value) { return response(number(value) + trailers(kOk)); }
  static std::string stream_head() {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/grpc-web+proto\r\n"
           "Transfer-Encoding: chunked\r\n\r\n";
  }
  template <typename Stream>
  static std::string next(Stream& stream) {
    std::string message;
    return stream.try_read(message) ? message : "none";
  }
  // What becomes of a call that is answered so; the connection goes on to be used.
  OutcomePtr<std::int64_t> answered(const std::string& bytes) {
    OutcomePtr<std::int64_t> call = multiply(6, 7);
    loop.settle();
    answer(bytes);
    EXPECT_EQ(call->ends, 1);
    OutcomePtr<std::int64_t> behind = multiply(2, 3);
    loop.settle();
    answer(reply(6));
    EXPECT_TRUE(behind->ok()) << behind->message();
    EXPECT_EQ(dialer->streams(), 1u);
    return call;
  }
};

TEST_F(ClientGrpcWeb, PostsItsCalls) {
  auto call = multiply(6, 7);
  loop.settle();
  EXPECT_EQ(received(),
            "POST /arith.Arith/Multiply HTTP/1.1\r\nAccept: application/grpc-web+proto\r\n"
            "X-Grpc-Web: 1\r\nHost: 127.0.0.1:7\r\nContent-Type: application/grpc-web+proto\r\n"
            "Content-Length: 9\r\n\r\n" +
                envelope("\x08\x06\x10\x07"));
  answer(reply(42));
  ASSERT_TRUE(call->ok()) << call->message();
  EXPECT_EQ(call->value(), 42);
}

TEST_F(ClientGrpcWeb, SendsItsTimeLimitAndMetadata) {
  CallOptions call = within(1500ms);
  call.metadata.add("x-token", "t");
  call.metadata.add("x-bytes-bin", std::string("\x00\xff", 2));
  multiply(6, 7, std::move(call));
  const std::string request = received();
  EXPECT_THAT(request, HasSubstr("\r\nGrpc-Timeout: 1500000u\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nx-token: t\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nx-bytes-bin: AP8\r\n"));
}

TEST_F(ClientGrpcWeb, SendsNoMetadataThatIsNone) {
  for (const auto& [key, value] : {std::pair<std::string, std::string>{"x-token", "t\r\nHost: b"},
                                   {"grpc-status", "0"},
                                   {"x-grpc-web", "2"},
                                   {"content-length", "1"},
                                   {"access-control-allow-origin", "*"},
                                   {"white space", "x"}}) {
    CallOptions with_metadata;
    with_metadata.metadata.add(key, value);
    auto call = multiply(6, 7, std::move(with_metadata));
    loop.settle();
    EXPECT_EQ(call->code(), Code::kInvalidArgument) << key;
    EXPECT_EQ(call->ran(), HandlerRan::kNo) << key;
  }
  EXPECT_EQ(received(), "");
}

TEST_F(ClientGrpcWeb, ReadsMetadataAheadOfTheReplyAndBehindIt) {
  Call<std::int64_t> call = stub().Multiply({6, 7});
  loop.settle();
  answer(response(number(42) + trailers("grpc-status: 0\r\ntook: 3ms\r\nsum-bin: AP8=\r\n"),
                  "Etag: x\r\nkey-bin: AQ\r\nDate: today\r\nAccess-Control-Allow-Origin: *\r\n"));
  ASSERT_TRUE(call.done());
  EXPECT_EQ(call.initial_metadata().get("etag"), "x");
  EXPECT_EQ(call.initial_metadata().get("key-bin"), "\x01");
  EXPECT_EQ(call.initial_metadata().get("access-control-allow-origin"), "");
  EXPECT_EQ(call.reply_metadata().get("took"), "3ms");
  EXPECT_EQ(call.reply_metadata().get("sum-bin"), std::string_view("\x00\xff", 2));
  EXPECT_EQ(call.get().value(), 42);
}

TEST_F(ClientGrpcWeb, SendsManyRequestsAndTakesTheAnswersInTheirOrder) {
  auto first = multiply(1, 1);
  auto second = multiply(2, 2);
  auto third = multiply(3, 3);
  loop.settle();
  answer(reply(1) + stream_head() + chunk(number(2)) + chunk(trailers(kOk)) +
         std::string(kLastChunk) + reply(3));
  EXPECT_EQ(first->value(), 1);
  EXPECT_EQ(second->value(), 2);
  EXPECT_EQ(third->value(), 3);
}

TEST_F(ClientGrpcWeb, TakesAnswersByteByByte) {
  StreamFaults bytewise;
  bytewise.read_size = 1;
  dialer->set_faults(bytewise);
  auto first = multiply(1, 1);
  auto second = multiply(2, 2);
  loop.settle();
  answer("HTTP/1.1 100 Continue\r\n\r\n" + reply(1) +
         response("", "Grpc-Status: 5\r\nGrpc-Message: no%20such\r\n"));
  EXPECT_EQ(first->value(), 1);
  EXPECT_EQ(second->code(), Code::kNotFound);
  EXPECT_EQ(second->message(), "no such");
}

TEST_F(ClientGrpcWeb, TakesTheTypeWithoutItsSubtype) {
  auto call = answered(response(number(42) + trailers(kOk), "", 200, "application/grpc-web"));
  ASSERT_TRUE(call->ok()) << call->message();
}

// As in trailers, so in a head alone.
TEST_F(ClientGrpcWeb, TellsDeclaredErrorsApart) {
  // Status{3, "divide by zero", Any{"type.googleapis.com/arith.DivideByZero", 08 08}}
  const std::string details =
      "CAMSDmRpdmlkZSBieSB6ZXJvGiwKJnR5cGUuZ29vZ2xlYXBpcy5jb20vYXJp"
      "dGguRGl2aWRlQnlaZXJvEgIICA";
  const std::string status =
      "grpc-status: 3\r\ngrpc-message: divide by zero\r\n"
      "grpc-status-details-bin: " +
      details + "\r\n";
  for (const std::string& bytes : {response(trailers(status)), response("", status)}) {
    auto call = watch(stub().Divide({8, 0}));
    loop.settle();
    answer(bytes);
    EXPECT_EQ(call->code(), Code::kInvalidArgument);
    EXPECT_EQ(call->ran(), HandlerRan::kUnknown);
    EXPECT_EQ(call->message(), "divide by zero");
    const auto* error = call->result->status().as<arith::DivideByZero>();
    ASSERT_NE(error, nullptr) << bytes;
    EXPECT_EQ(error->dividend, 8);
  }
}

struct Malformed {
  std::string name;
  std::string body;
  Code code;
  std::string text;
};

TEST_F(ClientGrpcWeb, FailsTheCallAloneIfItsAnswerIsNone) {
  const std::string ok = trailers(kOk);
  const std::string message = number(42);
  const Malformed kMalformed[] = {
      {"flag", envelope("\x08\x2a", 4) + ok, Code::kInternal, "the flags 0x04"},
      {"compressed", envelope("\x08\x2a", 1) + ok, Code::kInternal, "compressed"},
      {"compressed trailers", message + envelope(kOk, 0x81), Code::kInternal, "compressed"},
      {"empty", "", Code::kUnknown, "before the end of the stream"},
      {"no trailers", message, Code::kUnknown, "before the end of the stream"},
      {"cut prefix", message + ok.substr(0, 3), Code::kInternal, "ended in an envelope"},
      {"cut trailers", message + ok.substr(0, 9), Code::kInternal, "ended in an envelope"},
      {"cut message", message.substr(0, 6), Code::kInternal, "ended in an envelope"},
      {"no status", message + trailers("took: 3ms\r\n"), Code::kUnknown, "cannot be read"},
      {"no lines", message + trailers("grpc-status 0"), Code::kUnknown, "cannot be read"},
      {"no code", message + trailers("grpc-status: x\r\n"), Code::kUnknown, ""},
      {"no message", ok, Code::kUnimplemented, "without a reply"},
      {"two messages", message + message + ok, Code::kUnimplemented, "a second reply"},
      {"no protobuf", envelope("\xff") + ok, Code::kInternal, "protobuf"},
      {"no base64", message + trailers("grpc-status: 0\r\na-bin: ?\r\n"), Code::kInternal,
       "not base64"},
  };
  for (const Malformed& bad : kMalformed) {
    SCOPED_TRACE(bad.name);
    auto call = answered(response(bad.body));
    EXPECT_EQ(call->code(), bad.code) << call->message();
    EXPECT_THAT(call->message(), HasSubstr(bad.text));
  }
}

TEST_F(ClientGrpcWeb, TakesTheStatusOfHttpWhereThereIsNoOther) {
  const struct {
    int status;
    Code code;
  } kMapped[] = {{200, Code::kUnknown},         {400, Code::kInternal},
                 {401, Code::kUnauthenticated}, {403, Code::kPermissionDenied},
                 {404, Code::kUnimplemented},   {429, Code::kUnavailable},
                 {502, Code::kUnavailable},     {503, Code::kUnavailable},
                 {504, Code::kUnavailable},     {500, Code::kUnknown}};
  for (const auto& [status, code] : kMapped) {
    auto call = answered(response("<html>", "", status, "text/html"));
    EXPECT_EQ(call->code(), code) << status;
    EXPECT_EQ(call->ran(), HandlerRan::kUnknown);
    EXPECT_THAT(call->message(), HasSubstr("\"text/html\": \"<html>\""));
  }
  // Success counts only where a message can be.
  EXPECT_EQ(answered(response("", "grpc-status: 0\r\n", 200, "text/html"))->code(), Code::kUnknown);
  EXPECT_EQ(answered(response("", "grpc-status: 0\r\n"))->code(), Code::kUnimplemented);
}

TEST_F(ClientGrpcWeb, RefusesMessagesOverTheLimitByTheirPrefix) {
  options.limits.message_bytes = 100;
  auto call = multiply(6, 7);
  loop.settle();
  answer(stream_head() + chunk(envelope(std::string(1000, 'x')).substr(0, 5)));
  EXPECT_EQ(call->code(), Code::kResourceExhausted);
  EXPECT_EQ(call->ran(), HandlerRan::kUnknown);
  EXPECT_THAT(call->message(), HasSubstr("1000 bytes; the limit is 100"));
  // What follows is read past.
  answer(chunk(std::string(1000, 'x')) + chunk(trailers(kOk)) + std::string(kLastChunk));
  auto behind = multiply(2, 3);
  loop.settle();
  answer(reply(6));
  ASSERT_TRUE(behind->ok()) << behind->message();
  EXPECT_EQ(dialer->streams(), 1u);
}

TEST_F(ClientGrpcWeb, RefusesTrailersOverTheLimit) {
  options.limits.metadata_bytes = 100;
  auto call =
      answered(response(number(42) + trailers("grpc-status: 0\r\na: " + std::string(200, 'x'))));
  EXPECT_EQ(call->code(), Code::kResourceExhausted);
}

TEST_F(ClientGrpcWeb, EndsTheConnectionOfAnAnswerThatGoesOnBehindItsTrailers) {
  auto call = multiply(6, 7);
  auto behind = multiply(2, 3);
  loop.settle();
  answer(response(number(42) + trailers(kOk) + "x"));
  ASSERT_TRUE(call->ok()) << call->message();
  EXPECT_EQ(behind->code(), Code::kUnavailable);
  EXPECT_EQ(behind->ran(), HandlerRan::kUnknown);
  EXPECT_TRUE(server().end_received());
}

// Wherever an answer is cut off, the call has its outcome only if all of that has come.
TEST_F(ClientGrpcWeb, NeverTakesAnAnswerThatIsCutOffForAnother) {
  const std::string whole[] = {
      reply(42), response(trailers("grpc-status: 13\r\ngrpc-message: no\r\n")),
      response("", "grpc-status: 13\r\ngrpc-message: no\r\n"),
      stream_head() + chunk(number(42)) + chunk(trailers(kOk)) + std::string(kLastChunk)};
  std::size_t connection = 0;
  for (const std::string& bytes : whole) {
    for (std::size_t size = 0; size <= bytes.size(); ++size, ++connection) {
      auto call = multiply(6, 7);
      loop.settle();
      server(connection).send(std::string_view(bytes).substr(0, size));
      server(connection).close();
      loop.settle();
      ASSERT_EQ(call->ends, 1) << size;
      if (call->ok()) {
        EXPECT_EQ(call->value(), 42);
        EXPECT_GE(size + kLastChunk.size() + 2, bytes.size());
      } else if (call->code() == Code::kInternal) {
        EXPECT_EQ(call->message(), "no");
        EXPECT_EQ(size, bytes.size());
      } else {
        EXPECT_EQ(call->code(), Code::kUnavailable) << call->message();
      }
      if (!call->ok()) {
        EXPECT_EQ(call->ran(), HandlerRan::kUnknown);
      }
    }
  }
}

// --- Streams ---

TEST_F(ClientGrpcWeb, StreamsAreReadAsTheyCome) {
  ServerStream<std::string> watching = relay().Watch("all");
  EXPECT_THAT(received(), AllOf(StartsWith("POST /relay.Relay/Watch HTTP/1.1\r\n"),
                                HasSubstr("\r\n\r\n" + text("all"))));
  answer(
      "HTTP/1.1 200 OK\r\nContent-Type: application/grpc-web+proto\r\n"
      "Transfer-Encoding: chunked\r\nEtag: x\r\n\r\n" +
      chunk(text("one")));
  EXPECT_EQ(next(watching), "one");
  EXPECT_EQ(next(watching), "none");
  EXPECT_EQ(watching.initial_metadata().get("etag"), "x");
  answer(chunk(text("two") + trailers("grpc-status: 0\r\ntook: 3ms\r\n")) +
         std::string(kLastChunk));
  EXPECT_EQ(next(watching), "two");
  EXPECT_EQ(next(watching), "none");
  EXPECT_TRUE(watching.status().ok()) << watching.status().to_string();
  EXPECT_EQ(watching.trailing_metadata().get("took"), "3ms");
  auto call = multiply(6, 7);
  loop.settle();
  answer(reply(42));
  EXPECT_TRUE(call->ok()) << call->message();
  EXPECT_EQ(dialer->streams(), 1u);
}

TEST_F(ClientGrpcWeb, StreamsWithoutAMessageEndWell) {
  for (const std::string& bytes : {response("", "grpc-status: 0\r\n"), response(trailers(kOk))}) {
    ServerStream<std::string> watching = relay().Watch("all");
    received();
    answer(bytes);
    EXPECT_EQ(next(watching), "none");
    EXPECT_TRUE(watching.status().ok()) << watching.status().to_string();
  }
}

TEST_F(ClientGrpcWeb, StreamsEndWithTheErrorOfTheServer) {
  ServerStream<std::string> watching = relay().Watch("all");
  received();
  answer(stream_head() + chunk(text("one")) +
         chunk(trailers("grpc-status:5\ngrpc-message:no key\n")) + std::string(kLastChunk));
  EXPECT_EQ(next(watching), "one");
  EXPECT_EQ(next(watching), "none");
  EXPECT_EQ(watching.status().code(), Code::kNotFound);
  EXPECT_THAT(std::string(watching.status().message()), HasSubstr("no key"));
}

TEST_F(ClientGrpcWeb, StreamsThatAreDroppedEndTheirConnection) {
  {
    ServerStream<std::string> watching = relay().Watch("all");
    received();
    answer(stream_head() + chunk(text("one")));
  }
  auto call = multiply(6, 7);
  loop.settle();
  EXPECT_TRUE(server().end_received());
  ASSERT_EQ(dialer->streams(), 2u);
  server(1).send(reply(42));
  loop.settle();
  ASSERT_TRUE(call->ok()) << call->message();
}

TEST_F(ClientGrpcWeb, StreamsNeverEndWellIfTheyAreCutOff) {
  const std::string bytes = stream_head() + chunk(text("one")) + chunk(text("two")) +
                            chunk(trailers(kOk)) + std::string(kLastChunk);
  const std::size_t ended = bytes.size() - kLastChunk.size() - 2;
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    ServerStream<std::string> watching = relay().Watch("all");
    loop.settle();
    server(size).send(std::string_view(bytes).substr(0, size));
    server(size).close();
    loop.settle();
    while (next(watching) != "none") {
    }
    EXPECT_EQ(watching.status().ok(), size >= ended) << size << watching.status().to_string();
    if (size < ended) {
      EXPECT_EQ(watching.status().code(), Code::kUnavailable) << size;
    }
  }
}

TEST_F(ClientGrpcWeb, StreamsOfClientsAreRefusedBeforeTheyAreSent) {
  ClientStream<std::string, std::int64_t> upload = relay().Upload();
  BidiStream<std::string, std::string> chat = relay().Chat();
  std::optional<Result<std::int64_t>> result;
  upload.finish_then([&](Result<std::int64_t> sum) { result.emplace(std::move(sum)); });
  loop.settle();
  ASSERT_TRUE(result);
  for (const Status& status : {result->status(), chat.status()}) {
    EXPECT_EQ(status.code(), Code::kUnimplemented);
    EXPECT_EQ(status.handler_ran(), HandlerRan::kNo);
    EXPECT_THAT(std::string(status.message()), HasSubstr("cannot carry the stream of a client"));
  }
  EXPECT_EQ(received(), "");
  auto call = multiply(6, 7);
  loop.settle();
  answer(reply(42));
  EXPECT_TRUE(call->ok()) << call->message();
  EXPECT_EQ(dialer->streams(), 1u);
}

}  // namespace
}  // namespace tern::test
