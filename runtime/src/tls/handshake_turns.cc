#include "tls/handshake_turns.h"

#include <utility>

namespace tern::tls {

namespace {

constexpr int kPassedAtMost = 4;

}  // namespace

void HandshakeTurns::add(std::weak_ptr<Handshaking> one) {
  const std::shared_ptr<Handshaking> there = one.lock();
  if (!there) return;
  (there->under_way() ? under_way_ : new_).push_back(std::move(one));
  loop_.post(std::shared_ptr<net::LoopTask>(shared_from_this(), this));
}

void HandshakeTurns::run_on_loop() {
  std::shared_ptr<Handshaking> one = next();
  if (!new_.empty() || !under_way_.empty()) {
    loop_.post(std::shared_ptr<net::LoopTask>(shared_from_this(), this));
  }
  if (one) one->go_on();
}

std::shared_ptr<Handshaking> HandshakeTurns::next() {
  std::shared_ptr<Handshaking> one;
  if (passed_ < kPassedAtMost) one = take(under_way_);
  if (one) {
    if (!new_.empty()) ++passed_;
    return one;
  }
  passed_ = 0;
  one = take(new_);
  return one ? one : take(under_way_);
}

std::shared_ptr<Handshaking> HandshakeTurns::take(Waiting& waiting) {
  std::shared_ptr<Handshaking> one;
  while (!one && !waiting.empty()) {
    one = waiting.front().lock();
    waiting.pop_front();
  }
  return one;
}

std::shared_ptr<HandshakeTurns> TurnsOfLoops::of(Loop& loop) {
  std::lock_guard lock(mutex_);
  std::weak_ptr<HandshakeTurns>& known = turns_[&loop];
  std::shared_ptr<HandshakeTurns> turns = known.lock();
  if (!turns) {
    turns = std::make_shared<HandshakeTurns>(loop);
    known = turns;
  }
  return turns;
}

}  // namespace tern::tls
