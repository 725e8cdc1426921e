#include "compiler/gen/cpp/method_table.h"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <vector>

#include "compiler/gen/cpp/literals.h"
#include "compiler/gen/cpp/names.h"

namespace rpcgen::cpp {
namespace {

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

std::string resume_name(std::size_t index) {
  return "kResume" + std::to_string(index);
}

// What kResume3 points to stands before it.
void emit_resume(Printer& printer, const model::Method& method, std::size_t index) {
  if (!method.resume) return;
  const std::string position = "position" + std::to_string(index);
  const std::string set_position = "set_position" + std::to_string(index);
  printer.function("static std::int64_t " + position + "(const void* message)",
                   "return static_cast<const " + Names::rooted(*method.result) + "*>(message)->" +
                       method.resume->of_message->cpp_name + ";");
  printer.function("static void " + set_position + "(void* request, std::int64_t position)",
                   "static_cast<" + Names::rooted(*method.argument) + "*>(request)->" +
                       method.resume->of_request->cpp_name + " = position;");
  printer.list("static constexpr tern::ResumeOps " + resume_name(index) + "{",
               {".of_message = &" + position, ".set_request = &" + set_position}, ", ", "};");
}

std::string roles_name(std::size_t index) {
  return "kRoles" + std::to_string(index);
}

// What the rule of an entry points to stands before it.
void emit_roles(Printer& printer, const model::Method& method, std::size_t index) {
  if (!method.allow || method.allow->roles.empty()) return;
  std::vector<std::string> roles;
  for (const std::string& role : method.allow->roles) roles.push_back(quoted(role));
  printer.list("static constexpr std::array<std::string_view, " + std::to_string(roles.size()) +
                   "> " + roles_name(index) + "{",
               roles, ", ", "};");
}

std::string access_of(const model::Allow& allow, std::size_t index) {
  switch (allow.kind) {
    case model::Allow::Kind::kPublic:
      return "tern::Access::Kind::kPublic";
    case model::Allow::Kind::kAuthenticated:
      return "tern::Access::Kind::kAuthenticated";
    case model::Allow::Kind::kAnyOf:
      return "tern::Access::Kind::kAnyOf, " + roles_name(index);
    case model::Allow::Kind::kAllOf:
      return "tern::Access::Kind::kAllOf, " + roles_name(index);
  }
  return {};
}

std::string kind_name(model::MethodKind kind) {
  switch (kind) {
    case model::MethodKind::kUnary:
      return "tern::MethodKind::kUnary";
    case model::MethodKind::kServerStream:
      return "tern::MethodKind::kServerStream";
    case model::MethodKind::kClientStream:
      return "tern::MethodKind::kClientStream";
    case model::MethodKind::kBidiStream:
      return "tern::MethodKind::kBidiStream";
  }
  return {};
}

std::string duration_or_zero(const std::optional<std::chrono::nanoseconds>& value) {
  return duration(value.value_or(std::chrono::nanoseconds(0)));
}

// What only streams say; the rest of an entry.
void emit_stream_entry(Printer& printer, const model::Method& method, std::size_t index) {
  if (method.kind == model::MethodKind::kUnary) return;
  printer.emit({{"kind", kind_name(method.kind)},
                {"idle_timeout", duration_or_zero(method.idle_timeout)},
                {"resume", method.resume ? "&" + resume_name(index) : "nullptr"},
                {"end", method.allow ? "," : "},"}},
               R"(
                 .kind = $kind$,
                 .message_timeout = $idle_timeout$,
                 .resume = $resume$$end$
               )");
}

// What only methods say of which somebody may call them; the last of an entry.
void emit_access_entry(Printer& printer, const model::Method& method, std::size_t index) {
  if (!method.allow) return;
  printer.line(".access = {" + access_of(*method.allow, index) + "}},");
}

void emit_table_entry(Printer& printer, const model::Method& method, std::size_t index) {
  printer.emit({{"service", quoted(method.service->full_name)},
                {"name", quoted(method.name)},
                {"id", hexadecimal(method.id)},
                {"argument", table_type(method.argument)},
                {"result", table_type(method.result)},
                {"errors", method.throws.empty() ? "{}" : errors_name(index)},
                {"timeout", duration_or_zero(method.timeout)},
                {"idempotent", method.idempotent ? "true" : "false"},
                {"end", method.kind == model::MethodKind::kUnary && !method.allow ? "}," : ","},
                {"stream", [&] { emit_stream_entry(printer, method, index); }},
                {"access", [&] { emit_access_entry(printer, method, index); }}},
               R"(
                 {.service = $service$,
                  .name = $name$,
                  .id = $id$,
                  .argument = &tern::type_ops<$argument$>,
                  .result = &tern::type_ops<$result$>,
                  .errors = $errors$,
                  .timeout = $timeout$,
                  .idempotent = $idempotent$$end$
                  $stream$
                  $access$
               )");
}

void emit_table(Printer& printer, const model::Service& service) {
  auto pointed_to = [&] {
    for (std::size_t i = 0; i < service.methods.size(); ++i) {
      emit_errors(printer, *service.methods[i], i);
      emit_resume(printer, *service.methods[i], i);
      emit_roles(printer, *service.methods[i], i);
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
                  {"pointed_to", pointed_to},
                  {"entries", entries},
                  {"checks", checks}},
                 R"(
                   $pointed_to$
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

}  // namespace

std::string methods_of(const std::string& stub) {
  return "tern::MethodsOf<" + stub + ">";
}

void emit_method_tables(Printer& printer, const model::File& file) {
  for (const auto& service : file.services) emit_table(printer, *service);
}

}  // namespace rpcgen::cpp
