// A server and its clients in one process, without sockets.
#pragma once

#include <memory>

#include "tern/dialer.h"
#include "tern/io_pool.h"
#include "tern/server.h"

namespace tern {

// A dialer for ClientOptions::dialer that connects to `server` through memory. The client's address
// decides only the protocol ("unix@here", "connect+http@here:80"). The server outlives the clients;
// once it has been stopped, attempts to connect fail. To it, the peer is "in-process", and on this
// machine.
std::shared_ptr<Dialer> in_process_dialer(Server& server);

// For tests: returns when no loop of the pool has anything left to do at the time that its clock
// shows. It does not wait for other threads, such as the workers of tern::blocking. The pool has
// threads of its own; do not call this on one of them.
void settle(IoPool& pool);

}  // namespace tern
