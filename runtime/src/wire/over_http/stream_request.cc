#include "wire/over_http/stream_request.h"

#include <fmt/format.h>

#include <charconv>
#include <string>

#include "base/ascii.h"
#include "base/peer_text.h"
#include "tern/codegen/method.h"

namespace tern::wire::over_http {

namespace {

constexpr std::string_view kJsonOrConnectJson = "application/json, application/connect+json";

// Without parameters and the space around it.
std::string_view media_type(std::string_view value) {
  value = value.substr(0, value.find(';'));
  while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
  while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
  return value;
}

bool accepts_events(const http::Head& head) {
  std::string_view all = head.get("accept");
  while (!all.empty()) {
    const std::size_t comma = all.find(',');
    if (base::equal_ignoring_case(media_type(all.substr(0, comma)), kEventStream)) return true;
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

bool is_connect_stream(const http::Head& head) {
  return head.count("content-type") == 1 &&
         base::equal_ignoring_case(media_type(head.get("content-type")), kConnectJson);
}

bool is_any_connect_stream(const http::Head& head) {
  constexpr std::string_view kConnect = "application/connect+";
  const std::string_view type = head.get("content-type").substr(0, kConnect.size());
  return base::equal_ignoring_case(type, kConnect);
}

void choose_framing_of_post(const http::Head& head, bool json, const Method* method,
                            Request& request) {
  request.method = method;
  if (method && method->kind == MethodKind::kBidiStream && head.major_version == 1) {
    refuse_bidi(*method, request);
    return;
  }
  const bool connect = is_connect_stream(head);
  const bool takes_json = !method || !client_streams(method->kind);
  const bool takes_connect = !method || method->kind != MethodKind::kUnary;
  if (connect ? !takes_connect : !(json && takes_json)) {
    refuse_type(!takes_json      ? kConnectJson
                : !takes_connect ? http::kJson
                                 : kJsonOrConnectJson,
                head, request);
  } else if (connect) {
    request.framing = Framing::kEnvelopes;
  } else if (method && method->kind == MethodKind::kServerStream) {
    request.framing = accepts_events(head) ? Framing::kEvents : Framing::kLines;
  }
}

void choose_framing_of_get(const http::Head& head, const Method* method, Request& request) {
  request.method = method;
  if (!method || method->kind == MethodKind::kUnary) return;
  if (method->kind == MethodKind::kServerStream && head.method == "GET") {
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

Status read_last_event_id(const http::Head& head, Request& request) {
  const std::string_view text = head.get("last-event-id");
  if (text.empty() || request.framing != Framing::kEvents || !request.method->resume) return {};
  std::int64_t position = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), position);
  if (fault != std::errc() || end != text.data() + text.size()) {
    return Status(Code::kInvalidArgument,
                  fmt::format("http: Last-Event-ID is \"{}\"; expected an integer of 64 bits",
                              base::peer_text(text)),
                  HandlerRan::kNo);
  }
  request.resume_from = position;
  return {};
}

}  // namespace tern::wire::over_http
