#include "wire/over_http/stream_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "base/peer_text.h"
#include "tern/codegen/method.h"
#include "wire/grpc_web/request.h"
#include "wire/over_http/server_body.h"

namespace tern::wire::over_http {

namespace {

// Those that a method takes; `method` null: it is not known.
bool is_taken(const MediaType& type, const Method* method) noexcept {
  if (!method) return true;
  switch (method->kind) {
    case MethodKind::kUnary:
      return !type.envelopes;
    case MethodKind::kServerStream:
      return type.envelopes || &type == &kJsonMessage;  // lines and events are JSON
    case MethodKind::kClientStream:
    case MethodKind::kBidiStream:
      break;
  }
  return type.envelopes;
}

std::string types_taken(MediaTypes of, const Method* method) {
  std::vector<const MediaType*> types;
  std::copy_if(of.begin(), of.end(), std::back_inserter(types),
               [method](const MediaType* one) { return is_taken(*one, method); });
  return names_of(types);
}

bool accepts_events(const http::Head& head) {
  std::string_view all = head.get("accept");
  while (!all.empty()) {
    const std::size_t comma = all.find(',');
    if (base::equal_ignoring_case(without_parameters(all.substr(0, comma)), kEventStream))
      return true;
    if (comma == std::string_view::npos) break;
    all.remove_prefix(comma + 1);
  }
  return false;
}

void refuse_type(std::string_view expected, const http::Head& head, Request& request) {
  answer_with_error(Status(Code::kUnimplemented,
                           fmt::format("http: Content-Type is \"{}\"; this method takes {}",
                                       base::peer_text(head.get("content-type")), expected),
                           HandlerRan::kNo),
                    415, request);
  request.answer.headers.emplace_back("Accept-Post", expected);
}

// As servers of Connect do: HTTP/1.1 has no way to answer while it asks.
void refuse_bidi(const Method& method, Request& request) {
  answer_with_error(
      Status(Code::kUnimplemented,
             fmt::format("http: {}/{} streams in both directions, which HTTP/1.1 cannot carry",
                         method.service, method.name),
             HandlerRan::kNo),
      505, request);
}

}  // namespace

bool is_stream(const http::Head& head) {
  constexpr std::string_view kConnect = "application/connect+";
  const std::string_view type = head.get("content-type").substr(0, kConnect.size());
  return base::equal_ignoring_case(type, kConnect) || grpc_web::is_grpc_web(head);
}

bool takes_post(const http::Head& head, const MediaType* type, const Method* method) noexcept {
  if (method && method->kind == MethodKind::kBidiStream && head.major_version == 1) return false;
  return type && is_taken(*type, method);
}

bool takes_get(const http::Head& head, const MediaType& type, const Method* method) noexcept {
  if (!method || method->kind == MethodKind::kUnary) return true;
  return method->kind == MethodKind::kServerStream && head.method == "GET" &&
         is_taken(type, method);
}

void choose_framing_of_post(const http::Head& head, const MediaType* type, const Method* method,
                            Request& request) {
  request.method = method;
  if (method && method->kind == MethodKind::kBidiStream && head.major_version == 1) {
    refuse_bidi(*method, request);
    return;
  }
  if (!type || !is_taken(*type, method)) {
    refuse_type(types_taken(request.content->types, method), head, request);
    return;
  }
  request.type = type;
  if (type->envelopes) {
    request.framing = Framing::kEnvelopes;
  } else if (method && method->kind == MethodKind::kServerStream) {
    request.framing = accepts_events(head) ? Framing::kEvents : Framing::kLines;
  }
}

void choose_framing_of_get(const http::Head& head, const Method* method, Request& request) {
  request.method = method;
  if (!method || method->kind == MethodKind::kUnary) return;
  if (method->kind == MethodKind::kServerStream && head.method == "GET") {
    if (!is_taken(*request.type, method)) {
      answer_with_error(
          Status(Code::kUnimplemented,
                 fmt::format("http: {}/{} streams, by GET in JSON alone; expected encoding json",
                             method->service, method->name),
                 HandlerRan::kNo),
          415, request);
      return;
    }
    request.framing = accepts_events(head) ? Framing::kEvents : Framing::kLines;
    return;
  }
  const std::string_view allow = method->kind == MethodKind::kServerStream ? "GET, POST" : "POST";
  answer_with_error(Status(Code::kUnimplemented,
                           fmt::format("http: {}/{} streams; {} is not answered here, expected {}",
                                       method->service, method->name, head.method, allow),
                           HandlerRan::kNo),
                    405, request);
  request.answer.headers.emplace_back("Allow", allow);
}

Status read_last_event_id(const http::Head& head, bool is_secret, Request& request) {
  const std::string_view text = head.get("last-event-id");
  const bool counts = request.framing == Framing::kEvents && request.method->resume;
  if (text.empty() || (!counts && !(is_secret && accepts_events(head)))) return {};
  std::int64_t position = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), position);
  if (fault != std::errc() || end != text.data() + text.size()) {
    return Status(Code::kInvalidArgument,
                  fmt::format("http: Last-Event-ID is \"{}\"; expected an integer of 64 bits",
                              base::peer_text(text)),
                  HandlerRan::kNo);
  }
  if (counts) request.resume_from = position;
  return {};
}

}  // namespace tern::wire::over_http
