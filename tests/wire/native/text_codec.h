// Bodies as plain text, so that tests show the frames alone.
#pragma once

#include <string>
#include <string_view>

#include "tern/buffer.h"
#include "tern/codec.h"

namespace tern::test {

// Values are std::string. One of them, "unencodable", has no form.
class TextCodec final : public Codec {
 public:
  std::string_view name() const noexcept override { return "test/text"; }
  Status encode(const TypeOps&, const void* value, Buffer& out) const override {
    const auto& text = *static_cast<const std::string*>(value);
    if (text == "unencodable") return Status(Code::kInvalidArgument, "cannot be encoded");
    out.append(text);
    return {};
  }
  Status decode(const TypeOps&, ByteView in, void* value, const DecodeLimits&) const override {
    *static_cast<std::string*>(value) = as_text(in);
    return {};
  }
};

}  // namespace tern::test
