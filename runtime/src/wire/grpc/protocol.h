// gRPC's row in the table of protocols.
#pragma once

#include <memory>

#include "tern/status.h"
#include "wire/client_setup.h"
#include "wire/first_bytes.h"
#include "wire/server_protocol.h"
#include "wire/server_setup.h"

namespace tern::wire::grpc {

// The preface of HTTP/2 with prior knowledge (RFC 9113, section 3.4).
FirstBytes begins_http2(ByteView in) noexcept;

std::unique_ptr<wire::ServerProtocol> serve_grpc(const ServerSetup& setup);
Status call_grpc(const ClientSetup& setup, ClientPreface& preface);

}  // namespace tern::wire::grpc
