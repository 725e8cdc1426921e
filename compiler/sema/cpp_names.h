// How names of the language are called in C++.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rpcgen {

// The name, with a trailing `_` if C++ has a keyword of that name.
std::string cpp_name(std::string_view name);

// What `union body` becomes besides its data member.
struct CppUnionNames {
  std::string type;       // "Body"
  std::string case_type;  // "BodyCase"
  std::string case_name;  // "body_case"
};
CppUnionNames cpp_union_names(std::string_view name);

// What a union's member `circle` becomes besides the function that reads it.
std::string cpp_enumerator(std::string_view member);  // "kCircle"
std::string cpp_setter(std::string_view member);      // "set_circle"

// The two classes of `service Arith`.
std::string cpp_stub_name(std::string_view service);     // "ArithStub"
std::string cpp_service_name(std::string_view service);  // "ArithService"

// Why no member of a generated struct, or of an error's, can have this name; nothing if it can.
std::optional<std::string_view> taken_in_struct(std::string_view name, bool is_error);
// The same for the methods of a service: what the stub and the skeleton declare themselves.
std::optional<std::string_view> taken_in_service(std::string_view name);

}  // namespace rpcgen
