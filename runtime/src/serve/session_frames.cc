#include "serve/session_frames.h"

#include <fmt/format.h>

#include <utility>

#include "serve/session.h"

namespace tern::serve {

namespace {

// What one connection may ask for before the others have their turn. Reading then waits for the
// rest of the loop, as it does at a limit.
constexpr std::size_t kFramesOfATurn = 64;

}  // namespace

net::ConnectionUser::Consumed SessionFrames::read(ByteView bytes) {
  wire::ServerProtocol& protocol = session_.protocol();
  wire::Frame frame;
  net::ConnectionUser::Consumed consumed;
  bool completed = false;
  std::size_t frames = 0;
  protocol.set_time(session_.last_time());
  while (consumed.bytes < bytes.size()) {
    if (protocol.finished()) {
      consumed.bytes = bytes.size();
      break;
    }
    if (session_.over_limit() || frames == kFramesOfATurn) {
      session_.pause();
      break;
    }
    Status why;
    wire::ServerProtocol::Progress progress =
        protocol.next(bytes.subspan(consumed.bytes), frame, why);
    if (progress.step == wire::ServerProtocol::Step::kMore) {
      consumed.wanted = progress.wanted;
      break;
    }
    if (progress.step == wire::ServerProtocol::Step::kBroken) {
      protocol.write_broken(why, session_.outbox().messages());
      session_.life().refuse_connection(Refusal::kMalformedFrame, std::move(why));
      return {bytes.size(), 0};
    }
    consumed.bytes += progress.consumed;
    if (progress.step == wire::ServerProtocol::Step::kSkip) {
      completed = completed || !protocol.in_frame();
      continue;
    }
    completed = true;
    ++frames;
    if (progress.step == wire::ServerProtocol::Step::kAnswer) {
      protocol.write_answer(session_.outbox().messages());
    } else {
      take(frame);
    }
    if (session_.closing() || session_.connection().closed()) return {bytes.size(), 0};
  }
  bool paused = session_.connection().paused();
  session_.times().note_paused(paused);
  if (protocol.finished()) {
    session_.life().note_requests_ended();
    session_.schedule_after_turn();
  }
  session_.note_held();
  const bool partial = !paused && (consumed.bytes < bytes.size() || protocol.in_frame());
  if (session_.times().note_partial(partial, completed)) session_.life().arm();
  return consumed;
}

void SessionFrames::take(const wire::Frame& frame) {
  if (frame.kind == wire::FrameKind::kRequest) {
    session_.calls().on_request(frame);
  } else {
    take_other(frame);
  }
}

void SessionFrames::take_other(const wire::Frame& frame) {
  switch (frame.kind) {
    case wire::FrameKind::kCancel:
      cancel(frame.id);
      return;
    case wire::FrameKind::kPing:
      session_.protocol().write_pong(frame.id, session_.urgent());
      session_.wrote();
      return;
    case wire::FrameKind::kPong:
      if (SessionStreams* streams = session_.calls().opened_streams()) streams->end_probe();
      return;
    case wire::FrameKind::kGoingAway:
      return;
    case wire::FrameKind::kRequestStreamData:
    case wire::FrameKind::kReplyCredit:
      session_.calls().on_stream_frame(frame);
      return;
    case wire::FrameKind::kPage:
      session_.http_requests().ask(frame);
      return;
    case wire::FrameKind::kRequest:
    case wire::FrameKind::kReply:
    case wire::FrameKind::kError:
    case wire::FrameKind::kReplyData:
    case wire::FrameKind::kReplyStreamData:
    case wire::FrameKind::kRequestCredit:
    case wire::FrameKind::kRequestData:
      break;
  }
  session_.life().refuse_connection(
      Refusal::kUnexpectedFrame,
      Status(Code::kInternal,
             fmt::format(
                 "frame: kind {} came from a client; expected a request, cancel, ping, or data "
                 "or credit of a stream",
                 static_cast<int>(frame.kind)),
             HandlerRan::kUnknown));
}

void SessionFrames::cancel(std::uint64_t id) {
  if (session_.calls().cancel(id) || session_.http_requests().cancel(id) ||
      session_.calls().cancel_held(id))
    return;
  if (session_.outbox().drop(id) > 0) session_.unsent_bytes().count();
}

}  // namespace tern::serve
