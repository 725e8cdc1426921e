#include "wire/json_rpc/answer_object.h"

#include "tern/codec.h"
#include "tern/field.h"
#include "wire/json_members.h"

namespace tern::wire::json_rpc {

namespace {

bool is_nothing(const TypeOps& type) {
  return type.name == Nothing::kTypeName;
}

}  // namespace

void put_error_object(std::string_view id, Version version, ErrorCode code, const Status& status,
                      Buffer& out) {
  if (version == Version::k1) {
    out.append("{\"id\":");
    out.append(id);
    out.append(",\"result\":null,\"error\":");
    put_json_string(status.message().empty() ? code_name(status.code()) : status.message(), out);
    out.append("}");
  } else {
    put_json_rpc_failure(id, code, status, out);
  }
}

Status put_reply_object(const Call& call, const TypeOps& type, const void* value, Buffer& out) {
  bool v1 = call.version == Version::k1;
  if (v1) {
    out.append("{\"id\":");
    out.append(call.id);
    out.append(",\"result\":");
  } else {
    out.append("{\"jsonrpc\":\"2.0\",\"result\":");
  }
  // Go's client takes a result that is null for a broken answer.
  if (is_nothing(type) && !v1) {
    out.append("null");
  } else if (Status failure = json_codec().encode(type, value, out); !failure.ok()) {
    return failure;
  }
  if (v1) {
    out.append(",\"error\":null");
  } else {
    out.append(",\"id\":");
    out.append(call.id);
  }
  out.append("}");
  return {};
}

}  // namespace tern::wire::json_rpc
