// Messages for fmt: fmt::format("{}", args) prints what operator<< does (tern/print.h). The braces
// take what they take for strings: "{:>40}".
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <type_traits>

#include "tern/print.h"

namespace tern {

// What rpcgen makes of a struct or an error.
template <typename T>
concept PrintableMessage = std::is_class_v<T> && requires {
  T::kTypeName;
  T::kFields;
};

}  // namespace tern

template <tern::PrintableMessage T>
struct fmt::formatter<T> : fmt::formatter<std::string_view> {
  template <typename Context>
  auto format(const T& message, Context& context) const {
    return fmt::formatter<std::string_view>::format(tern::to_text(message), context);
  }
};
