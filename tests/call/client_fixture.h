// A client on memory streams and a clock that the test turns, and a server by hand.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "call/arith.h"
#include "support/fake_dialer.h"
#include "support/test_loop.h"
#include "support/wicked_server.h"
#include "tern/client.h"

namespace tern::test {

using namespace std::chrono_literals;

// What became of a call, and how often.
template <typename T>
struct Outcome {
  int ends = 0;
  std::optional<Result<T>> result;

  bool ok() const { return result && result->ok(); }
  Code code() const { return result ? result->status().code() : Code::kOk; }
  HandlerRan ran() const { return result->status().handler_ran(); }
  std::string message() const { return result ? std::string(result->status().message()) : ""; }
  T value() const { return **result; }
};

template <typename T>
using OutcomePtr = std::shared_ptr<Outcome<T>>;

template <typename T>
OutcomePtr<T> watch(Call<T> call) {
  auto outcome = std::make_shared<Outcome<T>>();
  call.then([outcome](Result<T> result) {
    ++outcome->ends;
    outcome->result.emplace(std::move(result));
  });
  return outcome;
}

class ClientTest : public testing::Test {
 protected:
  static constexpr std::string_view kAddress = "tcp@127.0.0.1:7";

  explicit ClientTest(std::string_view address) : ClientTest() { address_ = address; }

  ClientTest() {
    options.dialer = dialer;
    options.random = [] { return 0.5; };
    options.keepalive_interval = 0ns;
  }
  ~ClientTest() override {
    client_.reset();
    loop.settle();
  }

  Client& client() {
    if (!client_) client_ = std::make_unique<Client>(address_, loop.pool(), options);
    return *client_;
  }
  arith::ArithStub stub() { return arith::ArithStub(client()); }
  OutcomePtr<std::int64_t> multiply(std::int64_t a, std::int64_t b, CallOptions call = {}) {
    return watch(stub().Multiply({a, b}, std::move(call)));
  }
  static CallOptions within(std::chrono::nanoseconds timeout) {
    CallOptions call;
    call.timeout = timeout;
    return call;
  }
  static CallOptions wait_for_ready() {
    CallOptions call;
    call.wait_for_ready = true;
    return call;
  }

  // The server's end of the k-th connection.
  WickedServer& server(std::size_t index = 0) {
    while (servers_.size() <= index) servers_.emplace_back(dialer->server(servers_.size()));
    return servers_[index];
  }
  // Connects the client, by a call that the server answers.
  void connect() {
    OutcomePtr<std::int64_t> first = multiply(1, 1);
    loop.settle();
    WickedServer& here = server(dialer->streams() - 1);
    here.read_option();
    here.accept();
    here.reply(here.read().at(0).id, 1);
    loop.settle();
    ASSERT_TRUE(first->ok()) << first->message();
  }

  void destroy_client() { client_.reset(); }

  TestLoop loop;
  std::shared_ptr<FakeDialer> dialer = std::make_shared<FakeDialer>();
  ClientOptions options;

 private:
  std::string address_{kAddress};
  std::deque<WickedServer> servers_;
  std::unique_ptr<Client> client_;
};

}  // namespace tern::test
