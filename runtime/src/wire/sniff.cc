#include "wire/sniff.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/ascii.h"

namespace tern {

namespace {

// HTTP's methods, with the space behind them. "PRI" begins HTTP/2, which is not among them.
constexpr std::array<std::string_view, 9> kMethods = {
    "GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "TRACE ", "CONNECT "};

// The keys of a JSON-RPC request. Go matches keys without regard to case.
constexpr std::array<std::string_view, 4> kJsonRpcKeys = {"jsonrpc", "method", "params", "id"};

constexpr std::size_t kLongestKey = 7;

// A definition's id is negative: one byte or more that begin with their negated count.
constexpr unsigned kFirstOfNegative = 0xfc;

constexpr std::string_view skip_space(std::string_view text) noexcept {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

bool is_json_rpc_key(std::string_view key) noexcept {
  return std::any_of(kJsonRpcKeys.begin(), kJsonRpcKeys.end(),
                     [key](std::string_view known) { return equal_ignoring_case(key, known); });
}

// `text` begins behind the "{".
Sniffed sniff_object(std::string_view text) noexcept {
  text = skip_space(text);
  if (text.empty()) return Sniffed::kMore;
  if (text.front() != '"') return Sniffed::kOption;  // its reader says what is wrong
  std::size_t end = text.substr(0, kLongestKey + 2).find('"', 1);
  if (end != std::string_view::npos) {
    return is_json_rpc_key(text.substr(1, end - 1)) ? Sniffed::kJsonRpc : Sniffed::kOption;
  }
  return text.size() < kLongestKey + 2 ? Sniffed::kMore : Sniffed::kOption;
}

Sniffed sniff_http(std::string_view text) noexcept {
  for (std::string_view method : kMethods) {
    if (text.starts_with(method)) return method[0] == 'C' ? Sniffed::kConnect : Sniffed::kHttp;
    if (method.starts_with(text)) return Sniffed::kMore;
  }
  return Sniffed::kUnknown;
}

}  // namespace

Sniffed sniff(ByteView in) noexcept {
  // Before white space is skipped, which can be the length of a definition.
  if (in.size() >= 2 && static_cast<unsigned>(in[1]) >= kFirstOfNegative) {
    return static_cast<unsigned>(in[0]) < 0x80 ? Sniffed::kNetRpc : Sniffed::kUnknown;
  }
  std::string_view text = skip_space(as_text(in));
  if (text.empty()) return Sniffed::kMore;
  if (text.front() == '{') return sniff_object(text.substr(1));
  if (text.front() == '[') return Sniffed::kJsonRpc;
  if (text.front() >= 'A' && text.front() <= 'Z' && text.size() == in.size()) {
    Sniffed http = sniff_http(text);
    if (http != Sniffed::kUnknown) return http;
  }
  // The first byte of a definition says its length: the second one decides.
  return in.size() < 2 && static_cast<unsigned>(in[0]) < 0x80 && in[0] != std::byte(0)
             ? Sniffed::kMore
             : Sniffed::kUnknown;
}

}  // namespace tern
