#include "serve/entrances.h"

#include <fmt/format.h>

#include "net/secure_dialer.h"
#include "net/secure_listener.h"

namespace tern::serve {

namespace {

constexpr std::string_view kListenCredentials = "ServerOptions::credentials";

}  // namespace

Result<Endpoint> endpoint_to_listen(std::string_view address, const ServerOptions& options) {
  Result<Endpoint> endpoint = parse_endpoint(address);
  if (!endpoint.ok()) return endpoint;
  if (endpoint->protocol != Endpoint::Protocol::kOption) {
    return Status(Code::kInvalidArgument,
                  fmt::format("listen on \"{}\": a server detects the protocol by itself; "
                              "expected the address without \"{}\"",
                              address, address.substr(0, address.find('+') + 1)));
  }
  Status missing =
      net::missing_credentials(*endpoint, options.credentials.get(), kListenCredentials);
  if (!missing.ok()) return missing;
  return endpoint;
}

Result<Endpoint> endpoint_to_dial(std::string_view address, const ServerOptions& options) {
  Result<Endpoint> endpoint = parse_endpoint(address);
  if (!endpoint.ok()) return endpoint;
  if (endpoint->protocol != Endpoint::Protocol::kOption || endpoint->over_http()) {
    return Status(Code::kInvalidArgument,
                  fmt::format("dial \"{}\": the client that listens there chooses the protocol; "
                              "expected \"tcp@host:port\", \"unix@path\" or \"tls@host:port\"",
                              address));
  }
  Status missing =
      net::missing_credentials(*endpoint, options.dial_credentials.get(), options.dialer.get(),
                               "ServerOptions::dial_credentials");
  if (!missing.ok()) return missing;
  return endpoint;
}

Result<std::unique_ptr<Listener>> secured(std::unique_ptr<Listener> listener,
                                          const ServerOptions& options) {
  return net::secure(std::move(listener), options.credentials, kListenCredentials);
}

void Entrances::listen(Loop& loop, std::unique_ptr<Listener> listener, std::shared_ptr<void> server,
                       Listener::OnIncoming on_incoming) {
  Endpoint local = listener->endpoint();
  std::shared_ptr<Listener> kept = std::move(listener);
  loop.post([&loop, weak = std::weak_ptr<Listener>(kept), server = std::move(server),
             on_incoming = std::move(on_incoming)]() mutable {
    std::shared_ptr<Listener> alive = weak.lock();
    if (!alive) return;  // the end has come first
    alive->start(loop, std::move(on_incoming));
  });
  listeners_.emplace_back(&loop, std::move(kept));
  addresses_.push_back(std::move(local));
}

void Entrances::dial(Loop& loop, std::shared_ptr<DialOut> dialing, std::shared_ptr<void> server) {
  loop.post([dialing, server = std::move(server)] { dialing->start(); });
  dials_.emplace_back(&loop, std::move(dialing));
}

Entrances Entrances::take() noexcept {
  Entrances taken;
  taken.listeners_.swap(listeners_);
  taken.dials_.swap(dials_);
  return taken;
}

void Entrances::close(ServerEnd& end) {
  for (auto& [loop, dialing] : dials_) {
    end.run_on(*loop, [dialing = std::move(dialing)] { dialing->stop(); });
  }
  for (auto& [loop, listener] : listeners_) {
    end.run_on(*loop, [listener = std::move(listener)] { listener->finish(); });
  }
}

}  // namespace tern::serve
