// The definitions of stubs and skeletons; services.cc has the classes.
#include <cstdio>
#include <vector>

#include "compiler/gen/cpp/literals.h"
#include "compiler/gen/cpp/services.h"
#include "compiler/gen/cpp/signatures.h"

namespace rpcgen::cpp {
namespace {

// What the tables are called. They share their namespace with the constants of the package.
class TableNames {
 public:
  explicit TableNames(const model::Service& service) : service_(service) {
    add_constants(*service.file);
    for (const model::File* import : service.file->imports) add_constants(*import);
  }

  std::string methods() const {
    return fresh_name("k" + service_.name + "Methods", "_", constants_);
  }
  std::string errors(const model::Method& method) const {
    return fresh_name("k" + service_.name + method.name + "Errors", "_", constants_);
  }

 private:
  void add_constants(const model::File& file) {
    for (const auto& constant : file.constants) constants_.insert(constant->cpp_name);
  }

  const model::Service& service_;
  NameSet constants_;
};

std::string hexadecimal(std::uint32_t value) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%08x", value);
  return text;
}

void emit_errors(Printer& printer, const model::Method& method, const Signatures& signatures,
                 const TableNames& tables) {
  if (method.throws.empty()) return;
  std::vector<std::string> errors;
  for (const model::Message* error : method.throws) {
    errors.push_back("&tern::type_ops<" + signatures.error(*error) + ">");
  }
  printer.list("constexpr std::array<tern::TypeOpsOf, " + std::to_string(errors.size()) + "> " +
                   tables.errors(method) + "{",
               errors, ", ", "};");
}

void emit_table_entry(Printer& printer, const model::Method& method, const Signatures& signatures,
                      const TableNames& tables) {
  std::string result = method.result ? signatures.result(method) : "tern::Nothing";
  printer.emit({{"service", quoted(method.service->full_name)},
                {"name", quoted(method.name)},
                {"id", hexadecimal(method.id)},
                {"argument", signatures.argument(method)},
                {"result", result},
                {"errors", method.throws.empty() ? "{}" : tables.errors(method)},
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

void emit_tables(Printer& printer, const model::Service& service, const Signatures& signatures,
                 const TableNames& tables) {
  auto errors = [&] {
    for (const auto& method : service.methods) emit_errors(printer, *method, signatures, tables);
  };
  auto entries = [&] {
    for (const auto& method : service.methods) {
      emit_table_entry(printer, *method, signatures, tables);
    }
  };
  auto checks = [&] {
    for (std::size_t i = 0; i < service.methods.size(); ++i) {
      std::string id = tables.methods() + "[" + std::to_string(i) + "].id ==";
      std::string expected = "tern::method_id(" + quoted(service.full_name) + ", " +
                             quoted(service.methods[i]->name) + "));";
      printer.list("static_assert(", {id, expected}, " ", "");
    }
  };
  if (service.methods.empty()) {
    printer.emit({{"table", tables.methods()}}, "constexpr std::array<tern::Method, 0> $table${};");
    return;
  }
  printer.emit({{"table", tables.methods()},
                {"count", std::to_string(service.methods.size())},
                {"errors", errors},
                {"entries", entries},
                {"checks", checks}},
               R"(
                 $errors$

                 constexpr std::array<tern::Method, $count$> $table${{
                     $entries$
                 }};
                 $checks$
               )");
}

void emit_call(Printer& printer, const model::Method& method, std::size_t index,
               const Signatures& signatures, const TableNames& tables) {
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
    printer.list("return tern::start_call<" + result + ">(",
                 {"*channel_", tables.methods() + "[" + std::to_string(index) + "]", "&" + argument,
                  "options"},
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

void emit_service_source(Printer& printer, const model::Service& service, const Names& names) {
  Signatures signatures(service, names);
  TableNames tables(service);
  auto calls = [&] {
    for (std::size_t i = 0; i < service.methods.size(); ++i) {
      emit_call(printer, *service.methods[i], i, signatures, tables);
    }
  };
  auto cases = [&] {
    for (std::size_t i = 0; i < service.methods.size(); ++i) {
      emit_case(printer, *service.methods[i], i, signatures);
    }
  };
  printer.emit({{"tables", [&] { emit_tables(printer, service, signatures, tables); }},
                {"calls", calls},
                {"skeleton", service.service_name},
                {"full_name", quoted(service.full_name)},
                {"table", tables.methods()},
                {"cases", cases}},
               R"(
                 namespace {

                 $tables$

                 }  // namespace

                 $calls$

                 std::string_view $skeleton$::name() const noexcept {
                   return $full_name$;
                 }

                 std::span<const tern::Method> $skeleton$::methods() const noexcept {
                   return $table$;
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
  includes.tern.insert({"tern/method.h", "tern/type_ops.h"});
  for (const auto& method : service.methods) {
    if (method->argument && !is_scalar(*method->argument)) includes.standard.insert("utility");
  }
}

}  // namespace rpcgen::cpp
