// Who is accepted, by every way into a server: printed as a table.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "serve/http_fixture.h"
#include "serve/scripted_authenticator.h"
#include "serve/stream_fixture.h"
#include "serve/transport.h"
#include "support/stream_user.h"
#include "tern/call.h"
#include "tern/client.h"
#include "tern/http_registry.h"
#include "tern/stream.h"

namespace tern::test {
namespace {

// What a request shows.
struct Shown {
  std::string_view name;
  std::string_view token;  // "": nothing
};
constexpr std::array<Shown, 4> kShown{
    {{"none", ""}, {"bad", "mallory"}, {"expired", "expired"}, {"good", "alice"}}};

// How a client speaks.
struct Spoken {
  std::string_view name;
  std::string_view address;
  std::string_view codec;
};
const std::vector<Spoken> kSpoken = {
    {"tern", "tcp@here:1", "application/x-tern"},
    {"gRPC", "grpc+tcp@here:1", "application/x-tern"},
    {"Connect, JSON", "connect+http@here:1", "application/json"},
    {"Connect, protobuf", "connect+http@here:1", "application/proto"},
    {"Connect, HTTP/2", "connect-h2+tcp@here:1", "application/json"},
    {"gRPC-Web, client", "grpc-web+http@here:1", "application/x-tern"},
    {"JSON-RPC 2.0, HTTP", "jsonrpc2+http@here:1", "application/x-tern"},
    {"JSON-RPC 2.0", "jsonrpc2+tcp@here:1", "application/x-tern"},
    {"JSON-RPC 1.0", "jsonrpc+tcp@here:1", "application/x-tern"},
    {"net/rpc", "netrpc+tcp@here:1", "application/x-tern"},
    {"GeeRPC, gob", "tcp@here:1", "application/gob"},
    {"GeeRPC, JSON", "tcp@here:1", "application/json"},
};

// What is accepted, whatever the transport is.
constexpr std::string_view kTable =
    "                               none     bad      expired  good\n"
    "tern: call                     out      out      out      in\n"
    "gRPC: call                     out      out      out      in\n"
    "Connect, JSON: call            out      out      out      in\n"
    "Connect, protobuf: call        out      out      out      in\n"
    "Connect, HTTP/2: call          out      out      out      in\n"
    "gRPC-Web, client: call         out      out      out      in\n"
    "JSON-RPC 2.0, HTTP: call       out      out      out      in\n"
    "JSON-RPC 2.0: call             out      out      out      out\n"
    "JSON-RPC 1.0: call             out      out      out      out\n"
    "net/rpc: call                  out      out      out      out\n"
    "GeeRPC, gob: call              out      out      out      out\n"
    "GeeRPC, JSON: call             out      out      out      out\n"
    "tern: stream                   out      out      out      in\n"
    "gRPC: stream                   out      out      out      in\n"
    "Connect, JSON: stream          out      out      out      in\n"
    "Connect, protobuf: stream      out      out      out      in\n"
    "Connect, HTTP/2: stream        out      out      out      in\n"
    "gRPC-Web, client: stream       out      out      out      in\n"
    "JSON-RPC 2.0, HTTP: stream     -        -        -        -\n"
    "JSON-RPC 2.0: stream           -        -        -        -\n"
    "JSON-RPC 1.0: stream           -        -        -        -\n"
    "net/rpc: stream                -        -        -        -\n"
    "GeeRPC, gob: stream            -        -        -        -\n"
    "GeeRPC, JSON: stream           -        -        -        -\n"
    "curl: call                     out      out      out      in\n"
    "curl: stream                   out      out      out      in\n"
    "EventSource: stream            out      out      out      in\n"
    "gRPC-Web: call                 out      out      out      in\n"
    "gRPC-Web: stream               out      out      out      in\n"
    "/metrics                       out      out      out      in\n"
    "/debug/rpc                     out      out      out      in\n"
    "/healthz                       out      out      out      in\n"
    "/_geerpc_/registry             out      out      out      in\n"
    "registry: register             out      out      out      in\n";

// "is stream": a method that streams, called as one that does not; "is call": the other way round.
constexpr std::string_view kTableOfUnserved =
    "                               none     bad      expired  good\n"
    "tern: no method                out      out      out      -\n"
    "tern: no stream                out      out      out      -\n"
    "gRPC: no method                out      out      out      -\n"
    "gRPC: no stream                out      out      out      -\n"
    "Connect, JSON: no method       out      out      out      -\n"
    "Connect, JSON: no stream       out      out      out      -\n"
    "Connect, protobuf: no method   out      out      out      -\n"
    "Connect, protobuf: no stream   out      out      out      -\n"
    "Connect, HTTP/2: no method     out      out      out      -\n"
    "Connect, HTTP/2: no stream     out      out      out      -\n"
    "gRPC-Web, client: no method    out      out      out      -\n"
    "gRPC-Web, client: no stream    out      out      out      -\n"
    "JSON-RPC 2.0, HTTP: no method  out      out      out      -\n"
    "JSON-RPC 2.0, HTTP: no stream  -        -        -        -\n"
    "JSON-RPC 2.0: no method        out      out      out      out\n"
    "JSON-RPC 2.0: no stream        -        -        -        -\n"
    "JSON-RPC 1.0: no method        out      out      out      out\n"
    "JSON-RPC 1.0: no stream        -        -        -        -\n"
    "net/rpc: no method             out      out      out      out\n"
    "net/rpc: no stream             -        -        -        -\n"
    "GeeRPC, gob: no method         out      out      out      out\n"
    "GeeRPC, gob: no stream         -        -        -        -\n"
    "GeeRPC, JSON: no method        out      out      out      out\n"
    "GeeRPC, JSON: no stream        -        -        -        -\n"
    "tern: is stream                out      out      out      -\n"
    "tern: is call                  out      out      out      -\n"
    "Connect, protobuf: is stream   out      out      out      -\n"
    "Connect, protobuf: is call     out      out      out      -\n"
    "/sample.Sample/Nothing         out      out      out      -\n"
    "gRPC-Web /sample.Sample/Nothing out      out      out      -\n"
    "/nothing.Nothing/Echo          out      out      out      -\n"
    "gRPC-Web /nothing.Nothing/Echo out      out      out      -\n"
    "Connect /sample.Sample/Echo    out      out      out      -\n"
    "Connect /feed.Feed/Chat        out      out      out      -\n"
    "Connect /feed.Feed/Nothing     out      out      out      -\n"
    "GET of what may change         out      out      out      -\n"
    "/nothing                       out      out      out      -\n";

class AuthenticationMatrix : public StreamServer {
 protected:
  AuthenticationMatrix() {
    options().authenticator = authenticator_;
    options().debug_pages.hosts = {"here"};
    options().debug_pages.loopback_only = false;
    options().page_executor = loop().io().get_executor();
    service().on_echo([this](ServerContext& context, std::string text) -> Reply<std::string> {
      EXPECT_EQ(context.identity()->name, "alice");
      ++ran_;
      return text;
    });
    feed().watch = [this](ServerContext& context, std::string, Writer<std::string> out) {
      EXPECT_EQ(context.identity()->name, "alice");
      ++ran_;
      return write_many(std::move(out), 2, 1);
    };
    EXPECT_TRUE(add_http_registry(server()).ok());
    connect_streams();  // adds the service that streams
  }

