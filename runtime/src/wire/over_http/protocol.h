// HTTP/1, with all that is called and answered over it, as a row of the table of protocols.
#pragma once

#include <memory>

#include "wire/client_setup.h"
#include "wire/first_bytes.h"
#include "wire/server_setup.h"

namespace tern::wire::over_http {

// Any method but CONNECT.
FirstBytes begins_http(ByteView in) noexcept;
// The first head is the handshake, and has its time. Whoever reads the requests says what is wrong
// with it.
bool http_head_is_there(ByteView in);
std::unique_ptr<wire::ServerProtocol> serve_http(const ServerSetup& setup);

// Connect, or gRPC-Web, as the address says.
Status call_http(const ClientSetup& setup, ClientPreface& preface);

}  // namespace tern::wire::over_http
