// A server's side of our own frames.
#pragma once

#include "base/message_cutter.h"
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
    return frames_.next(in, frame, why);
  }
  bool in_frame() const noexcept override { return frames_.in_frame(); }
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
  void write_pong(std::uint64_t id, Buffer& out) override;
  void write_going_away(std::string_view message, Buffer& out) override;
  Status unknown_method(std::string_view name, UnknownMethod why) override;
  bool has_control_frames() const noexcept override { return true; }
  bool has_metadata() const noexcept override { return true; }
  base::MessageCutter* cutter() noexcept override {
    return peer_.chunked_bytes > 0 ? this : nullptr;
  }

 private:
  Rules rules() const noexcept override;
  std::size_t write_chunk(ByteView message, std::size_t taken, Buffer& out) override;

  Frames frames_;
  const PeerTerms peer_;
};

}  // namespace tern::wire::native
