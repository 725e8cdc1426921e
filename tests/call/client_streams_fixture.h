// Streams of a client, whose server is the test's hand.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "call/client_fixture.h"
#include "call/relay.h"

namespace tern::test {

inline constexpr std::uint64_t kWindow = 64 * 1024;

class ClientStreams : public ClientTest {
 protected:
  using ClientTest::ClientTest;
  using Watching = ServerStream<std::string>;
  using Chatting = BidiStream<std::string, std::string>;

  relay::RelayStub relay() { return relay::RelayStub(client()); }

  static wire::PeerTerms terms(std::uint64_t window = kWindow, std::uint64_t streams = 0) {
    wire::PeerTerms made;
    made.stream_window = window;
    made.max_streams = streams;
    made.chunked_bytes = 1024 * 1024;
    return made;
  }
  // Connects, by a call that the server answers.
  void connect(const wire::PeerTerms& peer = terms()) {
    OutcomePtr<std::int64_t> first = multiply(1, 1);
    loop.settle();
    WickedServer& here = server(dialer->streams() - 1);
    here.read_option();
    here.accept(peer);
    here.reply(here.read().at(0).id, 1);
    loop.settle();
    ASSERT_TRUE(first->ok()) << first->message();
  }
  // The id of the stream that has been opened last.
  std::uint64_t opened() {
    loop.settle();
    std::vector<SentFrame> sent = server().read(wire::FrameKind::kRequest);
    EXPECT_EQ(sent.size(), 1u);
    EXPECT_TRUE(!sent.empty() && sent[0].opens_stream);
    return sent.empty() ? 0 : sent[0].id;
  }
  std::vector<wire::FrameKind> kinds() {
    std::vector<wire::FrameKind> made;
    for (const SentFrame& frame : server().read()) made.push_back(frame.kind);
    return made;
  }
  template <typename Stream>
  static std::string next(Stream& stream) {
    std::string message;
    return stream.try_read(message) ? message : "none";
  }
};

}  // namespace tern::test
