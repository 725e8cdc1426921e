#include "compiler/sema/build.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "compiler/sema/annotations.h"
#include "compiler/sema/boxes.h"
#include "compiler/sema/containment.h"
#include "compiler/sema/cpp_names.h"
#include "compiler/sema/definition_order.h"
#include "compiler/sema/method_id.h"
#include "compiler/sema/model_types.h"
#include "compiler/sema/numbers.h"

namespace rpcgen {
namespace {

model::MethodKind kind_of(const ast::Method& method) {
  if (method.argument_stream) {
    return method.result_stream ? model::MethodKind::kBidiStream : model::MethodKind::kClientStream;
  }
  return method.result_stream ? model::MethodKind::kServerStream : model::MethodKind::kUnary;
}

// The model of a whole program. Enums and messages are made first and filled in afterwards, since
// types point to them.
class Builder {
 public:
  explicit Builder(const Program& program) : program_(program), types_(program) {}

  model::Schema run() {
    model::Schema schema;
    for (const auto& unit : program_.units) schema.files.push_back(build_file(*unit));
    return schema;
  }

 private:
  std::unique_ptr<const model::File> build_file(const Unit& unit) {
    auto file = std::make_unique<model::File>();
    files_[&unit] = file.get();
    file->path = unit.path;
    file->doc = unit.ast.packages.front().doc;
    file->package = package_of(unit);
    file->cpp_namespaces = cpp_namespaces(file->package);
    for (const Unit* import : unit.imports) file->imports.push_back(files_.at(import));
    file->is_main = unit.is_main;

    for (const ast::Enum& enumeration : unit.ast.enums) {
      file->enums.push_back(build_enum(*file, enumeration));
    }
    for (const ast::Constant& constant : unit.ast.constants) {
      file->constants.push_back(build_constant(unit, constant));
    }
    build_messages(unit, *file);
    for (const ast::Service& service : unit.ast.services) {
      file->services.push_back(build_service(unit, *file, service));
    }
    return file;
  }

  template <typename Named, typename Declaration>
  static void name(Named& out, const Declaration& declaration) {
    out.name = declaration.name.text;
    out.cpp_name = cpp_name(out.name);
    out.doc = declaration.doc;
  }

  // The same for what stands in the package's namespace itself.
  template <typename Named, typename Declaration>
  static void name_top_level(Named& out, const Declaration& declaration) {
    name(out, declaration);
    out.cpp_name = cpp_top_level_name(out.name);
  }

  static std::string full_name(const model::File& file, std::string_view name) {
    return fmt::format("{}.{}", file.package, name);
  }

  std::unique_ptr<const model::Enum> build_enum(const model::File& file,
                                                const ast::Enum& enumeration) {
    auto out = std::make_unique<model::Enum>();
    types_.add(enumeration, *out);
    name_top_level(*out, enumeration);
    out->file = &file;
    out->full_name = full_name(file, out->name);
    out->deprecated = has_annotation(enumeration.annotations, "deprecated");
    for (const ast::EnumValue& value : enumeration.values) {
      auto one = std::make_unique<model::EnumValue>();
      name(*one, value);
      one->number = *enum_number(value.number);
      one->deprecated = has_annotation(value.annotations, "deprecated");
      types_.add(value, *one);
      out->values.push_back(std::move(one));
    }
    return out;
  }

  std::unique_ptr<const model::Constant> build_constant(const Unit& unit,
                                                        const ast::Constant& constant) {
    auto out = std::make_unique<model::Constant>();
    name_top_level(*out, constant);
    out->type = types_.type(unit, constant.type);
    out->value = types_.value(unit, constant.type, *constant.value);
    return out;
  }

  void build_messages(const Unit& unit, model::File& file) {
    const auto& declared = unit.ast.messages;
    std::vector<std::unique_ptr<model::Message>> messages;
    for (const ast::Message& message : declared) {
      messages.push_back(std::make_unique<model::Message>());
      types_.add(message, *messages.back());
    }
    const Containment containment = containment_of(program_, unit);
    const Cycles cycles = cycles_of(containment);
    for (std::size_t i = 0; i < declared.size(); ++i) {
      fill(unit, file, declared[i], *messages[i]);
      messages[i]->recursive =
          std::any_of(containment.any[i].begin(), containment.any[i].end(),
                      [&](std::size_t used) { return cycles.any[used] == cycles.any[i]; });
    }
    for (const ast::Field* field : fields_in_boxes(program_, unit, cycles)) {
      fields_.at(field)->boxed = true;
    }
    for (std::size_t i : definition_order(containment, cycles)) {
      file.messages.push_back(std::move(messages[i]));
    }
  }

