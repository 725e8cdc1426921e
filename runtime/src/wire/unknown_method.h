// What a server says of a request that leads to no handler.
#pragma once

#include <cstdint>
#include <string_view>

#include "tern/status.h"

namespace tern::wire {

// Why a name leads to no handler.
enum class UnknownMethod : std::uint8_t {
  kIllFormed,      // it is not service and method
  kAmbiguous,      // the short name of several services
  kService,        // no such service
  kMethod,         // no such method in the service
  kNotIdempotent,  // only methods that are may be called in this way
};

// In the words of GeeRPC, which our own frames share: the half of the name that is not known.
Status gee_rpc_unknown_method(std::string_view name, UnknownMethod why);
// In those of gRPC, and of gRPC-Web.
Status grpc_unknown_method(std::string_view name, UnknownMethod why);
// In those of net/rpc: the whole name each time.
Status net_rpc_unknown_method(std::string_view name, UnknownMethod why);

}  // namespace tern::wire
