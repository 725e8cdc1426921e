// A client's side of our own frames.
#pragma once

#include "wire/check_limits.h"
#include "wire/client_protocol.h"
#include "wire/native/chunked_messages.h"
#include "wire/native/frames.h"
#include "wire/peer_terms.h"

namespace tern::wire::native {

class ClientProtocol final : public wire::ClientProtocol, private base::MessageCutter {
 public:
  // `codec` outlives this.
  ClientProtocol(const Codec& codec, const Limits& limits)
      : frames_(codec, limits), chunks_("reply", limits), native_(&codec == &native_codec()) {}

  // What the server takes of one message: a longer one fails here.
  void set_peer_message_bytes(std::size_t bytes) noexcept { frames_.set_peer_message_bytes(bytes); }
  // What the server has said that it takes, in its answer to the handshake.
  void set_peer(const PeerTerms& peer) noexcept { peer_ = peer; }
  const PeerTerms& peer() const noexcept { return peer_; }
  // The argument of the request that has just been written to `out`, if the native codec wrote it:
  // else the view's data() is null.
  ByteView native_argument(const Buffer& out) const noexcept {
    return native_ ? out.view().subspan(request_body_) : ByteView();
  }

  Progress next(ByteView in, Frame& frame, Status& why) override {
    if (Frames::is_plain(in) && !chunks_.active()) return frames_.next(in, frame, why);
    return next_of_more(in, frame, why);
  }
  void drop_reply(std::uint64_t id) noexcept override { chunks_.drop(id); }
  Status read_body(const Frame& frame, const TypeOps& type, void* result) override {
    return frames_.read_body(frame, type, result);
  }
  Status read_detail(const Frame& frame, const TypeOps& type, void* detail) override {
    return frames_.read_body(frame, type, detail);
  }
  Status read_metadata(const Frame& frame, Metadata& metadata) override {
    return Frames::read_metadata(frame, metadata);
  }
  Status write_request(const RequestHead& head, const TypeOps& type, const void* argument,
                       Buffer& out) override;
  // Null until set_peer() has said that the server reads chunks.
  base::MessageCutter* cutter() noexcept override {
    return peer_.chunked_bytes > 0 ? this : nullptr;
  }
  bool has_streams() const noexcept override {
    return peer_.stream_window > 0 && allow_streams(frames_.limits());
  }
  std::uint64_t stream_window() const noexcept override { return peer_.stream_window; }
  std::uint64_t own_window() const noexcept override { return peer_.own_window; }
  const Codec& message_codec() const noexcept override { return frames_.codec(); }
  void write_stream_data(const StreamPiece& piece, Buffer& out) override;
  void write_credit(std::uint64_t id, std::uint64_t bytes, Buffer& out) override;
  bool has_pings() const noexcept override { return true; }
  void write_cancel(std::uint64_t id, Buffer& out) override;
  void write_ping(std::uint64_t id, Buffer& out) override;
  void write_pong(std::uint64_t id, Buffer& out) override;

 private:
  Progress next_of_more(ByteView in, Frame& frame, Status& why);
  Rules rules() const noexcept override;
  std::size_t write_chunk(ByteView message, std::size_t taken, Buffer& out) override;

  Frames frames_;
  ChunkedMessages chunks_;
  PeerTerms peer_;
  const bool native_;             // the codec, that is
  std::size_t request_body_ = 0;  // where it began, of the last request
};

}  // namespace tern::wire::native
