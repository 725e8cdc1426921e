// A server's side of our own frames.
#pragma once

#include <memory>

#include "base/message_cutter.h"
#include "wire/check_limits.h"
#include "wire/native/chunked_messages.h"
#include "wire/native/frames.h"
#include "wire/peer_terms.h"
#include "wire/server_protocol.h"

namespace tern::wire::native {

class ServerProtocol final : public wire::ServerProtocol, private base::MessageCutter {
 public:
  // `codec` outlives this. `peer`: what the client takes.
  ServerProtocol(const Codec& codec, const Limits& limits, const PeerTerms& peer = PeerTerms())
      : frames_(codec, limits), peer_(peer) {}

  std::string_view codec() const noexcept override { return frames_.codec().name(); }
  Progress next(ByteView in, Frame& frame, Status& why) override {
    if (Frames::is_plain(in) && !chunks_) return frames_.next(in, frame, why);
    return next_of_more(in, frame, why);
  }
  bool in_frame() const noexcept override {
    return frames_.in_frame() || (chunks_ && chunks_->has_begun());
  }
  Status read_body(const Frame& frame, const TypeOps& type, void* argument) override {
    return frames_.read_body(frame, type, argument);
  }
  Status read_metadata(const Frame& frame, Metadata& metadata) override {
    return Frames::read_metadata(frame, metadata);
  }
  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                     Buffer& out) override;
  void write_error(const ReplyHead& head, const Status& status, Buffer& out) override;
  void write_broken(const Status& why, Buffer& out) override;
  bool write_ping(std::uint64_t id, Buffer& out) override;
  void write_pong(std::uint64_t id, Buffer& out) override;
  bool moves_clients() const noexcept override { return true; }
  void write_going_away(std::string_view message, Buffer& out) override;
  Status unknown_method(std::uint64_t id, std::string_view name, UnknownMethod why) override;
  bool has_control_frames() const noexcept override { return true; }
  bool has_metadata() const noexcept override { return true; }
  bool has_streams() const noexcept override {
    return peer_.stream_window > 0 && allow_streams(frames_.limits());
  }
  std::uint64_t stream_window() const noexcept override { return peer_.stream_window; }
  std::uint64_t own_window() const noexcept override { return peer_.own_window; }
  const Codec& message_codec() const noexcept override { return frames_.codec(); }
  void write_stream_data(const StreamPiece& piece, Buffer& out) override;
  void write_credit(std::uint64_t id, std::uint64_t bytes, Buffer& out) override;
  void write_initial_metadata(std::uint64_t id, const Metadata& metadata, Buffer& out) override;
  base::MessageCutter* cutter() noexcept override {
    return peer_.chunked_bytes > 0 ? this : nullptr;
  }

 private:
  Progress next_of_more(ByteView in, Frame& frame, Status& why);
  Progress add_chunk(ByteView in, Progress progress, const Frame& frame, Status& why);
  Progress finish_chunks(Progress progress, Frame& frame, Status& why);
  Rules rules() const noexcept override;
  std::size_t write_chunk(ByteView message, std::size_t taken, Buffer& out) override;

  Frames frames_;
  const PeerTerms peer_;
  std::unique_ptr<ChunkedMessages> chunks_;  // once a request has come in chunks
};

}  // namespace tern::wire::native
