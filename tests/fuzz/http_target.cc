#include <cstdio>
#include <cstdlib>
#include <string>

#include "codec/sample_messages.h"
#include "fuzz/stream_methods.h"
#include "fuzz/targets.h"
#include "tern/codegen/type_ops.h"
#include "wire/over_http/server.h"

namespace fuzz {
namespace {

using Step = tern::wire::ServerProtocol::Step;

// Steps that consume nothing are those of batches, whose size this bounds.
constexpr std::size_t kCallsInFlight = 16;

void expect(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "not true: %s\n", claim);
  std::abort();
}

// A server that answers everything at once, fed `piece` bytes at a time.
class Server {
 public:
  Server() { cors_.origins = {"https://a.example"}; }

  std::string answers(tern::ByteView input, std::size_t piece) {
    std::size_t at = 0;
    std::size_t come = 0;
    while (!done_ && (come < input.size() || come == 0)) {
      come = piece < input.size() - come ? come + piece : input.size();
      std::size_t idle = 0;
      while (!done_ && at < come) {
        std::size_t used = step(input.subspan(at, come - at));
        if (used == 0 && (!went_on_ || ++idle > kCallsInFlight)) break;
        at += used;
        expect(at <= come, "no more is consumed than is there");
      }
      if (come == input.size()) break;
    }
    return std::string(tern::as_text(out_.view()));
  }

 private:
  std::size_t step(tern::ByteView in) {
    tern::wire::Frame frame;
    tern::Status why;
    expect(frames_.ready(), "a request that has been answered is over");
    tern::wire::ServerProtocol::Progress progress = frames_.next(in, frame, why);
    went_on_ = progress.step != Step::kMore;
    if (progress.step == Step::kBroken) {
      frames_.write_broken(why, out_);
      done_ = true;
      return 0;
    }
    if (progress.step == Step::kAnswer) frames_.write_answer(out_);
    if (progress.step == Step::kFrame) answer(frame);
    done_ = done_ || frames_.finished();
    return progress.consumed;
  }

  void answer(const tern::wire::Frame& frame) {
    if (frame.kind == tern::wire::FrameKind::kPage) {
      tern::wire::Page page;
      page.content_type = "text/plain";
      page.body = frame.method_name;
      frames_.write_page(0, page, out_);
      return;
    }
    tern::wire::ReplyHead head;
    head.id = frame.id;
    if (frame.kind == tern::wire::FrameKind::kRequestStreamData) {
      take_data(head, frame);
      return;
    }
    sample::Scalars value;
    tern::Metadata metadata;
    tern::Status failure = frames_.read_metadata(frame, metadata);
    if (failure.ok()) failure = frame.refused;
    const tern::TypeOps& type = tern::type_ops<sample::Scalars>();
    if (frame.opens_stream && failure.ok() && frames_.has_control_frames()) {
      came_ = 0;
      return;  // messages follow
    }
    if (failure.ok()) failure = frames_.read_body(frame, type, &value);
    if (frame.opens_stream && failure.ok()) say(head, value);
    head.metadata = frames_.has_metadata() ? &metadata : nullptr;
    if (failure.ok()) failure = frames_.write_reply(head, type, &value, out_);
    if (!failure.ok()) frames_.write_error(head, failure, out_);
  }

  // A message of a server's stream.
  void say(const tern::wire::ReplyHead& head, const sample::Scalars& value) {
    tern::Buffer message;
    expect(frames_.message_codec().encode(tern::type_ops<sample::Scalars>(), &value, message).ok(),
           "what was read can be written");
    tern::wire::StreamPiece piece;
    piece.id = head.id;
    piece.bytes = message.view();
    piece.whole = message.size();
    frames_.write_stream_data(piece, out_);
  }

  // Of a client's stream. It is answered when it has ended.
  void take_data(const tern::wire::ReplyHead& head, const tern::wire::Frame& frame) {
    came_ += frame.body.size();
    expect(frame.whole <= limits_.message_bytes || !frame.refused.ok(),
           "a message is within its limit");
    if (!frame.refused.ok()) {
      frames_.write_error(head, frame.refused, out_);
    } else if (frame.ends_side) {
      sample::Scalars value;
      value.small = static_cast<std::int32_t>(came_);
      const tern::Status failure =
          frames_.write_reply(head, tern::type_ops<sample::Scalars>(), &value, out_);
      expect(failure.ok(), "a number can be written");
    }
  }

  static tern::Limits small_limits() {
    tern::Limits limits;
    limits.message_bytes = 512;
    limits.calls_in_flight = kCallsInFlight;
    return limits;
  }

  const tern::Limits limits_ = small_limits();
  tern::Protocols protocols_;
  tern::Cors cors_;
  StreamMethods methods_;
  tern::http::Paths pages_;
  tern::wire::over_http::ServerProtocol frames_{limits_, protocols_, cors_, pages_, &methods_};
  std::size_t came_ = 0;  // bytes of a client's stream
  tern::Buffer out_;
  bool went_on_ = false;
  bool done_ = false;
};

std::string without_continue(std::string text) {
  const std::string line = "HTTP/1.1 100 Continue\r\n\r\n";
  for (std::size_t at = text.find(line); at != std::string::npos; at = text.find(line, at)) {
    text.erase(at, line.size());
  }
  return text;
}

}  // namespace

void http(tern::ByteView input) {
  const std::string whole = without_continue(Server().answers(input, input.size()));
  for (std::size_t piece : {1u, 7u}) {
    expect(without_continue(Server().answers(input, piece)) == whole,
           "the answers are the same however the bytes come");
  }
}

}  // namespace fuzz
