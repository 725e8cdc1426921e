// What rpcgen knows of a file, as protobuf tells it: for gRPC's reflection.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "tern/version.h"

namespace tern {

// One .rpc file. Generated as a constant; lives as long as the process.
struct FileDescriptor {
  // `literal`: its last byte, which is 0, does not count.
  template <std::size_t N>
  constexpr FileDescriptor(std::string_view proto_path, const char (&literal)[N],
                           std::span<const FileDescriptor* const> imported = {}) noexcept
      : path(proto_path), bytes(literal, N - 1), imports(imported) {}

  std::string_view path;                           // "sub/arith.proto"
  std::string_view bytes;                          // a google.protobuf.FileDescriptorProto
  std::span<const FileDescriptor* const> imports;  // without google's own
};

// Specialized for the skeleton of each service, with the FileDescriptor of its file as kFile.
template <typename Service>
struct DescriptorOf {
  static_assert(sizeof(Service*) == 0,
                "the descriptor of this service is in the .descriptor.h that rpcgen writes beside "
                "its .service.h; include that");
};

}  // namespace tern
