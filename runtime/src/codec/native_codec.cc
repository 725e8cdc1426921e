// "application/x-tern" as a Codec: the work is in each type's TypeOps.
#include "tern/codec.h"

namespace tern {
namespace {

class NativeCodec final : public Codec {
 public:
  std::string_view name() const noexcept override { return "application/x-tern"; }

  Status encode(const TypeOps& type, const void* value, Buffer& out) const override {
    return type.encode_native(value, out);
  }

  Status decode(const TypeOps& type, ByteView in, void* value,
                const DecodeLimits& limits) const override {
    return type.decode_native(in, value, limits);
  }
};

}  // namespace

const Codec& native_codec() noexcept {
  static const NativeCodec codec;
  return codec;
}

}  // namespace tern
