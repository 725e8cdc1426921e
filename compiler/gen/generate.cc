#include "compiler/gen/generate.h"

#include <algorithm>
#include <set>

#include "compiler/gen/cpp/descriptor.h"
#include "compiler/gen/cpp/enums.h"
#include "compiler/gen/cpp/file_text.h"
#include "compiler/gen/cpp/members.h"
#include "compiler/gen/cpp/messages.h"
#include "compiler/gen/cpp/method_table.h"
#include "compiler/gen/cpp/names.h"
#include "compiler/gen/cpp/services.h"
#include "compiler/gen/printer.h"

namespace rpcgen {
namespace {

using cpp::FileText;
using cpp::Names;

// "arith.rpc.h": messages, enums and constants.
std::string messages_header(const model::File& file, const std::string& path) {
  FileText text{file, path, "Messages of " + file.path, {}, file.doc};
  for (const auto& constant : file.constants) {
    cpp::include_constant(*constant, file, text.includes);
  }
  if (!file.enums.empty()) cpp::include_enum(text.includes);
  for (const auto& message : file.messages) cpp::include_message(*message, text.includes);

  Names names(file);
  Printer printer;
  auto body = [&] {
    for (const auto& constant : file.constants) cpp::emit_constant(printer, *constant, names);
    printer.line("");
    for (const model::Message* message : cpp::forward_declared(file)) {
      printer.line("struct " + message->cpp_name + ";");
    }
    printer.line("");
    for (const auto& enumeration : file.enums) {
      cpp::emit_enum(printer, *enumeration, names);
      printer.line("");
    }
    for (const auto& message : file.messages) {
      cpp::emit_message(printer, *message, names);
      printer.line("");
    }
  };
  cpp::emit_header(printer, text, body, [&] {
    for (const auto& message : file.messages) {
      if (message->hash) cpp::emit_hash(printer, *message);
    }
  });
  return printer.take();
}

// Whether the type's codec has to come with the service that names it: structs have theirs with
// their definition, scalars in the runtime.
bool needs_codec(const model::Type& type) {
  switch (type.kind) {
    case model::TypeKind::kEnum:
    case model::TypeKind::kList:
    case model::TypeKind::kMap:
      return true;
    default:
      return false;
  }
}

// The types that the services name beside structs and scalars, in order, each once.
std::vector<const model::Type*> service_types(const model::File& file) {
  std::vector<const model::Type*> types;
  std::set<std::string> seen;
  auto add = [&](const std::optional<model::Type>& type) {
    if (type && needs_codec(*type) && seen.insert(Names::global(*type)).second) {
      types.push_back(&*type);
    }
  };
  for (const auto& service : file.services) {
    for (const auto& method : service->methods) {
      add(method->argument);
      add(method->result);
    }
  }
  return types;
}

void emit_codec(Printer& printer, const std::string& type) {
  printer.signature("template const tern::TypeOps&", "tern::type_ops<" + type + ">", {},
                    ") noexcept;");
}

// Other files may have the codecs of these types, too. Between translation units that is fine; in
// one, that of a unity build, they can be instantiated only once.
void emit_shared_codecs(Printer& printer, const std::vector<const model::Type*>& types) {
  for (const model::Type* type : types) {
    const std::string guard = "TERN_TYPE_OPS_" + Names::encoded(*type);
    printer.line("#ifndef " + guard);
    printer.line("#define " + guard);
    emit_codec(printer, Names::global(*type));
    printer.line("#endif");
  }
}

// "arith.rpc.cc": what need not stand in the header, and the codecs.
std::string messages_source(const model::File& file, const std::string& path,
                            const std::string& header) {
  FileText text{file, path, "Messages of " + file.path, {}, {}};
  const std::vector<const model::Type*> types = service_types(file);
  for (const model::Type* type : types) cpp::include_type(*type, file, text.includes);
  const bool has_codecs = !file.messages.empty() || !types.empty();
  if (has_codecs) text.includes.tern.insert("tern/codegen/type_ops_of.h");
  bool has_errors = std::any_of(file.messages.begin(), file.messages.end(),
                                [](const auto& message) { return message->is_error; });
  if (has_errors) text.includes.standard.insert({"memory", "string"});

  if (!file.messages.empty()) text.includes.tern.insert("tern/print.h");
  bool has_hashes = std::any_of(file.messages.begin(), file.messages.end(),
                                [](const auto& message) { return message->hash; });
  if (has_hashes) text.includes.tern.insert("tern/codegen/hash.h");
  bool is_empty = file.messages.empty();
  Names names(file);
  Printer printer;
  auto body = [&] {
    for (const auto& message : file.messages) {
      cpp::emit_message_source(printer, *message, names);
    }
  };
  cpp::emit_source(printer, text, header, {}, is_empty ? std::function<void()>() : body);
  for (const auto& message : file.messages) {
    if (message->hash) cpp::emit_hash_source(printer, *message);
  }
  if (has_codecs) {
    printer.line("");
    printer.line("// The codecs. Only this file includes their templates.");
  }
  for (const auto& message : file.messages) emit_codec(printer, Names::global(*message));
  if (!types.empty()) emit_shared_codecs(printer, types);
  return printer.take();
}

// "arith.service.h": stubs and skeletons.
std::string service_header(const model::File& file, const std::string& path,
                           const std::string& messages) {
  FileText text{file, path, "Services of " + file.path, {}, {}};
  text.includes.imported.insert(messages);
  for (const auto& service : file.services) cpp::include_service(*service, text.includes);

  Names names(file);
  Printer printer;
  cpp::emit_header(printer, text, [&] {
    if (file.services.empty()) printer.line("// " + file.path + " declares no services.");
    for (const auto& service : file.services) {
      cpp::emit_stub(printer, *service, names);
      printer.line("");
      cpp::emit_skeleton(printer, *service, names);
      printer.line("");
    }
  });
  return printer.take();
}

std::string service_source(const model::File& file, const std::string& path,
                           const std::string& header) {
  FileText text{file, path, "Services of " + file.path, {}, {}};
  for (const auto& service : file.services) cpp::include_service_source(*service, text.includes);

  Names names(file);
  Printer printer;
  auto tables = [&] { cpp::emit_method_tables(printer, file); };
  auto body = [&] {
    if (file.services.empty()) printer.line("// " + file.path + " declares no services.");
    for (const auto& service : file.services) {
      cpp::emit_service_source(printer, *service, names);
    }
  };
  cpp::emit_source(printer, text, header, tables, body);
  return printer.take();
}

}  // namespace

std::string_view generator_version() {
  return RPCGEN_VERSION;
}

std::vector<std::string> output_paths(const model::File& file) {
  std::string stem = cpp::stem_of(file);
  return {stem + ".rpc.h", stem + ".rpc.cc", stem + ".service.h", stem + ".service.cc",
          cpp::descriptor_header(file)};
}

std::vector<OutputFile> generate(const model::Schema&, const model::File& file) {
  std::vector<std::string> paths = output_paths(file);
  return {{paths[0], messages_header(file, paths[0])},
          {paths[1], messages_source(file, paths[1], paths[0])},
          {paths[2], service_header(file, paths[2], paths[0])},
          {paths[3], service_source(file, paths[3], paths[2])},
          {paths[4], cpp::descriptor_text(file)}};
}

}  // namespace rpcgen
