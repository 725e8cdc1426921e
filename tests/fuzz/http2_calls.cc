#include "fuzz/http2_calls.h"

#include <array>
#include <string_view>
#include <utility>

#include "fuzz/expect.h"
#include "fuzz/stream_methods.h"
#include "tern/codec.h"
#include "tern/codegen/type_ops.h"

namespace fuzz {
namespace {

using tern::MethodKind;
using tern::wire::Frame;
using tern::wire::FrameKind;
using tern::wire::FrameStep;

// SETTINGS with room for 100 streams, so that all requests leave.
constexpr std::string_view kSettings("\0\0\6\4\0\0\0\0\0\0\3\0\0\0\x64", 15);
constexpr std::size_t kMessageBytes = 1024;

constexpr std::array<tern::Method, 5> kMethods = {{
    stream_method("Plain", MethodKind::kUnary),
    stream_method("Gzip", MethodKind::kUnary),
    stream_method("Watch", MethodKind::kServerStream),
    stream_method("Upload", MethodKind::kClientStream),
    stream_method("Chat", MethodKind::kBidiStream),
}};

}  // namespace

tern::Limits http2_client_limits() {
  tern::Limits limits;
  limits.message_bytes = kMessageBytes;
  return limits;
}

Http2Calls::Http2Calls(std::unique_ptr<tern::wire::over_http2::ClientProtocol> protocol)
    : protocol_(std::move(protocol)) {
  for (std::uint64_t id = 1; id <= kMethods.size(); ++id) request(id);
  flush();
  feed(tern::as_bytes(kSettings), kSettings.size());
  for (auto& [id, call] : open_) begin_stream(id);
  flush();
}

void Http2Calls::feed(tern::ByteView in, std::size_t piece) {
  if (done_) return;
  read_frames(*protocol_, in, piece, [&](FrameStep step, const Frame& frame, const tern::Status&) {
    if (step == FrameStep::kFrame) take(frame);
    if (step == FrameStep::kBroken) break_off();
    if (step == FrameStep::kSkip) flush();
    done_ |= protocol_->finished();
    return !done_;
  });
}

void Http2Calls::request(std::uint64_t id) {
  const tern::Method& method = kMethods[id - 1];
  tern::wire::RequestHead head;
  head.id = id;
  head.method = &method;
  head.opens_stream = method.kind != MethodKind::kUnary;
  head.compression = id % 2 == 0 ? tern::Compression::kGzip : tern::Compression::kIdentity;
  expect(protocol_->write_request(head, tern::type_ops<sample::Scalars>(), &value_, out_).ok(),
         "a request can be written");
  open_.emplace(id, Call{method.kind});
}

void Http2Calls::begin_stream(std::uint64_t id) {
  const MethodKind kind = kMethods[id - 1].kind;
  if (!tern::client_streams(kind)) return;
  expect(protocol_->begin_stream_window(id) > 0, "a stream has a window");
  tern::Buffer message;
  expect(codec_of(id).encode(tern::type_ops<sample::Scalars>(), &value_, message).ok(),
         "a message can be written");
  tern::wire::StreamPiece piece;
  piece.id = id;
  piece.bytes = message.view();
  piece.whole = message.size();
  protocol_->write_stream_data(piece, out_);
}

void Http2Calls::flush() {
  protocol_->write_answer(out_);
  while (const auto sent = protocol_->take_sent()) {
    expect(sent_.insert(sent->id).second, "each request leaves once");
  }
  out_.clear();
}

void Http2Calls::break_off() {
  done_ = true;
  if (!protocol_->has_last_words()) return;
  out_.clear();
  protocol_->write_answer(out_);
  expect(!out_.empty(), "a server that breaks rules is told so");
}

void Http2Calls::take(const Frame& frame) {
  if (frame.kind == FrameKind::kPong) return;
  if (frame.kind == FrameKind::kGoingAway) {
    expect(!frame.message.empty(), "who goes away says it");
    expect(++goaways_ <= 2, "a server goes away once, or once more for pings");
    return;
  }
  auto found = open_.find(frame.id);
  expect(found != open_.end(), "what comes is of a call that has not ended");
  Call& call = found->second;
  switch (frame.kind) {
    case FrameKind::kReply:
    case FrameKind::kError:
      end(frame, call.kind);
      open_.erase(found);
      return;
    case FrameKind::kRequestCredit:
      expect(tern::client_streams(call.kind) && frame.credit > 0, "credit is for who writes");
      return;
    case FrameKind::kReplyStreamData:
      if (frame.initial_metadata) {
        expect(!std::exchange(call.has_metadata, true), "metadata comes ahead once");
        read_metadata(frame);
      } else {
        expect(tern::server_streams(call.kind) || !frame.refused.ok(),
               "messages are of who streams");
        take_message(frame);
      }
      return;
    default:
      expect(false, "a server sends nothing else");
  }
}

void Http2Calls::read_metadata(const Frame& frame) {
  tern::Metadata metadata;
  const tern::Status read = protocol_->read_metadata(frame, metadata);
  expect(read.ok() || !read.message().empty(), "metadata that cannot be read has a reason");
}

void Http2Calls::end(const Frame& frame, MethodKind kind) {
  expect(!protocol_->holds(frame.id), "a call that has ended is not waiting to leave");
  read_metadata(frame);
  if (!frame.refused.ok()) {
    expect(!frame.refused.message().empty(), "what is refused has a reason");
    return;
  }
  if (frame.kind == FrameKind::kError) {
    expect(frame.code != tern::Code::kOk, "an error has a code");
    if (frame.detail_type.empty()) return;
    static_cast<void>(protocol_->read_detail(frame, tern::type_ops<sample::Scalars>(), &value_));
    return;
  }
  if (tern::server_streams(kind)) return;
  expect(frame.body.size() <= kMessageBytes, "a message is within its limit");
  sample::Scalars value;
  const tern::Status read = protocol_->read_body(frame, tern::type_ops<sample::Scalars>(), &value);
  expect(read.ok() || !read.message().empty(), "what cannot be read has a reason");
}

void Http2Calls::take_message(const Frame& frame) {
  if (!frame.refused.ok()) {
    expect(!frame.refused.message().empty(), "what is refused has a reason");
    protocol_->write_cancel(frame.id, out_);
    open_.erase(frame.id);
    return;
  }
  expect(frame.whole <= kMessageBytes + protocol_->message_envelope(),
         "a message is within its limit");
  // A whole one; it may be compressed.
  if (frame.whole > 0 && !frame.continues) {
    sample::Scalars value;
    const tern::Status read = codec_of(frame.id).decode(
        tern::type_ops<sample::Scalars>(), frame.body, &value, http2_client_limits().decode());
    expect(read.ok() || !read.message().empty(), "what cannot be read has a reason");
  }
  protocol_->write_credit(frame.id, protocol_->message_cost() + frame.body.size(), out_);
}

const tern::Codec& Http2Calls::codec_of(std::uint64_t id) {
  const std::shared_ptr<const tern::Codec> own = protocol_->codec_of_stream(id);
  return own ? *own : protocol_->message_codec();  // the protocol keeps either
}

}  // namespace fuzz
