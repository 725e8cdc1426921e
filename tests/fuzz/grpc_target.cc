#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>

#include "codec/sample_messages.h"
#include "fuzz/expect.h"
#include "fuzz/stream_methods.h"
#include "fuzz/targets.h"
#include "tern/codegen/type_ops.h"
#include "wire/over_http2/server.h"
#include "wire/over_http2/server_setup.h"

namespace fuzz {
namespace {

using tern::wire::Frame;
using tern::wire::FrameKind;
using Step = tern::wire::ServerProtocol::Step;

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::size_t kStreams = 256;
// A step that consumes nothing gives a frame, and no byte asks for more of them.
constexpr std::size_t kIdleSteps = 100'000;

// gRPC's calls have one in each stream, and its id; those of other protocols have a number more.
bool is_grpc(std::uint64_t id) noexcept {
  return id >> 32 == 0;
}

// A server that answers every call when its client has said all.
class Server {
 public:
  void feed(tern::ByteView in) {
    std::size_t idle = 0;
    while (!in.empty() && !done_) {
      const std::size_t used = step(in);
      expect(used <= in.size(), "no more is consumed than is there");
      in = in.subspan(used);
      idle = used == 0 ? idle + 1 : 0;
      expect(idle < kIdleSteps, "reading comes to an end");
    }
  }

 private:
  enum class Side { kOpen, kEnded };

  std::size_t step(tern::ByteView in) {
    Frame frame;
    tern::Status why;
    const tern::wire::FrameProgress progress = protocol_.next(in, frame, why);
    if (progress.step == Step::kBroken) {
      expect(!why.message().empty(), "who breaks a rule is told which");
      protocol_.write_broken(why, out_);
      done_ = true;
    } else if (progress.step == Step::kAnswer) {
      protocol_.write_answer(out_);
    } else if (progress.step == Step::kFrame) {
      take(frame);
    }
    out_.clear();
    done_ = done_ || protocol_.finished();
    return progress.consumed;
  }

  void take(const Frame& frame) {
    if (frame.kind == FrameKind::kPage) {
      expect(told_.insert(frame.id).second, "each request is told once");
      tern::wire::Page page;
      page.body = "a page";
      protocol_.write_page(frame.id, page, out_);
      return;
    }
    if (frame.kind == FrameKind::kRequest) {
      expect(told_.insert(frame.id).second, "each request is told once");
      begin(frame);
      expect(open_.size() <= kStreams, "no more streams are open than was said");
      return;
    }
    if (frame.kind == FrameKind::kCancel) {
      open_.erase(frame.id);
      return;
    }
    expect(told_.contains(frame.id), "what belongs to a stream comes behind its request");
    auto found = open_.find(frame.id);
    if (found == open_.end()) return;
    if (frame.kind == FrameKind::kReplyCredit) {
      expect(frame.credit > 0, "credit is more than none");
    } else if (!frame.refused.ok()) {
      fail(frame.id, frame.refused);
    } else if (frame.ends_side) {
      expect(found->second == Side::kOpen, "a side ends once");
      reply(frame.id);
    } else {
      expect(found->second == Side::kOpen, "nothing comes behind the end of a side");
      // A whole one; it may be none, or compressed. Codecs of streams differ in nothing.
      if (frame.whole > 0 && !frame.continues) {
        const tern::Status read = protocol_.message_codec().decode(
            tern::type_ops<sample::Scalars>(), frame.body, &value_, tern::DecodeLimits());
        expect(read.ok() || !read.message().empty(), "what cannot be read has a reason");
      }
      protocol_.write_credit(frame.id, protocol_.message_cost() + frame.body.size(), out_);
    }
  }

  void begin(const Frame& frame) {
    tern::Metadata metadata;
    tern::Status failure = protocol_.read_metadata(frame, metadata);
    if (failure.ok()) failure = frame.refused;
    open_.emplace(frame.id, Side::kOpen);
    if (!failure.ok()) return fail(frame.id, failure);
    const tern::Method* method = methods_.find_method(frame.method_name);
    if (is_grpc(frame.id)) {
      expect(frame.opens_stream == (method != nullptr), "what streams is a stream");
    }
    if (frame.opens_stream && (!method || tern::client_streams(method->kind))) return;
    failure = protocol_.read_body(frame, tern::type_ops<sample::Scalars>(), &value_);
    if (!failure.ok()) return fail(frame.id, failure);
    if (frame.opens_stream) say(frame.id);
    reply(frame.id);
  }

  void say(std::uint64_t id) {
    tern::Buffer message;
    expect(
        protocol_.message_codec().encode(tern::type_ops<sample::Scalars>(), &value_, message).ok(),
        "what was read can be written");
    if (!protocol_.takes_stream_data()) return;
    tern::wire::StreamPiece piece;
    piece.id = id;
    piece.bytes = message.view();
    piece.whole = message.size();
    protocol_.write_stream_data(piece, out_);
    protocol_.end_stream_data(out_);
  }

  void reply(std::uint64_t id) {
    tern::wire::ReplyHead head;
    head.id = id;
    tern::Status failure =
        protocol_.write_reply(head, tern::type_ops<sample::Scalars>(), &value_, out_);
    if (!failure.ok()) return fail(id, failure);
    open_.erase(id);
  }
  void fail(std::uint64_t id, const tern::Status& why) {
    expect(!why.message().empty(), "a failure says what it is");
    tern::wire::ReplyHead head;
    head.id = id;
    protocol_.write_error(head, why, out_);
    open_.erase(id);
  }

  const tern::Limits limits_;
  const StreamMethods methods_;
  const tern::test::Http2Setup setup_{limits_, &methods_};
  tern::wire::over_http2::ServerProtocol protocol_{setup_.get()};
  sample::Scalars value_;
  std::map<std::uint64_t, Side> open_;
  std::set<std::uint64_t> told_;
  tern::Buffer out_;
  bool done_ = false;
};

}  // namespace

void grpc(tern::ByteView input) {
  Server whole;
  whole.feed(tern::as_bytes(kPreface));
  whole.feed(input);
  Server pieces;
  pieces.feed(tern::as_bytes(kPreface));
  const std::size_t size = input.empty() ? 1 : std::to_integer<std::size_t>(input.back()) % 64 + 1;
  for (; !input.empty(); input = input.subspan(std::min(size, input.size()))) {
    pieces.feed(input.first(std::min(size, input.size())));
  }
}

}  // namespace fuzz
