// What protoc says of .proto files: a FileDescriptorSet, read without protobuf's library.
// Source: google/protobuf/descriptor.proto, whose names these are.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rpcgen::import {

struct EnumValue {
  std::string name;
  std::int32_t number = 0;
  bool deprecated = false;
};

// From `first` to `last`.
struct ReservedRange {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

struct Enum {
  std::string name;
  std::vector<EnumValue> values;
  std::vector<ReservedRange> reserved;
  std::vector<std::string> reserved_names;
  bool deprecated = false;
};

// With protobuf's numbers.
enum class FieldType {
  kNone = 0,
  kDouble = 1,
  kFloat = 2,
  kInt64 = 3,
  kUint64 = 4,
  kInt32 = 5,
  kFixed64 = 6,
  kFixed32 = 7,
  kBool = 8,
  kString = 9,
  kGroup = 10,
  kMessage = 11,
  kBytes = 12,
  kUint32 = 13,
  kEnum = 14,
  kSfixed32 = 15,
  kSfixed64 = 16,
  kSint32 = 17,
  kSint64 = 18
};

struct Field {
  std::string name;
  std::int32_t number = 0;
  bool repeated = false;
  FieldType type = FieldType::kNone;
  std::string type_name;  // ".package.Outer.Inner"
  std::optional<std::int32_t> oneof_index;
  std::string json_name;
  bool proto3_optional = false;
  bool deprecated = false;
};

struct Message {
  std::string name;
  std::vector<Field> fields;
  std::vector<Message> nested;
  std::vector<Enum> enums;
  std::vector<std::string> oneofs;
  std::vector<ReservedRange> reserved;
  std::vector<std::string> reserved_names;
  bool has_extensions = false;
  bool is_map_entry = false;
  bool deprecated = false;
};

struct Method {
  std::string name;
  std::string argument;  // ".package.Message"
  std::string result;
  bool client_streams = false;
  bool server_streams = false;
  bool idempotent = false;
  bool deprecated = false;
};

struct Service {
  std::string name;
  std::vector<Method> methods;
  bool deprecated = false;
};

// Where something is declared, and the comment in front of it. Lines and columns count from 0.
struct Place {
  std::int32_t line = 0;
  std::int32_t column = 0;
  std::string doc;
};

struct File {
  std::string name;
  std::string package;
  std::string syntax;
  std::vector<std::string> imports;
  std::vector<Message> messages;
  std::vector<Enum> enums;
  std::vector<Service> services;
  bool has_extensions = false;
  // By the numbers of fields and indices that lead to it from the file's descriptor.
  std::map<std::vector<std::int32_t>, Place> places;
};

// Nothing if the bytes are no FileDescriptorSet.
std::optional<std::vector<File>> read_descriptors(std::string_view bytes);

}  // namespace rpcgen::import
