#include "wire/grpc_web/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "base/peer_text.h"
#include "http/query.h"
#include "wire/grpc/text.h"
#include "wire/over_http/media_type.h"
#include "wire/over_http/metadata.h"
#include "wire/over_http/server_body.h"

namespace tern::wire::grpc_web {

namespace {

constexpr std::string_view kIdentity = "identity";

void refuse(Code code, std::string text, over_http::Request& request) {
  over_http::answer_with_error(Status(code, std::move(text), HandlerRan::kNo), 0, request);
}

// In the words of HTTP: who reads them does not know gRPC-Web.
void refuse_type(const http::Head& head, over_http::Request& request) {
  std::string known = over_http::names_of(request.content->types);
  refuse(Code::kUnimplemented,
         fmt::format("grpc-web: Content-Type is \"{}\"; this server takes {}",
                     base::peer_text(head.get("content-type")), known),
         request);
  request.answer.status = 415;
  request.answer.headers.emplace_back("Accept-Post", std::move(known));
}

bool read_timeout(const http::Head& head, over_http::Request& request) {
  const std::string_view text = head.get("grpc-timeout");
  if (text.empty()) return true;
  const std::optional<std::chrono::nanoseconds> timeout = grpc::read_timeout(text);
  if (!timeout) {
    refuse(Code::kInternal,
           fmt::format("grpc-timeout: expected 1 to 8 digits and one of HMSmun, came \"{}\"",
                       base::peer_text(text)),
           request);
    return false;
  }
  // 0 means no limit in a frame: the time is up all the same.
  request.timeout = std::max(*timeout, std::chrono::nanoseconds(1));
  return true;
}

bool check_encoding(const http::Head& head, over_http::Request& request) {
  for (std::string_view name : {"grpc-encoding", "content-encoding"}) {
    const std::string_view encoding = head.get(name);
    if (encoding.empty() || base::equal_ignoring_case(encoding, kIdentity)) continue;
    refuse(Code::kUnimplemented,
           fmt::format("{}: \"{}\" is not known over gRPC-Web; expected \"{}\"", name,
                       base::peer_text(encoding), kIdentity),
           request);
    request.answer.headers.emplace_back("grpc-accept-encoding", kIdentity);
    return false;
  }
  return true;
}

// "/package.Service/Method", as the Router has it.
std::string name_of(std::string_view target) {
  std::string_view path = http::path_of(target);
  if (path.starts_with('/')) path.remove_prefix(1);
  std::string name(path);
  if (const std::size_t slash = name.rfind('/'); slash != std::string::npos) name[slash] = '.';
  return name;
}

}  // namespace

bool is_not_metadata(std::string_view name) noexcept {
  return over_http::is_http_own(name) || name == "x-grpc-web" || name == "x-user-agent";
}

grpc::Fields fields_of(const http::Head& head) {
  grpc::Fields fields;
  for (const http::Header& header : head.headers) {
    std::string name = base::to_lower(header.name);
    if (!is_not_metadata(name)) fields.emplace_back(std::move(name), header.value);
  }
  return fields;
}

bool is_grpc_web(const http::Head& head) noexcept {
  constexpr std::string_view kName = "application/grpc-web";
  const std::string_view type = over_http::without_parameters(head.get("content-type"));
  return base::equal_ignoring_case(type.substr(0, kName.size()), kName);
}

void read_request(const http::Head& head, const MethodFinder* methods,
                  over_http::Request& request) {
  const over_http::MediaType* type = over_http::find_media_type(head, request.content->types);
  if (!type) {
    refuse_type(head, request);
    return;
  }
  request.type = type;
  request.framing = over_http::Framing::kEnvelopes;
  request.name = name_of(head.target);
  request.method = methods ? methods->find_method(request.name) : nullptr;
  const bool carried = !request.method || !client_streams(request.method->kind);
  if (!carried && methods->is_secret()) {
    request.method = nullptr;
  } else if (!carried) {
    refuse(Code::kUnimplemented,
           fmt::format("grpc-web: the client of {}/{} streams, which gRPC-Web cannot carry",
                       request.method->service, request.method->name),
           request);
    return;
  }
  if (!check_encoding(head, request) || !read_timeout(head, request)) return;
  request.kind = over_http::Request::Kind::kCall;
}

Status read_metadata(const http::Head& head, Metadata& metadata) {
  return grpc::read_metadata(fields_of(head), metadata);
}

std::size_t metadata_size(const http::Head& head) {
  std::size_t size = 0;
  for (const auto& [name, value] : fields_of(head)) {
    if (!name.starts_with("grpc-")) size += name.size() + value.size();
  }
  return size;
}

}  // namespace tern::wire::grpc_web
