// How clients reach a server in memory: in plaintext, and over TLS where that is built.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tern/byte_stream.h"
#include "tern/credentials.h"
#include "tern/dialer.h"
#include "tern/server.h"

namespace tern::test {

struct Transport {
  std::string_view name;
  // Both null: plaintext.
  std::shared_ptr<ServerCredentials> server;
  std::shared_ptr<ChannelCredentials> client;

  // What an address of plaintext is here: "jsonrpc2+tcp@here:1" or "jsonrpc2+tls@here:1".
  std::string address(std::string_view plaintext) const;
};

// The real tls::server_credentials() of a server named "here", and a client that trusts it; none
// where the target tern::tls is not built.
std::vector<Transport> secure_transports();
// Plaintext, then those.
std::vector<Transport> transports();

// A connection to `server`, on a loop that the test turns: the client's end. It is secured.
std::unique_ptr<ByteStream> connect_to(Server& server, const Transport& transport, Loop& loop);
// For ClientOptions::dialer: makes connections to `server`, which outlives it, whatever the host
// is. Where the transport is secure, the client secures them: ClientOptions::credentials.
std::shared_ptr<Dialer> dialer_to(Server& server, const Transport& transport);

}  // namespace tern::test
