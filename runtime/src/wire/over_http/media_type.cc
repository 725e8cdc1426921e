#include "wire/over_http/media_type.h"

#include <array>
#include <string>

#include "base/ascii.h"

namespace tern::wire::over_http {

namespace {

constexpr std::array kMediaTypes = {&kJsonMessage, &kProtoMessage, &kConnectJson, &kConnectProto};

}  // namespace

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

const MediaType* find_media_type(std::string_view value) noexcept {
  const std::string_view name = without_parameters(value);
  for (const MediaType* one : kMediaTypes) {
    if (base::equal_ignoring_case(one->name, name)) return one;
  }
  return nullptr;
}

const MediaType* find_media_type(const http::Head& head) noexcept {
  return head.count("content-type") == 1 ? find_media_type(head.get("content-type")) : nullptr;
}

}  // namespace tern::wire::over_http