  void fill(const Unit& unit, const model::File& file, const ast::Message& message,
            model::Message& out) {
    name_top_level(out, message);
    out.file = &file;
    out.full_name = full_name(file, out.name);
    out.is_error = message.is_error;
    out.deprecated = has_annotation(message.annotations, "deprecated");
    out.hash = has_annotation(message.annotations, "hash");
    out.ordered = has_annotation(message.annotations, "ordered");
    if (has_annotation(message.annotations, "keep_unknown")) out.unknown_member = kUnknownFields;
    if (message.is_error) {
      if (const auto* text = annotation_value<std::string>(message.annotations, "message")) {
        out.error_text = *text;
      }
      const auto* code = annotation_value<ast::Word>(message.annotations, "code");
      out.error_code = code == nullptr ? "unknown" : code->text;
    }
    for (const ast::Field& field : message.fields) {
      out.fields.push_back(build_field(unit, field));
    }
    for (const ast::Union& one_of : message.unions)
      out.unions.push_back(build_union(unit, one_of, out));
    std::sort(out.fields.begin(), out.fields.end(),
              [](const auto& a, const auto& b) { return a->number < b->number; });
    std::vector<const model::Union*> listed;
    for (const auto& field : out.fields) {
      const model::Union* one_of = field->in_union;
      if (one_of == nullptr) {
        out.members.push_back({field.get(), nullptr});
      } else if (std::find(listed.begin(), listed.end(), one_of) == listed.end()) {
        listed.push_back(one_of);
        out.members.push_back({nullptr, one_of});
      }
    }
  }

  std::unique_ptr<model::Field> build_field(const Unit& unit, const ast::Field& field) {
    auto out = std::make_unique<model::Field>();
    fields_[&field] = out.get();
    name(*out, field);
    out->json_name = json_name_of(field);
    out->number = *field_number(field.number);
    out->type = types_.type(unit, field.type);
    out->renamed = out->json_name != out->name;
    out->optional = field.optional.has_value();
    out->deprecated = has_annotation(field.annotations, "deprecated");
    if (const auto* annotation = find_annotation(field.annotations, "default")) {
      out->default_value = types_.value(unit, field.type, *annotation->value);
    }
    const auto form = [&](std::string_view annotation) {
      const auto* word = annotation_value<ast::Word>(field.annotations, annotation);
      return word == nullptr ? std::string() : word->text;
    };
    out->proto_form = form("proto");
    out->proto_key_form = form("proto_key");
    return out;
  }

  std::unique_ptr<const model::Union> build_union(const Unit& unit, const ast::Union& one_of,
                                                  model::Message& message) {
    auto out = std::make_unique<model::Union>();
    name(*out, one_of);
    CppUnionNames names = cpp_union_names(out->name);
    out->type_name = std::move(names.type);
    out->case_type = std::move(names.case_type);
    out->case_name = std::move(names.case_name);
    out->visit_name = std::move(names.visit);
    for (const ast::Field& member : one_of.members) {
      auto field = build_field(unit, member);
      field->in_union = out.get();
      field->enumerator = cpp_enumerator(field->name);
      field->setter = cpp_setter(field->name);
      out->members.push_back(field.get());
      message.fields.push_back(std::move(field));
    }
    std::sort(out->members.begin(), out->members.end(),
              [](const auto* a, const auto* b) { return a->number < b->number; });
    return out;
  }

  std::unique_ptr<const model::Service> build_service(const Unit& unit, const model::File& file,
                                                      const ast::Service& service) {
    auto out = std::make_unique<model::Service>();
    name(*out, service);
    out->file = &file;
    out->full_name = full_name(file, out->name);
    out->stub_name = cpp_stub_name(out->name);
    out->service_name = cpp_service_name(out->name);
    out->deprecated = has_annotation(service.annotations, "deprecated");
    const std::optional<model::Allow> allow = allow_of(service.annotations);
    for (const ast::Method& method : service.methods) {
      out->methods.push_back(build_method(unit, *out, method, allow));
    }
    return out;
  }

  std::unique_ptr<const model::Method> build_method(const Unit& unit, const model::Service& service,
                                                    const ast::Method& method,
                                                    const std::optional<model::Allow>& otherwise) {
    auto out = std::make_unique<model::Method>();
    name(*out, method);
    out->service = &service;
    out->full_name = fmt::format("{}/{}", service.full_name, out->name);
    out->id = method_id(out->full_name);
    if (method.argument) out->argument = types_.type(unit, *method.argument);
    if (method.result) out->result = types_.type(unit, *method.result);
    out->kind = kind_of(method);
    for (const ast::Name& thrown : method.throws) {
      out->throws.push_back(types_.message(*program_.symbols.find(unit, thrown.text).front()));
    }
    if (const auto* timeout =
            annotation_value<std::chrono::nanoseconds>(method.annotations, "timeout")) {
      out->timeout = *timeout;
    }
    if (const auto* idle =
            annotation_value<std::chrono::nanoseconds>(method.annotations, "idle_timeout")) {
      out->idle_timeout = *idle;
    }
    if (const auto* field = annotation_value<ast::Word>(method.annotations, "resume")) {
      out->resume = model::Resume{field_of(*out->argument->structure, field->text),
                                  field_of(*out->result->structure, field->text)};
    }
    out->allow = allow_of(method.annotations);
    if (!out->allow) out->allow = otherwise;
    out->idempotent = has_annotation(method.annotations, "idempotent");
    out->deprecated = has_annotation(method.annotations, "deprecated");
    return out;
  }

  static const model::Field* field_of(const model::Message& message, std::string_view name) {
    return std::find_if(message.fields.begin(), message.fields.end(),
                        [name](const auto& field) { return field->name == name; })
        ->get();
  }

  const Program& program_;
  ModelTypes types_;
  std::unordered_map<const Unit*, const model::File*> files_;
  std::unordered_map<const ast::Field*, model::Field*> fields_;
};

}  // namespace

model::Schema build(const Program& program) {
  return Builder(program).run();
}

}  // namespace rpcgen
