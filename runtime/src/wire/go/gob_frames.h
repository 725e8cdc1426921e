// net/rpc, and GeeRPC with application/gob: a stream of headers and bodies, each a value of gob.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "codec/gob_decoder.h"
#include "codec/gob_encoder.h"
#include "wire/frame_codec.h"
#include "wire/go/rpc_header.h"

namespace tern {

// Neither system has metadata, deadlines, cancellation or codes of errors: they are not sent, and
// what comes has none. A frame's method name and message are good until the next call of next().
class GobFrames final : public FrameCodec {
 public:
  enum class Role : std::uint8_t { kClient, kServer };

  GobFrames(GoDialect dialect, Role role, const Limits& limits);

  std::string_view protocol() const noexcept override { return go_dialect_name(dialect_); }
  std::string_view codec() const noexcept override { return "application/gob"; }
  Progress next(ByteView in, Frame& frame, Status& why) override;
  bool in_frame() const noexcept override { return has_header_ || decoder_.reading_past(); }
  bool ready() const noexcept override { return memory_taken() <= limits_.gob_sparse_bytes / 2; }
  Status read_body(const Frame& frame, const TypeOps& type, void* value) override;
  Status read_detail(const Frame& frame, const TypeOps& type, void* value) override;
  Status write_request(const RequestHead& head, const TypeOps& type, const void* argument,
                       Buffer& out) override;
  Status write_reply(const ReplyHead& head, const TypeOps& type, const void* value,
                     Buffer& out) override;
  void write_error(const ReplyHead& head, const Status& status, Buffer& out) override;
  Status unknown_method(std::string_view name, UnknownMethod why) override;
  bool has_metadata() const noexcept override { return false; }

 private:
  bool short_request() const noexcept;
  Status read_header();
  void begin_frame(Frame& frame);
  void set_reply_method(const ReplyHead& head);
  Status write(bool request, const TypeOps& type, const void* value, Buffer& out);

  const GoDialect dialect_;
  const Role role_;
  const Limits limits_;

  // Reading.
  codec::GobDecoder decoder_;
  codec::GobMessage message_;  // the body of the frame that was given out last
  GoHeader header_;            // the last one that came
  bool has_header_ = false;    // its body is still to come
  bool started_ = false;

  // Writing.
  codec::GobEncoder encoder_;
  GoHeader written_;
};

}  // namespace tern
