#include "wire/native/protocol.h"

#include <fmt/format.h>

#include "wire/check_limits.h"
#include "wire/handshake.h"
#include "wire/native/client.h"
#include "wire/native/server.h"

namespace tern::wire::native {

std::unique_ptr<wire::ServerProtocol> serve_native(const ServerSetup& setup) {
  return std::make_unique<ServerProtocol>(*setup.codec, setup.limits, setup.peer);
}

Status call_native(const ClientSetup& setup, ClientPreface& preface) {
  const Codec* codec = setup.codecs.find(setup.codec);
  if (!codec) {
    return Status(Code::kInvalidArgument,
                  fmt::format("codec \"{}\" is not known; there are {}, {}, {}", setup.codec,
                              setup.codecs.names(), kGobCodec, kJsonCodec));
  }
  auto protocol = std::make_unique<ClientProtocol>(*codec, setup.limits);
  if (setup.endpoint.protocol != Endpoint::Protocol::kFrames) {
    Option option = option_of(setup);
    option.version = kProtocolVersion;
    option.serves = setup.serves;
    option.chunked_bytes = setup.limits.chunked_bytes;
    if (allow_streams(setup.limits)) option.stream_window = setup.limits.stream_window;
    preface.option = to_line(option);
    preface.native = protocol.get();
  } else {
    protocol->set_peer(setup.peer);
  }
  preface.protocol = std::move(protocol);
  return {};
}

}  // namespace tern::wire::native
