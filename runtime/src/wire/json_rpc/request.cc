#include "wire/json_rpc/request.h"

#include <fmt/format.h>

#include <array>

#include "codec/utf8.h"
#include "wire/json_members.h"

namespace tern {

namespace {

Status wrong(std::string what) {
  return Status(Code::kInvalidArgument, std::move(what), HandlerRan::kNo);
}

// Longer texts are not taken apart: that needs memory, and no method or version is like that.
constexpr std::size_t kLongestText = 64 * 1024;

// "a number", or "a string of 70000 bytes".
std::string shown_kind(std::string_view text) {
  if (text.size() <= kLongestText) return std::string(json_kind(text));
  return fmt::format("{} of {} bytes", json_kind(text), text.size());
}

void refuse(JsonRpcRequest& request, std::string what) {
  if (request.kind == JsonRpcRequest::Kind::kInvalid) return;  // the first reason stays
  request.kind = JsonRpcRequest::Kind::kInvalid;
  request.why = wrong("request: " + std::move(what));
}

void read_version(std::string_view text, bool in_batch, JsonRpcRequest& request) {
  request.version = in_batch || !text.empty() ? JsonRpcVersion::k2 : JsonRpcVersion::k1;
  if (request.version == JsonRpcVersion::k1) return;
  std::string_view version;
  if (text.size() > kLongestText || !read_json_string(text, request.scratch, version)) {
    refuse(request, fmt::format("\"jsonrpc\" is {}; expected \"2.0\"", shown_kind(text)));
  } else if (version != "2.0") {
    refuse(request, fmt::format("\"jsonrpc\" is {}; expected \"2.0\"", codec::quoted(version)));
  }
}

void read_id(std::string_view text, JsonRpcRequest& request) {
  if (text.size() > kJsonRpcIdBytes) {
    refuse(request,
           fmt::format("\"id\" is {} bytes long; the limit is {}", text.size(), kJsonRpcIdBytes));
  } else if (!text.empty()) {
    request.id = text;
  } else if (request.version == JsonRpcVersion::k2 && request.kind == JsonRpcRequest::Kind::kCall) {
    request.kind = JsonRpcRequest::Kind::kNotification;
  }
}

void read_method(std::string_view text, JsonRpcRequest& request) {
  // Go's server answers a request without a method as it does one for the method "".
  if (text.empty() && request.version == JsonRpcVersion::k1) return;
  if (text.size() > kLongestText || !read_json_string(text, request.scratch, request.method)) {
    refuse(request, fmt::format("\"method\" is {}; expected a method's name", shown_kind(text)));
  }
}

// The argument is an object itself, or the one element of a list: that is how Go sends it.
void read_params(std::string_view text, JsonRpcRequest& request) {
  request.without_params = text.empty() || text == "null";
  if (text.empty()) return;
  if (text.front() == '{') {
    request.params = JsonRpcRequest::Params::kArgument;
    request.argument = text;
    return;
  }
  if (text.front() == '[') {
    std::string_view rest = text;
    std::string_view first = next_json_element(rest);
    if (first.empty()) return;
    if (next_json_element(rest).empty()) {
      request.params = JsonRpcRequest::Params::kArgument;
      request.argument = first;
      return;
    }
  }
  request.params = JsonRpcRequest::Params::kWrong;
  request.params_why = wrong(fmt::format(
      "\"params\" is {}; expected an object, which is the argument, or a list of one argument",
      text.front() == '[' ? "a list of more than one" : json_kind(text)));
}

}  // namespace

void read_json_rpc_request(std::string_view text, bool in_batch, JsonRpcVersion likely,
                           std::size_t depth, JsonRpcRequest& request) {
  request.kind = JsonRpcRequest::Kind::kCall;
  request.version = in_batch ? JsonRpcVersion::k2 : likely;
  request.id = "null";
  request.method = {};
  request.params = JsonRpcRequest::Params::kAbsent;
  request.argument = {};
  std::array<JsonMember, 4> members{{{"jsonrpc"}, {"method"}, {"params"}, {"id"}}};
  JsonObject object = read_json_members(text, members, deeper(depth, kJsonRpcDepth));
  auto [version, method, params, id] = members;
  switch (object.kind) {
    case JsonObject::Kind::kNotJson:
      request.kind = JsonRpcRequest::Kind::kNotJson;
      request.why = object.why.with_context("request");
      return;
    case JsonObject::Kind::kNotObject:
      refuse(request, std::string(object.why.message()));
      return;
    case JsonObject::Kind::kRepeated:
      refuse(request, std::string(object.why.message()));
      break;
    case JsonObject::Kind::kRead:
      break;
  }
  read_version(version.text, in_batch, request);
  read_id(id.text, request);
  read_method(method.text, request);
  if (request.kind != JsonRpcRequest::Kind::kInvalid) read_params(params.text, request);
}

}  // namespace tern
