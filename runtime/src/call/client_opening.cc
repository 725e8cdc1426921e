#include "call/client_opening.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "wire/gee/json_client.h"
#include "wire/go/gob_client.h"
#include "wire/handshake.h"
#include "wire/http_connect.h"
#include "wire/json_rpc/client.h"
#include "wire/over_http/client.h"

namespace tern {

namespace {

constexpr std::string_view kGobCodec = "application/gob";
constexpr std::string_view kJsonCodec = "application/json";
const std::string kJsonRpcPath = "/rpc";

// The reader of a GeeRPC server takes so many bytes at first, and loses what it has read beyond the
// Option: so the Option fills them.
constexpr std::size_t kPaddedOption = 512;

Option option_of(const ClientOptions& options) {
  Option option;
  option.codec_type = options.codec;
  option.connect_timeout = std::max(options.connect_timeout, std::chrono::nanoseconds::zero());
  option.handle_timeout = std::max(options.handle_timeout, std::chrono::nanoseconds::zero());
  return option;
}

std::string padded_line(const Option& option) {
  std::string line = to_line(option);
  line.pop_back();  // the newline would be the first byte behind it
  if (line.size() < kPaddedOption) line.insert(0, kPaddedOption - line.size(), ' ');
  return line;
}

Result<const Codec*> find_codec(const ClientOptions& options) {
  const Codec* codec = options.codecs.find(options.codec);
  if (codec) return codec;
  return Status(Code::kInvalidArgument,
                fmt::format("codec \"{}\" is not known; there are {}, {}, {}", options.codec,
                            options.codecs.names(), kGobCodec, kJsonCodec));
}

// GeeRPC's streams, or our frames with any codec that the client knows.
Status begin_with_option(const ClientOptions& options, ClientOpening& opening) {
  Option option = option_of(options);
  if (options.codec == kGobCodec || options.codec == kJsonCodec) {
    opening.option = padded_line(option);
    if (options.codec == kJsonCodec) {
      opening.protocol = std::make_unique<GeeJsonClientProtocol>(options.limits);
    } else {
      opening.protocol = std::make_unique<GobClientProtocol>(GoDialect::kGeeRpc, options.limits);
    }
    return {};
  }
  Result<const Codec*> codec = find_codec(options);
  if (!codec.ok()) return codec.take_status();
  option.version = kProtocolVersion;
  option.serves = static_cast<bool>(options.serve);
  opening.option = to_line(option);
  auto frames = std::make_unique<NativeClientProtocol>(**codec, options.limits);
  opening.native = frames.get();
  opening.protocol = std::move(frames);
  return {};
}

// For the Host header.
std::string http_host(const Endpoint& endpoint) {
  bool ipv6 = endpoint.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", ipv6 ? "[" : "", endpoint.host, ipv6 ? "]" : "", endpoint.port);
}

Status begin_json_rpc(const Endpoint& endpoint, const ClientOptions& options,
                      ClientOpening& opening) {
  bool v2 = endpoint.protocol == Endpoint::Protocol::kJsonRpc2;
  if (endpoint.transport == Endpoint::Transport::kHttp) {
    if (!v2) return Status(Code::kUnimplemented, "JSON-RPC 1.0 is not spoken over HTTP");
    opening.protocol = std::make_unique<HttpClientProtocol>(
        options.limits, http_host(endpoint), endpoint.path.empty() ? kJsonRpcPath : endpoint.path);
    return {};
  }
  opening.protocol = std::make_unique<JsonRpcClientProtocol>(
      v2 ? JsonRpcVersion::k2 : JsonRpcVersion::k1, options.limits);
  return {};
}

}  // namespace

Result<ClientOpening> make_client_opening(const Endpoint& endpoint, const ClientOptions& options) {
  ClientOpening opening;
  Status failure;
  std::string_view connect_path;
  switch (endpoint.protocol) {
    case Endpoint::Protocol::kOption:
      connect_path = kGeeRpcPath;
      failure = begin_with_option(options, opening);
      break;
    case Endpoint::Protocol::kNetRpc:
      connect_path = kNetRpcPath;
      opening.protocol = std::make_unique<GobClientProtocol>(GoDialect::kNetRpc, options.limits);
      break;
    case Endpoint::Protocol::kFrames: {
      Result<const Codec*> codec = find_codec(options);
      failure = codec.status();
      if (codec.ok())
        opening.protocol = std::make_unique<NativeClientProtocol>(**codec, options.limits);
      break;
    }
    case Endpoint::Protocol::kJsonRpc:
    case Endpoint::Protocol::kJsonRpc2:
      failure = begin_json_rpc(endpoint, options, opening);
      break;
    case Endpoint::Protocol::kConnect:
      opening.protocol = std::make_unique<HttpClientProtocol>(options.limits, http_host(endpoint));
      break;
  }
  if (!failure.ok()) return failure;
  // The Option counts as unsent until it has left.
  if (options.limits.unsent_bytes <= opening.option.size()) {
    return Status(Code::kInvalidArgument,
                  fmt::format("limits: unsent_bytes is {}, so that no call could be sent: {} bytes "
                              "stand before the first one",
                              options.limits.unsent_bytes, opening.option.size()));
  }
  if (endpoint.transport == Endpoint::Transport::kHttp && !connect_path.empty()) {
    opening.connect =
        connect_request(endpoint.path.empty() ? connect_path : std::string_view(endpoint.path));
  }
  return opening;
}

}  // namespace tern
