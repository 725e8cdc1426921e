// HTTP/2 with prior knowledge, as a row of the table of protocols.
#pragma once

#include <memory>

#include "wire/client_setup.h"
#include "wire/first_bytes.h"
#include "wire/server_protocol.h"
#include "wire/server_setup.h"

namespace tern::wire::over_http2 {

// The preface of HTTP/2 (RFC 9113, section 3.4).
FirstBytes begins_http2(ByteView in) noexcept;
std::unique_ptr<wire::ServerProtocol> serve_http2(const ServerSetup& setup);

// gRPC, or Connect, as the address says.
Status call_http2(const ClientSetup& setup, ClientPreface& preface);

}  // namespace tern::wire::over_http2
