// Go's net/rpc as a row of the table of protocols.
#pragma once

#include <memory>

#include "wire/client_setup.h"
#include "wire/first_bytes.h"
#include "wire/server_setup.h"

namespace tern {

// A gob stream begins with the definition of a type.
FirstBytes begins_net_rpc(ByteView in) noexcept;
std::unique_ptr<ServerProtocol> serve_net_rpc(const ServerSetup& setup);
Status call_net_rpc(const ClientSetup& setup, ClientOpening& opening);

}  // namespace tern