  static CallOptions with(const Shown& shown) {
    CallOptions options;
    if (!shown.token.empty()) {
      options.metadata.add("authorization", fmt::format("Bearer {}", shown.token));
    }
    return options;
  }
  static std::string cell(const Status& status) {
    const std::string text = status.to_string();
    if (status.ok()) return "in";
    if (status.code() == Code::kUnimplemented) return "-";
    if (text.find("expected a token that is known") != std::string::npos ||
        text.find("the token has expired") != std::string::npos) {
      return "out";
    }
    return text;
  }
  // One row of the table, and a check that no handler has run for whom it did not accept.
  void add_row(std::string_view name, const std::function<std::string(const Shown&)>& try_it) {
    table_ += fmt::format("{:<30}", name);
    for (const Shown& shown : kShown) {
      const int before = ran_;
      const std::string outcome = try_it(shown);
      if (outcome == "out") {
        EXPECT_EQ(ran_, before) << name << ", " << shown.name;
      }
      table_ += fmt::format(" {:<8}", outcome);
    }
    while (table_.ends_with(' ')) table_.pop_back();
    table_ += '\n';
  }
  void with_client(const Spoken& spoken, const Transport& transport,
                   const std::function<void(Client&)>& use) {
    ClientOptions options;
    options.codec = spoken.codec;
    options.dialer = dialer_to(server(), transport);
    options.credentials = transport.client;
    {
      Client client(transport.address(spoken.address), loop().pool(), options);
      use(client);
    }
    settle();
  }
  std::string call(const Spoken& spoken, const Transport& transport, const Shown& shown,
                   const Method& method = SampleService::method(SampleService::kEcho)) {
    std::string outcome;
    with_client(spoken, transport, [&](Client& client) {
      const std::string text = "x";
      Call<std::string> made = start_call<std::string>(client, method, &text, with(shown));
      settle();
      outcome = made.done() ? cell(made.get().status()) : "no answer";
    });
    return outcome;
  }
  std::string stream(const Spoken& spoken, const Transport& transport, const Shown& shown,
                     const Method& method = FeedService::method(FeedService::kWatch)) {
    std::string outcome;
    with_client(spoken, transport, [&](Client& client) {
      const std::string text = "x";
      ServerStream<std::string> made =
          open_server_stream<std::string>(client, method, &text, with(shown));
      std::string message;
      int messages = 0;
      for (int i = 0; i < 8; ++i) {
        settle();
        while (made.try_read(message)) ++messages;
      }
      const Status end = made.status();
      outcome = cell(end);
      if (end.ok()) {
        EXPECT_EQ(messages, 2);
      }
    });
    return outcome;
  }
  // Over HTTP/1.1, by hand.
  std::string fetch(const Transport& transport, std::string_view request, const Shown& shown) {
    auto peer = std::make_shared<StreamUser>(connect_to(server(), transport, loop().loop()));
    std::string text(request);
    if (!shown.token.empty()) {
      text.insert(text.find("\r\n") + 2, fmt::format("Authorization: Bearer {}\r\n", shown.token));
    }
    peer->write(text);
    peer->start();
    settle();
    peer->stream->close();
    settle();
    const std::string& received = peer->text;
    // gRPC-Web has its status in headers or trailers, below HTTP's 200.
    if (received.find("grpc-status: 16") != std::string::npos) return "out";
    if (received.find("grpc-status: 12") != std::string::npos) return "-";
    // So has a stream of Connect's.
    if (received.find("{\"error\":{\"code\":\"unauthenticated\"") != std::string::npos)
      return "out";
    if (received.find("{\"error\":{\"code\":\"unimplemented\"") != std::string::npos) return "-";
    if (received.find(" 404 ") == 8 || received.find(" 405 ") == 8) return "-";
    if (received.find(" 200 ") == 8) return "in";
    if (received.find(" 401 ") == 8) {
      EXPECT_NE(received.find("WWW-Authenticate: Bearer"), std::string::npos) << received;
      return "out";
    }
    return received;
  }

