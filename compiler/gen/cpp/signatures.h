// How the methods of a service look in C++; the declarations and definitions print from here.
#pragma once

#include <string>
#include <vector>

#include "compiler/gen/cpp/names.h"
#include "compiler/sema/model.h"

namespace rpcgen::cpp {

class Signatures {
 public:
  Signatures(const model::Service& service, const Names& names);

  // "std::int64_t"; "void" for a method without a result.
  std::string result(const model::Method& method) const;
  // "Args"; "tern::Nothing" for a method without an argument.
  std::string argument(const model::Method& method) const;
  std::string error(const model::Message& error) const { return names_.declared(error, hidden_); }

  // "args": what the parameter is called.
  static std::string argument_name(const model::Method& method);

  // The parameters of the stub's function, the last with its default or without, and the handler's.
  std::vector<std::string> call_parameters(const model::Method& method, bool with_default) const;
  std::vector<std::string> handler_parameters(const model::Method& method) const;

 private:
  const Names& names_;
  NameSet hidden_;
};

}  // namespace rpcgen::cpp
