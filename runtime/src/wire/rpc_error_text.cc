#include "wire/rpc_error_text.h"

namespace tern::wire {

namespace {

struct KnownText {
  std::string_view beginning;
  RpcErrorMeaning meaning;
};

// Each of these texts is a server's own, said before a handler ran. But a handler that calls
// another server may pass on what that server said, in the same words: none of them is proof.
constexpr RpcErrorMeaning unproven(Code code) {
  return {code, HandlerRan::kUnknown};
}

// What a server of ours answers that stops.
constexpr std::string_view kGoingAwayText = "server: going away";

constexpr KnownText kKnownTexts[] = {
    {"rpc: can't find service ", unproven(Code::kUnimplemented)},
    {"rpc: can't find method ", unproven(Code::kUnimplemented)},
    {"rpc: service/method request ill-formed: ", unproven(Code::kUnimplemented)},
    {"rpc server: can't find service ", unproven(Code::kUnimplemented)},
    {"rpc server: can't find method ", unproven(Code::kUnimplemented)},
    {"rpc server: service/method request ill-formed: ", unproven(Code::kUnimplemented)},
    {"rpc server: request handle timeout: ", unproven(Code::kDeadlineExceeded)},
    {kGoingAwayText, unproven(Code::kUnavailable)},
    {"jsonrpc: request body missing params", unproven(Code::kInvalidArgument)},
    {"gob: ", unproven(Code::kUnknown)},
    {"json: ", unproven(Code::kUnknown)},
};

}  // namespace

RpcErrorMeaning meaning_of_rpc_error(std::string_view text) noexcept {
  for (const KnownText& known : kKnownTexts) {
    if (text.starts_with(known.beginning)) return known.meaning;
  }
  return {};
}

}  // namespace tern::wire
