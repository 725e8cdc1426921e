// "application/proto" as a Codec: the work is in each type's TypeOps.
#include "tern/codec.h"

namespace tern {
namespace {

class ProtoCodec final : public Codec {
 public:
  std::string_view name() const noexcept override { return "application/proto"; }

  Status encode(const TypeOps& type, const void* value, Buffer& out) const override {
    return type.encode_proto(value, out);
  }

  Status decode(const TypeOps& type, ByteView in, void* value,
                const DecodeLimits& limits) const override {
    return type.decode_proto(in, value, limits);
  }
};

}  // namespace

const Codec& proto_codec() noexcept {
  static const ProtoCodec codec;
  return codec;
}

}  // namespace tern
