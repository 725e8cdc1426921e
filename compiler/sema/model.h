// The meaning of a set of IDL files: what the generator sees. Immutable, valid, fully resolved.
//
// Everything is owned from the Schema down; the plain pointers point into the same Schema and are
// never null unless said. `cpp_name` is the name to write in C++: the name itself, or with a
// trailing `_` where C++, the C library or generated code has taken it. Sema has seen to it that no
// two names of a scope collide.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace rpcgen::model {

struct Enum;
struct EnumValue;
struct File;
struct Message;
struct Service;
struct Union;

enum class TypeKind {
  kBool,
  kInt32,
  kInt64,
  kUint32,
  kUint64,
  kFloat,
  kDouble,
  kString,
  kBytes,
  kTimestamp,
  kDuration,
  kEnum,
  kStruct,
  kList,
  kMap,
};

struct Type {
  TypeKind kind = TypeKind::kBool;
  const Enum* enumeration = nullptr;   // kEnum only
  const Message* structure = nullptr;  // kStruct only
  std::vector<Type> arguments;         // kList: the element; kMap: the key, the value

  const Type& element() const { return arguments[0]; }
  const Type& key() const { return arguments[0]; }
  const Type& value() const { return arguments[1]; }
};

// A constant's value or a field's default, already of the right type and in its range:
// bool: bool · int32, int64: int64 · uint32, uint64: uint64 · float, double: double ·
// string: string · duration: nanoseconds · enum: the value.
using Value = std::variant<bool, std::int64_t, std::uint64_t, double, std::string,
                           std::chrono::nanoseconds, const EnumValue*>;

struct Constant {
  std::string name;
  std::string cpp_name;
  std::string doc;  // lines joined by '\n', without the comment marks; empty if there is none
  Type type;        // bool, an integer, float, double or string
  Value value;
};

struct EnumValue {
  std::string name;
  std::string cpp_name;
  std::string doc;
  std::int32_t number = 0;
  bool deprecated = false;
};

struct Enum {
  const File* file = nullptr;
  std::string name;
  std::string cpp_name;
  std::string full_name;  // with the package: "common.Color"
  std::string doc;
  bool deprecated = false;
  std::vector<std::unique_ptr<const EnumValue>> values;  // as declared; names and numbers differ
};

struct Field {
  std::string name;
  std::string cpp_name;
  std::string json_name;  // its name in JSON and gob: `name`, or what [name = "…"] says
  std::string doc;
  std::uint32_t number = 0;
  Type type;
  bool renamed = false;   // json_name is not name
  bool optional = false;  // never together with a default or a union
  // A struct that leads back to the message this field stands in, so that it goes on the heap:
  // std::optional and std::variant would need a complete type, tern::Boxed and tern::Indirect do
  // not.
  //  - An optional, if it contains that message by value, in unions or through other optionals.
  //  - A member of a union, if it contains it by value or in unions: the alternative of the variant
  //    is then a tern::Indirect of the type.
  bool boxed = false;
  bool deprecated = false;
  std::optional<Value> default_value;
  // How integers are written in protobuf, by protobuf's name of the type: "sint64"; empty if as
  // usual. Of the field, or those in it that are values; and of a map's keys.
  std::string proto_form;
  std::string proto_key_form;
  const Union* in_union = nullptr;  // null if the field stands on its own

  // In a union only: the enumerator of the union's case enum ("kCircle"), and "set_circle".
  std::string enumerator;
  std::string setter;
};

// `union body { … }`: at most one of the members is set.
struct Union {
  std::string name;
  std::string cpp_name;    // "body"
  std::string type_name;   // "Body", the std::variant
  std::string case_type;   // "BodyCase", the enum; its first enumerator is kNone
  std::string case_name;   // "body_case", the function that tells the case
  std::string visit_name;  // "visit_body", the function that calls another with the member set
  std::string doc;
  std::vector<const Field*> members;  // in order of number; the variant's alternatives
};

// What stands in a message: exactly one of the two is set.
struct Member {
  const Field* field = nullptr;  // not in a union
  const Union* one_of = nullptr;
};

