// When a client's session sees to its streams.
#pragma once

#include <cstdint>
#include <memory>

#include "call/client_session_user.h"
#include "call/stream_calls.h"
#include "net/connection.h"
#include "net/loop.h"
#include "tern/status.h"

namespace tern::call {

// The session above.
class StreamWorkUser {
 public:
  // Whether there is a connection to work for.
  virtual bool open() const noexcept = 0;
  // There is no memory for the work.
  virtual void end(const Status& why) = 0;
  // The work may have ended the last call.
  virtual void close_if_drained() = 0;
  // Keeps the session, and this with it, alive.
  virtual std::shared_ptr<void> keep_session() noexcept = 0;

 protected:
  ~StreamWorkUser() = default;
};

// What comes for streams in a turn of the connection is worked off at its end. Else, and when
// callbacks do not come to an end, a turn of the loop's own does it. Threads: the loop's.
class StreamWork final : private net::LoopTask {
 public:
  // All of it outlives this.
  StreamWork(const ClientSessionSetup& setup, net::Connection& connection, StreamCalls& streams,
             StreamWorkUser& user);

  // The streams have work: it is done in this turn, or soon.
  void request() noexcept;
  // The end of a turn of the connection.
  void on_turn_end() {
    if (state_ == State::kInTurn) process();
    // What is left of the bytes is for another turn.
    if (connection_.paused() && !streams_.over_window() && state_ == State::kNone) post();
  }

 private:
  // Who will see to it. In a turn that is the turn.
  enum class State : std::uint8_t { kNone, kInTurn, kPosted };

  void process();
  void post() noexcept;
  void run_on_loop() override;

  const ClientSessionSetup& setup_;
  net::Connection& connection_;
  StreamCalls& streams_;
  StreamWorkUser& user_;
  State state_ = State::kNone;
};

}  // namespace tern::call
