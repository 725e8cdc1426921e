// What the connections of one set of certificates share.
#pragma once

#include <memory>
#include <string>

#include "tern/result.h"
#include "tern/tls.h"
#include "tls/failure.h"
#include "tls/handles.h"
#include "tls/ticket_keys.h"

namespace tern::tls {

// What OpenSSL's callbacks note of one handshake; a connection's SSL_get_app_data().
struct HandshakeNotes {
  HandshakeNotes() = default;
  std::string server_name;  // that the peer's certificate must have; "": any
  Failure why_refused;      // set: this side has refused the peer
};

Result<ContextPtr> server_context(const std::shared_ptr<const Certificates>& certificates,
                                  const ServerOptions& options,
                                  const std::shared_ptr<TicketKeys>& tickets);
Result<ContextPtr> channel_context(const std::shared_ptr<const Certificates>& certificates,
                                   const ChannelOptions& options);
// Whether both could be made.
Status check_usable(const Certificates& certificates);

}  // namespace tern::tls
