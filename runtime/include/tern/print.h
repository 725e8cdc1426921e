// Messages as text for people: logs, tests, error messages. Programs read tern/json.h instead.
//
// Every message that rpcgen writes has operator<<, which prints
//
//   {A: 7, name: "Ada", color: Green, wait: 500ms, tags: ["x", "y"], scores: {"Ada": 3}}
//
// that is, its fields in order of number, without optionals and members of unions that are not set.
// Strings are in quotes; control characters and what is not UTF-8 are escaped. Of bytes the first
// 32 are shown. Any value can be printed. tern/format.h does the same for fmt.
#pragma once

#include <iosfwd>
#include <string>

#include "tern/codegen/type_ops.h"

namespace tern {

// The T of `type` at `value`.
std::string print(const TypeOps& type, const void* value);
std::ostream& print(std::ostream& out, const TypeOps& type, const void* value);

// A message, a scalar, or a list, map or enum that a service names.
template <typename T>
std::string to_text(const T& value) {
  return print(type_ops<T>(), &value);
}

}  // namespace tern
