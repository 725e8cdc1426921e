// What a client's session does for streams, and how they leave in turn with long requests.
#include <fmt/format.h>

#include <memory>
#include <new>
#include <utility>

#include "call/client_session.h"
#include "call/failure_text.h"
#include "call/read_outcome.h"

namespace tern::call {

namespace {

// What leaves at a time of long requests and streams, about: what is written meanwhile can leave
// before the rest.
constexpr std::size_t kPart = 64 * 1024;
// With a chunk behind its last byte.
constexpr std::size_t kPartRoom = kPart + 32 * 1024;
// How often a turn looks again at what its callbacks have done.
constexpr int kRounds = 4;

}  // namespace

// --- What has come ---

// The reply of a stream ends it behind the messages that have come.
void ClientSession::on_stream_answer(const wire::Frame& frame, PendingCalls::Call& taken) {
  StartedCall& call = taken.started;
  const Method& method = *call.method;
  const AnswerSource source{reading_, native_, setup_.address};
  Status outcome = server_streams(method.kind) ? read_end(source, frame, call)
                                               : read_outcome(source, frame, call);
  if (outcome.ok() && server_streams(method.kind)) {
    Status cut_off = streams_.end_reading(frame.id);
    if (!cut_off.ok()) {
      outcome =
          Status(Code::kInternal,
                 failure_text(method, setup_.address, fmt::format("reply: {}", cut_off.message())),
                 HandlerRan::kYes);
    }
  }
  streams_.end(frame.id, outcome, call.call->reply_metadata(), stream::Stream::Unread::kKept);
  {
    base::MutexLock lock(setup_.mutex);
    queue_.with(lock).stream_ended();
  }
  call.finish(std::move(outcome));
}

void ClientSession::on_stream_frame(const wire::Frame& frame) {
  if (streams_.on_frame(frame)) return;
  if (frame.initial_metadata) {
    on_initial_metadata(frame);
    return;
  }
  {
    base::MutexLock lock(setup_.mutex);
    if (queue_.with(lock).count_stray(frame.id)) return;
  }
  close_unreadable(Status(
      Code::kUnavailable,
      fmt::format("frame: {} came for call {}, which has opened no stream",
                  frame.kind == wire::FrameKind::kRequestCredit ? "credit" : "data", frame.id)));
}

// Of a call without a stream.
void ClientSession::on_initial_metadata(const wire::Frame& frame) {
  Metadata metadata;
  Status failure = frame.refused;
  if (failure.ok()) failure = reading_.read_metadata(frame, metadata);
  PendingCalls::Call taken;
  bool is_here = false;
  {
    base::MutexLock lock(setup_.mutex);
    RequestQueue& queue = queue_.with(lock);
    if (failure.ok()) {
      if (queue.set_initial_metadata(frame.id, std::move(metadata))) return;
      if (queue.count_stray(frame.id)) return;
    } else {
      is_here = queue.take(frame.id, taken);
      if (!is_here && queue.count_stray(frame.id)) return;
    }
  }
  if (!is_here) {
    close_unreadable(
        Status(Code::kUnavailable,
               fmt::format("frame: metadata came for call {}, which has not been made", frame.id)));
    return;
  }
  end_early(frame.id, taken,
            failure.with_context(failure_text(*taken.started.method, setup_.address,
                                              "the metadata ahead of the reply")),
            stream::Stream::Unread::kKept);
}

void ClientSession::end_stream(std::uint64_t id, Status why, Fault fault) {
  PendingCalls::Call taken;
  {
    base::MutexLock lock(setup_.mutex);
    if (!queue_.with(lock).take(id, taken)) return;
  }
  if (fault == Fault::kServer || fault == Fault::kTime) {
    why = why.with_context(failure_text(*taken.started.method, setup_.address, "the stream"));
  }
  end_early(
      id, taken, std::move(why),
      fault == Fault::kProgram ? stream::Stream::Unread::kDropped : stream::Stream::Unread::kKept);
}

void ClientSession::write_credit(std::uint64_t id, std::uint64_t bytes) {
  base::MutexLock lock(setup_.mutex);
  queue_.with(lock).write_credit(id, bytes);
}

bool ClientSession::send_probe() {
  if (!reading_.has_pings()) return false;
  const std::uint64_t number = pings_.ask([this](const Status& status) {
    if (status.ok()) streams_.end_probe();
  });
  base::MutexLock lock(setup_.mutex);
  queue_.with(lock).write_ping(number);
  return true;
}

void ClientSession::on_streams_work() noexcept {
  if (work_ != Work::kNone) return;
  work_ = Work::kInTurn;
  if (!connection_->in_turn()) post_streams_work();
}

void ClientSession::post_streams_work() noexcept {
  work_ = Work::kPosted;
  setup_.loop.post(std::shared_ptr<net::LoopTask>(shared_from_this(), this));
}

void ClientSession::run_on_loop() {
  if (!open()) return;
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  try {
    process_streams();
  } catch (const std::bad_alloc&) {
    end(Status::without_memory(Code::kUnavailable, HandlerRan::kUnknown));
  }
  connection_->flush();
  close_if_drained();
}

// What callbacks do meanwhile goes with the same write, if it is not without end.
void ClientSession::process_streams() {
  for (int round = 0; round < kRounds && open(); ++round) {
    work_ = Work::kInTurn;
    streams_.process();
    if (!streams_.has_work()) break;
  }
  work_ = Work::kNone;
  if (!open()) return;
  if (streams_.has_work()) post_streams_work();
  if (!connection_->in_turn() && connection_->paused() && !streams_.over_window()) {
    connection_->resume_reading();
  }
}

// --- What leaves ---

// Short requests, and behind them what leaves in chunks. The short ones always go first: where they
// end has been said.
bool ClientSession::take_part(RequestQueue& queue, Buffer& out) {
  streams_.set_flushed();
  const bool waiting = queue.take_outgoing(out);
  // Nothing of a stream leaves before its request.
  for (OpenedStream& opened : queue.take_opened()) streams_.add(std::move(opened));
  if (queue.has_chunks() || streams_.can_send()) fill_part(queue, out);
  return waiting;
}

// With a turn of each at least, so that short requests without end hold up no long one.
void ClientSession::fill_part(RequestQueue& queue, Buffer& out) {
  if (out.capacity() < kPartRoom && out.size() < kPart) {
    Buffer room = setup_.loop.take_buffer(kPartRoom);
    room.reserve(kPartRoom);
    room.append(out.view());
    setup_.loop.give_buffer(std::exchange(out, std::move(room)));
  }
  do {
    const bool chunk = queue.take_chunk(out);
    if (!chunk && !streams_.can_send()) return;
    if (!streams_.can_send()) continue;
    const std::size_t before = out.size();
    streams_.take(out);
    queue.count_taken(out.size() - before);
  } while (out.size() < kPart);
}

}  // namespace tern::call
