// A client of the HTTP registry on turned time; the test is the registry.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/fake_dialer.h"
#include "support/memory_stream.h"
#include "support/test_loop.h"
#include "tern/http_registry.h"

namespace tern::test {

class RegistryClientFixture : public ::testing::Test {
 protected:
  RegistryClientFixture() {
    options_.dialer = std::shared_ptr<Dialer>(&dialer_, [](Dialer*) {});
    options_.random = [] { return 0.5; };  // waits as they are
  }
  ~RegistryClientFixture() override { test_.settle(); }

  std::shared_ptr<Registry> open(std::string_view where = "registry:9999") {
    Result<std::shared_ptr<Registry>> registry = open_http_registry(where, test_.pool(), options_);
    EXPECT_TRUE(registry.ok()) << registry.status().to_string();
    return *registry;
  }

  void settle() { test_.settle(); }
  void advance(std::chrono::nanoseconds by) { test_.advance(by); }
  std::size_t requests() const { return dialer_.attempts(); }

  // What the k-th request says, as far as it was not taken yet; the last one's by default.
  std::string take_request() { return take_request(dialer_.streams() - 1); }
  std::string take_request(std::size_t index) { return dialer_.server(index).take_received(); }
  void answer(std::string_view text) { answer(dialer_.streams() - 1, text); }
  void answer(std::size_t index, std::string_view text) {
    dialer_.server(index).send(text);
    dialer_.server(index).shutdown_write();
    test_.settle();
  }
  // The registry's process has ended.
  void cut(std::size_t index) {
    dialer_.server(index).reset();
    test_.settle();
  }
  // The k-th connection was given up, or has been answered.
  bool over(std::size_t index) { return dialer_.client(index).closed(); }

  static Status refused() {
    return Status(Code::kUnavailable, "connection refused", HandlerRan::kNo);
  }

  // What GeeRPC's registry in Go answers GET and POST, as recorded from one.
  static std::string plain(std::string_view list) {
    return fmt::format(
        "HTTP/1.1 200 OK\r\nX-Geerpc-Servers: {}\r\nDate: Thu, 26 Nov 2026 00:58:46 GMT\r\n"
        "Content-Length: 0\r\nConnection: close\r\n\r\n",
        list);
  }
  static std::string plain_ok() {
    return "HTTP/1.1 200 OK\r\nDate: Thu, 26 Nov 2026 00:58:46 GMT\r\nContent-Length: 0\r\n"
           "Connection: close\r\n\r\n";
  }
  // As ours does.
  static std::string json(std::string_view body) {
    return fmt::format(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
        body.size(), body);
  }
  static std::string list(std::string_view version, std::vector<std::string> addresses,
                          bool warming = false, std::vector<std::string> withdrawn = {}) {
    std::string servers;
    for (const std::string& address : addresses) {
      servers += fmt::format("{}{{\"address\":\"{}\"}}", servers.empty() ? "" : ",", address);
    }
    for (std::string& address : withdrawn) address = fmt::format("\"{}\"", address);
    return json(fmt::format(R"({{"version":"{}","warming":{},"servers":[{}],"withdrawn":[{}]}})",
                            version, warming, servers, fmt::join(withdrawn, ",")));
  }
  static std::string ok(std::string_view expire_ms = "300000") {
    return fmt::format(
        "HTTP/1.1 200 OK\r\nX-Tern-Registry: e\r\nX-Tern-Expire-Ms: {}\r\nContent-Length: "
        "0\r\n\r\n",
        expire_ms);
  }

  static Instance instance(std::string_view address) { return Instance(*parse_endpoint(address)); }
  static std::vector<std::string> addresses(const ServerView& view) {
    std::vector<std::string> all;
    if (!view.known()) return {"unknown"};
    for (const Instance& one : *view.servers) all.push_back(one.endpoint.to_string());
    return all;
  }

  // Withdraws and destroys. `meanwhile` is called again and again until it has ended.
  template <typename Meanwhile>
  void destroy(std::unique_ptr<Registration> registration, Meanwhile meanwhile) {
    bool over = false;
    registration->async_withdraw([&over] { over = true; });
    for (int turns = 0; !over && turns < 1000; ++turns) {
      settle();
      if (!over) meanwhile();
    }
    EXPECT_TRUE(over);
    registration.reset();
    settle();
  }

  HttpRegistryOptions options_;
  TestLoop test_;
  FakeDialer dialer_;
};

}  // namespace tern::test