  // All ways in, over `transport`.
  void fill_table(const Transport& transport) {
    table_ = fmt::format("{:<30} none     bad      expired  good\n", "");
    for (const Spoken& spoken : kSpoken) {
      add_row(fmt::format("{}: call", spoken.name),
              [&](const Shown& shown) { return call(spoken, transport, shown); });
    }
    for (const Spoken& spoken : kSpoken) {
      add_row(fmt::format("{}: stream", spoken.name),
              [&](const Shown& shown) { return stream(spoken, transport, shown); });
    }
    const auto by_hand = [&](std::string_view name, std::string request) {
      add_row(name, [&](const Shown& shown) { return fetch(transport, request, shown); });
    };
    by_hand("curl: call",
            "POST /sample.Sample/Echo HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
            "Content-Length: 3\r\n\r\n\"x\"");
    by_hand("curl: stream",
            "POST /feed.Feed/Watch HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
            "Content-Length: 3\r\n\r\n\"x\"");
    by_hand("EventSource: stream",
            "POST /feed.Feed/Watch HTTP/1.1\r\nHost: here\r\nAccept: text/event-stream\r\n"
            "Content-Type: application/json\r\nContent-Length: 3\r\n\r\n\"x\"");
    using namespace std::string_literals;
    by_hand("gRPC-Web: call",
            "POST /sample.Sample/Echo HTTP/1.1\r\nHost: here\r\n"
            "Content-Type: application/grpc-web+proto\r\nContent-Length: 8\r\n\r\n"s +
                "\0\0\0\0\3\x0a\1x"s);
    by_hand("gRPC-Web: stream",
            "POST /feed.Feed/Watch HTTP/1.1\r\nHost: here\r\n"
            "Content-Type: application/grpc-web+proto\r\nContent-Length: 8\r\n\r\n"s +
                "\0\0\0\0\3\x0a\1x"s);
    for (std::string_view page : {"/metrics", "/debug/rpc", "/healthz", "/_geerpc_/registry"}) {
      by_hand(page, fmt::format("GET {} HTTP/1.1\r\nHost: here\r\n\r\n", page));
    }
    by_hand(
        "registry: register",
        "POST /_geerpc_/registry HTTP/1.1\r\nHost: here\r\nX-Geerpc-Server: tcp@10.0.0.7:7000\r\n"
        "Content-Length: 0\r\n\r\n");
  }

