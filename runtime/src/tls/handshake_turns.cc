#include "tls/handshake_turns.h"

#include <utility>

namespace tern::tls {

void HandshakeTurns::add(std::weak_ptr<Handshaking> one) {
  waiting_.push_back(std::move(one));
  loop_.post(std::shared_ptr<net::LoopTask>(shared_from_this(), this));
}

void HandshakeTurns::run_on_loop() {
  std::shared_ptr<Handshaking> next;
  while (!next && !waiting_.empty()) {
    next = waiting_.front().lock();
    waiting_.pop_front();
  }
  if (!waiting_.empty()) loop_.post(std::shared_ptr<net::LoopTask>(shared_from_this(), this));
  if (next) next->go_on();
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
