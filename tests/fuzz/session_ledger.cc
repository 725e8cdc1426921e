#include "fuzz/session_ledger.h"

#include <algorithm>
#include <utility>

#include "fuzz/expect.h"
#include "wire/server_setup.h"

namespace fuzz {

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
                                         options_.cors, pages_, handshake.peer});
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
    tern::Buffer answer;
    tern::wire::ReplyHead head;
    head.id = frame.id;
    const tern::Status refusal(tern::Code::kAborted, "refused");
    tern::wire::Page page;
    page.body = "a page";
    if (progress.step == tern::wire::FrameStep::kBroken) {
      reader_->write_broken(why, answer);
      ended_ = true;
    } else if (progress.step == tern::wire::FrameStep::kAnswer) {
      reader_->write_answer(answer);
    } else if (progress.step == tern::wire::FrameStep::kFrame) {
      if (frame.kind == tern::wire::FrameKind::kPing) reader_->write_pong(frame.id, answer);
      if (frame.kind == tern::wire::FrameKind::kPage) reader_->write_page(page, answer);
      if (frame.kind == tern::wire::FrameKind::kRequest ||
          frame.kind == tern::wire::FrameKind::kRequestStreamData ||
          frame.kind == tern::wire::FrameKind::kReplyCredit) {
        reader_->write_error(head, refusal, answer);
      }
    }
    if (!answer.empty()) expected_.add_written(tern::as_text(answer.view()));
  }
  in_.erase(0, at);
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
  answered_.read(out_, expected_.bodies());
  expect(answered_.within(expected_), "nothing is answered that was not asked, or twice");
}

}  // namespace fuzz
