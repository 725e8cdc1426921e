// Recorded sessions cut, changed and broken at every place: closed or answered, and nothing left.
#include <gtest/gtest.h>

#include <asio/post.hpp>
#include <chrono>
#include <string>

#include "serve/server_fixture.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

class Faults : public ServerFixture {
 protected:
  Faults() {
    service().on_echo([](ServerContext&, std::string text) -> Reply<std::string> {
      if (text != "later") return text;
      auto later = [](std::string value) -> asio::awaitable<Result<std::string>> {
        co_await asio::post(asio::use_awaitable);
        co_return value;
      };
      return later(std::move(text));
    });
  }

  // Everything that a client can say, once.
  std::string recorded(const Codec& codec = native_codec()) {
    Peer peer(codec);
    RequestOptions options;
    options.timeout = 5s;
    options.metadata.add("key", "value");
    return peer.option(1s) + peer.request(1, "one") + peer.request(2, "later", options) +
           peer.ping(3) + peer.request_by_name(4, "Sample.Echo", "four") +
           peer.request(5, "", RequestOptions(), SampleService::kTouch) + peer.cancel(2) +
           peer.request(6, "2.5", RequestOptions(), SampleService::kMeasure);
  }

  // Nothing of a connection is left: no session, no running call, no unsent byte.
  void expect_nothing_left() {
    ServerStats stats = server().stats();
    EXPECT_EQ(stats.connections, 0u);
    EXPECT_EQ(stats.calls_running, 0u);
    EXPECT_EQ(stats.unsent_bytes, 0u);
  }
};

TEST_F(Faults, ASessionCutAtEveryByteEndsCleanly) {
  std::string bytes = recorded();
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    auto peer = connect_silent();
    peer->send(bytes.substr(0, size));
    settle();
    peer->end().shutdown_write();
    settle();
    EXPECT_TRUE(peer->end().end_received()) << size;
    peer->end().close();
    settle();
    expect_nothing_left();
  }
}

TEST_F(Faults, EveryChangeOfOneByteEndsInAnAnswerOrAClose) {
  for (const Codec* codec : {&native_codec(), &json_codec()}) {
    std::string bytes = recorded(*codec);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (unsigned change : {0x01u, 0x02u, 0x10u, 0x80u, 0xffu}) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ change);
        auto peer = connect_silent(*codec);
        peer->send(changed);
        settle();
        peer->end().close();
        settle();
      }
    }
  }
  expect_nothing_left();
}

TEST_F(Faults, TheKthReadMayFail) {
  std::string bytes = recorded();
  for (std::size_t k = 1; k < bytes.size() + 5; ++k) {
    auto peer = connect_silent();
    StreamFaults faults;
    faults.read_size = 1;
    faults.fail_read = k;
    peer->server_end().set_faults(faults);
    peer->send(bytes);
    settle();
    peer->end().close();
    settle();
    expect_nothing_left();
  }
}

TEST_F(Faults, TheKthWriteMayFail) {
  std::string bytes = recorded();
  std::size_t written = 0;
  {
    auto peer = connect_silent();
    peer->send(bytes);
    settle();
    written = peer->end().take_received().size();
    peer->end().close();
    settle();
  }
  for (std::size_t k = 1; k < written + 5; ++k) {
    auto peer = connect_silent();
    StreamFaults faults;
    faults.write_size = 1;
    faults.fail_write = k;
    peer->server_end().set_faults(faults);
    peer->send(bytes);
    settle();
    peer->end().close();
    settle();
    expect_nothing_left();
  }
}

TEST_F(Faults, ReadsAndWritesMayStopAndGoOn) {
  std::string bytes = recorded();
  auto peer = connect_silent();
  StreamFaults faults;
  faults.pieces = {1, 7, 3, 100, 2};
  faults.gaps = true;
  faults.capacity = 16;
  peer->server_end().set_faults(faults);
  peer->send(bytes);
  std::size_t answers = 0;
  for (int i = 0; i < 200; ++i) {
    peer->server_end().block_reads(i % 3 == 0);
    peer->server_end().block_writes(i % 5 == 0);
    settle();
    answers += peer->answers().size();
  }
  EXPECT_GE(answers, 5u);
  EXPECT_LE(answers, 6u);  // the cancelled one may have been faster
}

}  // namespace
}  // namespace tern::test
