#include "call/stream_calls.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "base/duration_text.h"
#include "wire/check_limits.h"

namespace tern::call {

StreamCalls::StreamCalls(Loop& loop, wire::ClientProtocol& protocol, const Limits& limits,
                         StreamCallsUser& user)
    : loop_(loop),
      protocol_(protocol),
      user_(user),
      streams_(*this, loop, wire::stream_budget(limits)) {}

// --- The calls ---

void StreamCalls::add(OpenedStream opened) {
  const std::uint64_t id = opened.id;
  const Clock::Duration silence = opened.stream->message_timeout();
  opened.stream->set_first_window(protocol_.own_window());
  const std::shared_ptr<const Codec> own = protocol_.codec_of_stream(id);
  // Else the client's own is kept.
  if (own) opened.stream->keep_codec(own);
  streams_.add(std::move(opened.stream), id, own ? *own : protocol_.message_codec(),
               protocol_.begin_stream_window(id),
               {protocol_.has_credit() ? stream::Flow::By::kCredit : stream::Flow::By::kReading,
                protocol_.message_cost(), protocol_.message_envelope()});
  if (silence <= Clock::Duration::zero()) return;
  base::Timer& timer = silences_[id];
  timer.set_callback([this, id] { on_silence(id); });
  loop_.start_timer(timer, silence);
}

Status StreamCalls::end_reading(std::uint64_t id) {
  stream::Stream* stream = streams_.find(id);
  return stream ? streams_.on_half_close(*stream) : Status();
}

void StreamCalls::end(std::uint64_t id, const Status& why, Metadata trailing,
                      stream::Stream::Unread unread) {
  if (!silences_.empty()) silences_.erase(id);
  stream::Stream* stream = streams_.find(id);
  if (stream) streams_.end(*stream, why, std::move(trailing), unread);
}

// A timer is not moved with each message: when it fires, it is looked when the last one was.
void StreamCalls::on_silence(std::uint64_t id) {
  stream::Stream* stream = streams_.find(id);
  if (!stream) return;
  const Clock::Duration timeout = stream->message_timeout();
  const Clock::TimePoint due = saturating_add(stream->silent_since(), timeout);
  if (due > loop_.now()) {
    loop_.start_timer(silences_[id], due);
    return;
  }
  user_.end_stream(
      id,
      Status(Code::kDeadlineExceeded,
             fmt::format("no message for {}", base::duration_text(timeout)), HandlerRan::kUnknown),
      StreamCallsUser::Fault::kTime);
}

// --- The connection ---

bool StreamCalls::on_frame(const wire::Frame& frame) {
  stream::Stream* stream = streams_.find(frame.id);
  if (!stream) return false;
  Status failure = take_in(*stream, frame);
  if (!failure.ok()) {
    user_.end_stream(frame.id, std::move(failure), StreamCallsUser::Fault::kServer);
  }
  return true;
}

Status StreamCalls::take_in(stream::Stream& stream, const wire::Frame& frame) {
  if (!frame.refused.ok()) return frame.refused;
  if (frame.kind == wire::FrameKind::kRequestCredit)
    return streams_.on_credit(stream, frame.credit);
  if (!frame.initial_metadata) return streams_.on_data(stream, frame);
  Metadata metadata;
  Status failure = protocol_.read_metadata(frame, metadata);
  if (failure.ok()) stream.set_initial_metadata(std::move(metadata));
  return failure;
}

void StreamCalls::on_stream_given_up(stream::Stream& stream, const Status& why) {
  user_.end_stream(stream.id(), why, StreamCallsUser::Fault::kProgram);
}

void StreamCalls::on_message_refused(stream::Stream& stream, const Status& why) {
  user_.end_stream(stream.id(), why, StreamCallsUser::Fault::kInterceptor);
}

}  // namespace tern::call
