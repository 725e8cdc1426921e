#include "grpc_services/descriptor_files.h"

#include <fmt/format.h>

#include <span>
#include <utility>

#include "grpc_services/published_files.h"
#include "tern/codec.h"

namespace tern::grpc_services {

namespace {

using tern_grpc::DescriptorProto;
using tern_grpc::EnumDescriptorProto;
using tern_grpc::FileDescriptorProto;
using tern_grpc::FileDescriptorSet;
using tern_grpc::NamedProto;

template <typename T>
Result<T> decoded(ByteView bytes) {
  T out;
  DecodeLimits limits;
  limits.decode_overhead_bytes = 16 * 1024 * 1024;  // they are the program's own, and no peer's
  Status failure = proto_codec().decode(type_ops<T>(), bytes, &out, limits);
  if (!failure.ok()) return failure;
  return out;
}

std::string joined(const std::string& scope, const std::string& name) {
  return scope.empty() ? name : scope + "." + name;
}

}  // namespace

Result<DescriptorFiles> DescriptorFiles::make(const std::vector<const FileDescriptor*>& files) {
  DescriptorFiles out;
  Result<FileDescriptorSet> published =
      decoded<FileDescriptorSet>(std::as_bytes(std::span(kPublishedFiles)));
  if (!published.ok()) return published.take_status();
  for (const std::vector<std::byte>& file : published->file) {
    Result<bool> added = out.add(as_text(file));
    if (!added.ok()) return added.take_status();
  }
  for (const FileDescriptor* file : files) {
    if (file == nullptr) {
      return Status(Code::kInvalidArgument,
                    "reflection: a file is null; expected DescriptorOf<Service>::kFile");
    }
    if (Status failure = out.add_all(*file); !failure.ok()) return failure;
  }
  if (Status failure = out.link(); !failure.ok()) return failure;
  return out;
}

const DescriptorFile* DescriptorFiles::by_path(std::string_view path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second.file;
}

const DescriptorFile* DescriptorFiles::by_symbol(std::string_view symbol) const {
  const auto found = symbols_.find(symbol);
  return found == symbols_.end() ? nullptr : found->second;
}

// Imports nest at most 100 deep: rpcgen sees to that.
Status DescriptorFiles::add_all(const FileDescriptor& file) {
  Result<bool> is_new = add(file.bytes);
  if (!is_new.ok()) return is_new.take_status();
  if (!*is_new) return {};
  for (const FileDescriptor* import : file.imports) {
    if (Status failure = add_all(*import); !failure.ok()) return failure;
  }
  return {};
}

Result<bool> DescriptorFiles::add(std::string_view bytes) {
  Result<FileDescriptorProto> declared = decoded<FileDescriptorProto>(as_bytes(bytes));
  if (!declared.ok()) {
    return Status(Code::kInvalidArgument,
                  fmt::format("reflection: a file of {} bytes is no FileDescriptorProto: {}",
                              bytes.size(), declared.status().message()));
  }
  auto [entry, inserted] = files_.try_emplace(declared->name);
  DescriptorFile& file = entry->second.file;
  if (!inserted) {
    if (file.bytes == bytes) return false;
    return Status(Code::kInvalidArgument,
                  fmt::format("reflection: there are two different files \"{}\"; a path says which "
                              "file another one imports, so it must be that of one file alone",
                              file.path));
  }
  file.path = declared->name;
  file.bytes = bytes;
  entry->second.imports = std::move(declared->dependency);
  add_symbols(*declared, file);
  return true;
}

void DescriptorFiles::add_symbols(const FileDescriptorProto& declared, const DescriptorFile& file) {
  for (const DescriptorProto& each : declared.message_type) {
    add_message(declared.package, each, file);
  }
  for (const EnumDescriptorProto& each : declared.enum_type) {
    add_enum(declared.package, each, file);
  }
  for (const tern_grpc::ServiceDescriptorProto& service : declared.service) {
    const std::string name = joined(declared.package, service.name);
    symbols_.emplace(name, &file);
    add_names(name, service.method, file);
  }
}

void DescriptorFiles::add_message(const std::string& scope, const DescriptorProto& message,
                                  const DescriptorFile& file) {
  const std::string name = joined(scope, message.name);
  symbols_.emplace(name, &file);
  messages_.insert(name);
  add_names(name, message.field, file);
  add_names(name, message.oneof_decl, file);
  for (const DescriptorProto& nested : message.nested_type) add_message(name, nested, file);
  for (const EnumDescriptorProto& nested : message.enum_type) add_enum(name, nested, file);
}

// Values stand beside their enum in protobuf. Some clients look for them within it.
void DescriptorFiles::add_enum(const std::string& scope, const EnumDescriptorProto& declared,
                               const DescriptorFile& file) {
  const std::string name = joined(scope, declared.name);
  symbols_.emplace(name, &file);
  add_names(scope, declared.value, file);
  add_names(name, declared.value, file);
}

void DescriptorFiles::add_names(const std::string& scope, const std::vector<NamedProto>& names,
                                const DescriptorFile& file) {
  for (const NamedProto& each : names) symbols_.emplace(joined(scope, each.name), &file);
}

Status DescriptorFiles::link() {
  for (auto& [path, entry] : files_) {
    for (const std::string& import : entry.imports) {
      const DescriptorFile* imported = by_path(import);
      if (imported == nullptr) {
        return Status(
            Code::kInvalidArgument,
            fmt::format("reflection: \"{}\" imports \"{}\", which is not there", path, import));
      }
      entry.file.imports.push_back(imported);
    }
    entry.imports.clear();
  }
  return {};
}

}  // namespace tern::grpc_services
