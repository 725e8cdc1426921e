#include "compiler/gen/proto/names.h"

#include <cctype>
#include <cstddef>
#include <stdexcept>
#include <utility>

namespace rpcgen::proto {

using model::TypeKind;

namespace {

bool is_upper(char c) {
  return std::isupper(static_cast<unsigned char>(c)) != 0;
}
bool is_lower_or_digit(char c) {
  return std::islower(static_cast<unsigned char>(c)) != 0 ||
         std::isdigit(static_cast<unsigned char>(c)) != 0;
}
char upper(char c) {
  return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
}

// Without underscores: what follows one is a capital letter, and what comes first if `begins`.
std::string camel(std::string_view name, bool begins) {
  std::string out;
  for (const char c : name) {
    if (c == '_') {
      begins = true;
      continue;
    }
    out += begins ? upper(c) : c;
    begins = false;
  }
  return out;
}

}  // namespace

std::string upper_snake(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool begins = i > 0 && is_upper(name[i]) && is_lower_or_digit(name[i - 1]);
    if (begins && out.back() != '_') out += '_';
    out += upper(name[i]);
  }
  return out;
}

std::string upper_camel(std::string_view name) {
  return camel(name, true);
}

std::string json_name_of(std::string_view name) {
  return camel(name, false);
}

std::string_view scalar_name(TypeKind kind) {
  switch (kind) {
    case TypeKind::kBool:
      return "bool";
    case TypeKind::kInt32:
      return "int32";
    case TypeKind::kInt64:
      return "int64";
    case TypeKind::kUint32:
      return "uint32";
    case TypeKind::kUint64:
      return "uint64";
    case TypeKind::kFloat:
      return "float";
    case TypeKind::kDouble:
      return "double";
    case TypeKind::kString:
      return "string";
    case TypeKind::kBytes:
      return "bytes";
    default:
      return "";
  }
}

TypeNumber scalar_number(std::string_view name) {
  constexpr std::pair<std::string_view, TypeNumber> kAll[] = {
      {"bool", TypeNumber::kBool},         {"int32", TypeNumber::kInt32},
      {"int64", TypeNumber::kInt64},       {"uint32", TypeNumber::kUint32},
      {"uint64", TypeNumber::kUint64},     {"float", TypeNumber::kFloat},
      {"double", TypeNumber::kDouble},     {"string", TypeNumber::kString},
      {"bytes", TypeNumber::kBytes},       {"sint32", TypeNumber::kSint32},
      {"sint64", TypeNumber::kSint64},     {"fixed32", TypeNumber::kFixed32},
      {"fixed64", TypeNumber::kFixed64},   {"sfixed32", TypeNumber::kSfixed32},
      {"sfixed64", TypeNumber::kSfixed64},
  };
  for (const auto& [scalar, number] : kAll) {
    if (scalar == name) return number;
  }
  throw std::logic_error("protobuf has no scalar " + std::string(name));
}

std::string_view wrapper_name(TypeKind kind) {
  switch (kind) {
    case TypeKind::kBool:
      return "BoolValue";
    case TypeKind::kInt32:
      return "Int32Value";
    case TypeKind::kInt64:
      return "Int64Value";
    case TypeKind::kUint32:
      return "UInt32Value";
    case TypeKind::kUint64:
      return "UInt64Value";
    case TypeKind::kFloat:
      return "FloatValue";
    case TypeKind::kDouble:
      return "DoubleValue";
    case TypeKind::kString:
      return "StringValue";
    case TypeKind::kBytes:
      return "BytesValue";
    default:
      return "";
  }
}

}  // namespace rpcgen::proto
