// GeeRPC, with each of its codecs, as rows of the table of protocols.
#pragma once

#include <memory>

#include "wire/client_setup.h"
#include "wire/server_setup.h"

namespace tern::wire::gee {

std::unique_ptr<ServerProtocol> serve_gee_gob(const ServerSetup& setup);
Status call_gee_gob(const ClientSetup& setup, ClientPreface& preface);

std::unique_ptr<ServerProtocol> serve_gee_json(const ServerSetup& setup);
Status call_gee_json(const ClientSetup& setup, ClientPreface& preface);

}  // namespace tern::wire::gee
