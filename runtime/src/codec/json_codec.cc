// "application/x-tern+json" as a Codec.
#include "codec/json_reader.h"
#include "codec/json_writer.h"
#include "tern/codec.h"

namespace tern {
namespace {

class JsonCodec final : public Codec {
 public:
  std::string_view name() const noexcept override { return "application/x-tern+json"; }

  Status encode(const TypeOps& type, const void* value, Buffer& out) const override {
    codec::JsonWriter writer(out);
    if (type.write(value, writer)) return {};
    return writer.failure().status();
  }

  Status decode(const TypeOps& type, ByteView in, void* value,
                const DecodeLimits& limits) const override {
    codec::JsonReader reader(in, limits);
    if (reader.ok() && type.read(value, reader) && reader.end()) return {};
    return reader.failure().status();
  }
};

}  // namespace

const Codec& json_codec() noexcept {
  static const JsonCodec codec;
  return codec;
}

}  // namespace tern