// A struct or an error.
struct Message {
  const File* file = nullptr;
  std::string name;
  std::string cpp_name;
  std::string full_name;  // "arith.Args"
  std::string doc;
  bool is_error = false;
  bool deprecated = false;
  bool hash = false;     // [hash]: wants std::hash; so do the structs in it
  bool ordered = false;  // [ordered]: wants <=>; so do the structs in it
  // [keep_unknown]: the data member that is a tern::UnknownFields, and no field; empty: none.
  std::string unknown_member;
  // It can contain itself, in any way: forward-declare it ahead of the file's first message, since
  // a list, map or Boxed may name it before its definition.
  bool recursive = false;

  std::vector<std::unique_ptr<const Field>> fields;  // all of them, in order of number
  std::vector<std::unique_ptr<const Union>> unions;  // as declared
  // Fields and unions in order of number, a union where its lowest number stands. This is the order
  // of data members and of the memberwise constructor's parameters.
  std::vector<Member> members;

  // Errors only.
  std::string error_text;  // [message = "…"]; empty: none was given
  std::string
      error_code;  // gRPC's name in lower snake case: "invalid_argument"; "unknown" if not given
};

enum class MethodKind { kUnary, kServerStream, kClientStream, kBidiStream };

// [resume = field]: where a stream goes on that is opened again. Both fields are int64s that are
// always there, outside of unions.
struct Resume {
  const Field* of_request = nullptr;
  const Field* of_message = nullptr;
};

// Who may call a method of a server that asks who its callers are.
struct Allow {
  enum class Kind { kPublic, kAuthenticated, kAnyOf, kAllOf };
  Kind kind = Kind::kPublic;
  std::vector<std::string> roles;  // as written; one or more with kAnyOf and kAllOf, else none
};

struct Method {
  const Service* service = nullptr;
  std::string name;
  std::string cpp_name;
  std::string full_name;  // "arith.Arith/Multiply"
  std::uint32_t id = 0;   // 32-bit FNV-1a of full_name; differs within a schema
  std::string doc;
  MethodKind kind = MethodKind::kUnary;
  std::optional<Type> argument;                     // of each message, where the client streams
  std::optional<Type> result;                       // of each message, where the server streams
  std::vector<const Message*> throws;               // errors, each once
  std::optional<std::chrono::nanoseconds> timeout;  // greater than zero
  std::optional<std::chrono::nanoseconds> idle_timeout;  // the same; streams only
  std::optional<Resume> resume;                          // kServerStream only
  std::optional<Allow> allow;  // its own, or its service's; nothing: nobody
  bool idempotent = false;
  bool deprecated = false;

  bool client_streams() const {
    return kind == MethodKind::kClientStream || kind == MethodKind::kBidiStream;
  }
  bool server_streams() const {
    return kind == MethodKind::kServerStream || kind == MethodKind::kBidiStream;
  }
};

struct Service {
  const File* file = nullptr;
  std::string name;
  std::string cpp_name;
  std::string full_name;     // "arith.Arith"
  std::string stub_name;     // "ArithStub"
  std::string service_name;  // "ArithService", the skeleton
  std::string doc;
  bool deprecated = false;
  std::vector<std::unique_ptr<const Method>> methods;  // as declared
};

struct File {
  // Relative to the import directory that holds it, with '/': "sub/arith.rpc". Output and #include
  // paths are made from it.
  std::string path;
  std::string doc;                          // that of the package
  std::string package;                      // "arith" or "company.arith"
  std::vector<std::string> cpp_namespaces;  // the package's parts as C++ names
  std::vector<const File*> imports;         // direct ones, as declared, each once
  bool is_main = false;                     // named on the command line: code is wanted for it

  std::vector<std::unique_ptr<const Constant>> constants;  // as declared
  std::vector<std::unique_ptr<const Enum>> enums;          // as declared
  // A message comes after every message of the file that it uses; in a cycle, after those that it
  // holds by value, or in an optional or a union without a box. Otherwise as declared.
  std::vector<std::unique_ptr<const Message>> messages;
  std::vector<std::unique_ptr<const Service>> services;  // as declared
};

struct Schema {
  std::vector<std::unique_ptr<const File>> files;  // an imported file comes before its importers
};

}  // namespace rpcgen::model
