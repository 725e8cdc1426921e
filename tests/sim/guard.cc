#include "sim/guard.h"

#include <charconv>
#include <functional>
#include <memory>
#include <stdexcept>
#include <utility>

#include "sim/stream_handler.h"

namespace tern::sim {

using namespace std::chrono_literals;

namespace {

constexpr const char* kRole = "user";

std::optional<Ledger::Nonce> nonce_of(std::string_view text) {
  Ledger::Nonce nonce = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), nonce);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return nonce;
}

bool has_metadata(std::string_view protocol) noexcept {
  return protocol == "tern" || protocol == "http" || protocol == "HTTP/2";
}

}  // namespace

Guard::Request Guard::look_at(const Credentials& credentials) {
  Request request;
  request.peer = credentials.peer;
  request.number = credentials.metadata.get(kNonceKey);
  request.nonce = nonce_of(request.number);
  request.can_be_told = credentials.protocol == "tern" || credentials.protocol == "HTTP/2";
  const std::string_view token = credentials.bearer_token();
  if (request.nonce && *request.nonce < world_.ledger.calls()) {
    world_.ledger.ask(*request.nonce, TokenOffice::number_of(token));
  } else {
    request.nonce.reset();
  }
  if (!has_metadata(credentials.protocol)) {
    world_.trace.fault(knows_addresses_ ? Fault::kKnownAddress : Fault::kUnknownAddress);
    if (knows_addresses_) request.name = request.peer;
    return request;
  }
  if (std::optional<std::string> owner = world_.tokens.owner_of(token)) {
    request.name = *std::move(owner);
  } else {
    world_.trace.fault(Fault::kUnknownToken);
  }
  return request;
}

void Guard::answer(const Request& request, Done& done) {
  if (request.name.empty()) return refuse(request, done);
  ++accepted_[{request.peer, request.name, request.number}];
  done(Identity(request.name, {kRole}));
}

void Guard::refuse(const Request& request, Done& done) {
  if (request.nonce) world_.ledger.refuse(*request.nonce);
  done(Status(Code::kUnauthenticated, "nobody knows who it is"));
}

void Guard::fail(const Request& request) {
  if (request.nonce) world_.ledger.fail_to_know(*request.nonce);
}

void Guard::wait(const Request& request, Done done, std::chrono::nanoseconds time) {
  const std::uint64_t number = ++last_waiting_;
  waiting_.emplace(number, std::move(done));
  world_.agenda.after(time, [this, number, request] {
    auto waiting = waiting_.extract(number);
    if (waiting.empty()) return;
    if (request.nonce && world_.ledger.ended(*request.nonce)) {
      world_.trace.fault(Fault::kAnswerBehindEnd, *request.nonce);
    }
    answer(request, waiting.mapped());
  });
}

void Guard::authenticate(const Credentials& credentials, Done done) {
  const Request request = look_at(credentials);
  const Ledger::Nonce nonce = request.nonce.value_or(0);
  if (healed_) {
    if (*healed_ == 0ns) return answer(request, done);
    return wait(request, std::move(done), *healed_);
  }
  const std::uint64_t manner = dice_.below(100);
  if (manner < 50) return answer(request, done);
  if (manner < 78) {
    world_.trace.fault(Fault::kLateAnswer, nonce);
    return wait(request, std::move(done), dice_.between(0ns, 20ms));
  }
  if (manner < 80) {
    world_.trace.fault(Fault::kLongAnswer, nonce);
    return wait(request, std::move(done), dice_.between(20ms, 8s));
  }
  if (manner < 82) {
    world_.trace.fault(Fault::kNoAnswer, nonce);
    fail(request);
    const std::uint64_t number = ++last_waiting_;
    waiting_.emplace(number, std::move(done));
    // Its caller may come to its end without it, also if that is never.
    if (request.nonce && request.can_be_told && world_.ledger.has_deadline(*request.nonce)) {
      ++never_;
    } else {
      world_.agenda.after(15s, [this, number] { waiting_.erase(number); });
    }
    return;
  }
  if (manner < 84) {
    world_.trace.fault(Fault::kDroppedAnswer, nonce);
    fail(request);
    if (dice_.percent(50)) return;
    const std::uint64_t number = ++last_waiting_;
    waiting_.emplace(number, std::move(done));
    world_.agenda.after(dice_.between(0ns, 20ms), [this, number] { waiting_.erase(number); });
    return;
  }
  if (manner < 87) {
    world_.trace.fault(Fault::kThrowingAuthenticator, nonce);
    // What it has answered before counts.
    const bool answers = dice_.percent(30);
    if (answers) {
      answer(request, done);
    } else {
      fail(request);
    }
    throw std::runtime_error("the authenticator does not know any more");
  }
  if (manner < 92) {
    world_.trace.fault(Fault::kSecondAnswer, nonce);
    answer(request, done);
    if (dice_.percent(50)) {
      done(Identity("somebody else", {kRole}));
    } else {
      done(Status(Code::kUnauthenticated, "or nobody"));
    }
    return;
  }
  if (manner < 96) {
    world_.trace.fault(Fault::kRefusedOnce, nonce);
    return refuse(request, done);
  }
  if (manner < 98 && !request.name.empty()) {
    world_.trace.fault(Fault::kMissingRole, nonce);
    done(Identity(request.name));
    return;
  }
  answer(request, done);
}

void Guard::expect_accepted(const ServerContext& context, Ledger::Nonce nonce) {
  const Identity* identity = context.identity();
  const std::string number(context.metadata().get(kNonceKey));
  const auto found = accepted_.find(
      {std::string(context.peer()), identity ? identity->name : std::string(), number});
  if (!identity || found == accepted_.end()) {
    world_.ledger.violate("runs for who was not accepted: " + world_.ledger.describe(nonce));
  } else if (--found->second == 0) {
    accepted_.erase(found);
  }
  if (!number.empty() && nonce_of(number) != nonce) {
    world_.ledger.violate("runs with the metadata of another call: " +
                          world_.ledger.describe(nonce));
  }
}

void Guard::let_go() noexcept {
  waiting_.clear();
  never_ = 0;
}

}  // namespace tern::sim
