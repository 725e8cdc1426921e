#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "codec/sample_messages.h"
#include "fuzz/expect.h"
#include "fuzz/frames.h"
#include "fuzz/stream_methods.h"
#include "fuzz/targets.h"
#include "tern/codegen/type_ops.h"
#include "wire/grpc_web/client_body.h"
#include "wire/over_http/client.h"

namespace fuzz {
namespace {

using tern::MethodKind;
using tern::wire::Frame;
using tern::wire::FrameKind;
using tern::wire::FrameStep;

// Two unary calls, and the stream behind them.
constexpr tern::Method kUnary = stream_method("Plain", MethodKind::kUnary);
constexpr tern::Method kWatch = stream_method("Watch", MethodKind::kServerStream);
constexpr std::uint64_t kStream = 3;

tern::Limits small_limits() {
  tern::Limits limits;
  limits.message_bytes = 256;
  limits.metadata_bytes = 256;
  return limits;
}

// A client that waits for the answers, and what they say, as text.
class Calls {
 public:
  Calls() {
    for (std::uint64_t id = 1; id <= kStream; ++id) {
      tern::wire::RequestHead head;
      head.id = id;
      head.method = id == kStream ? &kWatch : &kUnary;
      head.opens_stream = id == kStream;
      tern::Buffer out;
      expect(client_.write_request(head, tern::type_ops<sample::Scalars>(), &value_, out).ok(),
             "a request can be written");
    }
  }

  std::string read(tern::ByteView input, std::size_t piece) {
    read_frames(client_, input, piece, [&](FrameStep step, const Frame& frame, const auto& why) {
      if (step == FrameStep::kBroken) seen_ += "broken: " + why.to_string();
      if (step == FrameStep::kFrame) take(frame);
      return !left_ && !client_.finished();
    });
    return seen_;
  }

 private:
  void take(const Frame& frame) {
    if (frame.kind == FrameKind::kGoingAway) {
      expect(!frame.message.empty(), "who goes away says it");
      return;
    }
    expect(frame.id == ended_ + 1 && frame.id <= kStream,
           "what comes is of the first call that has not ended");
    if (frame.kind != FrameKind::kReplyStreamData) {
      end(frame);
    } else if (frame.initial_metadata) {
      expect(!std::exchange(begun_, true), "metadata comes ahead, and once");
      seen_ += "ahead: ";
      read_metadata(frame);
    } else {
      take_message(frame);
    }
  }

  void end(const Frame& frame) {
    expect(message_.empty() || frame.kind == FrameKind::kError,
           "a stream ends well behind whole messages alone");
    ended_ = frame.id;
    begun_ = false;
    seen_ += describe(frame);
    if (!frame.metadata.empty()) read_metadata(frame);
    if (frame.kind == FrameKind::kError) {
      expect(frame.code != tern::Code::kOk, "an error has a code");
      expect(frame.ran != tern::HandlerRan::kNo, "an answer is no proof that nothing has run");
      if (!frame.detail_type.empty()) {
        seen_ += client_.read_detail(frame, tern::type_ops<sample::Scalars>(), &value_).to_string();
      }
      return;
    }
    expect(frame.kind == FrameKind::kReply, "a server sends nothing else");
    expect(frame.body.size() <= small_limits().message_bytes, "a message is within its limit");
    if (frame.id == kStream) return;
    seen_ += client_.read_body(frame, tern::type_ops<sample::Scalars>(), &value_).to_string();
  }

  // Chunks are as the input was cut; messages are not.
  void take_message(const Frame& frame) {
    expect(frame.id == kStream, "messages are of the stream");
    begun_ = true;
    if (!frame.refused.ok()) {
      seen_ += "refused: " + frame.refused.to_string();
      left_ = true;
      return;
    }
    if (message_.empty()) whole_ = frame.whole;
    expect(frame.whole == 0 || message_.empty(), "a first chunk says how long its message is");
    expect(whole_ <= small_limits().message_bytes, "a message is within its limit");
    message_ += tern::as_text(frame.body);
    if (frame.continues) return;
    expect(message_.size() == whole_, "a message is as long as it was said to be");
    seen_ += "message: " + message_;
    message_.clear();
  }

  void read_metadata(const Frame& frame) {
    tern::Metadata metadata;
    seen_ += client_.read_metadata(frame, metadata).to_string();
    for (const auto& [name, value] : metadata) seen_.append(name).append("=").append(value);
  }

  const tern::Limits limits_ = small_limits();
  tern::wire::over_http::ClientProtocol client_{
      limits_, "host:1", std::make_unique<tern::wire::grpc_web::ClientBody>(limits_)};
  sample::Scalars value_;
  std::uint64_t ended_ = 0;  // the last call that has
  bool begun_ = false;       // of the next one something has come
  bool left_ = false;        // the stream is given up, and its connection
  std::string message_;      // the chunks of one
  std::uint64_t whole_ = 0;
  std::string seen_;
};

}  // namespace

void grpc_web_client(tern::ByteView input) {
  const std::string whole = Calls().read(input, std::max<std::size_t>(input.size(), 1));
  for (std::size_t piece : {1u, 7u}) {
    expect(Calls().read(input, piece) == whole, "answers are the same in pieces");
  }
}

}  // namespace fuzz
