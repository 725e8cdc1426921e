#include "call/stream_work.h"

#include <new>

namespace tern::call {

namespace {

// How often a turn looks again at what its callbacks have done.
constexpr int kRounds = 4;

}  // namespace

StreamWork::StreamWork(const ClientSessionSetup& setup, net::Connection& connection,
                       StreamCalls& streams, StreamWorkUser& user)
    : setup_(setup), connection_(connection), streams_(streams), user_(user) {}

void StreamWork::request() noexcept {
  if (state_ != State::kNone) return;
  state_ = State::kInTurn;
  if (!connection_.in_turn()) post();
}

void StreamWork::post() noexcept {
  state_ = State::kPosted;
  setup_.loop.post(std::shared_ptr<net::LoopTask>(user_.keep_session(), this));
}

void StreamWork::run_on_loop() {
  if (!user_.open()) return;
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  try {
    process();
  } catch (const std::bad_alloc&) {
    user_.end(Status::without_memory(Code::kUnavailable, HandlerRan::kUnknown));
  }
  connection_.flush();
  user_.close_if_drained();
}

// What callbacks do meanwhile goes with the same write, if it is not without end.
void StreamWork::process() {
  for (int round = 0; round < kRounds && user_.open(); ++round) {
    state_ = State::kInTurn;
    streams_.process();
    if (!streams_.has_work()) break;
  }
  state_ = State::kNone;
  if (!user_.open()) return;
  if (streams_.has_work()) post();
  if (!connection_.in_turn() && connection_.paused() && !streams_.over_window()) {
    connection_.resume_reading();
  }
}

}  // namespace tern::call
