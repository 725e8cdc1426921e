// How a session opens streams, and what comes of them.
#include <fmt/format.h>

#include <chrono>
#include <utility>
#include <vector>

#include "serve/server_core.h"
#include "serve/session.h"
#include "serve/session_call.h"

namespace tern::serve {

SessionStreams& Session::streams() {
  if (!streams_) {
    streams_ = std::make_unique<SessionStreams>(*this);
    outbox_.set_source(streams_.get());
    streams_described_.store(true, std::memory_order_release);
  }
  return *streams_;
}

bool Session::has_room_for_stream(const wire::Frame& frame) {
  const std::size_t limit = core_->options().limits.streams;
  if (this->streams().taken() < limit) return true;
  refuse_request(frame, nullptr, Refusal::kTooManyStreams,
                 Status(Code::kResourceExhausted,
                        fmt::format("server: {} streams of the connection are open, which is the "
                                    "limit (Limits::streams)",
                                    limit)));
  return false;
}

void Session::start_stream(const Route& route, const wire::Frame& frame, Clock::TimePoint arrived,
                           std::unique_ptr<Unserved> unserved) {
  SessionCall& call = serve_loop_.calls().take();
  // HandleTimeout is for answers that are waited for: a stream may be open as long as it likes.
  call.begin(*this, route, frame, arrived, std::chrono::nanoseconds(0));
  try {
    streams().open(call);
  } catch (...) {
    call.set_stream(nullptr);
    serve_loop_.calls().give(call);
    throw;
  }
  if (unserved) call.set_unserved(std::move(unserved));
  call.run();
  if (!call.ended()) call.watch_deadline();
  call.release();
}

// A client may have sent it before it has read that the stream has ended. Its ids need not grow, so
// what is not above the highest of them counts as one of them.
void Session::on_stream_frame(const wire::Frame& frame) {
  if (streams_ && streams_->receive(frame)) return;
  if (last_stream_ && frame.id <= *last_stream_ && !running_.find(frame.id)) {
    serve_loop_.counters().late_frames.add();
    return;
  }
  const bool credit = frame.kind == wire::FrameKind::kReplyCredit;
  Status why(Code::kInternal,
             fmt::format("frame: {} of stream {} came, and no request has opened that stream",
                         credit ? "credit" : "data", frame.id),
             HandlerRan::kUnknown);
  protocol_->write_broken(why, outbox_.messages());
  refuse_connection(Refusal::kUnexpectedFrame, std::move(why));
}

void Session::on_streams_work() noexcept {
  if (!in_frames_) schedule_after_turn();
}

// Outside of a turn of the connection, which would take what is thrown.
void Session::process_streams() {
  if (!streams_) return;
  try {
    streams_->process();
  } catch (...) {
    write_failed();
  }
}

void Session::stream_ended() noexcept {
  times_.note_activity();
  if (phase_ == Phase::kDraining || requests_ended_ || connection_->paused() ||
      protocol_->finished()) {
    schedule_after_turn();
  }
}

void Session::stream_call_released(SessionCall& call, bool has_place) noexcept {
  serve_loop_.calls().give(call);
  if (has_place) streams_->give_back();
  times_.note_activity();
}

void Session::tell_drain() {
  std::vector<SessionCall*> waiting;
  running_.add_waiting_for_drain(waiting);
  if (streams_) streams_->add_waiting_for_drain(waiting);
  for (SessionCall* call : waiting) {
    call->tell_drain();
    call->release();
  }
}

}  // namespace tern::serve
