#include "compiler/gen/cpp/signatures.h"

namespace rpcgen::cpp {

// A type with one of these names is written with its namespace: members of the two classes and of
// their bases, and what the generated functions call their parameters and variables.
Signatures::Signatures(const model::Service& service, const Names& names)
    : names_(names),
      hidden_{"args",   "argument", "call",    "channel_",        "context",           "dispatch",
              "method", "methods",  "name",    "nothing",         "options",           "request",
              "value",  "values",   "Service", service.stub_name, service.service_name} {
  for (const auto& method : service.methods) hidden_.insert(method->cpp_name);
}

std::string Signatures::result(const model::Method& method) const {
  return method.result ? names_.type(*method.result, hidden_) : "void";
}

std::string Signatures::argument(const model::Method& method) const {
  return method.argument ? names_.type(*method.argument, hidden_) : "tern::Nothing";
}

std::string Signatures::argument_name(const model::Method& method) {
  switch (method.argument->kind) {
    case model::TypeKind::kStruct:
      return method.argument->structure->name.ends_with("Args") ? "args" : "request";
    case model::TypeKind::kList:
    case model::TypeKind::kMap:
      return "values";
    default:
      return "value";
  }
}

std::vector<std::string> Signatures::call_parameters(const model::Method& method,
                                                     bool with_default) const {
  std::vector<std::string> parameters;
  if (method.argument) {
    std::string type = argument(method);
    std::string parameter = is_scalar(*method.argument) ? type + " " : "const " + type + "& ";
    parameters.push_back(parameter + argument_name(method));
  }
  parameters.push_back(with_default ? "tern::CallOptions options = {}"
                                    : "tern::CallOptions options");
  return parameters;
}

std::vector<std::string> Signatures::handler_parameters(const model::Method& method) const {
  std::vector<std::string> parameters{"tern::ServerContext& context"};
  if (method.argument) parameters.push_back(argument(method) + " " + argument_name(method));
  return parameters;
}

}  // namespace rpcgen::cpp
