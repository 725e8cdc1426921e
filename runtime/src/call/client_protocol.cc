#include "call/client_protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "wire/gee/json_frames.h"
#include "wire/go/gob_frames.h"
#include "wire/handshake.h"
#include "wire/http_connect.h"
#include "wire/json_rpc/client_frames.h"
#include "wire/over_http/client_frames.h"

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
Status begin_with_option(const ClientOptions& options, ClientProtocol& protocol) {
  Option option = option_of(options);
  if (options.codec == kGobCodec || options.codec == kJsonCodec) {
    protocol.option = padded_line(option);
    if (options.codec == kJsonCodec) {
      protocol.frames =
          std::make_unique<GeeJsonFrames>(GeeJsonFrames::Role::kClient, options.limits);
    } else {
      protocol.frames =
          std::make_unique<GobFrames>(GoDialect::kGeeRpc, GobFrames::Role::kClient, options.limits);
    }
    return {};
  }
  Result<const Codec*> codec = find_codec(options);
  if (!codec.ok()) return codec.take_status();
  option.version = kProtocolVersion;
  option.serves = static_cast<bool>(options.serve);
  protocol.option = to_line(option);
  auto frames = std::make_unique<NativeFrames>(**codec, options.limits);
  protocol.native = frames.get();
  protocol.frames = std::move(frames);
  return {};
}

// For the Host header.
std::string http_host(const Endpoint& endpoint) {
  bool ipv6 = endpoint.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", ipv6 ? "[" : "", endpoint.host, ipv6 ? "]" : "", endpoint.port);
}

Status begin_json_rpc(const Endpoint& endpoint, const ClientOptions& options,
                      ClientProtocol& protocol) {
  bool v2 = endpoint.protocol == Endpoint::Protocol::kJsonRpc2;
  if (endpoint.transport == Endpoint::Transport::kHttp) {
    if (!v2) return Status(Code::kUnimplemented, "JSON-RPC 1.0 is not spoken over HTTP");
    protocol.frames = std::make_unique<HttpClientFrames>(
        options.limits, http_host(endpoint), endpoint.path.empty() ? kJsonRpcPath : endpoint.path);
    return {};
  }
  protocol.frames = std::make_unique<JsonRpcClientFrames>(
      v2 ? JsonRpcVersion::k2 : JsonRpcVersion::k1, options.limits);
  return {};
}

}  // namespace

Result<ClientProtocol> make_client_protocol(const Endpoint& endpoint,
                                            const ClientOptions& options) {
  ClientProtocol protocol;
  Status failure;
  std::string_view connect_path;
  switch (endpoint.protocol) {
    case Endpoint::Protocol::kOption:
      connect_path = kGeeRpcPath;
      failure = begin_with_option(options, protocol);
      break;
    case Endpoint::Protocol::kNetRpc:
      connect_path = kNetRpcPath;
      protocol.frames =
          std::make_unique<GobFrames>(GoDialect::kNetRpc, GobFrames::Role::kClient, options.limits);
      break;
    case Endpoint::Protocol::kFrames: {
      Result<const Codec*> codec = find_codec(options);
      failure = codec.status();
      if (codec.ok()) protocol.frames = std::make_unique<NativeFrames>(**codec, options.limits);
      break;
    }
    case Endpoint::Protocol::kJsonRpc:
    case Endpoint::Protocol::kJsonRpc2:
      failure = begin_json_rpc(endpoint, options, protocol);
      break;
    case Endpoint::Protocol::kConnect:
      protocol.frames = std::make_unique<HttpClientFrames>(options.limits, http_host(endpoint));
      break;
  }
  if (!failure.ok()) return failure;
  // The Option counts as unsent until it has left.
  if (options.limits.unsent_bytes <= protocol.option.size()) {
    return Status(Code::kInvalidArgument,
                  fmt::format("limits: unsent_bytes is {}, so that no call could be sent: {} bytes "
                              "stand before the first one",
                              options.limits.unsent_bytes, protocol.option.size()));
  }
  if (endpoint.transport == Endpoint::Transport::kHttp && !connect_path.empty()) {
    protocol.connect =
        connect_request(endpoint.path.empty() ? connect_path : std::string_view(endpoint.path));
  }
  return protocol;
}

}  // namespace tern
