// Errors as JSON-RPC writes them: numbers that the specification gives, and what Tern adds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tern/buffer.h"
#include "tern/status.h"

namespace tern::wire::json_rpc {

enum class ErrorCode : std::int64_t {
  kParseError = -32700,
  kInvalidRequest = -32600,
  kMethodNotFound = -32601,
  kInvalidParams = -32602,
  kInternalError = -32603,
  kServerError = -32000  // everything else; "data" says what
};

// The number for an error that answers a call. `known_method`: the call has found its method.
ErrorCode json_rpc_code(const Status& status, bool known_method) noexcept;

// Appends an error object:
//   {"code":-32000,"message":"…","data":{"code":"not_found","type":"arith.DivideByZero","detail":…}}
// "data" stands only with kServerError, kInvalidParams and errors that the IDL declares; "type" and
// "detail" only with the latter. "ran":"no" in it says that no handler has run.
void put_json_rpc_error(ErrorCode code, const Status& status, Buffer& out);

// Appends a whole response of version 2.0 with such an error. `id` is JSON: "null" answers a
// request whose own is not known.
void put_json_rpc_failure(std::string_view id, ErrorCode code, const Status& status, Buffer& out);

// What a client makes of an error object. Views are into its text or into the two strings.
struct Error {
  Error() = default;
  Code code = Code::kUnknown;
  HandlerRan ran = HandlerRan::kUnknown;
  std::string_view message;
  std::string_view detail_type;
  std::string_view detail;  // its text
  std::string message_scratch;
  std::string type_scratch;
};

// `text` is JSON of any kind.
void read_json_rpc_error(std::string_view text, std::size_t depth, Error& error);

}  // namespace tern::wire::json_rpc
