#include "wire/unknown_method.h"

#include <fmt/format.h>

#include <utility>

#include "base/peer_text.h"

namespace tern::wire {

namespace {

// "arith.Arith/Multiply" and "arith.Arith.Multiply" taken apart.
std::pair<std::string_view, std::string_view> split(std::string_view name) noexcept {
  std::size_t at = name.rfind('/');
  if (at == std::string_view::npos) at = name.rfind('.');
  if (at == std::string_view::npos) return {name, {}};
  return {name.substr(0, at), name.substr(at + 1)};
}

}  // namespace

Status gee_rpc_unknown_method(std::string_view name, UnknownMethod why) {
  auto [service, method] = split(name);
  std::string text;
  switch (why) {
    case UnknownMethod::kIllFormed:
      text =
          fmt::format("rpc server: service/method request ill-formed: {}", base::peer_text(name));
      break;
    case UnknownMethod::kAmbiguous:
      text = fmt::format(
          "rpc server: service {} is in several packages; name it with its "
          "package",
          base::peer_text(service));
      break;
    case UnknownMethod::kService:
      text = fmt::format("rpc server: can't find service {}", base::peer_text(service));
      break;
    case UnknownMethod::kMethod:
      text = fmt::format("rpc server: can't find method {}", base::peer_text(method));
      break;
    case UnknownMethod::kNotIdempotent:
      text = fmt::format("rpc server: method {} is not marked idempotent", base::peer_text(name));
      break;
  }
  return Status(Code::kUnimplemented, std::move(text), HandlerRan::kNo);
}

Status grpc_unknown_method(std::string_view name, UnknownMethod why) {
  const auto [service, method] = split(name);
  std::string text;
  switch (why) {
    case UnknownMethod::kIllFormed:
      text = fmt::format("malformed method name: \"{}\"; expected \"/package.Service/Method\"",
                         base::peer_text(name));
      break;
    case UnknownMethod::kAmbiguous:
      text = fmt::format("service {} is in several packages; name it with its package",
                         base::peer_text(service));
      break;
    case UnknownMethod::kService:
      text = fmt::format("unknown service {}", base::peer_text(service));
      break;
    case UnknownMethod::kMethod:
    case UnknownMethod::kNotIdempotent:
      text = fmt::format("unknown method {} for service {}", base::peer_text(method),
                         base::peer_text(service));
      break;
  }
  return Status(Code::kUnimplemented, std::move(text), HandlerRan::kNo);
}

Status net_rpc_unknown_method(std::string_view name, UnknownMethod why) {
  std::string_view what;
  switch (why) {
    case UnknownMethod::kIllFormed:
      what = "rpc: service/method request ill-formed: ";
      break;
    case UnknownMethod::kAmbiguous:
      what = "rpc: several packages have this service; name it with its package: ";
      break;
    case UnknownMethod::kService:
      what = "rpc: can't find service ";
      break;
    case UnknownMethod::kMethod:
      what = "rpc: can't find method ";
      break;
    case UnknownMethod::kNotIdempotent:
      what = "rpc: the method is not marked idempotent: ";
      break;
  }
  return Status(Code::kUnimplemented, fmt::format("{}{}", what, base::peer_text(name)),
                HandlerRan::kNo);
}

}  // namespace tern::wire
