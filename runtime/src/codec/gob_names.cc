#include "codec/gob_names.h"

#include <algorithm>
#include <cstddef>
#include <unordered_set>

namespace tern::codec {
namespace {

std::string exported(std::string_view name) {
  std::string text(name);
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  }
  return text;
}

}  // namespace

std::vector<std::string> gob_field_names(const TypeShape& shape) {
  std::unordered_set<std::string_view> taken;
  for (const FieldShape& field : shape.fields) taken.insert(field.field.name);
  std::vector<std::string> names;
  names.reserve(shape.fields.size());
  for (const FieldShape& field : shape.fields) {
    std::string name = exported(field.field.name);
    const bool changed = name != field.field.name;
    names.push_back(changed && taken.contains(name) ? std::string(field.field.name)
                                                    : std::move(name));
  }
  return names;
}

GobFieldIndex::GobFieldIndex(const TypeShape& shape) {
  std::vector<std::string> names = gob_field_names(shape);
  entries_.reserve(2 * names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string_view own = shape.fields[i].field.name;
    if (names[i] != own) entries_.push_back({std::string(own), i});
    entries_.push_back({std::move(names[i]), i});
  }
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
}

std::size_t GobFieldIndex::find(std::string_view name) const noexcept {
  const auto at = std::lower_bound(
      entries_.begin(), entries_.end(), name,
      [](const Entry& entry, std::string_view wanted) { return entry.name < wanted; });
  return at != entries_.end() && at->name == name ? at->field : kNone;
}

}  // namespace tern::codec