  // All ways to what is not here, over `transport`.
  void fill_table_of_unserved(const Transport& transport) {
    table_ = fmt::format("{:<30} none     bad      expired  good\n", "");
    const Method no_method = unserved(SampleService::method(SampleService::kEcho), "Nothing");
    const Method no_stream = unserved(FeedService::method(FeedService::kWatch), "Nothing");
    Method as_call = FeedService::method(FeedService::kWatch);
    as_call.kind = MethodKind::kUnary;
    Method as_stream = SampleService::method(SampleService::kEcho);
    as_stream.kind = MethodKind::kServerStream;
    for (const Spoken& spoken : kSpoken) {
      add_row(fmt::format("{}: no method", spoken.name),
              [&](const Shown& shown) { return call(spoken, transport, shown, no_method); });
      add_row(fmt::format("{}: no stream", spoken.name),
              [&](const Shown& shown) { return stream(spoken, transport, shown, no_stream); });
    }
    // Others say these two in the same way.
    for (const Spoken& spoken : {kSpoken[0], kSpoken[3]}) {
      add_row(fmt::format("{}: is stream", spoken.name),
              [&](const Shown& shown) { return call(spoken, transport, shown, as_call); });
      add_row(fmt::format("{}: is call", spoken.name),
              [&](const Shown& shown) { return stream(spoken, transport, shown, as_stream); });
    }
    using namespace std::string_literals;
    const auto by_hand = [&](std::string_view name, std::string request) {
      add_row(name, [&](const Shown& shown) { return fetch(transport, request, shown); });
    };
    for (std::string_view path : {"sample.Sample/Nothing", "nothing.Nothing/Echo"}) {
      by_hand(fmt::format("/{}", path),
              fmt::format("POST /{} HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
                          "Content-Length: 3\r\n\r\n\"x\"",
                          path));
      by_hand(fmt::format("gRPC-Web /{}", path),
              fmt::format("POST /{} HTTP/1.1\r\nHost: here\r\n"
                          "Content-Type: application/grpc-web+proto\r\nContent-Length: 8\r\n\r\n",
                          path) +
                  "\0\0\0\0\3\x0a\1x"s);
    }
    for (std::string_view path : {"sample.Sample/Echo", "feed.Feed/Chat", "feed.Feed/Nothing"}) {
      by_hand(fmt::format("Connect /{}", path),
              fmt::format("POST /{} HTTP/1.1\r\nHost: here\r\n"
                          "Content-Type: application/connect+json\r\nContent-Length: 8\r\n\r\n",
                          path) +
                  "\0\0\0\0\3\"x\""s);
    }
    by_hand("GET of what may change",
            "GET /sample.Sample/Echo?message=%22x%22 HTTP/1.1\r\nHost: here\r\n\r\n");
    by_hand("/nothing", "GET /nothing HTTP/1.1\r\nHost: here\r\n\r\n");
  }
  static Method unserved(const Method& like, std::string_view name) {
    Method method = like;
    method.name = name;
    method.id = method_id(method.service, name);
    return method;
  }

