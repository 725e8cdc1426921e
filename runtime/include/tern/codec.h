// Values to bytes and back. A program can bring a codec of its own; see examples/custom_codec.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "tern/buffer.h"
#include "tern/codegen/type_ops.h"
#include "tern/status.h"

namespace tern {

// How bodies are written on a connection. Both sides name it in the handshake.
// Threads: const members are called from any thread at the same time.
class Codec {
 public:
  virtual ~Codec() = default;

  // The name in the handshake, for instance "application/x-tern".
  virtual std::string_view name() const noexcept = 0;

  // Appends `value`, a T of `type`, to `out`. On failure `out` may hold a part of it.
  virtual Status encode(const TypeOps& type, const void* value, Buffer& out) const = 0;

  // Reads a T of `type` from exactly `in` into `value`. A field that `in` lacks gets its default.
  virtual Status decode(const TypeOps& type, ByteView in, void* value,
                        const DecodeLimits& limits) const = 0;
};

// "application/x-tern": the fast one, described in docs/codecs.md.
const Codec& native_codec() noexcept;
// "application/x-tern+json": JSON as Go's encoding/json has it, described in docs/codecs.md.
const Codec& json_codec() noexcept;
// "application/proto": protobuf, described in docs/codecs.md.
const Codec& proto_codec() noexcept;

// The codecs that a client or a server knows: native, JSON and protobuf, and those that were added.
// Threads: add before sharing; find from any thread.
class CodecRegistry {
 public:
  CodecRegistry();
  // Adds one, or replaces the one of the same name.
  void add(std::shared_ptr<const Codec> codec);
  // Null if no codec has that name.
  const Codec* find(std::string_view name) const noexcept { return share(name).get(); }
  // The same, kept alive.
  std::shared_ptr<const Codec> share(std::string_view name) const noexcept;
  // For messages: "application/x-tern, application/x-tern+json, application/proto".
  std::string names() const;

 private:
  std::vector<std::shared_ptr<const Codec>> codecs_;
};

}  // namespace tern
