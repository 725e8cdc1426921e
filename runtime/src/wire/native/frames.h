// Our own frames, as runtime/README.md has them: a fixed header of 32 bytes, then the parts that
// it gives the sizes of. Here is what both sides of a connection do with them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tern/codec.h"
#include "tern/limits.h"
#include "tern/metadata.h"
#include "wire/frame.h"

namespace tern::wire::native {

class Frames {
 public:
  // The flags.
  static constexpr std::uint8_t kByName = 1;    // requests: the method is named, not numbered
  static constexpr std::uint8_t kEndsSide = 1;  // a client's data: its side of the stream ends
  // Requests that open a stream have one or both.
  static constexpr std::uint8_t kServerStreams = 2;
  static constexpr std::uint8_t kClientStreams = 4;
  static constexpr std::uint8_t kContinues = 2;        // data: more of the message follows
  static constexpr std::uint8_t kInitialMetadata = 4;  // a server's data of a stream

  static constexpr std::size_t kHeaderBytes = 32;
  // The header's size field counts what follows it.
  static constexpr std::size_t kSizeFieldBytes = 4;

  // All numbers are little-endian.
  struct Header {
    std::uint32_t size = 0;  // of all that follows this field
    std::uint8_t kind = 0;
    std::uint8_t flags = 0;
    std::uint8_t code = 0;  // errors
    std::uint8_t ran = 0;   // errors
    std::uint64_t id = 0;
    std::uint32_t name = 0;      // requests: the method's id, or its name's length if the flag says
                                 // so; errors: the length of the declared error's name
    std::uint32_t metadata = 0;  // length
    std::uint64_t last = 0;      // requests: nanoseconds left, 0 for ever; errors, going away: the
                                 // message's length; data: that of the whole, in its first chunk;
                                 // credit: bytes
  };

  // The lengths of what follows a header.
  struct Parts {
    std::uint64_t name = 0;
    std::uint64_t metadata = 0;
    std::uint64_t message = 0;
    std::uint64_t all = 0;  // with the body, which has the rest of it
  };

  // `limits.message_bytes` bounds what is read; `peer_message_bytes` what is written: a longer
  // message fails here, with an error that says so, instead of there. `codec` outlives this.
  Frames(const Codec& codec, const Limits& limits);

  // Whether the frame at the front of `in` has nothing to do with streams and chunks: then next()
  // says all that there is to it. Also true if its header has not come.
  static bool is_plain(ByteView in) noexcept {
    if (in.size() < kHeaderBytes) return true;
    return static_cast<FrameKind>(in[offsetof(Header, kind)]) < FrameKind::kRequestStreamData &&
           static_cast<std::uint8_t>(in[offsetof(Header, flags)]) <= kByName;
  }

  const Codec& codec() const noexcept { return codec_; }
  const Limits& limits() const noexcept { return limits_; }
  std::size_t peer_message_bytes() const noexcept { return peer_message_bytes_; }
  void set_peer_message_bytes(std::size_t bytes) noexcept { peer_message_bytes_ = bytes; }

  // --- Reading ---

  // As both seams have it, for frames of every kind.
  FrameProgress next(ByteView in, Frame& frame, Status& why);
  bool in_frame() const noexcept { return skip_ > 0; }
  Status read_body(const Frame& frame, const TypeOps& type, void* value) const;
  static Status read_metadata(const Frame& frame, Metadata& metadata);

  // --- Writing ---

  // For each entry the lengths of key and value, then both.
  static void put_metadata(const Metadata& metadata, Buffer& out);
  // Appends the body, and fills in the size of the frame that begins at `start`. If it fails, the
  // frame is gone.
  Status write_body(const TypeOps& type, const void* value, std::size_t start, Buffer& out) const;
  // The same for a frame that ends with what is there.
  static void end_frame(std::size_t start, Buffer& out);
  // A chunk of the reply or the request of call `id` that is not the last; `kind` is kReplyData or
  // kRequestData; `whole` is the length of the whole body, in the first one, else 0.
  static void write_chunk(FrameKind kind, std::uint64_t id, std::uint64_t whole, ByteView bytes,
                          Buffer& out);
  // Data of a stream: `kind` is kRequestStreamData or kReplyStreamData.
  static void write_stream_data(FrameKind kind, const StreamPiece& piece, Buffer& out);
  // `kind` is kReplyCredit or kRequestCredit.
  static void write_credit(FrameKind kind, std::uint64_t id, std::uint64_t bytes, Buffer& out);
  static void write_initial_metadata(std::uint64_t id, const Metadata& metadata, Buffer& out);
  // A frame that has an id, or a message, and nothing else.
  static void write_bare(FrameKind kind, std::uint64_t id, std::string_view message, Buffer& out);

 private:
  // Out of line, and by value, so that a frame in order pays for none of them.
  FrameProgress skip(ByteView in) noexcept;
  static FrameProgress broken_header(Header header, Status& why);
  static FrameProgress broken_parts(Parts sizes, Status& why);
  // Data and credit of streams.
  FrameProgress next_of_stream(Header header, ByteView in, Frame& frame, Status& why);
  FrameProgress refuse(Header header, Parts sizes, ByteView in, Frame& frame, Status& why);

  const Codec& codec_;
  Limits limits_;
  std::size_t peer_message_bytes_;
  std::uint64_t skip_ = 0;  // bytes of a refused frame that are still to come
};

}  // namespace tern::wire::native
