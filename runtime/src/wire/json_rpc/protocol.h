// JSON-RPC 1.0 and 2.0 as a row of the table of protocols.
#pragma once

#include <memory>

#include "wire/client_setup.h"
#include "wire/first_bytes.h"
#include "wire/server_setup.h"

namespace tern::wire::json_rpc {

// A batch, or an object whose first key is one of a request's.
FirstBytes begins_json_rpc(ByteView in) noexcept;
std::unique_ptr<wire::ServerProtocol> serve_json_rpc(const ServerSetup& setup);
// In the version that the address names; over HTTP by POST.
Status call_json_rpc(const ClientSetup& setup, ClientPreface& preface);

}  // namespace tern::wire::json_rpc
