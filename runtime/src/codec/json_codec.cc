// "application/x-tern+json" as a Codec.
#include "codec/json_reader.h"
#include "codec/json_writer.h"
#include "tern/codec.h"
#include "tern/json.h"

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

Status write_json(const TypeOps& type, const void* value, std::string& out) {
  Buffer buffer;
  Status failure = json_codec().encode(type, value, buffer);
  out.append(as_text(buffer.view()));
  return failure;
}

Status read_json(const TypeOps& type, std::string_view text, void* value,
                 const DecodeLimits& limits) {
  return json_codec().decode(type, as_bytes(text), value, limits);
}

const Codec& json_codec() noexcept {
  static const JsonCodec codec;
  return codec;
}

}  // namespace tern
