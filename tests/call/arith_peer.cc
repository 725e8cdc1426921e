#include "call/arith_peer.h"

#include <utility>

#include "call/arith.h"
#include "tern/codec.h"
#include "tern/codec/type_ops_of.h"
#include "wire/handshake.h"
#include "wire/native_frames.h"

namespace tern::test {

namespace {

class ArithPeer final : public ConnectionUser {
 public:
  ArithPeer(Loop& loop, std::unique_ptr<Stream> stream)
      : connection_(
            std::make_shared<Connection>(loop, std::move(stream), *this, ConnectionOptions())) {}

  // Lives until the connection ends.
  static void start(std::shared_ptr<ArithPeer> peer) {
    ArithPeer& started = *peer;
    started.self_ = std::move(peer);
    started.connection_->start();
  }

 private:
  Consumed on_bytes(ByteView bytes) override {
    Consumed consumed;
    if (!greeted_) {
      std::size_t end = as_text(bytes).find('\n');
      if (end == std::string_view::npos) return consumed;
      consumed.bytes = end + 1;
      greeted_ = true;
      outgoing_.append(to_line(OptionReply()));
    }
    Frame frame;
    Status why;
    for (;;) {
      FrameCodec::Progress progress = frames_.next(bytes.subspan(consumed.bytes), frame, why);
      consumed.bytes += progress.consumed;
      if (progress.step == FrameCodec::Step::kFrame) {
        answer(frame);
      } else if (progress.step != FrameCodec::Step::kSkip) {
        consumed.wanted = progress.wanted;
        return consumed;
      }
    }
  }
  void take_outgoing(Buffer& out) override { std::swap(out, outgoing_); }
  void on_closed(const Status&) override {
    // The connection is still at work: it goes with this object, later.
    connection_->loop().post([self = std::move(self_)]() mutable { self.reset(); });
  }

  void answer(const Frame& frame) {
    if (frame.kind != FrameKind::kRequest) return;
    arith::Args args;
    ReplyHead head;
    head.id = frame.id;
    Status failure = frames_.read_body(frame, type_ops<arith::Args>(), &args);
    if (failure.ok() && args.A < 0) return;
    if (failure.ok() && frame.method_id != arith::ArithStub::multiply().id && args.B == 0) {
      failure = arith::DivideByZero(args.A).to_status();
    }
    std::int64_t result =
        frame.method_id == arith::ArithStub::multiply().id ? args.A * args.B : 0;
    if (failure.ok()) failure = frames_.write_reply(head, type_ops<std::int64_t>(), &result, outgoing_);
    if (!failure.ok()) frames_.write_error(head, failure, outgoing_);
  }

  std::shared_ptr<Connection> connection_;
  NativeFrames frames_{native_codec(), Limits()};
  Buffer outgoing_;
  bool greeted_ = false;
  std::shared_ptr<ArithPeer> self_;
};

}  // namespace

void serve_arith(Loop& loop, std::unique_ptr<Stream> stream) {
  ArithPeer::start(std::make_shared<ArithPeer>(loop, std::move(stream)));
}

}  // namespace tern::test
