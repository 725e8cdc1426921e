// The number that the next field of a message can have.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/base/source.h"
#include "compiler/syntax/ast.h"

namespace rpcgen {

// The reserved numbers of a message: where each is reserved, by number. Empty if none is.
using ReservedNumbers = std::vector<std::optional<Span>>;
ReservedNumbers reserved_numbers(const ast::Message& message);

// Behind all that have been used or reserved.
class FreeNumber {
 public:
  explicit FreeNumber(const ast::Message& message) : message_(message) {}

  // "; 7 is free", found at the first call; empty if there is none.
  const std::string& hint();

 private:
  std::string find() const;

  const ast::Message& message_;
  std::optional<std::string> hint_;
};

}  // namespace rpcgen
