// Where a server's connections come from: its listeners, and what it dials.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "net/loop.h"
#include "serve/dial_out.h"
#include "serve/server_end.h"
#include "tern/endpoint.h"
#include "tern/listener.h"
#include "tern/result.h"
#include "tern/server.h"

namespace tern::serve {

// What the address says, or why no server can listen there or dial it: before anything is opened.
Result<Endpoint> endpoint_to_listen(std::string_view address, const ServerOptions& options);
Result<Endpoint> endpoint_to_dial(std::string_view address, const ServerOptions& options);
// What listens securely, if the options have credentials for it.
Result<std::unique_ptr<Listener>> secured(std::unique_ptr<Listener> listener,
                                          const ServerOptions& options);

// Each is opened and closed on a loop of its own. Threads: one at a time.
class Entrances {
 public:
  // `server` is kept alive until the loop has opened it, and has to live until it is closed.
  void listen(Loop& loop, std::unique_ptr<Listener> listener, std::shared_ptr<void> server,
              Listener::OnIncoming on_incoming);
  void dial(Loop& loop, std::shared_ptr<DialOut> dialing, std::shared_ptr<void> server);
  // Where it listens, or has.
  const std::vector<Endpoint>& addresses() const noexcept { return addresses_; }

  std::size_t size() const noexcept { return listeners_.size() + dials_.size(); }
  // What there is, to be closed; there is none of it here afterwards.
  Entrances take() noexcept;
  // Each on its loop, as a task that has been counted.
  void close(ServerEnd& end);

 private:
  std::vector<std::pair<Loop*, std::shared_ptr<Listener>>> listeners_;
  std::vector<std::pair<Loop*, std::shared_ptr<DialOut>>> dials_;
  std::vector<Endpoint> addresses_;
};

}  // namespace tern::serve
