#include "wire/json_rpc/request.h"

#include <fmt/format.h>

#include <array>

#include "codec/utf8.h"
#include "wire/json_members.h"

namespace tern::wire::json_rpc {

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

void refuse(Request& request, std::string what) {
  if (request.kind == Request::Kind::kInvalid) return;  // the first reason stays
  request.kind = Request::Kind::kInvalid;
  request.why = wrong("request: " + std::move(what));
}

void read_version(std::string_view text, bool in_batch, Request& request) {
  request.version = in_batch || !text.empty() ? Version::k2 : Version::k1;
  if (request.version == Version::k1) return;
  std::string_view version;
  if (text.size() > kLongestText || !read_json_string(text, request.scratch, version)) {
    refuse(request, fmt::format("\"jsonrpc\" is {}; expected \"2.0\"", shown_kind(text)));
  } else if (version != "2.0") {
    refuse(request, fmt::format("\"jsonrpc\" is {}; expected \"2.0\"", codec::quoted(version)));
  }
}

void read_id(std::string_view text, Request& request) {
  if (text.size() > kMaxIdBytes) {
    refuse(request,
           fmt::format("\"id\" is {} bytes long; the limit is {}", text.size(), kMaxIdBytes));
  } else if (!text.empty()) {
    request.id = text;
  } else if (request.version == Version::k2 && request.kind == Request::Kind::kCall) {
    request.kind = Request::Kind::kNotification;
  }
}

void read_method(std::string_view text, Request& request) {
  // Go's server answers a request without a method as it does one for the method "".
  if (text.empty() && request.version == Version::k1) return;
  if (text.size() > kLongestText || !read_json_string(text, request.scratch, request.method)) {
    refuse(request, fmt::format("\"method\" is {}; expected a method's name", shown_kind(text)));
  }
}

// The argument is an object itself, or the one element of a list: that is how Go sends it.
void read_params(std::string_view text, Request& request) {
  request.without_params = text.empty() || text == "null";
  if (text.empty()) return;
  if (text.front() == '{') {
    request.params = Request::Params::kArgument;
    request.argument = text;
    return;
  }
  if (text.front() == '[') {
    std::string_view rest = text;
    std::string_view first = next_json_element(rest);
    if (first.empty()) return;
    if (next_json_element(rest).empty()) {
      request.params = Request::Params::kArgument;
      request.argument = first;
      return;
    }
  }
  request.params = Request::Params::kWrong;
  request.params_why = wrong(fmt::format(
      "\"params\" is {}; expected an object, which is the argument, or a list of one argument",
      text.front() == '[' ? "a list of more than one" : json_kind(text)));
}

}  // namespace

void read_json_rpc_request(std::string_view text, bool in_batch, Version likely, std::size_t depth,
                           Request& request) {
  request.kind = Request::Kind::kCall;
  request.version = in_batch ? Version::k2 : likely;
  request.id = "null";
  request.method = {};
  request.params = Request::Params::kAbsent;
  request.argument = {};
  std::array<JsonMember, 4> members{{{"jsonrpc"}, {"method"}, {"params"}, {"id"}}};
  JsonObject object = read_json_members(text, members, deeper(depth, kMaxDepth));
  auto [version, method, params, id] = members;
  switch (object.kind) {
    case JsonObject::Kind::kNotJson:
      request.kind = Request::Kind::kNotJson;
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
  if (request.kind != Request::Kind::kInvalid) read_params(params.text, request);
}

}  // namespace tern::wire::json_rpc
