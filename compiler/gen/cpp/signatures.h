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

  // "std::int64_t"; "void" for a method without a result. Of a stream, the type of its messages.
  std::string result(const model::Method& method) const;
  // "Args"; "tern::Nothing" for a method without an argument. The same.
  std::string argument(const model::Method& method) const;
  std::string error(const model::Message& error) const { return names_.declared(error, hidden_); }

  // "args": what the parameter is called.
  static std::string argument_name(const model::Method& method);

  // What the stub's function returns, "tern::ServerStream<Change>", and the function of the runtime
  // that makes it, "tern::open_server_stream<Change>".
  std::string call(const model::Method& method) const;
  std::string start(const model::Method& method) const;
  // What the handler returns: "tern::Reply<void>".
  std::string reply(const model::Method& method) const;

  // What the skeleton's switch passes on for a stream: "call.writer<Change>()".
  std::string reader(const model::Method& method) const;
  std::string writer(const model::Method& method) const;

  // The parameters of the stub's function, the last with its default or without, and the handler's.
  std::vector<std::string> call_parameters(const model::Method& method, bool with_default) const;
  std::vector<std::string> handler_parameters(const model::Method& method) const;

 private:
  // The types in the angle brackets of both call() and start().
  std::string call_types(const model::Method& method) const;

  const Names& names_;
  NameSet hidden_;
};

}  // namespace rpcgen::cpp
