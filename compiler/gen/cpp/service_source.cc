// The definitions of stubs and skeletons; services.cc has the classes, method_table.cc what they
// look up.
#include <algorithm>
#include <string>
#include <vector>

#include "compiler/gen/cpp/literals.h"
#include "compiler/gen/cpp/method_table.h"
#include "compiler/gen/cpp/services.h"
#include "compiler/gen/cpp/signatures.h"

namespace rpcgen::cpp {
namespace {

void emit_call(Printer& printer, const model::Method& method, std::size_t index,
               const Signatures& signatures) {
  const model::Service& service = *method.service;
  auto signature = [&] {
    printer.signature(signatures.call(method), service.stub_name + "::" + method.cpp_name,
                      signatures.call_parameters(method, false), ") {");
  };
  auto nothing = [&] {
    if (!method.argument) printer.line("tern::Nothing nothing;");
  };
  auto start = [&] {
    std::vector<std::string> arguments{
        "*channel_", methods_of(service.stub_name) + "::kTable[" + std::to_string(index) + "]"};
    if (!method.client_streams()) {
      arguments.push_back(
          "&" + (method.argument ? Signatures::argument_name(method) : std::string("nothing")));
    }
    arguments.push_back("options");
    printer.list("return " + signatures.start(method) + "(", arguments, ", ", ");");
  };
  printer.emit({{"signature", signature}, {"nothing", nothing}, {"start", start}}, R"(
    $signature$
      $nothing$
      $start$
    }
  )");
  printer.line("");
}

// How the skeleton calls its handler.
std::string handler_of(const model::Method& method) {
  static const NameSet kLocals{"argument", "call", "method"};
  return (kLocals.contains(method.cpp_name) ? "this->" : "") + method.cpp_name;
}

// What the handler takes beside the context. The argument is decoded before it, if there is one.
std::vector<std::string> handler_arguments(const model::Method& method,
                                           const Signatures& signatures) {
  std::vector<std::string> arguments{"call"};
  if (method.client_streams()) {
    arguments.push_back(signatures.reader(method));
  } else if (method.argument) {
    arguments.push_back(is_scalar(*method.argument) ? "argument" : "std::move(argument)");
  }
  if (method.server_streams()) arguments.push_back(signatures.writer(method));
  return arguments;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
  return out;
}

// The handler's answer to the call, behind `before`: "return " or nothing.
void emit_answer(Printer& printer, const std::string& before, const std::string& handler,
                 const std::vector<std::string>& arguments) {
  const std::string head = before + "call.finish(";
  const std::string answer = handler + "(" + joined(arguments) + "));";
  if (printer.fits(head + answer)) return printer.line(head + answer);
  // Where each line of arguments has room behind the head, as clang-format has it, too.
  const bool beside =
      std::all_of(arguments.begin(), arguments.end(), [&](const std::string& argument) {
        return printer.fits(head + handler + "(" + argument + "));");
      });
  const bool below = printer.fits("    " + answer);
  if (beside && !below) return printer.list(head + handler + "(", arguments, ", ", "));");
  printer.line(head);
  printer.list("    " + handler + "(", arguments, ", ", "));");
}

void emit_case(Printer& printer, const model::Method& method, std::size_t index,
               const Signatures& signatures) {
  const std::string handler = handler_of(method);
  const std::vector<std::string> arguments = handler_arguments(method, signatures);
  std::vector<Printer::Variable> variables{{"index", std::to_string(index)}};
  if (!method.argument || method.client_streams()) {
    variables.emplace_back("answer", [&] { emit_answer(printer, "return ", handler, arguments); });
    printer.emit(variables, R"(
      case $index$:
        $answer$
    )");
    return;
  }
  variables.emplace_back("argument", signatures.argument(method) + " argument" +
                                         (is_scalar(*method.argument) ? "{}" : ""));
  variables.emplace_back("finish", [&] {
    const std::string line =
        "if (call.decode(argument)) call.finish(" + handler + "(" + joined(arguments) + "));";
    if (printer.fits(line)) return printer.line(line);
    printer.emit({{"answer", [&] { emit_answer(printer, "", handler, arguments); }}}, R"(
      if (call.decode(argument)) {
        $answer$
      }
    )");
  });
  printer.emit(variables, R"(
    case $index$: {
      $argument$;
      $finish$
      return;
    }
  )");
}

}  // namespace

void emit_service_source(Printer& printer, const model::Service& service, const Names& names) {
  Signatures signatures(service, names);
  auto calls = [&] {
    for (std::size_t i = 0; i < service.methods.size(); ++i) {
      emit_call(printer, *service.methods[i], i, signatures);
    }
  };
  auto cases = [&] {
    for (std::size_t i = 0; i < service.methods.size(); ++i) {
      emit_case(printer, *service.methods[i], i, signatures);
    }
  };
  printer.emit({{"calls", calls},
                {"skeleton", service.service_name},
                {"full_name", quoted(service.full_name)},
                {"methods", methods_of(service.stub_name)},
                {"cases", cases}},
               R"(
                 $calls$

                 std::string_view $skeleton$::name() const noexcept {
                   return $full_name$;
                 }

                 std::span<const tern::Method> $skeleton$::methods() const noexcept {
                   return $methods$::kTable;
                 }

                 void $skeleton$::dispatch(std::size_t method, tern::ServerCall& call) {
                   switch (method) {
                     $cases$
                   }
                 }
               )");
  printer.line("");
}

void include_service_source(const model::Service& service, Includes& includes) {
  includes.standard.insert({"array", "chrono"});
  includes.tern.insert(
      {"tern/codegen/method.h", "tern/codegen/methods_of.h", "tern/codegen/type_ops.h"});
  for (const auto& method : service.methods) {
    const bool moves =
        method->argument && !method->client_streams() && !is_scalar(*method->argument);
    if (moves) includes.standard.insert("utility");
    if (method->resume) includes.standard.insert("cstdint");
  }
}

}  // namespace rpcgen::cpp
