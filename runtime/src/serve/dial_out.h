// A server that connects to its clients, in place of waiting for them.
#pragma once

#include <memory>

#include "base/backoff.h"
#include "base/timer_queue.h"
#include "net/loop.h"
#include "tern/dialer.h"
#include "tern/endpoint.h"

namespace tern::serve {

class ServeLoop;
class ServerCore;

// Keeps one connection to one address: dials, serves on what comes of it, and dials again when that
// has ended, with a wait that grows while nobody speaks to the server. Kept alive by what it waits
// for, until stop(). Threads: the loop's.
class DialOut final : public std::enable_shared_from_this<DialOut> {
 public:
  DialOut(ServerCore& core, ServeLoop& serve_loop, Endpoint endpoint, const Backoff& backoff);
  DialOut(const DialOut&) = delete;
  DialOut& operator=(const DialOut&) = delete;
  ~DialOut();

  void start();
  // Twice is fine. A connection that is open is for its session to end.
  void stop();

 private:
  void dial();
  void on_dialed(Result<std::unique_ptr<ByteStream>> dialed);
  void on_session_closed(bool spoken_to);
  void wait_and_dial();

  ServerCore& core_;
  ServeLoop& serve_loop_;
  Endpoint endpoint_;
  base::BackoffSchedule backoff_;
  std::shared_ptr<Dialer> dialer_;
  std::unique_ptr<Dialer::Attempt> attempt_;
  base::Timer timer_;
  bool stopped_ = false;
};

}  // namespace tern::serve
