#include "sim/token_office.h"

#include <fmt/format.h>

#include <charconv>
#include <functional>
#include <stdexcept>
#include <utility>

namespace tern::sim {

using namespace std::chrono_literals;

class TokenOffice::Source final : public TokenSource {
 public:
  Source(TokenOffice& office, std::string owner, Lifetimes lifetimes)
      : office_(office), owner_(std::move(owner)), lifetimes_(lifetimes) {}

  void token(const Endpoint& /*server*/, Done done) override {
    office_.give(owner_, lifetimes_, std::move(done));
  }

 private:
  TokenOffice& office_;
  const std::string owner_;
  const Lifetimes lifetimes_;
};

class TokenOffice::Forger final : public TokenSource {
 public:
  explicit Forger(TokenOffice& office) noexcept : office_(office) {}

  void token(const Endpoint& /*server*/, Done done) override {
    done(Token(fmt::format("forged.{}", ++office_.last_)));
  }

 private:
  TokenOffice& office_;
};

std::shared_ptr<TokenSource> TokenOffice::source(std::string owner, Lifetimes lifetimes) {
  return std::make_shared<Source>(*this, std::move(owner), lifetimes);
}

std::shared_ptr<TokenSource> TokenOffice::forger() {
  return std::make_shared<Forger>(*this);
}

std::optional<std::string> TokenOffice::owner_of(std::string_view token) const {
  const auto found = issued_.find(token);
  if (found == issued_.end()) return std::nullopt;
  if (world_.clock.now() >= found->second.end) {
    world_.trace.fault(Fault::kExpiredToken);
    return std::nullopt;
  }
  return found->second.owner;
}

std::uint64_t TokenOffice::number_of(std::string_view token) noexcept {
  const std::size_t dot = token.rfind('.');
  std::uint64_t number = 0;
  if (dot != std::string_view::npos) {
    std::from_chars(token.data() + dot + 1, token.data() + token.size(), number);
  }
  return number;
}

void TokenOffice::revoke() {
  world_.trace.fault(Fault::kRevokedTokens, issued_.size());
  issued_.clear();
}

Token TokenOffice::issue(const std::string& owner, Lifetimes lifetimes) {
  Token token(fmt::format("token.{}", ++last_));
  Issued& issued = issued_[token.value];
  issued.owner = owner;
  const bool all_known = lifetimes == Lifetimes::kAllKnown;
  if (healed_ || (!all_known && dice_.percent(40))) return token;
  const std::chrono::nanoseconds lifetime =
      dice_.percent(70) ? dice_.between(10ms, 300ms) : dice_.between(300ms, 5s);
  issued.end = world_.clock.now() + lifetime;
  // Some are not told how long it is good.
  if (all_known || dice_.percent(70)) token.lifetime = lifetime;
  return token;
}

void TokenOffice::give(const std::string& owner, Lifetimes lifetimes, TokenSource::Done done) {
  const std::uint64_t manner = healed_ ? 0 : dice_.below(20);
  if (manner < 10 || (world_.calm && manner > 16)) {
    done(issue(owner, lifetimes));
    return;
  }
  if (manner == 17) {
    world_.trace.fault(Fault::kNoToken);
    done(Status(Code::kUnavailable, "the office is closed"));
    return;
  }
  if (manner == 18) {
    world_.trace.fault(Fault::kNoToken);
    throw std::runtime_error("the office has burnt down");
  }
  const std::uint64_t number = ++last_waiting_;
  waiting_.emplace(number, std::move(done));
  if (manner == 19) {
    // For as long as its client waits, and beyond.
    world_.trace.fault(Fault::kNoToken);
    world_.agenda.after(30s, [this, number] { waiting_.erase(number); });
    return;
  }
  world_.trace.fault(Fault::kLateToken);
  world_.agenda.after(dice_.between(0ns, world_.calm ? 5ms : 50ms),
                      [this, number, owner, lifetimes] {
                        auto waiting = waiting_.extract(number);
                        waiting.mapped()(issue(owner, lifetimes));
                      });
}

}  // namespace tern::sim
