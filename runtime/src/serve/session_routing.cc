// Where a session's requests lead, and who is told that one leads nowhere.
#include <fmt/format.h>

#include <utility>

#include "serve/admit_stream.h"
#include "serve/server_core.h"
#include "serve/session.h"

namespace tern::serve {

const Route* Session::find_route(const wire::Frame& frame, std::unique_ptr<Unserved>& unserved) {
  const Router& router = core_->router();
  const Route* route = nullptr;
  if (frame.method_id != 0) {
    route = router.find(frame.method_id);
    if (!route) {
      unserved = std::make_unique<Unserved>();
      unserved->why =
          Status(Code::kUnimplemented,
                 fmt::format("no method of the id {:#010x} is served here; this server has {}",
                             frame.method_id, router.services()));
    }
  } else {
    Lookup named = router.find(frame.method_name);
    if (named.route && frame.idempotent_only && !named.route->method->idempotent) {
      unserved = std::make_unique<Unserved>();
      unserved->method = named.route->method;
      unserved->unknown = wire::UnknownMethod::kNotIdempotent;
    } else if (!named.route) {
      unserved = std::make_unique<Unserved>();
      unserved->unknown = named.unknown;
    }
    if (unserved) unserved->name = frame.method_name;
    route = named.route;
  }
  if (!unserved && (frame.opens_stream || route->method->kind != MethodKind::kUnary)) {
    Status why = admit_stream(*route->method, frame, protocol_name_, protocol_->has_streams());
    if (!why.ok()) {
      unserved = std::make_unique<Unserved>();
      unserved->method = route->method;
      unserved->reason = Refusal::kWrongKindOfCall;
      unserved->why = std::move(why);
    }
  }
  return unserved ? &router.nowhere(frame.opens_stream) : route;
}

bool Session::tells_everybody(const Unserved& unserved) const {
  const ServerGate& gate = core_->gate();
  return !gate.closed() ||
         (unserved.method && gate.let_in_unasked(unserved.method->access).has_value());
}

void Session::refuse_unserved(const wire::Frame& frame, const Unserved& unserved) {
  refuse_request(frame, unserved.method, unserved.reason,
                 unserved.unknown
                     ? protocol_->unknown_method(frame.id, unserved.name, *unserved.unknown)
                     : unserved.why);
}

}  // namespace tern::serve
