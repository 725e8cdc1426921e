// The definitions of stubs and skeletons; services.cc has the classes.
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "compiler/gen/cpp/literals.h"
#include "compiler/gen/cpp/services.h"
#include "compiler/gen/cpp/signatures.h"

namespace rpcgen::cpp {
namespace {

// Where the table of the service's methods is.
std::string methods_of(const std::string& stub) {
  return "tern::MethodsOf<" + stub + ">";
}

std::string hexadecimal(std::uint32_t value) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%08x", value);
  return text;
}

// The table and what it points to stand outside of the package's namespace: types are named from
// the root.
std::string table_type(const std::optional<model::Type>& type) {
  return type ? Names::rooted(*type) : "tern::Nothing";
}

std::string errors_name(std::size_t index) {
  return "kErrors" + std::to_string(index);
}

void emit_errors(Printer& printer, const model::Method& method, std::size_t index) {
  if (method.throws.empty()) return;
  std::vector<std::string> errors;
  for (const model::Message* error : method.throws) {
    errors.push_back("&tern::type_ops<" + Names::rooted(*error) + ">");
  }
  printer.list("static constexpr std::array<tern::TypeOpsOf, " + std::to_string(errors.size()) +
                   "> " + errors_name(index) + "{",
               errors, ", ", "};");
}

void emit_table_entry(Printer& printer, const model::Method& method, std::size_t index) {
  printer.emit({{"service", quoted(method.service->full_name)},
                {"name", quoted(method.name)},
                {"id", hexadecimal(method.id)},
                {"argument", table_type(method.argument)},
                {"result", table_type(method.result)},
                {"errors", method.throws.empty() ? "{}" : errors_name(index)},
                {"timeout", duration(method.timeout.value_or(std::chrono::nanoseconds(0)))},
                {"idempotent", method.idempotent ? "true" : "false"}},
               R"(
                 {.service = $service$,
                  .name = $name$,
                  .id = $id$,
                  .argument = &tern::type_ops<$argument$>,
                  .result = &tern::type_ops<$result$>,
                  .errors = $errors$,
                  .timeout = $timeout$,
                  .idempotent = $idempotent$},
               )");
}

void emit_table(Printer& printer, const model::Service& service) {
  auto errors = [&] {
    for (std::size_t i = 0; i < service.methods.size(); ++i) {
      emit_errors(printer, *service.methods[i], i);
    }
  };
  auto entries = [&] {
    for (std::size_t i = 0; i < service.methods.size(); ++i) {
      emit_table_entry(printer, *service.methods[i], i);
    }
  };
  auto checks = [&] {
    for (std::size_t i = 0; i < service.methods.size(); ++i) {
      std::string id = "kTable[" + std::to_string(i) + "].id ==";
      std::string expected = "tern::method_id(" + quoted(service.full_name) + ", " +
                             quoted(service.methods[i]->name) + "));";
      printer.list("static_assert(", {id, expected}, " ", "");
    }
  };
  std::string stub = namespace_of(*service.file) + "::" + service.stub_name;
  auto table = [&] {
    if (service.methods.empty()) {
      return printer.line("static constexpr std::array<tern::Method, 0> kTable{};");
    }
    printer.emit({{"count", std::to_string(service.methods.size())},
                  {"errors", errors},
                  {"entries", entries},
                  {"checks", checks}},
                 R"(
                   $errors$
                   static constexpr std::array<tern::Method, $count$> kTable{{
                       $entries$
                   }};
                   $checks$
                 )");
  };
  printer.emit({{"methods", methods_of(stub)}, {"table", table}}, R"(
    template <>
    struct $methods$ {
      $table$
    };
  )");
  printer.line("");
}

void emit_call(Printer& printer, const model::Method& method, std::size_t index,
               const Signatures& signatures) {
  const model::Service& service = *method.service;
  std::string result = signatures.result(method);
  std::string argument = method.argument ? Signatures::argument_name(method) : "nothing";
  auto signature = [&] {
    printer.signature("tern::Call<" + result + ">", service.stub_name + "::" + method.cpp_name,
                      signatures.call_parameters(method, false), ") {");
  };
  auto nothing = [&] {
    if (!method.argument) printer.line("tern::Nothing nothing;");
  };
  auto start = [&] {
    printer.list(
        "return tern::start_call<" + result + ">(",
        {"*channel_", methods_of(service.stub_name) + "::kTable[" + std::to_string(index) + "]",
         "&" + argument, "options"},
        ", ", ");");
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

void emit_case(Printer& printer, const model::Method& method, std::size_t index,
               const Signatures& signatures) {
  std::vector<Printer::Variable> variables{{"index", std::to_string(index)},
                                           {"handler", handler_of(method)}};
  if (!method.argument) {
    printer.emit(variables, R"(
      case $index$:
        return call.finish($handler$(call));
    )");
    return;
  }
  bool scalar = is_scalar(*method.argument);
  variables.emplace_back("argument",
                         signatures.argument(method) + " argument" + (scalar ? "{}" : ""));
  std::string answer = "call.finish(" + handler_of(method) + "(call, " +
                       (scalar ? "argument" : "std::move(argument)") + "));";
  variables.emplace_back("finish", [&printer, answer] {
    std::string line = "if (call.decode(argument)) " + answer;
    if (printer.fits(line)) return printer.line(line);
    printer.emit({{"answer", answer}}, R"(
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

void emit_method_tables(Printer& printer, const model::File& file) {
  for (const auto& service : file.services) emit_table(printer, *service);
}

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
    if (method->argument && !is_scalar(*method->argument)) includes.standard.insert("utility");
  }
}

}  // namespace rpcgen::cpp
