// A server and its clients in one process, without sockets.
#pragma once

#include <memory>

#include "tern/dialer.h"
#include "tern/io_pool.h"
#include "tern/server.h"

namespace tern {

// A dialer for ClientOptions::dialer, whose every connection is one to `server`, through memory:
// the client's address says only what is spoken ("unix@here", "connect+http@here:80"). The server
// outlives the clients; once it has been stopped, attempts to connect fail. To it, the peer is
// "in-process", and on this machine.
std::shared_ptr<Dialer> in_process_dialer(Server& server);

// For tests: returns when no loop of the pool has anything left to do, at the time that its clock
// shows. What other threads are at, the workers of tern::blocking among them, is not waited for.
// The pool has threads of its own, and this is none of them.
void settle(IoPool& pool);

}  // namespace tern
