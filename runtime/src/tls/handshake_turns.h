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
  // What has come, and a signature perhaps: half a millisecond.
  virtual void go_on() = 0;

 protected:
  ~Handshaking() = default;
};

// Those of one loop. After each step the loop does what else there is, so that calls wait for one
// signature and not for those of all who connect. Threads: the loop's.
class HandshakeTurns final : public net::LoopTask,
                             public std::enable_shared_from_this<HandshakeTurns> {
 public:
  explicit HandshakeTurns(Loop& loop) : loop_(loop) {}

  // Calls go_on() once, later, unless `one` is gone by then.
  void add(std::weak_ptr<Handshaking> one);

 private:
  void run_on_loop() override;

  Loop& loop_;
  std::deque<std::weak_ptr<Handshaking>> waiting_;
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
