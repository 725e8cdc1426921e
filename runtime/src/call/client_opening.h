// What a client speaks to its server: how the conversation begins, and its frames.
#pragma once

#include <memory>
#include <string>

#include "tern/client.h"
#include "tern/endpoint.h"
#include "tern/result.h"
#include "wire/client_protocol.h"
#include "wire/native/client.h"

namespace tern {

struct ClientOpening {
  ClientOpening() = default;

  // HTTP's CONNECT: the server's answer to it comes before anything else is sent. Or "".
  std::string connect;
  // What stands before the first request. Or "".
  std::string option;
  std::unique_ptr<ClientProtocol> protocol;
  // The same, if they are our own: then the server answers the Option with a line, which says how
  // much it takes.
  NativeClientProtocol* native = nullptr;
};

// Fails if `options` name a codec that is not known, or limits that no call could keep. `options`
// outlive the result.
Result<ClientOpening> make_client_opening(const Endpoint& endpoint, const ClientOptions& options);

}  // namespace tern
