#include <memory>
#include <string>

#include "codec/sample_messages.h"
#include "fuzz/frames.h"
#include "fuzz/targets.h"
#include "tern/codec.h"
#include "wire/native/chunks.h"
#include "wire/native/client.h"
#include "wire/native/server.h"

namespace fuzz {
namespace {

tern::Limits small_limits() {
  tern::Limits limits;
  limits.method_name_bytes = 16;
  limits.metadata_bytes = 64;
  limits.message_bytes = 128;
  return limits;
}

void expect_within_limits(const tern::wire::Frame& frame, const tern::Limits& limits) {
  expect(frame.method_name.size() <= limits.method_name_bytes &&
             frame.detail_type.size() <= limits.method_name_bytes,
         "a name is within its limit");
  expect(frame.metadata.size() <= limits.metadata_bytes, "metadata is within its limit");
  const bool data = frame.kind == tern::wire::FrameKind::kRequestStreamData ||
                    frame.kind == tern::wire::FrameKind::kReplyStreamData;
  expect(frame.body.size() <= (data ? tern::wire::native::kMostChunkBytes : limits.message_bytes) &&
             frame.message.size() <= limits.message_bytes,
         "a message is within its limit");
  expect(frame.refused.ok() == (frame.limit == tern::wire::FrameLimit::kNone) ||
             (frame.opens_stream && frame.refused.code() == tern::Code::kUnimplemented),
         "what is refused names the limit");
  if (!data) return;
  expect(frame.whole <= limits.message_bytes || !frame.refused.ok(),
         "a message over the limit is refused with its first chunk");
  expect(frame.whole == 0 || frame.body.size() <= frame.whole, "a chunk is within its message");
  expect(!frame.continues || (!frame.ends_side && !frame.body.empty()),
         "a message that goes on has begun, and no side ends in it");
}

template <typename Frames>
std::string read_parts(Frames& frames, const tern::wire::Frame& frame) {
  expect_within_limits(frame, small_limits());
  tern::Metadata metadata;
  std::string text = frames.read_metadata(frame, metadata).to_string();
  sample::Scalars value;
  text += frames.read_body(frame, tern::type_ops<sample::Scalars>(), &value).to_string();
  return text;
}

void both_sides(const tern::Codec& codec, tern::ByteView input) {
  using Server = tern::wire::native::ServerProtocol;
  using Client = tern::wire::native::ClientProtocol;
  const tern::Limits limits = small_limits();
  tern::wire::PeerTerms streaming;
  streaming.stream_window = 65'536;
  for (const tern::wire::PeerTerms& peer : {tern::wire::PeerTerms(), streaming}) {
    frames_however_cut([&] { return std::make_unique<Server>(codec, limits, peer); }, input,
                       read_parts<Server>);
  }
  frames_however_cut([&] { return std::make_unique<Client>(codec, limits); }, input,
                     read_parts<Client>);
  Server server(codec, limits);
  Client client(codec, tern::Limits());
  expect_understood<sample::Scalars>(client, answer_all<sample::Scalars>(server, input, 16));
}

}  // namespace

void native_frames(tern::ByteView input) {
  both_sides(tern::native_codec(), input);
  both_sides(tern::json_codec(), input);
}

}  // namespace fuzz
