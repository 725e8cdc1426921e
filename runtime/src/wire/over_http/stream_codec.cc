#include "wire/over_http/stream_codec.h"

#include <fmt/format.h>

#include "codec/json_writer.h"

namespace tern::wire::over_http {

Status StreamCodec::encode(const TypeOps& type, const void* value, Buffer& out) const {
  const bool event = framing_ == Framing::kEvents;
  if (event && resume_) out.append(fmt::format("id: {}\n", resume_->of_message(value)));
  if (event) out.append("data: ");
  codec::JsonWriter writer(out, codec::LargeIntegers::kQuoted);
  if (!type.write(value, writer)) return writer.failure().status();
  if (event) out.append("\n\n");
  return {};
}

Status StreamCodec::decode(const TypeOps& type, ByteView in, void* value,
                           const DecodeLimits& limits) const {
  return json_codec().decode(type, in, value, limits);
}

const Codec& quoted_json_codec() noexcept {
  static const StreamCodec codec;
  return codec;
}

}  // namespace tern::wire::over_http
