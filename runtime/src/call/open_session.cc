#include "call/open_session.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "call/known_peer.h"
#include "call/serving_half.h"
#include "net/duplex.h"
#include "net/secure_dialer.h"
#include "wire/check_limits.h"
#include "wire/http_connect.h"
#include "wire/protocols.h"

namespace tern::call {

namespace {

bool carries_metadata(const wire::Protocol& protocol, const Endpoint& endpoint) noexcept {
  if (protocol.name == "tern" || protocol.name == "http" || protocol.name == "HTTP/2") return true;
  // The headers of a POST.
  return endpoint.protocol == Endpoint::Protocol::kJsonRpc2 &&
         endpoint.transport == Endpoint::Transport::kHttp;
}

}  // namespace

Result<wire::ClientPreface> begin_handshake(const Endpoint& endpoint,
                                            const ClientOptions& options) {
  Status missing = net::missing_credentials(endpoint, options.credentials.get(),
                                            options.dialer.get(), "ClientOptions::credentials");
  if (!missing.ok()) return missing;
  const wire::Protocol& protocol = wire::protocol_of_address(endpoint.protocol, options.codec);
  wire::ClientSetup setup{endpoint,
                          options.limits,
                          options.codecs,
                          options.codec,
                          options.connect_timeout,
                          options.handle_timeout,
                          ServingHalf::of(options) != nullptr,
                          KnownPeer::of(options)};
  if (Status failure = wire::check_stream_limits(options.limits); !failure.ok()) return failure;
  if (options.token_source && !carries_metadata(protocol, endpoint)) {
    return Status(Code::kFailedPrecondition,
                  fmt::format("ClientOptions::token_source: {} has no metadata to send a token in",
                              protocol.name));
  }
  wire::ClientPreface preface;
  if (Status failure = protocol.call(setup, preface); !failure.ok()) return failure;
  // The Option counts as unsent until it has left.
  if (options.limits.unsent_bytes <= preface.option.size()) {
    return Status(Code::kInvalidArgument,
                  fmt::format("limits: unsent_bytes is {}, so that no call could be sent: {} bytes "
                              "stand before the first one",
                              options.limits.unsent_bytes, preface.option.size()));
  }
  if (endpoint.over_http() && !protocol.connect_paths.empty()) {
    preface.connect =
        wire::http_connect_request(endpoint.path.empty() ? protocol.connect_paths.front().path
                                                         : std::string_view(endpoint.path));
  }
  return preface;
}

Result<std::shared_ptr<ClientSession>> open_session(const ClientSessionSetup& setup,
                                                    const Endpoint& endpoint,
                                                    std::unique_ptr<ByteStream> stream) {
  const ClientOptions& options = setup.options;
  Result<wire::ClientPreface> preface = begin_handshake(endpoint, options);
  if (!preface.ok()) return preface.take_status();
  ServingHalf* serving = ServingHalf::of(options);
  ClientSession::Serve serve;
  if (serving && preface->native) {
    std::shared_ptr<net::Duplex> duplex =
        net::Duplex::make(setup.loop, std::move(stream), wire::stream_windows(options.limits));
    duplex->expect_handshake();
    stream = duplex->open(net::Duplex::Half::kCalling);
    serve = [serving, &loop = setup.loop, half = duplex->open(net::Duplex::Half::kServing),
             &codec = *options.codecs.find(options.codec)](const wire::PeerTerms& peer) mutable {
      return serving->serve(loop, std::move(half), codec, peer);
    };
  }
  return std::make_shared<ClientSession>(setup, std::move(*preface), std::move(stream),
                                         std::move(serve));
}

}  // namespace tern::call
