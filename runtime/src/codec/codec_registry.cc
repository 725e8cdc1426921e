#include <utility>

#include "tern/codec.h"

namespace tern {
namespace {

// The built-in codecs live as long as the process: the pointer need not keep them.
std::shared_ptr<const Codec> built_in(const Codec& codec) {
  return {std::shared_ptr<const Codec>(), &codec};
}

}  // namespace

CodecRegistry::CodecRegistry()
    : codecs_{built_in(native_codec()), built_in(json_codec()), built_in(proto_codec())} {}

void CodecRegistry::add(std::shared_ptr<const Codec> codec) {
  for (std::shared_ptr<const Codec>& known : codecs_) {
    if (known->name() == codec->name()) {
      known = std::move(codec);
      return;
    }
  }
  codecs_.push_back(std::move(codec));
}

std::shared_ptr<const Codec> CodecRegistry::share(std::string_view name) const noexcept {
  for (const std::shared_ptr<const Codec>& known : codecs_) {
    if (known->name() == name) return known;
  }
  return nullptr;
}

std::string CodecRegistry::names() const {
  std::string names;
  for (const std::shared_ptr<const Codec>& known : codecs_) {
    if (!names.empty()) names += ", ";
    names += known->name();
  }
  return names;
}

}  // namespace tern
