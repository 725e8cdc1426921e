#include "wire/rpc_error_text.h"

#include <fmt/format.h>

#include "base/peer_text.h"

namespace tern {

namespace {

struct KnownText {
  std::string_view beginning;
  RpcErrorMeaning meaning;
};

constexpr RpcErrorMeaning kNotServed{Code::kUnimplemented, HandlerRan::kNo};

// A server says what its decoder said of an argument; a handler may pass on the same words.
constexpr RpcErrorMeaning kDecoder{Code::kUnknown, HandlerRan::kUnknown};

// What a server of ours answers that stops. It has run nothing; but a handler may pass on what
// another server has said to it.
constexpr std::string_view kGoingAwayText = "server: going away";

constexpr KnownText kKnownTexts[] = {
    {"rpc: can't find service ", kNotServed},
    {"rpc: can't find method ", kNotServed},
    {"rpc: service/method request ill-formed: ", kNotServed},
    {"rpc server: can't find service ", kNotServed},
    {"rpc server: can't find method ", kNotServed},
    {"rpc server: service/method request ill-formed: ", kNotServed},
    {"rpc server: request handle timeout: ", {Code::kDeadlineExceeded, HandlerRan::kUnknown}},
    {kGoingAwayText, {Code::kUnavailable, HandlerRan::kUnknown}},
    {"jsonrpc: request body missing params", {Code::kInvalidArgument, HandlerRan::kNo}},
    {"gob: ", kDecoder},
    {"json: ", kDecoder},
};

}  // namespace

RpcErrorMeaning meaning_of_rpc_error(std::string_view text) noexcept {
  for (const KnownText& known : kKnownTexts) {
    if (text.starts_with(known.beginning)) return known.meaning;
  }
  return {};
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
  return Status(Code::kUnimplemented, fmt::format("{}{}", what, peer_text(name)), HandlerRan::kNo);
}

}  // namespace tern
