#include "wire/rpc_error_text.h"

namespace tern::wire {

namespace {

struct KnownText {
  std::string_view beginning;
  Code code;
};

// What a server of ours answers that stops.
constexpr std::string_view kGoingAwayText = "server: going away";

constexpr KnownText kKnownTexts[] = {
    {"rpc: can't find service ", Code::kUnimplemented},
    {"rpc: can't find method ", Code::kUnimplemented},
    {"rpc: service/method request ill-formed: ", Code::kUnimplemented},
    {"rpc server: can't find service ", Code::kUnimplemented},
    {"rpc server: can't find method ", Code::kUnimplemented},
    {"rpc server: service/method request ill-formed: ", Code::kUnimplemented},
    {"rpc server: request handle timeout: ", Code::kDeadlineExceeded},
    {kGoingAwayText, Code::kUnavailable},
    {"jsonrpc: request body missing params", Code::kInvalidArgument},
};

}  // namespace

Code code_of_rpc_error(std::string_view text) noexcept {
  for (const KnownText& known : kKnownTexts) {
    if (text.starts_with(known.beginning)) return known.code;
  }
  return Code::kUnknown;
}

}  // namespace tern::wire
