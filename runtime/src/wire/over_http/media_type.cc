#include "wire/over_http/media_type.h"

#include "base/ascii.h"

namespace tern::wire::over_http {

std::string_view without_parameters(std::string_view value) noexcept {
  value = value.substr(0, value.find(';'));
  while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
  while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
  return value;
}

bool has_known_parameters(std::string_view value) {
  const std::size_t end = value.find(';');
  if (end == std::string_view::npos) return true;
  std::string parameter;
  for (char c : value.substr(end + 1)) {
    if (c != ' ' && c != '\t' && c != '"') parameter += c;
  }
  return parameter.empty() || base::equal_ignoring_case(parameter, "charset=utf-8");
}

const MediaType* find_media_type(std::string_view value, MediaTypes types) noexcept {
  const std::string_view name = without_parameters(value);
  for (const MediaType* one : types) {
    if (base::equal_ignoring_case(one->name, name)) return one;
  }
  return nullptr;
}

const MediaType* find_media_type(const http::Head& head, MediaTypes types) noexcept {
  if (head.count("content-type") != 1) return nullptr;
  return find_media_type(head.get("content-type"), types);
}

std::string names_of(MediaTypes types) {
  std::string names;
  for (const MediaType* one : types) {
    if (!names.empty()) names += ", ";
    names += one->name;
  }
  return names;
}

bool has_media_type(const http::Head& head, const MediaType& type) noexcept {
  const MediaType* const one = &type;
  return find_media_type(head, {&one, 1}) != nullptr;
}

}  // namespace tern::wire::over_http
