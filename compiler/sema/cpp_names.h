// How names of the language are called in C++.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rpcgen {

// The name, with a trailing `_` if C++ has a keyword, or the C library a macro, of that name.
std::string cpp_name(std::string_view name);

// The same for a type or constant: in the namespace of a package, what generated code uses there
// has its name already.
std::string cpp_top_level_name(std::string_view name);

// The parts of a package's name as namespaces. The first one stands at global scope, where the
// functions of the C library are as well: package `time` is `time_`.
std::vector<std::string> cpp_namespaces(std::string_view package);

// "a::b".
std::string joined_namespaces(const std::vector<std::string>& parts);

// What `union body` becomes besides its data member.
struct CppUnionNames {
  std::string type;       // "Body"
  std::string case_type;  // "BodyCase"
  std::string case_name;  // "body_case"
  std::string visit;      // "visit_body"
};
CppUnionNames cpp_union_names(std::string_view name);

// What a union's member `circle` becomes besides the function that reads it.
std::string cpp_enumerator(std::string_view member);  // "kCircle"
std::string cpp_setter(std::string_view member);      // "set_circle"

// The two classes of `service Arith`.
std::string cpp_stub_name(std::string_view service);     // "ArithStub"
std::string cpp_service_name(std::string_view service);  // "ArithService"

// The data member that [keep_unknown] adds to a struct.
inline constexpr std::string_view kUnknownFields = "unknown_fields";

// Why no member of a generated struct, or of an error's, can have this name; nothing if it can.
std::optional<std::string_view> taken_in_struct(std::string_view name, bool is_error);
// The same for the methods of a service: what the stub and the skeleton declare themselves.
std::optional<std::string_view> taken_in_service(std::string_view name);

}  // namespace rpcgen
