// Our own frames, as runtime/README.md has them: a fixed header of 32 bytes, then the parts that
// it gives the sizes of.
#pragma once

#include "tern/codec.h"
#include "wire/frame_codec.h"

namespace tern {

class NativeFrames final : public FrameCodec {
 public:
  static constexpr std::size_t kHeaderBytes = 32;
  // The header's size field counts what follows it.
  static constexpr std::size_t kSizeFieldBytes = 4;

  // `limits.message_bytes` bounds what is read; `peer_message_bytes` what is written: a longer
  // message fails here, with an error that says so, instead of there.
  NativeFrames(const Codec& codec, const Limits& limits);

  void set_peer_message_bytes(std::size_t bytes) noexcept { peer_message_bytes_ = bytes; }

  std::string_view protocol() const noexcept override { return "tern"; }
  std::string_view codec() const noexcept override { return codec_.name(); }
  Progress next(ByteView in, Frame& frame, Status& why) override;
  bool in_frame() const noexcept override { return skip_ > 0; }
  Status read_body(const Frame& frame, const TypeOps& type, void* value) override;
  Status read_detail(const Frame& frame, const TypeOps& type, void* value) override;
  Status read_metadata(const Frame& frame, Metadata& metadata) override;
  Status write_request(const RequestHead& head, const TypeOps& type, const void* argument,
                       Buffer& out) override;
  // The argument of the request that has just been written to `out`, if the native codec wrote it:
  // else the view's data() is null.
  ByteView native_argument(const Buffer& out) const noexcept {
    return native_ ? out.view().subspan(request_body_) : ByteView();
  }
  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                     Buffer& out) override;
  void write_error(const ReplyHead& head, const Status& status, Buffer& out) override;
  void write_cancel(std::uint64_t id, Buffer& out) override;
  bool has_control_frames() const noexcept override { return true; }
  bool has_pings() const noexcept override { return true; }
  void write_ping(std::uint64_t id, Buffer& out) override;
  void write_pong(std::uint64_t id, Buffer& out) override;
  void write_going_away(std::string_view message, Buffer& out) override;

 private:
  struct Header;

  Progress refuse(const Header& header, ByteView in, Frame& frame, FrameLimit limit, Status why);
  Status write_body(const TypeOps& type, const void* value, std::size_t start, Buffer& out) const;

  const Codec& codec_;
  const bool native_;  // the codec, that is
  Limits limits_;
  std::size_t peer_message_bytes_;
  std::size_t request_body_ = 0;  // where it began, of the last request
  std::uint64_t skip_ = 0;        // bytes of a refused frame that are still to come
};

}  // namespace tern
