#include "call/sent_calls.h"

#include <fmt/format.h>

#include <new>
#include <utility>
#include <vector>

#include "call/failure_text.h"

namespace tern::call {

SentCalls::SentCalls(const ClientSessionSetup& setup, const AnswerSource& source,
                     net::Connection& connection, base::Guarded<RequestQueue>& queue,
                     StreamCalls& streams, SentCallsUser& user)
    : setup_(setup),
      source_(source),
      connection_(connection),
      queue_(queue),
      streams_(streams),
      user_(user),
      gathering_(setup.options.gather_replies) {}

// --- What has come ---

void SentCalls::on_answer(const wire::Frame& frame) {
  ++answers_;
  PendingCalls::Call taken;
  {
    base::MutexLock lock(setup_.mutex);
    if (!queue_.with(lock).take_answered(frame.id, taken)) return;
  }
  last_answered_ = taken.place;
  if (taken.started.call->stream()) {
    on_stream_answer(frame, taken);
    return;
  }
  taken.started.finish(read_outcome(source_, frame, taken.started));
}

// The reply of a stream ends it behind the messages that have come.
void SentCalls::on_stream_answer(const wire::Frame& frame, PendingCalls::Call& taken) {
  StartedCall& call = taken.started;
  const Method& method = *call.method;
  Status outcome = server_streams(method.kind) ? read_end(source_, frame, call)
                                               : read_outcome(source_, frame, call);
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
    queue_.with(lock).stream_answered();
  }
  user_.stream_answered();
  call.finish(std::move(outcome));
}

void SentCalls::on_reply_data(const wire::Frame& frame) {
  base::MutexLock lock(setup_.mutex);
  if (!queue_.with(lock).has(frame.id)) source_.protocol.drop_reply(frame.id);
}

void SentCalls::on_stream_frame(const wire::Frame& frame) {
  if (streams_.on_frame(frame)) return;
  if (frame.initial_metadata) {
    on_initial_metadata(frame);
    return;
  }
  {
    base::MutexLock lock(setup_.mutex);
    if (queue_.with(lock).count_stray(frame.id)) return;
  }
  user_.close_unreadable(Status(
      Code::kUnavailable,
      fmt::format("frame: {} came for call {}, which has opened no stream",
                  frame.kind == wire::FrameKind::kRequestCredit ? "credit" : "data", frame.id)));
}

// Of a call without a stream.
void SentCalls::on_initial_metadata(const wire::Frame& frame) {
  Metadata metadata;
  Status failure = frame.refused;
  if (failure.ok()) failure = source_.protocol.read_metadata(frame, metadata);
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
    user_.close_unreadable(
        Status(Code::kUnavailable,
               fmt::format("frame: metadata came for call {}, which has not been made", frame.id)));
    return;
  }
  end_early(frame.id, taken,
            failure.with_context(failure_text(*taken.started.method, setup_.address,
                                              "the metadata ahead of the reply")),
            stream::Stream::Unread::kKept);
}

void SentCalls::gather(std::size_t bytes) {
  ReplyGathering::Turn turn;
  turn.now = setup_.loop.now();
  turn.replies = std::exchange(answers_, 0);
  turn.bytes = bytes;
  {
    base::MutexLock lock(setup_.mutex);
    turn.younger = queue_.with(lock).sent_after(last_answered_);
  }
  connection_.gather(gathering_.after(turn), gathering_.limit());
}

// --- The end without an answer ---

bool SentCalls::give_up(std::uint64_t id, Code code) {
  std::shared_ptr<void> alive = setup_.user.keep_alive();
  PendingCalls::Call taken;
  {
    base::MutexLock lock(setup_.mutex);
    if (!queue_.with(lock).take(id, taken)) return false;
  }
  Status why = given_up(taken.started, setup_.address, code, Missing::kReply);
  end_early(
      id, taken, std::move(why),
      code == Code::kCancelled ? stream::Stream::Unread::kDropped : stream::Stream::Unread::kKept);
  return true;
}

void SentCalls::end_stream(std::uint64_t id, Status why, StreamCallsUser::Fault fault) {
  using Fault = StreamCallsUser::Fault;
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

// Ends a call that was taken out of the queue, and tells the server, if it has heard of it.
void SentCalls::end_early(std::uint64_t id, PendingCalls::Call& taken, Status why,
                          stream::Stream::Unread unread) {
  source_.protocol.drop_reply(id);
  const bool is_stream = taken.started.call->stream() != nullptr;
  // First, so that no data follows the cancel.
  if (is_stream) streams_.end(id, why, Metadata(), unread);
  bool told = true;
  try {
    {
      base::MutexLock lock(setup_.mutex);
      RequestQueue& queue = queue_.with(lock);
      if (is_stream) queue.stream_ended();
      if (queue.write_cancel(id) == HandlerRan::kNo) why = why.with_handler_ran(HandlerRan::kNo);
    }
    connection_.flush();
  } catch (const std::bad_alloc&) {
    // The server learns of it by its own deadline. A stream may have none.
    told = false;
  }
  // First, so that what the caller starts when it hears of the end has another connection.
  if (is_stream && source_.protocol.cancel_ends_connection(id)) user_.leave();
  taken.started.finish(std::move(why));
  if (is_stream && !told && user_.open()) {
    user_.end(Status::without_memory(Code::kUnavailable, HandlerRan::kUnknown));
    return;
  }
  user_.close_if_drained();
}

void SentCalls::fail_all(const Status& why, bool refused, std::uint64_t written) {
  std::vector<PendingCalls::Call> lost;
  {
    base::MutexLock lock(setup_.mutex);
    lost = queue_.with(lock).take_all();
  }
  for (PendingCalls::Call& call : lost) {
    // A request cannot have been understood before the byte at which its server can act.
    const bool sent = call.request_end <= written;
    StartedCall& started = call.started;
    Status outcome = lost_call(*started.method, setup_.address, why, sent, refused);
    if (started.call->stream()) {
      const auto& stream = static_cast<const stream::Stream&>(*started.call->stream());
      streams_.end(stream.id(), outcome, Metadata(), stream::Stream::Unread::kKept);
    }
    started.finish(std::move(outcome));
  }
}

}  // namespace tern::call
