// The .proto files that a server tells of, and where each name is declared.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "grpc_services/idl/file_descriptor.rpc.h"
#include "tern/codegen/file_descriptor.h"
#include "tern/result.h"

namespace tern::grpc_services {

// One of them. Lives as long as the DescriptorFiles.
struct DescriptorFile {
  std::string path;
  std::string bytes;  // a FileDescriptorProto
  std::vector<const DescriptorFile*> imports;
};

// Constant once it is made. Threads: any.
class DescriptorFiles {
 public:
  // The files, all that they import, and those that are published (published/, google's own).
  static Result<DescriptorFiles> make(const std::vector<const FileDescriptor*>& files);

  // Null if there is none.
  const DescriptorFile* by_path(std::string_view path) const;
  // That declares a service, method, message, field, oneof, enum or enum value of this full name.
  const DescriptorFile* by_symbol(std::string_view symbol) const;
  bool has_message(std::string_view name) const { return messages_.contains(name); }

 private:
  DescriptorFiles() = default;

  Status add_all(const FileDescriptor& file);
  // False: it was there before.
  Result<bool> add(std::string_view bytes);
  void add_symbols(const tern_grpc::FileDescriptorProto& declared, const DescriptorFile& file);
  void add_message(const std::string& scope, const tern_grpc::DescriptorProto& message,
                   const DescriptorFile& file);
  void add_enum(const std::string& scope, const tern_grpc::EnumDescriptorProto& declared,
                const DescriptorFile& file);
  void add_names(const std::string& scope, const std::vector<tern_grpc::NamedProto>& names,
                 const DescriptorFile& file);
  Status link();

  struct Entry {
    DescriptorFile file;
    std::vector<std::string> imports;
  };
  std::map<std::string, Entry, std::less<>> files_;  // its entries do not move
  std::map<std::string, const DescriptorFile*, std::less<>> symbols_;
  std::set<std::string, std::less<>> messages_;
};

}  // namespace tern::grpc_services
