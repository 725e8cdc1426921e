// An authenticator whose answers the tests choose.
#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tern/authenticator.h"

namespace tern::test {

// Knows the tokens "alice" and "root", who is an admin. Threads: one.
class ScriptedAuthenticator final : public Authenticator {
 public:
  enum class Mode { kAtOnce, kLater, kNever, kThrows, kTwice };

  void authenticate(const Credentials& credentials, Done done) override {
    ++asked;
    token = credentials.bearer_token();
    peer = credentials.peer;
    peer_is_local = credentials.peer_is_local;
    protocol = credentials.protocol;
    page = credentials.page;
    method = credentials.method ? std::string(credentials.method->name) : "";
    switch (mode) {
      case Mode::kAtOnce:
        done(answer_to(token));
        return;
      case Mode::kLater:
        waiting.emplace_back(token, std::move(done));
        return;
      case Mode::kNever:
        return;
      case Mode::kThrows:
        throw std::runtime_error("no more of this");
      case Mode::kTwice:
        done(answer_to(token));
        done(answer_to("root"));
        return;
    }
  }

  std::optional<KeyStats> key_stats() override { return keys; }

  Result<Identity> answer_to(const std::string& shown) const {
    if (!known) return Status(Code::kUnauthenticated, "the token has expired");
    if (shown == "alice") return Identity("alice");
    if (shown == "root") return Identity("root", {"admin"});
    if (shown == "expired") return Status(Code::kUnauthenticated, "the token has expired");
    return Status(Code::kUnauthenticated, "expected a token that is known");
  }

  // Answers the first that waits.
  void answer() {
    auto first = std::move(waiting.front());
    waiting.erase(waiting.begin());
    first.second(answer_to(first.first));
  }

  Mode mode = Mode::kAtOnce;
  bool known = true;                                  // false: all tokens have expired
  std::vector<std::pair<std::string, Done>> waiting;  // with Mode::kLater: token and answer
  std::optional<KeyStats> keys;                       // that it says it has
  // What the last request has shown.
  int asked = 0;
  std::string token, peer, protocol, page, method;
  bool peer_is_local = false;
};

}  // namespace tern::test
