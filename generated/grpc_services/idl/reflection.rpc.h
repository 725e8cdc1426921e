// Messages of grpc_services/idl/reflection.rpc.
// Written by rpcgen 0.1.0: do not edit it, change grpc_services/idl/reflection.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "grpc_services/idl/reflection.rpc.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tern/codegen/union.h"
#include "tern/field.h"

/// grpc.reflection.v1 of published/, as rpcgen imports it; v1alpha is the same. It is served under
/// both names; the package is another one, so that a program can also have what protobuf makes of
/// the published files.
namespace tern_grpc {

struct ExtensionRequest {
  std::string containing_type;
  std::int32_t extension_number = 0;

  ExtensionRequest() = default;
  constexpr ExtensionRequest(std::string containing_type_, std::int32_t extension_number_)
      : containing_type(std::move(containing_type_)), extension_number(extension_number_) {}
  bool operator==(const ExtensionRequest&) const = default;
  friend std::ostream& operator<<(std::ostream&, const ExtensionRequest&);

  static constexpr std::string_view kTypeName = "tern_grpc.ExtensionRequest";
  static constexpr std::array<tern::Field, 2> kFields{{
      {1, "containingType", true},
      {2, "extensionNumber", true},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.containing_type) && visit(kFields[1], self.extension_number);
  }
};

struct ServerReflectionRequest {
  using MessageRequest = std::variant<std::monostate, std::string, std::string, ExtensionRequest,
                                      std::string, std::string>;
  enum class MessageRequestCase : std::size_t { kNone, kFileByFilename, kFileContainingSymbol,
                                                kFileContainingExtension,
                                                kAllExtensionNumbersOfType, kListServices };

  std::string host;
  MessageRequest message_request;

  ServerReflectionRequest() = default;
  constexpr ServerReflectionRequest(std::string host_, MessageRequest message_request_)
      : host(std::move(host_)), message_request(std::move(message_request_)) {}
  bool operator==(const ServerReflectionRequest&) const = default;
  friend std::ostream& operator<<(std::ostream&, const ServerReflectionRequest&);

  /// Which member of `message_request` is set.
  MessageRequestCase message_request_case() const noexcept {
    return static_cast<MessageRequestCase>(message_request.index());
  }
  const std::string* file_by_filename() const noexcept { return std::get_if<1>(&message_request); }
  std::string* file_by_filename() noexcept { return std::get_if<1>(&message_request); }
  std::string& set_file_by_filename(std::string value) {
    return message_request.emplace<1>(std::move(value));
  }
  const std::string* file_containing_symbol() const noexcept {
    return std::get_if<2>(&message_request);
  }
  std::string* file_containing_symbol() noexcept { return std::get_if<2>(&message_request); }
  std::string& set_file_containing_symbol(std::string value) {
    return message_request.emplace<2>(std::move(value));
  }
  const ExtensionRequest* file_containing_extension() const noexcept {
    return std::get_if<3>(&message_request);
  }
  ExtensionRequest* file_containing_extension() noexcept {
    return std::get_if<3>(&message_request);
  }
  ExtensionRequest& set_file_containing_extension(ExtensionRequest value) {
    return message_request.emplace<3>(std::move(value));
  }
  const std::string* all_extension_numbers_of_type() const noexcept {
    return std::get_if<4>(&message_request);
  }
  std::string* all_extension_numbers_of_type() noexcept { return std::get_if<4>(&message_request); }
  std::string& set_all_extension_numbers_of_type(std::string value) {
    return message_request.emplace<4>(std::move(value));
  }
  const std::string* list_services() const noexcept { return std::get_if<5>(&message_request); }
  std::string* list_services() noexcept { return std::get_if<5>(&message_request); }
  std::string& set_list_services(std::string value) {
    return message_request.emplace<5>(std::move(value));
  }
  /// Calls `visitor` with the member of `message_request` that is set, or with std::monostate.
  template <typename Visitor>
  decltype(auto) visit_message_request(Visitor&& visitor) const {
    return tern::visit_union(std::forward<Visitor>(visitor), message_request);
  }
  template <typename Visitor>
  decltype(auto) visit_message_request(Visitor&& visitor) {
    return tern::visit_union(std::forward<Visitor>(visitor), message_request);
  }

