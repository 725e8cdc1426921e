// The debug page of a server on several loops, while clients come, call and go.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <simdjson.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "arith.service.h"
#include "integration/plain_arith.h"
#include "tern/duplex.h"
#include "tern/tern.h"

namespace {

// The body of what the server answers; "" if it gives no whole answer.
std::string get(std::uint16_t port, std::string_view path) {
  int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(port);
  std::string answer;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0) {
    std::string request =
        "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    EXPECT_EQ(::send(fd, request.data(), request.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(request.size()));
    std::array<char, 4096> piece;
    for (ssize_t n = 0; (n = ::recv(fd, piece.data(), piece.size(), 0)) > 0;) {
      answer.append(piece.data(), static_cast<std::size_t>(n));
    }
  }
  ::close(fd);
  std::size_t head = answer.find("\r\n\r\n");
  return head == std::string::npos ? "" : answer.substr(head + 4);
}

std::uint64_t number(const simdjson::dom::element& page, std::string_view key) {
  return page[key].get_uint64().value();
}

TEST(DebugPage, IsRightWhileConnectionsComeCallAndGo) {
  constexpr int kThreads = 2;
  constexpr int kConnections = 50;  // of each thread, one after another
  constexpr int kCalls = 20;        // of each connection
  tern::Server server(tern::ServerOptions(), 2);
  ASSERT_TRUE(server.add(std::make_shared<tern::test::PlainArith>()).ok());
  tern::Result<tern::Endpoint> address = server.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(address.ok()) << address.status().to_string();

  std::atomic<int> busy = kThreads;
  std::vector<std::thread> callers;
  for (int thread = 0; thread < kThreads; ++thread) {
    callers.emplace_back([&] {
      for (int i = 0; i < kConnections; ++i) {
        tern::Client client(address->to_string());
        arith::ArithStub arith(client);
        for (int j = 0; j < kCalls; ++j) EXPECT_EQ(*arith.Multiply({i, j}).get(), i * j);
      }
      --busy;
    });
  }
  simdjson::dom::parser parser;
  std::uint64_t last = 0;
  while (busy > 0) {
    EXPECT_NE(get(address->port, "/debug/rpc").find("</html>"), std::string::npos);
    EXPECT_NE(get(address->port, "/metrics").find("tern_server_calls_total"), std::string::npos);
    simdjson::dom::element page =
        parser.parse(get(address->port, "/debug/rpc?format=json")).value();
    EXPECT_GE(number(page, "calls"), last);
    last = number(page, "calls");
  }
  for (std::thread& caller : callers) caller.join();

  // The page of a moment ago may answer once more.
  while (last < kThreads * kConnections * kCalls) {
    last = number(parser.parse(get(address->port, "/debug/rpc?format=json")).value(), "calls");
  }
  EXPECT_EQ(last, kThreads * kConnections * kCalls);
}

// Its Multiply asks the caller; so the answer comes when both directions of the connection are
// open.
class AskingArith final : public tern::test::PlainArith {
 public:
  tern::Reply<std::int64_t> Multiply(tern::ServerContext& context, arith::Args args) override {
    return ask(*context.caller(), args);
  }

 private:
  static asio::awaitable<tern::Result<std::int64_t>> ask(tern::Channel& caller, arith::Args args) {
    arith::ArithStub back(caller);
    tern::Call<std::int64_t> call = back.Multiply(args);
    co_return co_await call.async();
  }
};

TEST(DebugPage, ListsAConnectionThatAClientOpenedAndServesAsOneOfOurFrames) {
  tern::ServerOptions asking_options;
  tern::call_back_on_connections(asking_options);
  tern::Server asking(asking_options);
  ASSERT_TRUE(asking.add(std::make_shared<AskingArith>()).ok());
  tern::Result<tern::Endpoint> asking_at = asking.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(asking_at.ok()) << asking_at.status().to_string();

  tern::IoPool pool;
  tern::Server own(pool);
  ASSERT_TRUE(own.add(std::make_shared<tern::test::PlainArith>()).ok());
  tern::Result<tern::Endpoint> own_at = own.listen("tcp@127.0.0.1:0");
  ASSERT_TRUE(own_at.ok()) << own_at.status().to_string();
  tern::ClientOptions options;
  tern::serve_on_connections(options, own);
  tern::Client client(asking_at->to_string(), pool, options);
  ASSERT_EQ(*arith::ArithStub(client).Multiply({6, 7}).get(), 42);

  simdjson::dom::parser parser;
  std::string text = get(own_at->port, "/debug/rpc?format=json");
  simdjson::dom::element page = parser.parse(text).value();
  int of_ours = 0;
  for (simdjson::dom::element connection : page["connections"].get_array()) {
    of_ours += connection["protocol"].get_string().value() == "tern";
  }
  EXPECT_EQ(of_ours, 1) << text;
}

}  // namespace
