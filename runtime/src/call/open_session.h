// What a session begins with: its protocol, and the stream that it speaks on.
#pragma once

#include <memory>

#include "call/client_session.h"
#include "tern/byte_stream.h"
#include "tern/client.h"
#include "tern/endpoint.h"
#include "tern/result.h"
#include "wire/client_setup.h"

namespace tern::call {

// The protocol, and what the client says first. Fails if `options` name a codec that is not known,
// or limits that no call could keep. Both outlive the result.
Result<wire::ClientPreface> begin_handshake(const Endpoint& endpoint, const ClientOptions& options);

// A session on a stream that has just been dialled. The client's own server takes its half of it,
// if there is one. Fails as begin_handshake() does, or if that server refuses.
Result<std::shared_ptr<ClientSession>> open_session(const ClientSessionSetup& setup,
                                                    const Endpoint& endpoint,
                                                    std::unique_ptr<ByteStream> stream);

}  // namespace tern::call
