#include "fuzz/session_ledger.h"

#include <algorithm>
#include <utility>

#include "fuzz/expect.h"
#include "wire/server_setup.h"

namespace fuzz {

using tern::wire::FrameKind;

void SessionLedger::sent(std::string_view bytes) {
  if (ended_) return;
  in_ += bytes;
  if (!reader_) read_first_bytes();
  if (reader_) read_frames();
}

void SessionLedger::read_first_bytes() {
  const tern::serve::HandshakeRules rules{options_.codecs, options_.limits, options_.protocols,
                                          false};
  while (!reader_ && !ended_) {
    const tern::serve::Handshake handshake =
        tern::serve::read_handshake(tern::as_bytes(in_), stage_, rules);
    if (handshake.kind == tern::serve::Handshake::Kind::kMore) return;
    answer_ += handshake.answer;
    in_.erase(0, handshake.consumed);
    stage_ = tern::serve::HandshakeStage::kOption;
    if (handshake.kind == tern::serve::Handshake::Kind::kRefused) ended_ = true;
    if (handshake.kind != tern::serve::Handshake::Kind::kAccepted) continue;
    reader_ = handshake.protocol->serve({options_.limits, handshake.codec, options_.protocols,
                                         options_.cors, pages_, handshake.peer, &methods_});
    frames_are_ours_ = handshake.codec != nullptr;
    expected_.speak(*handshake.protocol, handshake.codec);
    answered_.speak(*handshake.protocol, handshake.codec);
  }
}

void SessionLedger::read_frames() {
  std::size_t at = 0;
  while (at < in_.size() && !ended_) {
    if (reader_->finished()) ended_ = true;
    if (ended_) break;
    tern::wire::Frame frame;
    tern::Status why;
    const auto progress = reader_->next(tern::as_bytes(in_).subspan(at), frame, why);
    if (progress.step == tern::wire::FrameStep::kMore) break;
    at += progress.consumed;
    tern::Buffer out;
    if (progress.step == tern::wire::FrameStep::kBroken) {
      reader_->write_broken(why, out);
      ended_ = true;
      if (frames_are_ours_) outcome_ = StreamLedger::Outcome::kEnds;
    } else if (progress.step == tern::wire::FrameStep::kAnswer) {
      reader_->write_answer(out);
    } else if (progress.step == tern::wire::FrameStep::kFrame) {
      answer(frame, out);
    }
    if (!out.empty()) expected_.add_written(tern::as_text(out.view()));
  }
  in_.erase(0, at);
}

void SessionLedger::answer(const tern::wire::Frame& frame, tern::Buffer& out) {
  tern::wire::Page page;
  page.body = "a page";
  switch (frame.kind) {
    case FrameKind::kPing:
      reader_->write_pong(frame.id, out);
      return;
    case FrameKind::kPage:
      reader_->write_page(frame.id, page, out);
      return;
    case FrameKind::kRequest:
      ask(frame, out);
      return;
    case FrameKind::kRequestStreamData:
    case FrameKind::kReplyCredit:
      take_stream_frame(frame, out);
      return;
    case FrameKind::kCancel:
      if (!streams_.cancelled(frame.id, is_pending(frame.id))) may_end();
      return;
    case FrameKind::kPong:
    case FrameKind::kGoingAway:
      return;
    default:
      // No client says that.
      ended_ = true;
      outcome_ = StreamLedger::Outcome::kEnds;
      return;
  }
}

void SessionLedger::may_end() noexcept {
  outcome_ = std::max(outcome_, StreamLedger::Outcome::kMayEnd);
}

void SessionLedger::ask(const tern::wire::Frame& frame, tern::Buffer& out) {
  const bool pending = is_pending(frame.id);
  if (!frame.opens_stream) {
    if (!streams_.asked(frame.id)) may_end();
    write_refusal(frame.id, out);
    return;
  }
  streams_.opened(*reader_, frame, pending);
  // Its messages follow, and it may be answered before they have come.
  if (!frames_are_ours_ && frame.refused.ok() && reader_->has_control_frames()) {
    expected_.add_stream();
  } else {
    write_refusal(frame.id, out);
  }
}

void SessionLedger::take_stream_frame(const tern::wire::Frame& frame, tern::Buffer& out) {
  const StreamLedger::Outcome outcome = streams_.said(frame, is_pending(frame.id));
  if (frames_are_ours_) {
    outcome_ = std::max(outcome_, outcome);
    ended_ = outcome_ == StreamLedger::Outcome::kEnds;
    return;
  }
  // It has been counted.
  if (frame.ends_side || !frame.refused.ok()) write_refusal(frame.id, out);
  out.clear();
}

void SessionLedger::write_refusal(std::uint64_t id, tern::Buffer& out) {
  tern::wire::ReplyHead head;
  head.id = id;
  reader_->write_error(head, tern::Status(tern::Code::kAborted, "refused"), out);
}

bool SessionLedger::is_pending(std::uint64_t id) const {
  return frames_are_ours_ && expected_.replies(id) > answered_.replies(id);
}

void SessionLedger::received(std::string_view bytes) {
  if (refused_) return;
  out_ += bytes;
  const std::size_t common = std::min(out_.size(), answer_.size() - answer_read_);
  if (out_.compare(0, common, answer_, answer_read_, common) != 0) {
    expect(may_be_refused_, "a handshake is answered as it was sent");
    refused_ = true;
    return;
  }
  out_.erase(0, common);
  answer_read_ += common;
  if (answer_read_ < answer_.size()) return;
  if (!reader_) {
    expect(out_.empty(), "nothing is said before a protocol is spoken");
    return;
  }
  answered_.read(out_, expected_.bodies(), streams_);
  expect(answered_.within(expected_), "nothing is answered that was not asked, or twice");
}

}  // namespace fuzz
