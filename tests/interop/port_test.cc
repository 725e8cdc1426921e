// Whatever arrives at the port: it ends, nobody crashes, and the neighbour goes on.
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "interop/port_fixture.h"

namespace tern::test {
namespace {

using namespace std::string_view_literals;

std::string noise(std::mt19937& random, std::size_t bytes) {
  std::string text(bytes, '\0');
  for (char& byte : text) byte = static_cast<char>(random());
  return text;
}

TEST_F(Port, EveryFirstByteEndsWithTheConnection) {
  std::mt19937 random(1);
  for (int byte = 0; byte < 256; ++byte) {
    RawPeer alone(at());
    alone.send(std::string(1, static_cast<char>(byte)));
    alone.finish();
    alone.receive_all();
    RawPeer with_noise(at());
    with_noise.send(std::string(1, static_cast<char>(byte)) + noise(random, 600));
    with_noise.finish();
    with_noise.receive_all();
    ASSERT_TRUE(neighbour_is_well()) << byte;
  }
}

// What each of these would like to begin.
constexpr std::string_view kHellos[] = {
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"sv,              // TLS
    "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"sv,                        // SSH
    "EHLO mail.example.org\r\n"sv,                                 // SMTP
    "USER anonymous\r\n"sv,                                        // FTP
    "*1\r\n$4\r\nPING\r\n"sv,                                      // Redis
    "PING\r\n"sv,                                                  // Redis, typed
    "\x00\x00\x00\x08\x04\xd2\x16\x2f"sv,                          // PostgreSQL, for TLS
    "\x00\x00\x00\x0c\x00\x03\x00\x00user"sv,                      // PostgreSQL
    "\x20\x00\x00\x01\x85\xa6\xff\x01"sv,                          // MySQL
    "\x05\x01\x00"sv,                                              // SOCKS5
    "\x04\x01\x00\x50\x7f\x00\x00\x01\x00"sv,                      // SOCKS4
    "\x03\x00\x00\x13\x0e\xe0\x00\x00"sv,                          // RDP
    "AMQP\x00\x00\x09\x01"sv,                                      // AMQP
    "\x10\x0e\x00\x04MQTT\x04\x02\x00\x3c\x00\x02me"sv,            // MQTT
    "\x00\x00\x00\x14\x00\x12\x00\x00\x00\x00\x00\x01\x00\x01"sv,  // Kafka
    "\x13"
    "BitTorrent protocol\x00\x00\x00\x00"sv,                   // BitTorrent
    "\x00\x1d\xab\xcd\x01\x00\x00\x01\x00\x00\x00\x00"sv,      // DNS
    "\xff\xfb\x1f\xff\xfb\x20"sv,                              // telnet
    "stats\r\n"sv,                                             // memcached
    "PRI * HTTP/3.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00"sv,  // of HTTP there is no such
    "GET /chat HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"sv,
    "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n"sv,  // a proxy's
    "GET / HTTP/0.9\r\n\r\n"sv,
    "PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n"sv,  // PROXY, version 1
    "\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c"sv,  // PROXY, version 2
    "<?xml version=\"1.0\"?><stream:stream>"sv,  // XMPP
    "{\"MagicNumber\":1,\"CodecType\":\"application/gob\"}\n"sv,
    "{\"hello\":\"world\"}"sv,
    "[1,2,3]"sv,
};

TEST_F(Port, HellosOfOtherProtocolsEndWithTheConnection) {
  for (std::string_view hello : kHellos) {
    RawPeer peer(at());
    peer.send(hello);
    peer.finish();
    peer.receive_all();
    EXPECT_TRUE(neighbour_is_well()) << hello;
  }
}

// How conversations that are served here begin.
constexpr std::string_view kBeginnings[] = {
    "{\"MagicNumber\":3927900,\"CodecType\":\"application/gob\"}"sv,
    "{\"MagicNumber\":3927900,\"CodecType\":\"application/json\"}\n"sv,
    "{\"MagicNumber\":3927900,\"CodecType\":\"application/x-tern\",\"Version\":1}\n"sv,
    "{\"method\":\"Foo.Sum\",\"params\":[{\"Num1\":1}],\"id\":1}"sv,
    "{\"jsonrpc\":\"2.0\",\"method\":\"Foo.Sum\",\"params\":"sv,
    "CONNECT /_goRPC_ HTTP/1.0\n\n"sv,
    "CONNECT /_geeprc_ HTTP/1.0\n\n{\"MagicNumber\":3927900,\"CodecType\":\"application/gob\"}"sv,
    "POST /interop.Foo/Sum HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"sv,
    "POST /rpc HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"sv,
    "\x23\xff\x81\x03\x01\x01\x07Request\x01\xff\x82"sv,
};

TEST_F(Port, NoiseBehindAProperBeginningEndsWithTheConnection) {
  std::mt19937 random(2);
  for (std::string_view beginning : kBeginnings) {
    for (std::size_t round = 0; round < 40; ++round) {
      RawPeer peer(at());
      peer.send(std::string(beginning) + noise(random, 1 + random() % 5000));
      peer.finish();
      peer.receive_all();
    }
    EXPECT_TRUE(neighbour_is_well()) << beginning;
  }
}

TEST_F(Port, BeginningsThatNeverGoOnKeepNobodyElseFromCalling) {
  std::vector<std::unique_ptr<RawPeer>> silent;
  for (int round = 0; round < 20; ++round) {
    for (std::string_view beginning : kBeginnings) {
      silent.push_back(std::make_unique<RawPeer>(at()));
      silent.back()->send(beginning.substr(0, beginning.size() / 2));
    }
  }
  for (int call = 0; call < 100; ++call) EXPECT_TRUE(neighbour_is_well());
}

}  // namespace
}  // namespace tern::test
