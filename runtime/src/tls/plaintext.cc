#include "tls/plaintext.h"

#include <fmt/format.h>

#include <string_view>

#include "base/peer_text.h"
#include "wire/handshake.h"
#include "wire/sniff.h"

namespace tern::tls {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kText =
    "this address takes TLS alone, and the first bytes are plaintext; dial it with TLS";
// The beginning of a record of TLS: its type, and the first byte of the version.
constexpr std::byte kLeastType{20};
constexpr std::byte kMostType{23};
constexpr std::byte kVersion{3};

constexpr std::string_view kHttp2 = "PRI * HTTP/2";
// "close_notify" would be the end of a connection that was one; this is "unexpected_message".
constexpr std::string_view kAlert = "\x15\x03\x01\x00\x02\x02\x0a"sv;

bool is_http1(ByteView first) {
  const std::string_view text = as_text(first);
  constexpr std::string_view kMethods[] = {"GET ",     "POST ",  "HEAD ",  "PUT ",     "DELETE ",
                                           "OPTIONS ", "PATCH ", "TRACE ", "CONNECT ", "HTTP/1"};
  for (std::string_view method : kMethods) {
    if (text.starts_with(method)) return true;
  }
  return false;
}

std::string http1_answer() {
  return fmt::format(
      "HTTP/1.1 400 Plaintext On An Address Of TLS\r\nContent-Type: text/plain\r\nContent-Length: "
      "{}\r\n"
      "Connection: close\r\n\r\n{}\n",
      kText.size() + 1, kText);
}

std::string option_answer() {
  wire::OptionReply reply;
  reply.error = fmt::format("handshake: {}", kText);
  return wire::to_line(reply);
}

std::string json_rpc_answer() {
  return fmt::format(
      "{{\"jsonrpc\":\"2.0\",\"error\":{{\"code\":-32600,\"message\":\"{}\"}},"
      "\"id\":null}}\n",
      kText);
}

std::string_view protocol_name(ByteView first) {
  if (as_text(first).starts_with(kHttp2)) return "HTTP/2";
  if (is_http1(first)) return "HTTP/1";
  const wire::Sniffed sniffed = wire::sniff(first);
  if (sniffed.kind == wire::Sniffed::Kind::kProtocol) return sniffed.protocol->name;
  if (sniffed.kind == wire::Sniffed::Kind::kOption) return "an Option in JSON";
  return "plaintext";
}

}  // namespace

bool can_be_tls(ByteView first) noexcept {
  if (first.empty()) return true;
  if (first[0] < kLeastType || first[0] > kMostType) return false;
  return first.size() < 2 || first[1] == kVersion;
}

std::string describe_plaintext(ByteView first) {
  std::string_view text = as_text(first);
  text = text.substr(0, text.find_first_of("\r\n"));
  return fmt::format("{} (\"{}\")", protocol_name(first), base::peer_text(text));
}

std::string answer_to_plaintext(ByteView first) {
  // Clients of HTTP/2 know that answer, and fail at once.
  if (as_text(first).starts_with(kHttp2) || is_http1(first)) return http1_answer();
  const wire::Sniffed sniffed = wire::sniff(first);
  using Kind = wire::Sniffed::Kind;
  if (sniffed.kind == Kind::kOption) return option_answer();
  if (sniffed.kind == Kind::kProtocol && sniffed.protocol->name == "JSON-RPC") {
    return json_rpc_answer();
  }
  return std::string(kAlert);
}

}  // namespace tern::tls
