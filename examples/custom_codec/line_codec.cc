#include "line_codec.h"

#include "line_reader.h"
#include "line_writer.h"

namespace {

class LineCodec final : public tern::Codec {
 public:
  std::string_view name() const noexcept override { return kLineCodec; }

  tern::Status encode(const tern::TypeOps& type, const void* value,
                      tern::Buffer& out) const override {
    LineWriter writer(out);
    if (!type.write(value, writer)) return writer.failure().status();
    return {};
  }

  tern::Status decode(const tern::TypeOps& type, tern::ByteView in, void* value,
                      const tern::DecodeLimits& limits) const override {
    LineReader reader(tern::as_text(in), limits);
    if (!type.read(value, reader) || !reader.at_end()) return reader.failure().status();
    return {};
  }
};

}  // namespace

std::shared_ptr<const tern::Codec> make_line_codec() {
  return std::make_shared<LineCodec>();
}
