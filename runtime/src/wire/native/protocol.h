// Our own frames as a row of the table of protocols.
#pragma once

#include <memory>

#include "wire/client_setup.h"
#include "wire/server_setup.h"

namespace tern::wire::native {

// `setup.codec` is there.
std::unique_ptr<wire::ServerProtocol> serve_native(const ServerSetup& setup);
// Behind an Option, or without one on a connection whose handshake is done.
Status call_native(const ClientSetup& setup, ClientPreface& preface);

}  // namespace tern::wire::native
