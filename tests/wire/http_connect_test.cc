#include "wire/http_connect.h"

#include <gtest/gtest.h>

#include <string>

namespace tern {
namespace {

TEST(ConnectReply, AcceptsWhatGoAndGeeRpcAnswerAndLeavesTheRest) {
  for (std::string_view text :
       {"HTTP/1.0 200 Connected to Go RPC\n\n", "HTTP/1.0 200 Connected to Gee RPC\n\n",
        "HTTP/1.1 200 OK\r\nServer: x\r\n\r\n"}) {
    for (std::size_t size = 0; size < text.size(); ++size) {
      EXPECT_EQ(wire::read_http_connect_response(as_bytes(text.substr(0, size)), 4096).kind,
                wire::HttpConnectResponse::Kind::kMore)
          << text << size;
    }
    std::string more = std::string(text) + "\n{rest";
    wire::HttpConnectResponse reply = wire::read_http_connect_response(as_bytes(more), 4096);
    EXPECT_EQ(reply.kind, wire::HttpConnectResponse::Kind::kAccepted);
    EXPECT_EQ(reply.size, text.size());
  }
}

TEST(ConnectReply, SaysWhatAnotherServerAnswered) {
  auto why = [](std::string_view text, std::size_t limit = 4096) {
    wire::HttpConnectResponse reply = wire::read_http_connect_response(as_bytes(text), limit);
    EXPECT_EQ(reply.kind, wire::HttpConnectResponse::Kind::kRefused) << text;
    EXPECT_EQ(reply.why.handler_ran(), HandlerRan::kNo);
    return std::string(reply.why.message());
  };
  EXPECT_EQ(why("HTTP/1.1 405 Method Not Allowed\r\n\r\n405 must CONNECT\n"),
            "the server answers CONNECT with \"405 Method Not Allowed\"; expected \"HTTP/1.0 200 "
            "Connected to …\"");
  EXPECT_EQ(why("SSH-2.0-OpenSSH_9.2\r\n\r\n"),
            "the answer to CONNECT is \"SSH-2.0-OpenSSH_9.2\"; expected \"HTTP/1.0 200 Connected "
            "to …\"");
  EXPECT_EQ(why("HTTP/1.0 200 Connected\nContent-Length: 4\n\n"),
            "the answer to CONNECT has a body; CONNECT has none");
  EXPECT_EQ(why("HTTP/1.0 200 Connected\nx: " + std::string(100, 'x'), 64),
            "the answer to CONNECT has no end within 64 bytes, which is the limit");
}

TEST(ConnectRequest, OfAClientIsWhatGoWrites) {
  EXPECT_EQ(wire::http_connect_request("/_goRPC_"), "CONNECT /_goRPC_ HTTP/1.0\n\n");
  EXPECT_EQ(wire::http_connect_request("/_geeprc_"), "CONNECT /_geeprc_ HTTP/1.0\n\n");
}

}  // namespace
}  // namespace tern
