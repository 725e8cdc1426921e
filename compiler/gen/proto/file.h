// What a .proto file declares: between the model and its text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rpcgen::proto {

// With the numbers of FieldDescriptorProto.Type in google/protobuf/descriptor.proto.
enum class TypeNumber : std::uint8_t {
  kDouble = 1,
  kFloat = 2,
  kInt64 = 3,
  kUint64 = 4,
  kInt32 = 5,
  kFixed64 = 6,
  kFixed32 = 7,
  kBool = 8,
  kString = 9,
  kMessage = 11,
  kBytes = 12,
  kUint32 = 13,
  kEnum = 14,
  kSfixed32 = 15,
  kSfixed64 = 16,
  kSint32 = 17,
  kSint64 = 18
};

struct Type {
  TypeNumber number = TypeNumber::kMessage;
  std::string written;    // as the file has it: "int64", "common.Point"
  std::string full_name;  // of a message or an enum: ".common.Point"
};

struct Field {
  enum class Label { kImplicit, kOptional, kRepeated };
  std::string doc;
  Label label = Label::kImplicit;
  Type type;                // of a map: of its values
  std::optional<Type> key;  // of a map
  std::string name;
  std::uint32_t number = 0;
  std::string json_name;  // empty: the one that protobuf makes of the name
  bool deprecated = false;
  std::string one_of;  // empty: it stands on its own
};

struct Message {
  std::string doc;
  std::string name;
  std::string full_name;  // ".package.Outer.Inner"
  bool deprecated = false;
  std::vector<Message> nested;
  std::vector<Field> fields;  // in order of number, but the members of a union behind its first one
};

struct EnumValue {
  std::string doc;
  std::string name;
  std::int32_t number = 0;
  bool deprecated = false;
};

struct Enum {
  std::string doc;
  std::string name;
  bool deprecated = false;
  std::vector<EnumValue> values;  // the first one is 0
};

struct Method {
  std::string doc;
  std::string name;
  Type argument;
  Type result;
  bool client_streams = false;
  bool server_streams = false;
  bool idempotent = false;
  bool deprecated = false;
};

struct Service {
  std::string doc;
  std::string name;
  bool deprecated = false;
  std::vector<Method> methods;
};

struct File {
  std::string path;    // "sub/arith.proto"
  std::string source;  // "sub/arith.rpc"
  std::string doc;
  std::string package;
  std::vector<std::string> imports;  // sorted
  std::vector<Enum> enums;
  std::vector<Message> messages;
  std::vector<Service> services;
};

}  // namespace rpcgen::proto
