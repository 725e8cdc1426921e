// Messages of gRPC, compressed or not.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

#include "tern/buffer.h"
#include "tern/codec.h"
#include "tern/compression.h"
#include "tern/status.h"
#include "wire/packed_codec.h"

namespace tern::wire::grpc {

// Appends a message, compressed if `how` says so and that makes it shorter: then `compressed` is
// set. On failure `out` may hold a part of it.
Status encode_message(const Codec& codec, const TypeOps& type, const void* value, Compression how,
                      Buffer& out, bool& compressed);

// A message as it came, or as unpacked: `message` is a view of `in` or of `room`. kInternal, or
// kResourceExhausted if it becomes longer than `message_bytes`.
Status unpack_message(bool compressed, ByteView in, std::size_t message_bytes, Buffer& room,
                      ByteView& message);

// Of one stream. In its form a message begins with the flag of its prefix, so that it is compressed
// where it is encoded and stays compressed until it is decoded.
// Threads: any, but for what is said of Codec.
class MessageCodec final : public PackedCodec {
 public:
  // What it takes beside the bytes that travel.
  static constexpr std::size_t kFlagBytes = 1;

  // `inner` outlives this. `message_bytes`: the limit for what a message becomes. `plain`: the one
  // for messages that are not to be compressed, where this compresses them; or null.
  MessageCodec(const Codec& inner, std::size_t message_bytes, Compression how,
               std::shared_ptr<const MessageCodec> plain = nullptr) noexcept
      : inner_(inner), message_bytes_(message_bytes), how_(how), plain_(std::move(plain)) {}

  // Of messages that are encoded from now on.
  void set_compression(Compression how) noexcept { how_.store(how, std::memory_order_relaxed); }

  std::string_view name() const noexcept override { return inner_.name(); }
  Status encode(const TypeOps& type, const void* value, Buffer& out) const override;
  Status decode(const TypeOps& type, ByteView in, void* value,
                const DecodeLimits& limits) const override;
  const Codec& inner() const noexcept override { return inner_; }
  const Codec& with(Compression how) const noexcept override {
    return plain_ && how == Compression::kIdentity ? *plain_ : *this;
  }
  Status unpack(ByteView packed, Buffer& room, ByteView& message) const override;

 private:
  const Codec& inner_;
  const std::size_t message_bytes_;
  std::atomic<Compression> how_;
  const std::shared_ptr<const MessageCodec> plain_;
};

}  // namespace tern::wire::grpc
