#include "compiler/import/field_types.h"

#include <utility>

namespace rpcgen::import {

std::string_view scalar_name(FieldType type) {
  switch (type) {
    case FieldType::kDouble:
      return "double";
    case FieldType::kFloat:
      return "float";
    case FieldType::kInt64:
    case FieldType::kSfixed64:
    case FieldType::kSint64:
      return "int64";
    case FieldType::kUint64:
    case FieldType::kFixed64:
      return "uint64";
    case FieldType::kInt32:
    case FieldType::kSfixed32:
    case FieldType::kSint32:
      return "int32";
    case FieldType::kUint32:
    case FieldType::kFixed32:
      return "uint32";
    case FieldType::kBool:
      return "bool";
    case FieldType::kString:
      return "string";
    case FieldType::kBytes:
      return "bytes";
    default:
      return "";
  }
}

std::string_view form_of(FieldType type) {
  switch (type) {
    case FieldType::kFixed64:
      return "fixed64";
    case FieldType::kFixed32:
      return "fixed32";
    case FieldType::kSfixed32:
      return "sfixed32";
    case FieldType::kSfixed64:
      return "sfixed64";
    case FieldType::kSint32:
      return "sint32";
    case FieldType::kSint64:
      return "sint64";
    default:
      return "";
  }
}

std::string_view wrapped(std::string_view type) {
  constexpr std::pair<std::string_view, std::string_view> kAll[] = {
      {".google.protobuf.BoolValue", "bool"},     {".google.protobuf.Int32Value", "int32"},
      {".google.protobuf.Int64Value", "int64"},   {".google.protobuf.UInt32Value", "uint32"},
      {".google.protobuf.UInt64Value", "uint64"}, {".google.protobuf.FloatValue", "float"},
      {".google.protobuf.DoubleValue", "double"}, {".google.protobuf.StringValue", "string"},
      {".google.protobuf.BytesValue", "bytes"}};
  for (const auto& [name, scalar] : kAll) {
    if (name == type) return scalar;
  }
  return "";
}

}  // namespace rpcgen::import
