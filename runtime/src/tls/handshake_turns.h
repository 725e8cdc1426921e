// Handshakes take their turns on a loop.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>

#include "net/loop.h"
#include "net/loop_tasks.h"

namespace tern::tls {

class Handshaking {
 public:
  // Whether it has had a turn. One that has holds some 40 KB until it is done.
  virtual bool under_way() const noexcept = 0;
  // What has come, and a signature perhaps: half a millisecond.
  virtual void go_on() = 0;

 protected:
  ~Handshaking() = default;
};

// Those of one loop. After each step the loop does what else there is, so that calls wait for one
// signature and not for those of all who connect. Handshakes that are under way go before new ones,
// so that few of them hold memory at a time; but a new one is not passed by more than four.
// Threads: the loop's.
class HandshakeTurns final : public net::LoopTask,
                             public std::enable_shared_from_this<HandshakeTurns> {
 public:
  explicit HandshakeTurns(Loop& loop) : loop_(loop) {}

  // Calls go_on() once, later, unless `one` is gone by then.
  void add(std::weak_ptr<Handshaking> one);

 private:
  using Waiting = std::deque<std::weak_ptr<Handshaking>>;

  void run_on_loop() override;
  // Null if nobody waits.
  std::shared_ptr<Handshaking> next();
  static std::shared_ptr<Handshaking> take(Waiting& waiting);

  Loop& loop_;
  Waiting new_;
  Waiting under_way_;
  int passed_ = 0;  // the first of new_ was, so many times
};

// Of each loop one, for all credentials of one kind. Threads: any.
class TurnsOfLoops {
 public:
  std::shared_ptr<HandshakeTurns> of(Loop& loop);

 private:
  std::mutex mutex_;  // guards the following
  std::map<Loop*, std::weak_ptr<HandshakeTurns>> turns_;
};

}  // namespace tern::tls