  static constexpr std::string_view kTypeName = "tern_grpc.ServerReflectionRequest";
  static constexpr std::array<tern::Field, 6> kFields{{
      {1, "host"},
      {3, "fileByFilename", true},
      {4, "fileContainingSymbol", true},
      {5, "fileContainingExtension", true},
      {6, "allExtensionNumbersOfType", true},
      {7, "listServices", true},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.host) &&
           visit(tern::UnionField<1>{kFields[1]}, self.message_request) &&
           visit(tern::UnionField<2>{kFields[2]}, self.message_request) &&
           visit(tern::UnionField<3>{kFields[3]}, self.message_request) &&
           visit(tern::UnionField<4>{kFields[4]}, self.message_request) &&
           visit(tern::UnionField<5>{kFields[5]}, self.message_request);
  }
};

struct FileDescriptorResponse {
  std::vector<std::vector<std::byte>> file_descriptor_proto;

  FileDescriptorResponse() = default;
  constexpr FileDescriptorResponse(std::vector<std::vector<std::byte>> file_descriptor_proto_)
      : file_descriptor_proto(std::move(file_descriptor_proto_)) {}
  bool operator==(const FileDescriptorResponse&) const = default;
  friend std::ostream& operator<<(std::ostream&, const FileDescriptorResponse&);

  static constexpr std::string_view kTypeName = "tern_grpc.FileDescriptorResponse";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "fileDescriptorProto", true}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.file_descriptor_proto);
  }
};

struct ExtensionNumberResponse {
  std::string base_type_name;
  std::vector<std::int32_t> extension_number;

  ExtensionNumberResponse() = default;
  constexpr ExtensionNumberResponse(std::string base_type_name_,
                                    std::vector<std::int32_t> extension_number_)
      : base_type_name(std::move(base_type_name_)),
        extension_number(std::move(extension_number_)) {}
  bool operator==(const ExtensionNumberResponse&) const = default;
  friend std::ostream& operator<<(std::ostream&, const ExtensionNumberResponse&);

  static constexpr std::string_view kTypeName = "tern_grpc.ExtensionNumberResponse";
  static constexpr std::array<tern::Field, 2> kFields{{
      {1, "baseTypeName", true},
      {2, "extensionNumber", true},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.base_type_name) && visit(kFields[1], self.extension_number);
  }
};

struct ServiceResponse {
  std::string name;

  ServiceResponse() = default;
  constexpr ServiceResponse(std::string name_) : name(std::move(name_)) {}
  bool operator==(const ServiceResponse&) const = default;
  friend std::ostream& operator<<(std::ostream&, const ServiceResponse&);

  static constexpr std::string_view kTypeName = "tern_grpc.ServiceResponse";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "name"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.name);
  }
};

struct ListServiceResponse {
  std::vector<ServiceResponse> service;

  ListServiceResponse() = default;
  constexpr ListServiceResponse(std::vector<ServiceResponse> service_)
      : service(std::move(service_)) {}
  bool operator==(const ListServiceResponse&) const = default;
  friend std::ostream& operator<<(std::ostream&, const ListServiceResponse&);

  static constexpr std::string_view kTypeName = "tern_grpc.ListServiceResponse";
  static constexpr std::array<tern::Field, 1> kFields{{{1, "service"}}};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.service);
  }
};

struct ErrorResponse {
  std::int32_t error_code = 0;
  std::string error_message;

  ErrorResponse() = default;
  constexpr ErrorResponse(std::int32_t error_code_, std::string error_message_)
      : error_code(error_code_), error_message(std::move(error_message_)) {}
  bool operator==(const ErrorResponse&) const = default;
  friend std::ostream& operator<<(std::ostream&, const ErrorResponse&);

  static constexpr std::string_view kTypeName = "tern_grpc.ErrorResponse";
  static constexpr std::array<tern::Field, 2> kFields{{
      {1, "errorCode", true},
      {2, "errorMessage", true},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.error_code) && visit(kFields[1], self.error_message);
  }
};

