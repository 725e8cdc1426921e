#include "wire/json_rpc/client.h"

#include <fmt/format.h>

#include <array>

#include "tern/codec.h"
#include "tern/codegen/type_shape.h"
#include "tern/field.h"
#include "wire/json_members.h"
#include "wire/rpc_error_text.h"

namespace tern::wire::json_rpc {

namespace {

constexpr std::size_t kShownText = 200;

Status broken(std::string_view what) {
  return Status(Code::kInternal, fmt::format("reply: {}", what), HandlerRan::kUnknown);
}

bool is_there(std::string_view text) {
  return !text.empty() && text != "null";
}

// 1.0 always has a list of one; for 2.0 see the class.
Status put_params(Version version, const TypeOps& type, const void* argument, Buffer& out) {
  bool bare = version == Version::k2 && type.shape->kind == Kind::kStruct;
  if (bare && type.name == Nothing::kTypeName) return {};
  out.append(bare ? ",\"params\":" : ",\"params\":[");
  Status failure = json_codec().encode(type, argument, out);
  if (!bare) out.append("]");
  return failure;
}

}  // namespace

ClientProtocol::ClientProtocol(Version version, const Limits& limits)
    : version_(version), limits_(limits), values_("reply", limits) {}

wire::ClientProtocol::Progress ClientProtocol::next(ByteView in, Frame& frame, Status& why) {
  Progress value = values_.next(in, why);
  if (value.step == Step::kFrame && !read_reply(as_text(in.first(value.consumed)), frame, why)) {
    return {Step::kBroken, 0, 0};
  }
  return value;
}

bool ClientProtocol::read_reply(std::string_view text, Frame& frame, Status& why) {
  std::array<JsonMember, 3> members{{{"id"}, {"result"}, {"error"}}};
  JsonObject object = read_json_members(text, members, deeper(limits_.depth, kMaxDepth));
  if (object.kind != JsonObject::Kind::kRead) {
    why = broken(object.why.message());
    return false;
  }
  auto [id, result, error] = members;
  if (!is_there(id.text) && is_there(error.text)) {
    why = broken(fmt::format("the server reports an error without an id: {}",
                             error.text.substr(0, kShownText)));
    return false;
  }
  // 0 is nobody's id.
  frame.id = 0;
  if (std::uint64_t number = 0; read_json_integer(id.text, number)) frame.id = number;
  frame.metadata = {};
  frame.detail_type = {};
  frame.refused = Status();
  frame.limit = FrameLimit::kNone;
  if (is_there(error.text)) {
    read_error(error.text, frame);
  } else if (result.text.empty()) {
    frame.kind = FrameKind::kError;
    frame.code = Code::kInternal;
    frame.ran = HandlerRan::kUnknown;
    frame.message = "the reply has neither a result nor an error";
    frame.body = {};
  } else {
    frame.kind = FrameKind::kReply;
    frame.body = as_bytes(result.text);
    check_limits({.message = result.text.size()}, limits_, frame.refused, frame.limit,
                 HandlerRan::kYes);
  }
  return true;
}

bool ClientProtocol::read_error_without_id(std::string_view text, Frame& frame) {
  std::array<JsonMember, 2> members{{{"id"}, {"error"}}};
  JsonObject object = read_json_members(text, members, deeper(limits_.depth, kMaxDepth));
  const auto [id, error] = members;
  if (object.kind != JsonObject::Kind::kRead || is_there(id.text) || !is_there(error.text)) {
    return false;
  }
  read_error(error.text, frame);
  return true;
}

// Of 1.0 an error is its text; a server of either version may send the other's.
void ClientProtocol::read_error(std::string_view text, Frame& frame) {
  read_json_rpc_error(text, limits_.depth, error_);
  frame.kind = FrameKind::kError;
  frame.message = error_.message;
  frame.detail_type = error_.detail_type;
  frame.body = as_bytes(error_.detail);
  if (text.front() == '{') {
    frame.code = error_.code;
    frame.ran = error_.ran;
  } else {
    frame.code = code_of_rpc_error(error_.message);
    frame.ran = HandlerRan::kUnknown;
    if (frame.message.empty()) frame.message = "unspecified error";  // as Go has it
  }
}

Status ClientProtocol::read_body(const Frame& frame, const TypeOps& type, void* value) {
  return json_codec().decode(type, frame.body, value, limits_.decode());
}

Status ClientProtocol::read_detail(const Frame& frame, const TypeOps& type, void* value) {
  return read_body(frame, type, value);
}

Status ClientProtocol::write_request(const RequestHead& head, const TypeOps& type,
                                     const void* argument, Buffer& out) {
  std::size_t start = out.size();
  std::string_view service = head.method->service;
  out.append(version_ == Version::k1 ? "{\"method\":\"" : "{\"jsonrpc\":\"2.0\",\"method\":\"");
  out.append(service.substr(service.rfind('.') + 1));
  out.append(".");
  out.append(head.method->name);
  out.append("\"");
  if (Status failure = put_params(version_, type, argument, out); !failure.ok()) {
    out.truncate(start);
    return failure;
  }
  out.append(",\"id\":");
  fmt::format_int id(head.id);
  out.append(std::string_view(id.data(), id.size()));
  out.append("}\n");
  return {};
}

}  // namespace tern::wire::json_rpc
