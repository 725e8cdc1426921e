// "application/proto" as a Codec.
#include "codec/proto/read.h"
#include "codec/proto/write.h"
#include "tern/codec.h"

namespace tern {
namespace {

class ProtoCodec final : public Codec {
 public:
  std::string_view name() const noexcept override { return "application/proto"; }

  Status encode(const TypeOps& type, const void* value, Buffer& out) const override {
    return codec::proto::encode(*type.proto, value, out);
  }

  Status decode(const TypeOps& type, ByteView in, void* value,
                const DecodeLimits& limits) const override {
    return codec::proto::decode(*type.proto, in, value, limits);
  }
};

}  // namespace

const Codec& proto_codec() noexcept {
  static const ProtoCodec codec;
  return codec;
}

}  // namespace tern
