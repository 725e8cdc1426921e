// Where a request ends, for every protocol that a client speaks: the byte at which its server can
// act. A connection that is lost before it has left nothing to be done; one that is lost behind it
// may have.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "serve/server_fixture.h"
#include "support/fake_dialer.h"
#include "tern/call.h"
#include "tern/client.h"

namespace tern::test {
namespace {

struct Spoken {
  std::string_view name;
  std::string_view address;
  std::string_view codec = "application/x-tern";
};

void PrintTo(const Spoken& spoken, std::ostream* out) {
  *out << spoken.name;
}

constexpr Spoken kSpoken[] = {
    {"Frames", "tcp@127.0.0.1:7"},
    {"FramesInJson", "tcp@127.0.0.1:7", "application/x-tern+json"},
    {"FramesBehindConnect", "http@127.0.0.1:7"},
    {"GeeRpcGob", "tcp@127.0.0.1:7", "application/gob"},
    {"GeeRpcGobBehindConnect", "http@127.0.0.1:7", "application/gob"},
    {"GeeRpcJson", "tcp@127.0.0.1:7", "application/json"},
    {"NetRpc", "netrpc+tcp@127.0.0.1:7"},
    {"NetRpcBehindConnect", "netrpc+http@127.0.0.1:7"},
    {"JsonRpc1", "jsonrpc+tcp@127.0.0.1:7"},
    {"JsonRpc2", "jsonrpc2+tcp@127.0.0.1:7"},
    {"JsonRpc2OverHttp", "jsonrpc2+http@127.0.0.1:7"},
    {"Connect", "connect+http@127.0.0.1:7"},
    {"GrpcWeb", "grpc-web+http@127.0.0.1:7"},
};

// A client of one of them, whose bytes go to a server by the test's hand.
class RequestEnd : public ServerFixture, public testing::WithParamInterface<Spoken> {
 protected:
  struct Ending {
    bool handler_ran = false;
    std::optional<Status> outcome;
    std::size_t written = 0;
  };

  // A call of which `written` bytes leave, in writes of at most `write_size`, before the connection
  // is lost. `warm`: another call has been answered before.
  Ending cut(std::size_t written, bool warm, std::size_t write_size, SampleService::Position method,
             const std::string& text) {
    auto dialer = std::make_shared<FakeDialer>();
    ClientOptions options;
    options.codec = GetParam().codec;
    options.dialer = dialer;
    options.keepalive_interval = std::chrono::nanoseconds(0);
    std::unique_ptr<Peer> peer = connect_silent();
    Client client(GetParam().address, loop().pool(), options);
    const bool asks_first =
        GetParam().address.starts_with("http@") || GetParam().address.starts_with("netrpc+http@");
    StreamFaults faults;
    faults.write_size = write_size;
    if (!warm && !asks_first) faults.capacity = written;
    dialer->set_faults(faults);
    if (warm) {
      std::optional<Status> first;
      start(client, SampleService::kEcho, "warm", first);
      while (!first) pump(*dialer, *peer);
      EXPECT_TRUE(first->ok()) << first->to_string();
      faults.capacity = written;
      dialer->client(0).set_faults(faults);
    }
    const int before = service().echoes() + touches();
    Ending ending;
    start(client, method, text, ending.outcome);
    settle();
    if (!warm && asks_first) {
      // What asks the server comes first, and alone.
      peer->send(dialer->server(0).take_received());
      faults.capacity = written;
      dialer->client(0).set_faults(faults);
      settle();
      dialer->server(0).send(peer->end().take_received());
      settle();
    }
    faults.capacity = 0;
    dialer->client(0).set_faults(faults);
    const std::string sent = dialer->server(0).take_received();
    ending.written = sent.size();
    peer->send(sent);
    settle();
    peer->end().shutdown_write();
    settle();
    ending.handler_ran = service().echoes() + touches() > before;
    dialer->server(0).reset();
    settle();
    client.close();
    settle();
    return ending;
  }

  // Cuts at every byte until the whole request has left.
  void check(bool warm, std::size_t write_size, SampleService::Position method,
             const std::string& text) {
    bool ran = false;
    std::size_t written = 0;
    for (;; ++written) {
      ASSERT_LT(written, 10'000u);
      Ending ending = cut(written, warm, write_size, method, text);
      ASSERT_TRUE(ending.outcome.has_value()) << written;
      ASSERT_EQ(ending.outcome->code(), Code::kUnavailable) << ending.outcome->to_string();
      ASSERT_EQ(ending.outcome->handler_ran(),
                ending.handler_ran ? HandlerRan::kUnknown : HandlerRan::kNo)
          << "after " << written << " bytes";
      ran = ran || ending.handler_ran;
      if (ending.written < written) break;
    }
    EXPECT_TRUE(ran) << "after " << written << " bytes";
  }

 private:
  // The handler of Touch does nothing that could be seen: the server counts its calls.
  int touches() {
    for (const auto& method : server().stats().methods) {
      if (method.method == "Touch") return static_cast<int>(method.calls);
    }
    return 0;
  }
  void pump(FakeDialer& dialer, Peer& peer) {
    settle();
    peer.send(dialer.server(0).take_received());
    settle();
    dialer.server(0).send(peer.end().take_received());
    settle();
  }
  static void start(Client& client, SampleService::Position method, const std::string& text,
                    std::optional<Status>& outcome) {
    const Method& called = SampleService::method(method);
    if (method == SampleService::kTouch) {
      Nothing nothing;
      start_call<void>(client, called, &nothing, CallOptions()).then([&outcome](Result<void> end) {
        outcome = end.status();
      });
    } else {
      start_call<std::string>(client, called, &text, CallOptions())
          .then([&outcome](Result<std::string> end) { outcome = end.status(); });
    }
  }
};

TEST_P(RequestEnd, IsTheByteAtWhichTheServerActs) {
  check(true, StreamFaults::kNoLimit, SampleService::kEcho, "text");
}

TEST_P(RequestEnd, IsTheSameForTheFirstRequestOfAConnection) {
  check(false, StreamFaults::kNoLimit, SampleService::kEcho, "text");
}

TEST_P(RequestEnd, IsTheSameWhenARequestIsSplitOverManyWrites) {
  check(true, 3, SampleService::kEcho, std::string(300, 'x'));
}

TEST_P(RequestEnd, IsTheSameWithoutAnArgument) {
  check(true, StreamFaults::kNoLimit, SampleService::kTouch, "");
}

INSTANTIATE_TEST_SUITE_P(Protocols, RequestEnd, testing::ValuesIn(kSpoken),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace tern::test
