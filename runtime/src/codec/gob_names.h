// What the fields of a message are called in gob.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tern/codegen/type_shape.h"

namespace tern::codec {

// The name of each field as it is written: its own, or the one given by [name = "…"], with its
// first letter in upper case (of ASCII), since Go sends and fills exported fields only. Where
// another field has that name already, the field keeps its own; Go does not see it then.
std::vector<std::string> gob_field_names(const TypeShape& shape);

// Finds fields by either spelling.
class GobFieldIndex {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  explicit GobFieldIndex(const TypeShape& shape);
  // The place in shape.fields, or kNone.
  std::size_t find(std::string_view name) const noexcept;

 private:
  struct Entry {
    std::string name;
    std::size_t field;
  };
  std::vector<Entry> entries_;  // by name
};

}  // namespace tern::codec
