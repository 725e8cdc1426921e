// A server with an authenticator that does what the test says.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "serve/scripted_authenticator.h"
#include "serve/stream_fixture.h"

namespace tern::test {

class Authentication : public StreamServer {
 protected:
  Authentication() {
    options().authenticator = authenticator_;
    options().log = [this](LogLevel, std::string_view line) { log_.emplace_back(line); };
    service().on_echo([](ServerContext& context, std::string text) -> Reply<std::string> {
      const Identity* who = context.identity();
      return (who ? who->name : std::string("nobody")) + " says " + text;
    });
  }

  static RequestOptions with_token(std::string_view token, std::chrono::nanoseconds timeout = {}) {
    RequestOptions options;
    options.timeout = timeout;
    options.metadata.add("authorization", fmt::format("Bearer {}", token));
    return options;
  }
  Answer ask(Peer& peer, std::string_view token,
             SampleService::Position method = SampleService::kEcho, std::string_view text = "1") {
    peer.send(peer.request(++id_, text, with_token(token), method));
    settle();
    return peer.answer();
  }
  // A request for a method that does not exist.
  std::string unserved(Peer& peer, std::string_view token, std::chrono::nanoseconds timeout = {}) {
    std::string request = peer.request(++id_, "x", with_token(token, timeout));
    request[16] = static_cast<char>(request[16] ^ 1);  // the method's id
    return request;
  }
  // A request that waits for the authenticator.
  std::uint64_t begin(Peer& peer, std::string_view token, std::chrono::nanoseconds timeout = {}) {
    authenticator_->mode = ScriptedAuthenticator::Mode::kLater;
    peer.send(peer.request(++id_, "x", with_token(token, timeout)));
    settle();
    EXPECT_TRUE(peer.answers().empty());
    return id_;
  }

  std::shared_ptr<ScriptedAuthenticator> authenticator_ = std::make_shared<ScriptedAuthenticator>();
  std::vector<std::string> log_;
  std::uint64_t id_ = 0;
};

}  // namespace tern::test
