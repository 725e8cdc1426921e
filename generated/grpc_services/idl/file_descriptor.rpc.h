// Messages of grpc_services/idl/file_descriptor.rpc.
// Written by rpcgen 0.1.0: do not edit it, change grpc_services/idl/file_descriptor.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "grpc_services/idl/file_descriptor.rpc.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <array>
#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tern/field.h"

/// The parts of google/protobuf/descriptor.proto that name something, and of each message only its
/// names: what reflection finds files by.
namespace tern_grpc {

struct FileDescriptorSet {
  /// Each a FileDescriptorProto.
  std::vector<std::vector<std::byte>> file;

  FileDescriptorSet() = default;
  constexpr FileDescriptorSet(std::vector<std::vector<std::byte>> file_) : file(std::move(file_)) {}
  bool operator==(const FileDescriptorSet&) const = default;
  friend std::ostream& operator<<(std::ostream&, const FileDescriptorSet&);

  static constexpr std::string_view kTypeName = "tern_grpc.FileDescriptorSet";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "file"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.file);
  }
};

/// Of FieldDescriptorProto, OneofDescriptorProto, EnumValueDescriptorProto and
/// MethodDescriptorProto.
struct NamedProto {
  std::string name;

  NamedProto() = default;
  constexpr NamedProto(std::string name_) : name(std::move(name_)) {}
  bool operator==(const NamedProto&) const = default;
  friend std::ostream& operator<<(std::ostream&, const NamedProto&);

  static constexpr std::string_view kTypeName = "tern_grpc.NamedProto";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "name"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.name);
  }
};

struct EnumDescriptorProto {
  std::string name;
  std::vector<NamedProto> value;

  EnumDescriptorProto() = default;
  constexpr EnumDescriptorProto(std::string name_, std::vector<NamedProto> value_)
      : name(std::move(name_)), value(std::move(value_)) {}
  bool operator==(const EnumDescriptorProto&) const = default;
  friend std::ostream& operator<<(std::ostream&, const EnumDescriptorProto&);

  static constexpr std::string_view kTypeName = "tern_grpc.EnumDescriptorProto";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "name"}, {2, "value"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.name) && visit(kFields[1], self.value);
  }
};

struct DescriptorProto {
  std::string name;
  std::vector<NamedProto> field;
  std::vector<DescriptorProto> nested_type;
  std::vector<EnumDescriptorProto> enum_type;
  std::vector<NamedProto> oneof_decl;

  DescriptorProto() = default;
  DescriptorProto(std::string name_, std::vector<NamedProto> field_,
                  std::vector<DescriptorProto> nested_type_,
                  std::vector<EnumDescriptorProto> enum_type_, std::vector<NamedProto> oneof_decl_)
      : name(std::move(name_)),
        field(std::move(field_)),
        nested_type(std::move(nested_type_)),
        enum_type(std::move(enum_type_)),
        oneof_decl(std::move(oneof_decl_)) {}
  bool operator==(const DescriptorProto&) const;
  friend std::ostream& operator<<(std::ostream&, const DescriptorProto&);

  static constexpr std::string_view kTypeName = "tern_grpc.DescriptorProto";
  static constexpr std::array<tern::Field, 5> kFields{{
      {1, "name"},
      {2, "field"},
      {3, "nested_type"},
      {4, "enum_type"},
      {8, "oneof_decl"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.name) && visit(kFields[1], self.field) &&
           visit(kFields[2], self.nested_type) && visit(kFields[3], self.enum_type) &&
           visit(kFields[4], self.oneof_decl);
  }
};

struct ServiceDescriptorProto {
  std::string name;
  std::vector<NamedProto> method;

  ServiceDescriptorProto() = default;
  constexpr ServiceDescriptorProto(std::string name_, std::vector<NamedProto> method_)
      : name(std::move(name_)), method(std::move(method_)) {}
  bool operator==(const ServiceDescriptorProto&) const = default;
  friend std::ostream& operator<<(std::ostream&, const ServiceDescriptorProto&);

  static constexpr std::string_view kTypeName = "tern_grpc.ServiceDescriptorProto";
  static constexpr std::array<tern::Field, 2> kFields{{{1, "name"}, {2, "method"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.name) && visit(kFields[1], self.method);
  }
};

struct FileDescriptorProto {
  std::string name;
  std::string package;
  std::vector<std::string> dependency;
  std::vector<DescriptorProto> message_type;
  std::vector<EnumDescriptorProto> enum_type;
  std::vector<ServiceDescriptorProto> service;

  FileDescriptorProto() = default;
  FileDescriptorProto(std::string name_, std::string package_, std::vector<std::string> dependency_,
                      std::vector<DescriptorProto> message_type_,
                      std::vector<EnumDescriptorProto> enum_type_,
                      std::vector<ServiceDescriptorProto> service_)
      : name(std::move(name_)),
        package(std::move(package_)),
        dependency(std::move(dependency_)),
        message_type(std::move(message_type_)),
        enum_type(std::move(enum_type_)),
        service(std::move(service_)) {}
  bool operator==(const FileDescriptorProto&) const = default;
  friend std::ostream& operator<<(std::ostream&, const FileDescriptorProto&);

  static constexpr std::string_view kTypeName = "tern_grpc.FileDescriptorProto";
  static constexpr std::array<tern::Field, 6> kFields{{
      {1, "name"},
      {2, "package"},
      {3, "dependency"},
      {4, "message_type"},
      {5, "enum_type"},
      {6, "service"},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.name) && visit(kFields[1], self.package) &&
           visit(kFields[2], self.dependency) && visit(kFields[3], self.message_type) &&
           visit(kFields[4], self.enum_type) && visit(kFields[5], self.service);
  }
};

}  // namespace tern_grpc