  std::shared_ptr<ScriptedAuthenticator> authenticator_ = std::make_shared<ScriptedAuthenticator>();
  std::string table_;
  int ran_ = 0;
};

TEST_F(AuthenticationMatrix, IsWhatTheDocumentationSays) {
  for (const Transport& transport : transports()) {
    fill_table(transport);
    std::printf("%s\n%s", std::string(transport.name).c_str(), table_.c_str());
    EXPECT_EQ(table_, kTable) << transport.name;
  }
}

// Nobody finds out what a server has by trying names: who is not known is told nothing else.
TEST_F(AuthenticationMatrix, TellsThoseAloneWhoAreKnownWhatIsNotServed) {
  for (const Transport& transport : transports()) {
    fill_table_of_unserved(transport);
    std::printf("%s\n%s", std::string(transport.name).c_str(), table_.c_str());
    EXPECT_EQ(table_, kTableOfUnserved) << transport.name;
  }
}

// Whatever stands in the protocol while a request waits: its argument is read then.
TEST_F(AuthenticationMatrix, LetsRequestsOfEveryProtocolWait) {
  authenticator_->mode = ScriptedAuthenticator::Mode::kLater;
  for (const Transport& transport : transports()) {
    SCOPED_TRACE(transport.name);
    for (const Spoken& spoken : kSpoken) {
      with_client(spoken, transport, [&](Client& client) {
        std::vector<Call<std::string>> calls;
        for (const char* name : {"first", "second", "third"}) {
          const std::string text = name;
          calls.push_back(start_call<std::string>(
              client, SampleService::method(SampleService::kEcho), &text, CallOptions()));
        }
        settle();
        for (int i = 0; i < 3; ++i) {
          ASSERT_FALSE(authenticator_->waiting.empty()) << spoken.name;
          authenticator_->waiting.front().first = "alice";
          authenticator_->answer();
          settle();
        }
        std::vector<std::string> echoes;
        for (Call<std::string>& call : calls) {
          ASSERT_TRUE(call.done()) << spoken.name;
          Result<std::string> echo = call.get();
          echoes.push_back(echo.ok() ? *echo : echo.status().to_string());
        }
        EXPECT_EQ(echoes, (std::vector<std::string>{"first", "second", "third"})) << spoken.name;
      });
    }
  }
}

TEST_F(AuthenticationMatrix, LetsStreamsOfEveryProtocolWait) {
  feed().upload = [](ServerContext&, Reader<std::string> in) { return join(std::move(in)); };
  for (const Transport& transport : transports()) {
    SCOPED_TRACE(transport.name);
    for (const Spoken& spoken : kSpoken) {
      authenticator_->mode = ScriptedAuthenticator::Mode::kAtOnce;
      if (stream(spoken, transport, kShown.back()) == "-") continue;
      if (spoken.name == "gRPC-Web, client") continue;  // its clients cannot stream
      authenticator_->mode = ScriptedAuthenticator::Mode::kLater;
      with_client(spoken, transport, [&](Client& client) {
        ClientStream<std::string, std::string> upload =
            open_client_stream<std::string, std::string>(
                client, FeedService::method(FeedService::kUpload), with(kShown.back()));
        settle();
        EXPECT_TRUE(upload.try_write("a"));
        EXPECT_TRUE(upload.try_write("b"));
        settle();
        ASSERT_EQ(authenticator_->waiting.size(), 1u) << spoken.name;
        authenticator_->answer();
        settle();
        std::string joined;
        upload.finish_then([&](Result<std::string> result) {
          joined = result.ok() ? *result : result.status().to_string();
        });
        settle();
        EXPECT_EQ(joined, "ab") << spoken.name;
      });
    }
  }
}

// A stream is asked for once: it lives on when what it has shown is good no more.
TEST_F(AuthenticationMatrix, LetsAStreamLiveOnWhoseTokenExpires) {
  std::optional<Writer<std::string>> kept;
  feed().watch = [&](ServerContext&, std::string, Writer<std::string> out) {
    kept.emplace(std::move(out));
    return tern::kept(*kept);
  };
  const Transport transport{"plaintext", nullptr, nullptr};
  with_client(kSpoken.front(), transport, [&](Client& client) {
    const std::string text = "x";
    ServerStream<std::string> made = open_server_stream<std::string>(
        client, FeedService::method(FeedService::kWatch), &text, with(kShown.back()));
    settle();
    ASSERT_TRUE(kept);
    const int asked = authenticator_->asked;
    authenticator_->known = false;
    EXPECT_TRUE(kept->try_write("still here"));
    settle();
    std::string message;
    EXPECT_TRUE(made.try_read(message));
    EXPECT_EQ(message, "still here");
    EXPECT_EQ(authenticator_->asked, asked);
    EXPECT_EQ(call(kSpoken.front(), transport, kShown.back()), "out");  // a new request is not
    kept->finish(Status());
    settle();
  });
}

}  // namespace
}  // namespace tern::test
