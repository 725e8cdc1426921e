#include "wire/http_connect.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/peer_text.h"

namespace tern::wire {

namespace {

// The head of a message: lines up to an empty one.
struct Head {
  enum class Kind : std::uint8_t { kMore, kWhole, kTooLong, kBadByte, kBadLine, kHasBody };
  Kind kind = Kind::kMore;
  std::size_t size = 0;
  std::string_view first_line;
};

bool has_control(std::string_view line) noexcept {
  return std::any_of(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f;
  });
}

bool is_name(std::string_view line, std::string_view name) noexcept {
  return line.size() > name.size() && line[name.size()] == ':' &&
         base::equal_ignoring_case(line.substr(0, name.size()), name);
}

Head::Kind check_header(std::string_view line) noexcept {
  std::size_t colon = line.find(':');
  bool named = colon != std::string_view::npos && colon > 0;
  if (!named || line.substr(0, colon).find_first_of(" \t") != std::string_view::npos) {
    return Head::Kind::kBadLine;
  }
  // A body would be taken for the first bytes of the protocol.
  if (is_name(line, "transfer-encoding") || is_name(line, "content-length")) {
    return Head::Kind::kHasBody;
  }
  return Head::Kind::kWhole;
}

Head read_head(ByteView in, std::size_t limit) {
  std::string_view text = as_text(in).substr(0, limit);
  Head head;
  std::size_t at = 0;
  while (true) {
    std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) {
      if (in.size() >= limit) head.kind = Head::Kind::kTooLong;
      return head;
    }
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    bool first = at == 0;
    at = end + 1;
    if (line.empty() && !first) break;
    if (has_control(line)) {
      head.kind = Head::Kind::kBadByte;
      return head;
    }
    if (first) {
      head.first_line = line;
    } else if (Head::Kind kind = check_header(line); kind != Head::Kind::kWhole) {
      head.kind = kind;
      return head;
    }
  }
  head.kind = Head::Kind::kWhole;
  head.size = at;
  return head;
}

std::string fault_of(Head::Kind kind, std::size_t limit) {
  switch (kind) {
    case Head::Kind::kTooLong:
      return fmt::format("no end within {} bytes, which is the limit", limit);
    case Head::Kind::kBadByte:
      return "a control character";
    case Head::Kind::kBadLine:
      return "a header without \"name:\"";
    case Head::Kind::kHasBody:
      return "a body; CONNECT has none";
    case Head::Kind::kMore:
    case Head::Kind::kWhole:
      break;
  }
  return {};
}

}  // namespace

FirstBytes begins_http_connect(ByteView in) noexcept {
  constexpr std::string_view kConnect = "CONNECT ";
  std::string_view text = as_text(in);
  if (text.starts_with(kConnect)) return FirstBytes::kOurs;
  return kConnect.starts_with(text) ? FirstBytes::kMore : FirstBytes::kOthers;
}

HttpConnectRequest read_http_connect_request(ByteView in, std::size_t limit) {
  HttpConnectRequest request;
  Head head = read_head(in, limit);
  if (head.kind == Head::Kind::kMore) return request;
  auto broken = [&request](std::string text) {
    request.kind = HttpConnectRequest::Kind::kBroken;
    request.why =
        Status(Code::kInvalidArgument, "handshake: CONNECT: " + std::move(text), HandlerRan::kNo);
    return request;
  };
  if (head.kind != Head::Kind::kWhole) return broken(fault_of(head.kind, limit));
  std::string_view line = head.first_line;
  std::size_t first = line.find(' ');
  std::size_t last = line.rfind(' ');
  std::string_view version = line.substr(last + 1);
  if (first == last || (version != "HTTP/1.0" && version != "HTTP/1.1")) {
    return broken(fmt::format("the line is \"{}\"; expected \"CONNECT path HTTP/1.0\" or 1.1",
                              base::peer_text(line)));
  }
  std::string_view target = line.substr(first + 1, last - first - 1);
  if (target.empty() || target.find(' ') != std::string_view::npos) {
    return broken(fmt::format("the path is \"{}\"", base::peer_text(target)));
  }
  request.kind = HttpConnectRequest::Kind::kWhole;
  request.size = head.size;
  request.target = target;
  return request;
}

std::string http_connect_accepted(std::string_view status) {
  return fmt::format("HTTP/1.0 {}\n\n", status);
}

std::string http_connect_refused(int status, std::string_view reason, std::string_view text) {
  return fmt::format(
      "HTTP/1.0 {} {}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n"
      "Connection: close\r\n\r\n{}\n",
      status, reason, text.size() + 1, text);
}

std::string http_connect_request(std::string_view path) {
  return fmt::format("CONNECT {} HTTP/1.0\n\n", path);
}

HttpConnectResponse read_http_connect_response(ByteView in, std::size_t limit) {
  HttpConnectResponse reply;
  Head head = read_head(in, limit);
  if (head.kind == Head::Kind::kMore) return reply;
  auto refused = [&reply](std::string text) {
    reply.kind = HttpConnectResponse::Kind::kRefused;
    reply.why = Status(Code::kUnavailable, std::move(text), HandlerRan::kNo);
    return reply;
  };
  std::string_view line = head.first_line;
  std::string_view expected = "expected \"HTTP/1.0 200 Connected to …\"";
  if (!line.starts_with("HTTP/1.0 ") && !line.starts_with("HTTP/1.1 ")) {
    return refused(fmt::format("the answer to CONNECT is \"{}\"; {}",
                               base::peer_text(head.first_line.empty() ? as_text(in) : line),
                               expected));
  }
  std::string_view status = line.substr(9);
  if (!status.starts_with("200 ")) {
    return refused(fmt::format("the server answers CONNECT with \"{}\"; {}",
                               base::peer_text(status), expected));
  }
  if (head.kind != Head::Kind::kWhole) {
    return refused(fmt::format("the answer to CONNECT has {}", fault_of(head.kind, limit)));
  }
  reply.kind = HttpConnectResponse::Kind::kAccepted;
  reply.size = head.size;
  return reply;
}

}  // namespace tern::wire
