#include "wire/json_rpc/error.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

#include "tern/codec.h"
#include "wire/json_members.h"

namespace tern::wire::json_rpc {

namespace {

// Levels that are opened above a detail: reply, error, data.
constexpr std::size_t kDepthOfDetail = 3;

void put_number(std::int64_t number, Buffer& out) {
  fmt::format_int text(number);
  out.append(std::string_view(text.data(), text.size()));
}

// What the codec refuses is left out: the rest of the error goes without it.
void put_detail(const Status& status, Buffer& out) {
  const TypeOps* type = status.detail_type();
  if (!type) return;
  std::size_t start = out.size();
  out.append(",\"type\":");
  put_json_string(type->name, out);
  out.append(",\"detail\":");
  if (!json_codec().encode(*type, status.detail_value(), out).ok()) out.truncate(start);
}

Code code_of(std::string_view name) {
  for (std::uint8_t number = 1; number <= static_cast<std::uint8_t>(Code::kUnauthenticated);
       ++number) {
    Code code = static_cast<Code>(number);
    if (code_name(code) == name) return code;
  }
  return Code::kUnknown;
}

// What the number alone says: never whether the handler ran. Handlers of other people's servers
// answer with these numbers, too, when they have looked at their params, or pass on what another
// server has answered them.
void read_number(std::string_view text, Error& error) {
  std::int64_t number = 0;
  if (!read_json_integer(text, number)) return;
  switch (static_cast<ErrorCode>(number)) {
    case ErrorCode::kParseError:
    case ErrorCode::kInvalidRequest:
      error.code = Code::kInternal;
      return;
    case ErrorCode::kMethodNotFound:
      error.code = Code::kUnimplemented;
      return;
    case ErrorCode::kInvalidParams:
      error.code = Code::kInvalidArgument;
      return;
    case ErrorCode::kInternalError:
      error.code = Code::kInternal;
      return;
    case ErrorCode::kServerError:
      break;
  }
}

void read_data(std::string_view text, std::size_t depth, Error& error) {
  std::array<JsonMember, 4> members{{{"code"}, {"type"}, {"detail"}, {"ran"}}};
  if (read_json_members(text, members, depth).kind != JsonObject::Kind::kRead) return;
  auto [code, type, detail, ran] = members;
  std::string_view word;
  if (read_json_string(code.text, error.type_scratch, word)) error.code = code_of(word);
  if (read_json_string(ran.text, error.type_scratch, word) && word == "no") {
    error.ran = HandlerRan::kNo;
  }
  if (!detail.text.empty() && read_json_string(type.text, error.type_scratch, error.detail_type)) {
    error.detail = detail.text;
  }
}

}  // namespace

ErrorCode json_rpc_code(const Status& status, bool known_method) noexcept {
  bool ran = status.handler_ran() != HandlerRan::kNo;
  if (status.code() == Code::kUnimplemented && !ran && !known_method) {
    return ErrorCode::kMethodNotFound;
  }
  if (status.code() == Code::kInvalidArgument && !ran) return ErrorCode::kInvalidParams;
  if (status.code() == Code::kInternal) return ErrorCode::kInternalError;
  return ErrorCode::kServerError;
}

void put_json_rpc_error(ErrorCode code, const Status& status, Buffer& out) {
  out.append("{\"code\":");
  put_number(static_cast<std::int64_t>(code), out);
  out.append(",\"message\":");
  put_json_string(status.message(), out);
  const bool not_run = status.handler_ran() == HandlerRan::kNo;
  const bool says_so = code == ErrorCode::kInvalidParams && not_run;
  if (code == ErrorCode::kServerError || says_so || status.detail_type()) {
    out.append(",\"data\":{\"code\":");
    put_json_string(code_name(status.code()), out);
    if (not_run) out.append(",\"ran\":\"no\"");
    put_detail(status, out);
    out.append("}");
  }
  out.append("}");
}

void put_json_rpc_failure(std::string_view id, ErrorCode code, const Status& status, Buffer& out) {
  out.append("{\"jsonrpc\":\"2.0\",\"error\":");
  put_json_rpc_error(code, status, out);
  out.append(",\"id\":");
  out.append(id);
  out.append("}");
}

void read_json_rpc_error(std::string_view text, std::size_t depth, Error& error) {
  error.code = Code::kUnknown;
  error.ran = HandlerRan::kUnknown;
  error.message = {};
  error.detail_type = {};
  error.detail = {};
  std::array<JsonMember, 3> members{{{"code"}, {"message"}, {"data"}}};
  if (read_json_members(text, members, deeper(depth, kDepthOfDetail)).kind !=
      JsonObject::Kind::kRead) {
    // Not as the specification has it: the text itself is the best there is.
    if (!read_json_string(text, error.message_scratch, error.message)) error.message = text;
    return;
  }
  auto [code, message, data] = members;
  read_number(code.text, error);
  if (!read_json_string(message.text, error.message_scratch, error.message)) error.message = text;
  if (!data.text.empty()) read_data(data.text, deeper(depth, kDepthOfDetail), error);
}

}  // namespace tern::wire::json_rpc
