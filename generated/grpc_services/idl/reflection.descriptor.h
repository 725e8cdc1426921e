// What gRPC's reflection tells of grpc_services/idl/reflection.rpc.
// Written by rpcgen 0.1.0: do not edit it, change grpc_services/idl/reflection.rpc instead.
#pragma once

#include "tern/version.h"
#if TERN_CODEGEN_VERSION != 4
#error \
    "grpc_services/idl/reflection.descriptor.h: rpcgen 0.1.0 wrote this for codegen version 4 of Tern; run the rpcgen of this runtime"
#endif

#include "tern/codegen/file_descriptor.h"

namespace tern::descriptors {

inline constexpr char file_grpc_5fservices_2fidl_2freflection_bytes[] =
    "\012\"grpc_services/idl/reflection.proto\022\011tern_grpc\"f\012\020ExtensionRequest\022'\012"
    "\017containing_type\030\001 \001(\011R\016containingType\022)\012\020extension_number\030\002"
    " \001(\005R\017extensionNumber\"\352\002\012\027ServerReflectionRequest\022\022\012\004host"
    "\030\001 \001(\011R\004host\022*\012\020file_by_filename\030\003 \001(\011H\000R\016fileByFil"
    "ename\0226\012\026file_containing_symbol\030\004 \001(\011H\000R\024fileContainingSymbol\022Y"
    "\012\031file_containing_extension\030\005 \001(\0132\033.tern_grpc.ExtensionRequestH\000R\027"
    "fileContainingExtension\022B\012\035all_extension_numbers_of_type\030\006 \001(\011H\000R\031"
    "allExtensionNumbersOfType\022%\012\015list_services\030\007 \001(\011H\000R\014listServicesB"
    "\021\012\017message_request\"L\012\026FileDescriptorResponse\0222\012\025file_descriptor_prot"
    "o\030\001 \003(\014R\023fileDescriptorProto\"j\012\027ExtensionNumberResponse\022$\012\016bas"
    "e_type_name\030\001 \001(\011R\014baseTypeName\022)\012\020extension_number\030\002 \003(\005"
    "R\017extensionNumber\"%\012\017ServiceResponse\022\022\012\004name\030\001 \001(\011R\004name"
    "\"K\012\023ListServiceResponse\0224\012\007service\030\001 \003(\0132\032.tern_grpc.ServiceRe"
    "sponseR\007service\"S\012\015ErrorResponse\022\035\012\012error_code\030\001 \001(\005R\011er"
    "rorCode\022#\012\015error_message\030\002 \001(\011R\014errorMessage\"\233\004\012\030ServerR"
    "eflectionResponse\022\035\012\012valid_host\030\001 \001(\011R\011validHost\022R\012\020origi"
    "nal_request\030\002 \001(\0132\".tern_grpc.ServerReflectionRequestH\001R\017originalRequest"
    "\210\001\001\022]\012\030file_descriptor_response\030\004 \001(\0132!.tern_grpc.FileDescripto"
    "rResponseH\000R\026fileDescriptorResponse\022i\012\036all_extension_numbers_response\030\005 "
    "\001(\0132\".tern_grpc.ExtensionNumberResponseH\000R\033allExtensionNumbersResponse\022V\012"
    "\026list_services_response\030\006 \001(\0132\036.tern_grpc.ListServiceResponseH\000R\024list"
    "ServicesResponse\022A\012\016error_response\030\007 \001(\0132\030.tern_grpc.ErrorResponseH"
    "\000R\015errorResponseB\022\012\020message_responseB\023\012\021_original_request2w\012\020Se"
    "rverReflection\022c\012\024ServerReflectionInfo\022\".tern_grpc.ServerReflectionRequest\032#."
    "tern_grpc.ServerReflectionResponse(\0010\001b\006proto3";
inline constexpr FileDescriptor file_grpc_5fservices_2fidl_2freflection{
    "grpc_services/idl/reflection.proto", file_grpc_5fservices_2fidl_2freflection_bytes};

}  // namespace tern::descriptors

namespace tern_grpc {
class ServerReflectionService;
}  // namespace tern_grpc

template <>
struct tern::DescriptorOf<tern_grpc::ServerReflectionService> {
  static constexpr const tern::FileDescriptor& kFile = tern::descriptors::file_grpc_5fservices_2fidl_2freflection;
};
