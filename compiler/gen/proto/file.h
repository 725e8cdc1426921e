// What a .proto file declares: between the model and its text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rpcgen::proto {

struct Field {
  enum class Label { kImplicit, kOptional, kRepeated };
  std::string doc;
  Label label = Label::kImplicit;
  std::string type;  // as it is written: "int64", "map<string, Point>", "common.Point"
  std::string name;
  std::uint32_t number = 0;
  std::string json_name;  // empty: the one that protobuf makes of the name
  bool deprecated = false;
  std::string one_of;  // empty: it stands on its own
};

struct Message {
  std::string doc;
  std::string name;
  bool deprecated = false;
  std::vector<Message> nested;
  std::vector<Field> fields;  // in order of number
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
  std::string argument;
  std::string result;
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
