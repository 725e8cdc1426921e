// Both roles on one connection: a client that also serves, and handlers that call their caller.
#pragma once

#include "tern/client.h"
#include "tern/server.h"

namespace tern {

// Every connection that clients with these options make is served by `server`, too, once the peer
// calls back on it. Only with our own frames: other protocols cannot do it.
//
// The server is made on the same IoPool as the clients, has its services before the first call, and
// outlives the clients.
//
//   tern::IoPool pool;
//   tern::Server answers(pool);
//   answers.add(std::make_shared<MyEvents>());
//   tern::ClientOptions options;
//   tern::serve_on_connections(options, answers);
//   tern::Client client("tcp@127.0.0.1:7000", pool, options);
void serve_on_connections(ClientOptions& options, Server& server);

// The handlers of servers with these options can call the client that called them, if it serves:
// ServerContext::caller() is then a channel for stubs. Calls over it end with the connection. When
// one side goes away, by a drain or a close, the connection ends in both directions.
//
//   tern::ServerOptions options;
//   tern::call_back_on_connections(options);
//   …
//   if (tern::Channel* caller = context.caller()) EventsStub(*caller).Changed({key});
void call_back_on_connections(ServerOptions& options, const ClientOptions& calls = ClientOptions());

}  // namespace tern
