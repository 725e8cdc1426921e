// Methods that stream, for targets whose protocols ask which do.
#pragma once

#include <string_view>

#include "codec/sample_messages.h"
#include "tern/codegen/method.h"
#include "tern/codegen/type_ops.h"
#include "wire/method_finder.h"

namespace fuzz {

constexpr tern::Method stream_method(std::string_view name, tern::MethodKind kind) {
  return {"a.S", name, 1,   &tern::type_ops<sample::Scalars>, &tern::type_ops<sample::Scalars>, {},
          {},    true, kind};
}

// a.S.Watch, a.S.Upload and a.S.Chat, of sample::Scalars.
class StreamMethods final : public tern::wire::MethodFinder {
 public:
  const tern::Method* find_method(std::string_view name) const noexcept override {
    static constexpr tern::Method kWatch = stream_method("Watch", tern::MethodKind::kServerStream);
    static constexpr tern::Method kUpload =
        stream_method("Upload", tern::MethodKind::kClientStream);
    static constexpr tern::Method kChat = stream_method("Chat", tern::MethodKind::kBidiStream);
    if (name == "a.S.Watch") return &kWatch;
    if (name == "a.S.Upload") return &kUpload;
    return name == "a.S.Chat" ? &kChat : nullptr;
  }
};

}  // namespace fuzz
