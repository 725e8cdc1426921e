// Where a client has the tokens from with which it says who it is.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "tern/endpoint.h"
#include "tern/function.h"
#include "tern/result.h"

namespace tern {

struct Token {
  Token() = default;
  explicit Token(std::string value_in, std::chrono::nanoseconds lifetime_in = {})
      : value(std::move(value_in)), lifetime(lifetime_in) {}

  std::string value;  // what stands behind "Bearer "; visible ASCII
  // How long it is good from now on; 0: nobody knows. The client asks for the next one when a fifth
  // of it is left. A token whose end has come is sent no more.
  std::chrono::nanoseconds lifetime{0};
};

// ClientOptions::token_source. The client sends the token with each request, as the metadata
// `authorization`: "Bearer <token>", unless the call has such metadata itself. It asks for the
// first one before it connects, and for a fresh one ahead of the end, and when a server has
// answered a unary call with kUnauthenticated; that call is then made once more, unless its handler
// has run and may not run twice. In a cluster it then goes to the server that has refused it, or to
// another one if that has left. Without a token there is no connection: calls wait or fail as they
// do then, and say why. With CallOptions::wait_for_ready they wait until there is one.
//
// If a token ends while there is a connection, and the source has given no other, nothing is sent
// over it but what says itself who it is. A unary call asks the source once more, and waits for its
// answer within the call's deadline; if that is no token, it fails with kUnauthenticated and kNo. A
// stream fails so at once. wait_for_ready changes nothing here: it is about the connection. A
// client of one server and a cluster do the same in all of this.
//
// A token is not shown to the network: without TLS there is no connection, either, unless the
// server is on this machine, over loopback, a Unix socket or in the process.
//
// Threads: any loop's, several at the same time.
class TokenSource {
 public:
  using Done = UniqueFunction<void(Result<Token>)>;

  virtual ~TokenSource() = default;

  // A token for the server there. Calls `done` before it returns, or later, on any thread; the
  // first call counts. Must not block. Destroyed without a call, there is none.
  virtual void token(const Endpoint& server, Done done) = 0;
};

// One that has always the same token.
std::shared_ptr<TokenSource> fixed_token(std::string token);

}  // namespace tern
