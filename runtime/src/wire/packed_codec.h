// Messages of streams that a protocol keeps in a form of its own until they are read.
#pragma once

#include "tern/buffer.h"
#include "tern/codec.h"
#include "tern/compression.h"
#include "tern/status.h"

namespace tern::wire {

// Encodes into that form, and decodes it: compressed, for example, so that windows count what
// travels. Who wants to see the messages themselves unpacks them.
class PackedCodec : public Codec {
 public:
  // Of the messages themselves.
  virtual const Codec& inner() const noexcept = 0;
  // The same form, whose messages are compressed so, if the stream can have both; else this.
  // Whatever it is, it lives as long as this.
  virtual const Codec& with(Compression /*how*/) const noexcept { return *this; }
  // Sets `message` to a view of `packed`, or of `room`, which it may fill. Throws std::bad_alloc.
  virtual Status unpack(ByteView packed, Buffer& room, ByteView& message) const = 0;
};

}  // namespace tern::wire