struct ServerReflectionResponse {
  using MessageResponse = std::variant<std::monostate, FileDescriptorResponse,
                                       ExtensionNumberResponse, ListServiceResponse, ErrorResponse>;
  enum class MessageResponseCase : std::size_t { kNone, kFileDescriptorResponse,
                                                 kAllExtensionNumbersResponse,
                                                 kListServicesResponse, kErrorResponse };

  std::string valid_host;
  std::optional<ServerReflectionRequest> original_request;
  MessageResponse message_response;

  ServerReflectionResponse() = default;
  constexpr ServerReflectionResponse(std::string valid_host_,
                                     std::optional<ServerReflectionRequest> original_request_,
                                     MessageResponse message_response_)
      : valid_host(std::move(valid_host_)),
        original_request(std::move(original_request_)),
        message_response(std::move(message_response_)) {}
  bool operator==(const ServerReflectionResponse&) const = default;
  friend std::ostream& operator<<(std::ostream&, const ServerReflectionResponse&);

  /// Which member of `message_response` is set.
  MessageResponseCase message_response_case() const noexcept {
    return static_cast<MessageResponseCase>(message_response.index());
  }
  const FileDescriptorResponse* file_descriptor_response() const noexcept {
    return std::get_if<1>(&message_response);
  }
  FileDescriptorResponse* file_descriptor_response() noexcept {
    return std::get_if<1>(&message_response);
  }
  FileDescriptorResponse& set_file_descriptor_response(FileDescriptorResponse value) {
    return message_response.emplace<1>(std::move(value));
  }
  const ExtensionNumberResponse* all_extension_numbers_response() const noexcept {
    return std::get_if<2>(&message_response);
  }
  ExtensionNumberResponse* all_extension_numbers_response() noexcept {
    return std::get_if<2>(&message_response);
  }
  ExtensionNumberResponse& set_all_extension_numbers_response(ExtensionNumberResponse value) {
    return message_response.emplace<2>(std::move(value));
  }
  const ListServiceResponse* list_services_response() const noexcept {
    return std::get_if<3>(&message_response);
  }
  ListServiceResponse* list_services_response() noexcept {
    return std::get_if<3>(&message_response);
  }
  ListServiceResponse& set_list_services_response(ListServiceResponse value) {
    return message_response.emplace<3>(std::move(value));
  }
  const ErrorResponse* error_response() const noexcept { return std::get_if<4>(&message_response); }
  ErrorResponse* error_response() noexcept { return std::get_if<4>(&message_response); }
  ErrorResponse& set_error_response(ErrorResponse value) {
    return message_response.emplace<4>(std::move(value));
  }
  /// Calls `visitor` with the member of `message_response` that is set, or with std::monostate.
  template <typename Visitor>
  decltype(auto) visit_message_response(Visitor&& visitor) const {
    return tern::visit_union(std::forward<Visitor>(visitor), message_response);
  }
  template <typename Visitor>
  decltype(auto) visit_message_response(Visitor&& visitor) {
    return tern::visit_union(std::forward<Visitor>(visitor), message_response);
  }

  static constexpr std::string_view kTypeName = "tern_grpc.ServerReflectionResponse";
  static constexpr std::array<tern::Field, 6> kFields{{
      {1, "validHost", true},
      {2, "originalRequest", true},
      {4, "fileDescriptorResponse", true},
      {5, "allExtensionNumbersResponse", true},
      {6, "listServicesResponse", true},
      {7, "errorResponse", true},
  }};
  template <typename Self, typename Visitor>
  static constexpr bool visit_fields(Self& self, Visitor& visit) {
    return visit(kFields[0], self.valid_host) && visit(kFields[1], self.original_request) &&
           visit(tern::UnionField<1>{kFields[2]}, self.message_response) &&
           visit(tern::UnionField<2>{kFields[3]}, self.message_response) &&
           visit(tern::UnionField<3>{kFields[4]}, self.message_response) &&
           visit(tern::UnionField<4>{kFields[5]}, self.message_response);
  }
};

}  // namespace tern_grpc
