// Where a request leads, and who is told that it leads nowhere.
#pragma once

#include <memory>

#include "serve/router.h"
#include "serve/server_gate.h"
#include "serve/unserved.h"
#include "wire/frame.h"

namespace tern::serve {

class Session;

struct Target {
  const Route* route = nullptr;        // never null: Router::nowhere() if to no handler,
  std::unique_ptr<Unserved> unserved;  // and why; else null
};

// Of a request that the session has read. Throws std::bad_alloc.
Target find_target(Session& session, const wire::Frame& frame);

// Whether a caller that is not authenticated may be told of it.
bool tells_everybody(const ServerGate& gate, const Unserved& unserved) noexcept;
// What he is told. Of the protocol that the request came in.
Status unserved_status(Session& session, std::uint64_t id, const Unserved& unserved);

}  // namespace tern::serve
