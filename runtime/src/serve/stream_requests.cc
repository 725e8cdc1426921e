#include "serve/stream_requests.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "serve/server_core.h"
#include "serve/session.h"
#include "serve/session_call.h"

namespace tern::serve {

namespace {

// A page lists so many of one connection; it says how many there are.
constexpr std::size_t kStreamsOfAConnection = 100;

}  // namespace

StreamRequests::~StreamRequests() = default;

SessionStreams& StreamRequests::streams() {
  if (!streams_) {
    streams_ = std::make_unique<SessionStreams>(session_);
    session_.outbox().set_source(streams_.get());
    described_.store(true, std::memory_order_release);
  }
  return *streams_;
}

void StreamRequests::note(std::uint64_t id) noexcept {
  last_ = std::max(last_.value_or(id), id);
}

bool StreamRequests::has_room(const wire::Frame& frame) {
  const std::size_t limit = session_.core().options().limits.streams;
  if (streams().taken() < limit) return true;
  session_.calls().refuse(
      frame, nullptr, Refusal::kTooManyStreams,
      Status(Code::kResourceExhausted,
             fmt::format("server: {} streams of the connection are open, which is the limit "
                         "(Limits::streams)",
                         limit)));
  return false;
}

void StreamRequests::start(const Route& route, const wire::Frame& frame, Clock::TimePoint arrived,
                           std::unique_ptr<Unserved> unserved) {
  if (!has_room(frame)) return;
  CallPool& pool = session_.serve_loop().calls();
  SessionCall& call = pool.take();
  // HandleTimeout is for answers that are waited for: a stream may be open as long as it likes.
  call.begin(session_, route, frame, arrived, std::chrono::nanoseconds(0));
  try {
    streams().open(call);
  } catch (...) {
    call.set_stream(nullptr);
    pool.give(call);
    throw;
  }
  if (unserved) call.set_unserved(std::move(unserved));
  call.run();
  if (!call.ended()) call.watch_deadline();
  call.release();
}

// A client may have sent it before it has read that the stream has ended. Its ids need not grow, so
// what is not above the highest of them counts as one of them.
void StreamRequests::on_unknown(const wire::Frame& frame, bool runs) {
  if (last_ && frame.id <= *last_ && !runs) {
    session_.serve_loop().counters().late_frames.add();
    return;
  }
  const bool credit = frame.kind == wire::FrameKind::kReplyCredit;
  Status why(Code::kInternal,
             fmt::format("frame: {} of stream {} came, and no request has opened that stream",
                         credit ? "credit" : "data", frame.id),
             HandlerRan::kUnknown);
  session_.protocol().write_broken(why, session_.outbox().messages());
  session_.life().refuse_connection(Refusal::kUnexpectedFrame, std::move(why));
}

// Outside of a turn of the connection, which would take what is thrown.
void StreamRequests::process() {
  if (!streams_) return;
  try {
    streams_->process();
  } catch (...) {
    session_.write_failed();
  }
}

void StreamRequests::describe(Clock::TimePoint now, debug_pages::ConnectionSnapshot& seen) const {
  if (!described_.load(std::memory_order_acquire)) return;
  seen.calls_running += streams_->taken();
  seen.streams_open = streams_->describe(now, kStreamsOfAConnection, seen.streams);
}

}  // namespace tern::serve
