#include "compiler/gen/cpp/messages.h"

#include "compiler/gen/cpp/constructors.h"
#include "compiler/gen/cpp/literals.h"
#include "compiler/gen/cpp/members.h"
#include "compiler/gen/cpp/unions.h"

namespace rpcgen::cpp {
namespace {

void emit_data(Printer& printer, const model::Message& message, const Members& members) {
  for (const DataMember& member : members.data()) {
    emit_doc(printer, *member.doc);
    printer.line(deprecation(member.deprecated) + member.type + " " + member.name +
                 member.initializer + ";");
  }
  if (!message.unknown_member.empty()) {
    printer.line("/// What came in protobuf and is no field of this struct. It is written again.");
    printer.line("tern::UnknownFields " + message.unknown_member + ";");
  }
}

// visit(kFields[0], self.A), or for a member of a union
// visit(tern::UnionField<1>{kFields[0]}, self.body).
std::vector<std::string> visits(const model::Message& message) {
  std::vector<std::string> out;
  for (const auto& field : message.fields) {
    std::string constant = "kFields[" + std::to_string(out.size()) + "]";
    if (const model::Union* one_of = field->in_union) {
      out.push_back("visit(tern::UnionField<" + std::to_string(alternative_of(*field)) + ">{" +
                    constant + "}, self." + one_of->cpp_name + ")");
    } else {
      out.push_back("visit(" + constant + ", self." + field->cpp_name + ")");
    }
  }
  return out;
}

// "tern::ProtoForm::kZigzag" for "sint64".
std::string form_constant(std::string_view form) {
  if (form.empty()) return "tern::ProtoForm::kVarint";
  return form.starts_with("sint") ? "tern::ProtoForm::kZigzag" : "tern::ProtoForm::kFixed";
}

void emit_fields(Printer& printer, const model::Message& message) {
  std::vector<std::string> entries;
  for (const auto& field : message.fields) {
    std::string entry = "{" + std::to_string(field->number) + ", " + quoted(field->json_name);
    const bool has_form = !field->proto_form.empty() || !field->proto_key_form.empty();
    if (field->renamed || field->default_value || has_form) {
      entry += field->renamed ? ", true" : ", false";
    }
    if (field->default_value || has_form) entry += field->default_value ? ", true" : ", false";
    if (has_form) entry += ", " + form_constant(field->proto_form);
    if (!field->proto_key_form.empty()) entry += ", " + form_constant(field->proto_key_form);
    entries.push_back(entry + "}");
  }
  std::string head =
      "static constexpr std::array<tern::Field, " + std::to_string(entries.size()) + "> kFields{";
  if (entries.empty()) return printer.line(head + "};");
  std::string all;
  for (const std::string& entry : entries) all += (all.empty() ? "" : ", ") + entry;
  if (printer.fits(head + "{" + all + "}};")) return printer.line(head + "{" + all + "}};");
  printer.line(head + "{");
  for (const std::string& entry : entries) printer.line("    " + entry + ",");
  printer.line("}};");
}

void emit_visit_fields(Printer& printer, const model::Message& message) {
  if (message.fields.empty()) {
    printer.emit(R"(
      template <typename Self, typename Visitor>
      static constexpr bool visit_fields(Self&, Visitor&) {
        return true;
      }
    )");
    return;
  }
  printer.emit({{"visits", [&] { printer.list("return ", visits(message), " && ", ";"); }}}, R"(
    template <typename Self, typename Visitor>
    static constexpr bool visit_fields(Self& self, Visitor& visit) {
      $visits$
    }
  )");
}

// "invalid_argument" -> "kInvalidArgument".
std::string code_constant(std::string_view name) {
  std::string out = "k";
  bool upper = true;
  for (char c : name) {
    if (c == '_') {
      upper = true;
    } else {
      out += upper ? static_cast<char>(c - 'a' + 'A') : c;
      upper = false;
    }
  }
  return out;
}

void emit_error_parts(Printer& printer, const model::Message& error) {
  const std::string& text = error.error_text.empty() ? error.full_name : error.error_text;
  printer.emit({{"code", code_constant(error.error_code)}, {"message", quoted(text)}}, R"(
    /// The failure that a call ends with: kCode, kMessage and this value.
    tern::Status to_status() const;

    static constexpr tern::Code kCode = tern::Code::$code$;
    static constexpr std::string_view kMessage = $message$;
  )");
}

void emit_print(Printer& printer, const model::Message& message) {
  printer.signature("friend std::ostream&", "operator<<",
                    {"std::ostream&", "const " + message.cpp_name + "&"}, ");");
}

}  // namespace

void emit_message(Printer& printer, const model::Message& message, const Names& names) {
  Members members(message, names);
  printer.emit({{"doc", [&] { emit_doc(printer, message.doc); }},
                {"deprecated", deprecation(message.deprecated)},
                {"name", message.cpp_name},
                {"full_name", quoted(message.full_name)},
                {"union_types", [&] { emit_union_types(printer, message, members); }},
                {"data", [&] { emit_data(printer, message, members); }},
                {"constructors", [&] { emit_constructors(printer, message, members); }},
                {"print", [&] { emit_print(printer, message); }},
                {"union_access", [&] { emit_union_access(printer, message, members); }},
                {"error_parts",
                 [&] {
                   if (message.is_error) emit_error_parts(printer, message);
                 }},
                {"fields", [&] { emit_fields(printer, message); }},
                {"visit_fields", [&] { emit_visit_fields(printer, message); }}},
               R"(
                 $doc$
                 struct $deprecated$$name$ {
                   $union_types$

                   $data$

                   $constructors$
                   $print$

                   $union_access$

                   $error_parts$

                   static constexpr std::string_view kTypeName = $full_name$;
                   $fields$
                   $visit_fields$
                 };
               )");
}

void emit_message_source(Printer& printer, const model::Message& message, const Names& names) {
  Members members(message, names);
  const std::string& name = message.cpp_name;
  emit_constructors_source(printer, message, members);
  emit_union_setters(printer, message, members);
  const std::string out = fresh_name("out", "_", {name});
  const std::string value = fresh_name("message", "_", {name});
  printer.signature("std::ostream&", "operator<<",
                    {"std::ostream& " + out, "const " + name + "& " + value}, ") {");
  printer.line("  return tern::print(" + out + ", tern::type_ops<" + name + ">(), &" + value +
               ");");
  printer.line("}");
  printer.line("");
  if (message.is_error) {
    printer.emit({{"name", name},
                  {"return",
                   [&] {
                     printer.list(
                         "return tern::Status::with_detail(",
                         {"kCode", "std::string(kMessage)", "tern::type_ops<" + name + ">()",
                          "std::make_shared<const " + name + ">(*this)"},
                         ", ", ");");
                   }}},
                 R"(
                   tern::Status $name$::to_status() const {
                     $return$
                   }
                 )");
  }
  printer.line("");
}

void emit_hash(Printer& printer, const model::Message& message) {
  printer.emit({{"name", Names::global(message)}}, R"(
    template <>
    struct std::hash<$name$> {
      std::size_t operator()(const $name$& message) const noexcept;
    };
  )");
  printer.line("");
}

void emit_hash_source(Printer& printer, const model::Message& message) {
  const std::string name = Names::global(message);
  printer.line("");
  printer.signature("std::size_t", "std::hash<" + name + ">::operator()",
                    {"const " + name + "& message"}, ") const noexcept {");
  printer.line("  return tern::hash_value(tern::type_ops<" + name + ">(), &message);");
  printer.line("}");
}

void include_message(const model::Message& message, Includes& includes) {
  includes.standard.insert({"array", "iosfwd", "string_view"});
  if (message.hash) includes.standard.insert("cstddef");
  if (message.ordered) includes.standard.insert("compare");
  includes.tern.insert("tern/field.h");
  if (message.is_error) includes.tern.insert("tern/status.h");
  if (!message.unknown_member.empty()) includes.tern.insert("tern/unknown_fields.h");
  for (const auto& field : message.fields) {
    include_type(field->type, *message.file, includes);
    if (field->optional && !field->boxed) includes.standard.insert("optional");
    if (!is_scalar(field->type)) includes.standard.insert("utility");
    if (field->default_value && field->type.kind == model::TypeKind::kDuration) {
      includes.standard.insert("chrono");
    }
  }
  if (!message.unions.empty()) {
    includes.standard.insert({"cstddef", "utility", "variant"});
    includes.tern.insert("tern/codegen/union.h");
  }
}

}  // namespace rpcgen::cpp
