// How a session writes, and bounds what its peer leaves unread.
#include <fmt/format.h>

#include <utility>

#include "serve/server_core.h"
#include "serve/session.h"

namespace tern::serve {

// Replies of one turn leave together: at the end of the connection's turn, or behind everything
// else that the loop has to do now. Many large ones do not wait for that.
void Session::wrote() {
  if (!connection_->in_turn()) {
    if (outbox_.size() >= core_->options().limits.unsent_bytes) connection_->flush();
    schedule_after_turn();
  }
  if (phase_ != Phase::kClosed && (connection_->unsent() > 0 || held_by_windows() > 0)) {
    bound_unsent();
  }
  if (phase_ != Phase::kClosed) note_held();
}

void Session::write_failed() {
  connection_->close(Status::without_memory(Code::kResourceExhausted, HandlerRan::kUnknown));
}

void Session::take_outgoing(Buffer& out) {
  if (streams_) streams_->set_flushed();
  outbox_.take(out);
  // Less waits than before: maybe so little that more can be read.
  if (!out.empty() && connection_->paused() && !over_limit()) schedule_after_turn();
}

void Session::on_write_blocked() {
  bound_unsent();
}

void Session::on_drained() {
  count_unsent();
  after_turn();
}

void Session::count_unsent() noexcept {
  bool waits = phase_ != Phase::kClosed && (connection_->unsent() > 0 || held_by_windows() > 0);
  std::size_t now = waits ? unsent() : 0;
  serve_loop_.counters().unsent_bytes.subtract(counted_unsent_);
  serve_loop_.counters().unsent_bytes.add(now);
  core_->count_unsent(counted_unsent_, now);
  counted_unsent_ = now;
}

// Something waits for the peer, and there may be too much of it.
void Session::bound_unsent() {
  const Limits& limits = core_->options().limits;
  count_unsent();
  if (counted_unsent_ > limits.unsent_reply_bytes) {
    close_unread(limits.unsent_reply_bytes);
  } else if (core_->unsent_bytes() > limits.server_unsent_bytes) {
    serve_loop_.close_most_unread(limits.server_unsent_bytes);
  }
}

void Session::close_unread(std::size_t limit) {
  if (connection_->closed()) return;
  Status why(Code::kResourceExhausted,
             fmt::format("connection with {}: {} bytes wait for the peer to read them; the limit "
                         "is {}",
                         peer(), counted_unsent_, limit),
             HandlerRan::kUnknown);
  serve_loop_.counters().refuse(Refusal::kUnsentReplies);
  core_->log_refusal(peer(), why);
  connection_->close(std::move(why));
}

}  // namespace tern::serve
