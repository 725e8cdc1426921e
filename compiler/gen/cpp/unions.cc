#include "compiler/gen/cpp/unions.h"

#include <algorithm>
#include <string>
#include <vector>

#include "compiler/gen/cpp/file_text.h"
#include "compiler/gen/cpp/names.h"

namespace rpcgen::cpp {
namespace {

// The body of a setter, in or outside the struct.
std::string setter_body(const model::Field& field, const std::string& parameter) {
  return std::string("return ") + (field.boxed ? "*" : "") + field.in_union->cpp_name +
         ".emplace<" + std::to_string(alternative_of(field)) + ">(" +
         (is_scalar(field.type) ? parameter : "std::move(" + parameter + ")") + ");";
}

std::string getter_body(const model::Field& field) {
  return std::string("return ") + (field.boxed ? "tern::indirect_if<" : "std::get_if<") +
         std::to_string(alternative_of(field)) + ">(&" + field.in_union->cpp_name + ");";
}

std::string setter_parameter(const Members& members) {
  return fresh_name("value", "_to_set", members.taken());
}

void emit_member_access(Printer& printer, const model::Field& field, const Members& members) {
  std::string type = members.value_type(field);
  std::string attribute = deprecation(field.deprecated);
  std::string parameter = setter_parameter(members);
  emit_doc(printer, field.doc);
  printer.function(attribute + "const " + type + "* " + field.cpp_name + "() const noexcept",
                   getter_body(field));
  printer.function(attribute + type + "* " + field.cpp_name + "() noexcept", getter_body(field));
  std::string setter = attribute + type + "& " + field.setter + "(" + type + " " + parameter + ")";
  if (members.incomplete()) {
    printer.line(setter + ";");
  } else {
    printer.function(setter, setter_body(field, parameter));
  }
}

void emit_visit(Printer& printer, const model::Union& one_of, const Members& members) {
  std::string visitor = fresh_name("visitor", "_", members.taken());
  printer.line("/// Calls `" + visitor + "` with the member of `" + one_of.cpp_name +
               "` that is set, or with std::monostate.");
  for (const char* constness : {" const", ""}) {
    printer.line("template <typename Visitor>");
    printer.function(
        "decltype(auto) " + one_of.visit_name + "(Visitor&& " + visitor + ")" + constness,
        "return tern::visit_union(std::forward<Visitor>(" + visitor + "), " + one_of.cpp_name +
            ");");
  }
}

}  // namespace

std::size_t alternative_of(const model::Field& field) {
  const std::vector<const model::Field*>& members = field.in_union->members;
  auto place = std::find(members.begin(), members.end(), &field);
  return 1 + static_cast<std::size_t>(place - members.begin());
}

void emit_union_types(Printer& printer, const model::Message& message, const Members& members) {
  for (const auto& one_of : message.unions) {
    std::vector<std::string> types{"std::monostate"};
    std::vector<std::string> cases{"kNone"};
    for (const model::Field* field : one_of->members) {
      std::string type = members.value_type(*field);
      types.push_back(field->boxed ? "tern::Indirect<" + type + ">" : type);
      cases.push_back(field->enumerator);
    }
    printer.list("using " + one_of->type_name + " = std::variant<", types, ", ", ">;");
    printer.list("enum class " + one_of->case_type + " : std::size_t { ", cases, ", ", " };");
    printer.line("");
  }
}

void emit_union_access(Printer& printer, const model::Message& message, const Members& members) {
  for (const auto& one_of : message.unions) {
    printer.line("/// Which member of `" + one_of->cpp_name + "` is set.");
    printer.function(
        one_of->case_type + " " + one_of->case_name + "() const noexcept",
        "return static_cast<" + one_of->case_type + ">(" + one_of->cpp_name + ".index());");
    for (const model::Field* field : one_of->members) emit_member_access(printer, *field, members);
    emit_visit(printer, *one_of, members);
    printer.line("");
  }
}

void emit_union_setters(Printer& printer, const model::Message& message, const Members& members) {
  if (!members.incomplete()) return;
  for (const auto& one_of : message.unions) {
    for (const model::Field* field : one_of->members) {
      std::string parameter = setter_parameter(members);
      std::string type = members.value_type(*field);
      printer.emit({{"type", type},
                    {"message", message.cpp_name},
                    {"setter", field->setter},
                    {"parameter", parameter},
                    {"body", setter_body(*field, parameter)}},
                   R"(
                     $type$& $message$::$setter$($type$ $parameter$) {
                       $body$
                     }
                   )");
      printer.line("");
    }
  }
}

}  // namespace rpcgen::cpp
