#include "compiler/gen/cpp/signatures.h"

namespace rpcgen::cpp {

using model::MethodKind;

// A type with one of these names is written with its namespace: members of the two classes and of
// their bases, and what the generated functions call their parameters and variables.
Signatures::Signatures(const model::Service& service, const Names& names)
    : names_(names), hidden_{"args", "argument", "call",    "channel_", "context", "dispatch",
                             "in",   "method",   "methods", "name",     "nothing", "options",
                             "out",  "request",  "value",   "values",   "Service"} {
  hidden_.insert({service.stub_name, service.service_name});
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

std::string Signatures::call_types(const model::Method& method) const {
  return (method.client_streams() ? argument(method) + ", " : "") + result(method);
}

std::string Signatures::call(const model::Method& method) const {
  switch (method.kind) {
    case MethodKind::kUnary:
      return "tern::Call<" + call_types(method) + ">";
    case MethodKind::kServerStream:
      return "tern::ServerStream<" + call_types(method) + ">";
    case MethodKind::kClientStream:
      return "tern::ClientStream<" + call_types(method) + ">";
    case MethodKind::kBidiStream:
      return "tern::BidiStream<" + call_types(method) + ">";
  }
  return {};
}

std::string Signatures::start(const model::Method& method) const {
  switch (method.kind) {
    case MethodKind::kUnary:
      return "tern::start_call<" + call_types(method) + ">";
    case MethodKind::kServerStream:
      return "tern::open_server_stream<" + call_types(method) + ">";
    case MethodKind::kClientStream:
      return "tern::open_client_stream<" + call_types(method) + ">";
    case MethodKind::kBidiStream:
      return "tern::open_bidi_stream<" + call_types(method) + ">";
  }
  return {};
}

std::string Signatures::reply(const model::Method& method) const {
  return "tern::Reply<" + (method.server_streams() ? "void" : result(method)) + ">";
}

std::string Signatures::reader(const model::Method& method) const {
  return "call.reader<" + argument(method) + ">()";
}

std::string Signatures::writer(const model::Method& method) const {
  return "call.writer<" + result(method) + ">()";
}

std::vector<std::string> Signatures::call_parameters(const model::Method& method,
                                                     bool with_default) const {
  std::vector<std::string> parameters;
  if (method.argument && !method.client_streams()) {
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
  if (method.client_streams()) {
    parameters.push_back("tern::Reader<" + argument(method) + "> in");
  } else if (method.argument) {
    parameters.push_back(argument(method) + " " + argument_name(method));
  }
  if (method.server_streams()) parameters.push_back("tern::Writer<" + result(method) + "> out");
  return parameters;
}

}  // namespace rpcgen::cpp
