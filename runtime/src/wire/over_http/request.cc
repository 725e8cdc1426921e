#include "wire/over_http/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/peer_text.h"
#include "codec/base64.h"
#include "http/cors.h"
#include "http/query.h"
#include "wire/connect/server_body.h"
#include "wire/grpc_web/request.h"
#include "wire/grpc_web/server_body.h"
#include "wire/json_rpc/http_server_body.h"
#include "wire/over_http/stream_request.h"
#include "wire/protocols.h"

namespace tern::wire::over_http {

namespace {

constexpr std::string_view kPagesPath = "/debug";
constexpr std::size_t kTimeoutDigits = 10;

// What is in the body: what has the path to itself, gRPC-Web by its type, or else Connect's.
const Content& content_of(const http::Head& head, std::string_view path, const Protocols& allowed) {
  const Content& json_rpc = json_rpc::json_rpc_content();
  if (path == json_rpc.path && allowed.*json_rpc.allowed) return json_rpc;
  const Content& grpc_web = grpc_web::grpc_web_content();
  if (head.method == "POST" && allowed.*grpc_web.allowed && grpc_web::is_grpc_web(head)) {
    return grpc_web;
  }
  return connect::connect_content();
}

Status bad(std::string text) {
  return Status(Code::kInvalidArgument, "http: " + std::move(text), HandlerRan::kNo);
}

void answer_not_allowed(std::string_view allow, std::string_view method, Request& request) {
  answer_with_error(Status(Code::kUnimplemented,
                           fmt::format("http: {} is not answered here; expected {}", method, allow),
                           HandlerRan::kNo),
                    405, request);
  request.answer.headers.emplace_back("Allow", allow);
}

// That of the body; null: none that is taken here, as those are that browsers send to other origins
// without asking.
const MediaType* type_of_body(const http::Head& head, MediaTypes types) {
  const MediaType* type = find_media_type(head, types);
  if (!type || type->envelopes) return type;
  return has_known_parameters(head.get("content-type")) ? type : nullptr;
}

Status check_encodings(const http::Head& head) {
  for (std::string_view name : {"content-encoding", "connect-content-encoding"}) {
    std::string_view encoding = head.get(name);
    if (!encoding.empty() && !base::equal_ignoring_case(encoding, "identity")) {
      return Status(Code::kUnimplemented,
                    fmt::format("http: compression \"{}\" is not known; this server knows identity",
                                base::peer_text(encoding)),
                    HandlerRan::kNo);
    }
  }
  return {};
}

Status read_timeout(const http::Head& head, std::chrono::nanoseconds& timeout) {
  std::size_t count = head.count("connect-timeout-ms");
  if (count == 0) return {};
  std::string_view text = head.get("connect-timeout-ms");
  if (count > 1 || !base::is_all_digits(text) || text.size() > kTimeoutDigits) {
    return bad(fmt::format("Connect-Timeout-Ms is \"{}\"; expected at most {} digits",
                           base::peer_text(text), kTimeoutDigits));
  }
  std::int64_t milliseconds = 0;
  for (char c : text) milliseconds = milliseconds * 10 + (c - '0');
  // No time at all is over at once; a limit of 0 would be none.
  timeout = std::max<std::chrono::nanoseconds>(std::chrono::milliseconds(milliseconds),
                                               std::chrono::nanoseconds(1));
  return {};
}

Status read_call_headers(const http::Head& head, Request& request) {
  Status failure = check_encodings(head);
  if (!failure.ok()) return failure;
  std::string_view version = head.get("connect-protocol-version");
  if (!version.empty() && version != "1") {
    return bad(
        fmt::format("Connect-Protocol-Version is \"{}\"; expected 1", base::peer_text(version)));
  }
  return read_timeout(head, request.timeout);
}

Status check_query(std::string_view query) {
  std::string_view version = http::query_value(query, "connect").value_or("v1");
  if (version != "v1") {
    return bad(fmt::format("connect is \"{}\"; expected v1", base::peer_text(version)));
  }
  std::string_view compression = http::query_value(query, "compression").value_or("");
  if (!compression.empty() && compression != "identity") {
    return Status(Code::kUnimplemented,
                  fmt::format("http: compression \"{}\" is not known; this server knows identity",
                              base::peer_text(compression)),
                  HandlerRan::kNo);
  }
  return {};
}

Status read_argument(std::string_view query, Request& request) {
  std::string_view escaped = http::query_value(query, "message").value_or("");
  std::optional<std::string> text = http::percent_decode(escaped);
  if (!text)
    return bad(fmt::format("message has a malformed escape: {}", base::peer_text(escaped)));
  if (http::query_value(query, "base64").value_or("") != "1") {
    request.argument = std::move(*text);
    return {};
  }
  std::replace(text->begin(), text->end(), '-', '+');
  std::replace(text->begin(), text->end(), '_', '/');
  std::vector<std::byte> bytes;
  if (!codec::read_base64(*text, bytes)) {
    return bad(fmt::format("message is not base64: {}", base::peer_text(escaped)));
  }
  request.argument = std::string(as_text(bytes));
  return {};
}

void answer_media_type(std::string_view came, Request& request) {
  const std::string types = names_of(request.content->types);
  answer_with_error(Status(Code::kUnimplemented,
                           fmt::format("http: Content-Type is \"{}\"; this server takes {}",
                                       base::peer_text(came), types),
                           HandlerRan::kNo),
                    415, request);
  request.answer.headers.emplace_back("Accept-Post", types);
}

// "/package.Service/Method"; "/debug/…" is kept for pages.
bool is_call_path(std::string_view path) {
  std::size_t slash = path.find('/', 1);
  return slash != std::string_view::npos && path.find('/', slash + 1) == std::string_view::npos &&
         path.substr(0, slash) != kPagesPath;
}

// A service with its package, or a query that only calls have.
bool is_call_by_get(std::string_view path, std::string_view query) {
  return is_call_path(path) &&
         (path.substr(0, path.rfind('/')).find('.') != std::string_view::npos ||
          http::query_value(query, "message") || http::query_value(query, "encoding") ||
          http::query_value(query, "connect"));
}

// The Router knows "Arith.Multiply" for every name of a service, and the form with the slash for
// the whole name alone.
std::string method_name(std::string_view path) {
  std::string name(path.substr(1));
  std::size_t slash = name.find('/');
  if (slash != std::string::npos) name[slash] = '.';
  return name;
}

void ask_for_page(const http::Head& head, Request& request) {
  request.kind = Request::Kind::kPage;
  request.name = head.target;
}

void read_get(const http::Head& head, const Rules& rules, Request& request) {
  std::string_view path = http::path_of(head.target);
  std::string_view query = http::query_of(head.target);
  if (!is_call_by_get(path, query)) {
    ask_for_page(head, request);
    return;
  }
  if (http::is_foreign_page(head, rules.cors)) {
    answer_with_error(
        Status(Code::kPermissionDenied, "http: pages of this origin may not call this server",
               HandlerRan::kNo),
        0, request);
    return;
  }
  std::string_view encoding = http::query_value(query, "encoding").value_or("json");
  if (encoding != "json" && encoding != "proto") {
    answer_with_error(Status(Code::kUnimplemented,
                             fmt::format("http: encoding is \"{}\"; this server takes json, proto",
                                         base::peer_text(encoding)),
                             HandlerRan::kNo),
                      415, request);
    return;
  }
  if (encoding == "proto") request.type = &kProtoMessage;
  const std::string name = method_name(path);
  const Method* method = rules.methods ? rules.methods->find_method(name) : nullptr;
  const bool is_secret = rules.methods && rules.methods->is_secret();
  if (is_secret && !takes_get(head, *request.type, method)) method = nullptr;
  choose_framing_of_get(head, method, request);
  if (request.answer.status != 200) return;
  Status failure = read_call_headers(head, request);
  if (failure.ok()) failure = check_query(query);
  if (failure.ok()) failure = read_last_event_id(head, is_secret, request);
  if (failure.ok()) failure = read_argument(query, request);
  if (!failure.ok()) {
    answer_with_error(failure, 0, request);
    return;
  }
  request.kind = Request::Kind::kCall;
  request.name = name;
  request.idempotent_only = true;
}

void read_post(const http::Head& head, const Rules& rules, Request& request) {
  std::string_view path = http::path_of(head.target);
  if (request.content == &grpc_web::grpc_web_content()) {
    grpc_web::read_request(head, rules.methods, request);
    return;
  }
  if (request.content->path.empty() && !is_call_path(path)) {
    ask_for_page(head, request);
    return;
  }
  const std::string name = method_name(path);
  // Bodies that have a path to themselves have no streams.
  const bool may_stream = rules.methods && request.content->path.empty();
  const bool is_secret = may_stream && rules.methods->is_secret();
  const MediaType* type = type_of_body(head, request.content->types);
  if (may_stream) {
    const Method* method = rules.methods->find_method(name);
    if (is_secret && !takes_post(head, type, method)) method = nullptr;
    choose_framing_of_post(head, type, method, request);
  } else if (!type || type->envelopes) {
    answer_media_type(head.get("content-type"), request);
  } else {
    request.type = type;
  }
  if (request.answer.status != 200) return;
  Status failure = read_call_headers(head, request);
  if (failure.ok()) failure = read_last_event_id(head, is_secret, request);
  if (!failure.ok()) {
    answer_with_error(failure, 0, request);
    return;
  }
  request.kind = Request::Kind::kCall;
  request.name = name;
}

void answer_not_found(Request& request) {
  request.kind = Request::Kind::kAnswer;
  answer_with_error(Status(Code::kUnimplemented, "http: nothing is here", HandlerRan::kNo), 404,
                    request);
}

}  // namespace

void answer_with_error(const Status& why, int status, Request& request) {
  request.kind = Request::Kind::kAnswer;
  request.answer = http::Response();
  request.answer_body.clear();
  request.content->answer_error(why, status, request);
}

Request read_http_request(const http::Head& head, const Rules& rules) {
  Request request;
  std::string_view path = http::path_of(head.target);
  bool get = head.method == "GET" || head.method == "HEAD";
  request.content = &content_of(head, path, rules.protocols);
  if (rules.pages.contains(path)) {
    ask_for_page(head, request);
    return request;
  }
  if (is_connect_path(path)) {
    request.answer.status = 405;
    request.answer.content_type = http::kText;
    request.answer_body.append("405 must CONNECT\n");
    request.answer.headers.emplace_back("Allow", "CONNECT");
  } else if (head.method == "OPTIONS") {
    request.answer = http::answer_options(head, rules.cors);
    return request;
  } else if (get && path == json_rpc::json_rpc_content().path) {
    answer_not_allowed("POST", head.method, request);
  } else if (get) {
    read_get(head, rules, request);
  } else if (head.method == "POST") {
    read_post(head, rules, request);
  } else if (path == json_rpc::json_rpc_content().path || is_call_path(path)) {
    answer_not_allowed("POST", head.method, request);
  } else {
    ask_for_page(head, request);
  }
  if (request.kind == Request::Kind::kCall && !(rules.protocols.*request.content->allowed)) {
    answer_not_found(request);
  }
  if (request.kind != Request::Kind::kPage) http::add_cors(head, rules.cors, request.answer);
  return request;
}

}  // namespace tern::wire::over_http
