#include "serve/find_target.h"

#include <fmt/format.h>

#include <utility>

#include "serve/admit_stream.h"
#include "serve/server_core.h"
#include "serve/session.h"

namespace tern::serve {

namespace {

std::unique_ptr<Unserved> unknown_id(const Router& router, std::uint32_t id) {
  auto unserved = std::make_unique<Unserved>();
  unserved->why =
      Status(Code::kUnimplemented,
             fmt::format("no method of the id {:#010x} is served here; this server has {}", id,
                         router.services()));
  return unserved;
}

std::unique_ptr<Unserved> unknown_name(const wire::Frame& frame, const Method* method,
                                       wire::UnknownMethod why) {
  auto unserved = std::make_unique<Unserved>();
  unserved->method = method;
  unserved->unknown = why;
  unserved->name = frame.method_name;
  return unserved;
}

std::unique_ptr<Unserved> wrong_kind(const Method& method, Status why) {
  auto unserved = std::make_unique<Unserved>();
  unserved->method = &method;
  unserved->reason = Refusal::kWrongKindOfCall;
  unserved->why = std::move(why);
  return unserved;
}

}  // namespace

Target find_target(Session& session, const wire::Frame& frame) {
  const Router& router = session.core().router();
  Target target;
  if (frame.method_id != 0) {
    target.route = router.find(frame.method_id);
    if (!target.route) target.unserved = unknown_id(router, frame.method_id);
  } else {
    const Lookup named = router.find(frame.method_name);
    target.route = named.route;
    if (!named.route) {
      target.unserved = unknown_name(frame, nullptr, named.unknown);
    } else if (frame.idempotent_only && !named.route->method->idempotent) {
      target.unserved =
          unknown_name(frame, named.route->method, wire::UnknownMethod::kNotIdempotent);
    }
  }
  if (!target.unserved &&
      (frame.opens_stream || target.route->method->kind != MethodKind::kUnary)) {
    const Method& method = *target.route->method;
    Status why =
        admit_stream(method, frame, session.protocol_name(), session.protocol().has_streams());
    if (!why.ok()) target.unserved = wrong_kind(method, std::move(why));
  }
  if (target.unserved) target.route = &router.nowhere(frame.opens_stream);
  return target;
}

bool tells_everybody(const ServerGate& gate, const Unserved& unserved) noexcept {
  return !gate.closed() ||
         (unserved.method && gate.accept_unasked(unserved.method->access).has_value());
}

Status unserved_status(Session& session, std::uint64_t id, const Unserved& unserved) {
  return unserved.unknown ? session.protocol().unknown_method(id, unserved.name, *unserved.unknown)
                          : unserved.why;
}

}  // namespace tern::serve
