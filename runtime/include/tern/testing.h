// A server and a channel to it for tests: no sockets, no ports, and time that the test advances.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>
#include <utility>

#include "tern/client.h"
#include "tern/clock.h"
#include "tern/in_process.h"
#include "tern/io_pool.h"
#include "tern/server.h"

namespace tern {

// Everything between the stub and the handler is as in a program, except for the network: codec,
// deadlines, cancellation, interceptors, limits, workers. docs/testing.md shows its use.
//
//   tern::TestServer server;
//   ASSERT_TRUE(server.add(std::make_shared<Greeter>()).ok());
//   greet::GreeterStub greeter(server.channel());
//   EXPECT_EQ(*greeter.Hello("Ada").get(), "Hello Ada");
//
// Time stands still except for advance(): a call that waits for a deadline ends when the test says
// so. Server and client have one loop and its thread; the test has a thread of its own and may wait
// for calls there with get(). Threads: as Server's and Client's.
class TestServer {
 public:
  explicit TestServer(ServerOptions server_options = ServerOptions(),
                      ClientOptions client_options = ClientOptions())
      : server_(pool_, std::move(server_options)),
        client_(kAddress, pool_, on(std::move(client_options))) {}

  // Before the first call.
  Status add(std::shared_ptr<Service> service) { return server_.add(std::move(service)); }

  Server& server() noexcept { return server_; }
  Client& channel() noexcept { return client_; }
  // One more client, with other interceptors or another codec, for example. Destroy it before this
  // object. The address decides the protocol: "connect+http@here:80".
  std::unique_ptr<Client> connect(ClientOptions options = ClientOptions(),
                                  std::string_view address = kAddress) {
    return std::make_unique<Client>(address, pool_, on(std::move(options)));
  }

  IoPool& pool() noexcept { return pool_; }
  ManualClock& clock() noexcept { return clock_; }
  // Advances the time in one step, and runs everything that is due then.
  void advance(std::chrono::nanoseconds by) {
    clock_.advance(by);
    settle();
  }
  // Returns when nothing is left to do at this time: what was called has reached its handler, and
  // waits there or is answered. Not for work on the workers of tern::blocking.
  void settle() { tern::settle(pool_); }

 private:
  static constexpr std::string_view kAddress = "unix@in-process";

  ClientOptions on(ClientOptions options) {
    options.dialer = in_process_dialer(server_);
    return options;
  }

  ManualClock clock_;
  IoPool pool_{1, clock_};
  Server server_;
  Client client_;
};

}  // namespace tern
