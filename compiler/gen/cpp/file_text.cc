#include "compiler/gen/cpp/file_text.h"

#include <algorithm>

#include "compiler/gen/cpp/literals.h"
#include "compiler/gen/cpp/names.h"
#include "compiler/gen/generate.h"

namespace rpcgen::cpp {
namespace {

using model::TypeKind;

template <typename T>
bool any_deprecated(const T& items) {
  return std::any_of(items.begin(), items.end(), [](const auto& item) { return item->deprecated; });
}

bool declares_deprecated(const model::File& file) {
  auto has_members = [](const auto& items, auto members) {
    return std::any_of(items.begin(), items.end(),
                       [&](const auto& item) { return any_deprecated((*item).*members); });
  };
  return any_deprecated(file.enums) || any_deprecated(file.messages) ||
         any_deprecated(file.services) || has_members(file.enums, &model::Enum::values) ||
         has_members(file.messages, &model::Message::fields) ||
         has_members(file.services, &model::Service::methods);
}

bool uses_deprecated(const model::File& file) {
  return declares_deprecated(file) ||
         std::any_of(file.imports.begin(), file.imports.end(),
                     [](const model::File* import) { return declares_deprecated(*import); });
}

void emit_first_lines(Printer& printer, const FileText& text) {
  printer.emit({{"about", text.about},
                {"version", std::string(generator_version())},
                {"source", text.file.path}},
               R"(
                 // $about$.
                 // Written by rpcgen $version$: do not edit it, change $source$ instead.
               )");
}

// What the compiler says where the header does not fit the runtime.
void emit_refusal(Printer& printer, const std::string& path) {
  std::string text = quoted(path + ": rpcgen " + std::string(generator_version()) +
                            " wrote this for codegen version " + std::to_string(kCodegenVersion) +
                            " of Tern; run the rpcgen of this runtime");
  if (printer.fits("#error " + text)) return printer.line("#error " + text);
  printer.line("#error \\");
  printer.line("    " + text);
}

void emit_includes(Printer& printer, const Includes& includes) {
  for (const std::string& name : includes.standard) printer.line("#include <" + name + ">");
  printer.line("");
  for (const std::string& path : includes.tern) printer.line("#include " + quoted(path));
  printer.line("");
  for (const std::string& path : includes.imported) printer.line("#include " + quoted(path));
  printer.line("");
}

// Turns the warnings about deprecated names off; `first` saves what they were.
void emit_quiet(Printer& printer, std::string_view first) {
  printer.line("// Users of what is deprecated here are warned; this file is not.");
  if (!first.empty()) printer.line(first);
  printer.line("#pragma GCC diagnostic ignored \"-Wdeprecated-declarations\"");
  printer.line("");
}

void emit_namespace(Printer& printer, const model::File& file, const std::function<void()>& body) {
  if (!body) return;
  printer.emit({{"namespace", namespace_of(file)}, {"body", body}}, R"(
    namespace $namespace$ {

    $body$

    }  // namespace $namespace$
  )");
}

}  // namespace

void include_declared_in(const model::File& file, const model::File& importer, Includes& includes) {
  if (&file != &importer) includes.imported.insert(messages_header(file));
}

void include_type(const model::Type& type, const model::File& importer, Includes& includes) {
  switch (type.kind) {
    case TypeKind::kInt32:
    case TypeKind::kInt64:
    case TypeKind::kUint32:
    case TypeKind::kUint64:
      includes.standard.insert("cstdint");
      break;
    case TypeKind::kString:
      includes.standard.insert("string");
      break;
    case TypeKind::kBytes:
      includes.standard.insert({"cstddef", "vector"});
      break;
    case TypeKind::kTimestamp:
    case TypeKind::kDuration:
      includes.tern.insert("tern/field.h");
      break;
    case TypeKind::kEnum:
      include_declared_in(*type.enumeration->file, importer, includes);
      break;
    case TypeKind::kStruct:
      include_declared_in(*type.structure->file, importer, includes);
      break;
    case TypeKind::kList:
      includes.standard.insert("vector");
      break;
    case TypeKind::kMap:
      includes.standard.insert("map");
      break;
    case TypeKind::kBool:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      break;
  }
  for (const model::Type& argument : type.arguments) include_type(argument, importer, includes);
}

void emit_header(Printer& printer, const FileText& text, const std::function<void()>& body,
                 const std::function<void()>& behind) {
  emit_first_lines(printer, text);
  bool deprecated = uses_deprecated(text.file);
  auto code = [&] {
    if (deprecated) emit_quiet(printer, "#pragma GCC diagnostic push");
    emit_doc(printer, text.doc);
    emit_namespace(printer, text.file, body);
    printer.line("");
    if (behind) behind();
    printer.line("");
    if (deprecated) printer.line("#pragma GCC diagnostic pop");
  };
  printer.emit({{"codegen", std::to_string(kCodegenVersion)},
                {"refusal", [&] { emit_refusal(printer, text.path); }},
                {"includes", [&] { emit_includes(printer, text.includes); }},
                {"code", code}},
               R"(
                 #pragma once

                 #include "tern/version.h"
                 #if TERN_CODEGEN_VERSION != $codegen$
                 $refusal$
                 #endif

                 $includes$

                 $code$
               )");
}

void emit_source(Printer& printer, const FileText& text, const std::string& own_header,
                 const std::function<void()>& before, const std::function<void()>& body) {
  emit_first_lines(printer, text);
  printer.line("#include " + quoted(own_header));
  printer.line("");
  emit_includes(printer, text.includes);
  if (uses_deprecated(text.file)) emit_quiet(printer, "");
  if (before) before();
  emit_namespace(printer, text.file, body);
}

void emit_doc(Printer& printer, std::string_view doc) {
  while (!doc.empty()) {
    std::size_t end = std::min(doc.find('\n'), doc.size());
    std::string line(doc.substr(0, end));
    doc.remove_prefix(std::min(end + 1, doc.size()));
    line.erase(line.find_last_not_of(" \t\r") + 1);
    // A comment that ends in a backslash, or its trigraph, would swallow the next line.
    if (line.ends_with('\\') || line.ends_with("?\?/")) line += '.';
    printer.line(line.empty() ? "///" : "/// " + line);
  }
}

std::string deprecation(bool deprecated) {
  return deprecated ? "[[deprecated]] " : "";
}

}  // namespace rpcgen::cpp
