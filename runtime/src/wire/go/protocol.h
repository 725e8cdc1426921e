// Go's net/rpc as a row of the table of protocols.
#pragma once

#include <memory>

#include "wire/client_setup.h"
#include "wire/first_bytes.h"
#include "wire/server_setup.h"

namespace tern::wire::go {

// A gob stream begins with the definition of a type.
FirstBytes begins_net_rpc(ByteView in) noexcept;
std::unique_ptr<wire::ServerProtocol> serve_net_rpc(const ServerSetup& setup);
Status call_net_rpc(const ClientSetup& setup, ClientPreface& preface);

}  // namespace tern::wire::go
