#include "wire/native/protocol.h"

#include <fmt/format.h>

#include "wire/handshake.h"
#include "wire/native/client.h"
#include "wire/native/server.h"

namespace tern {

std::unique_ptr<ServerProtocol> serve_native(const ServerSetup& setup) {
  return std::make_unique<NativeServerProtocol>(*setup.codec, setup.limits);
}

Status call_native(const ClientSetup& setup, ClientOpening& opening) {
  const Codec* codec = setup.codecs.find(setup.codec);
  if (!codec) {
    return Status(Code::kInvalidArgument,
                  fmt::format("codec \"{}\" is not known; there are {}, {}, {}", setup.codec,
                              setup.codecs.names(), kGobCodec, kJsonCodec));
  }
  auto protocol = std::make_unique<NativeClientProtocol>(*codec, setup.limits);
  if (setup.endpoint.protocol != Endpoint::Protocol::kFrames) {
    Option option = option_of(setup);
    option.version = kProtocolVersion;
    option.serves = setup.serves;
    opening.option = to_line(option);
    opening.native = protocol.get();
  }
  opening.protocol = std::move(protocol);
  return {};
}

}  // namespace tern
