#include "net/secure_listener.h"

#include <fmt/format.h>

#include <utility>

#include "net/loop.h"

namespace tern::net {

namespace {

class SecureIncoming final : public Listener::Incoming {
 public:
  SecureIncoming(std::unique_ptr<Listener::Incoming> incoming,
                 std::shared_ptr<ServerCredentials> credentials, ServerCredentials::Peers peers)
      : incoming_(std::move(incoming)), credentials_(std::move(credentials)), peers_(peers) {}

  Result<std::unique_ptr<ByteStream>> open(Loop& loop) override {
    Result<std::unique_ptr<ByteStream>> stream = incoming_->open(loop);
    if (!stream.ok()) return stream;
    return credentials_->accept(loop, std::move(*stream), peers_);
  }
  PeerState peer_state() noexcept override { return incoming_->peer_state(); }

 private:
  const std::unique_ptr<Listener::Incoming> incoming_;
  const std::shared_ptr<ServerCredentials> credentials_;
  const ServerCredentials::Peers peers_;
};

class SecureListener final : public Listener {
 public:
  SecureListener(std::unique_ptr<Listener> listener, std::shared_ptr<ServerCredentials> credentials)
      : listener_(std::move(listener)), credentials_(std::move(credentials)) {}

  Endpoint endpoint() const override { return listener_->endpoint(); }
  void start(Loop& loop, OnIncoming on_incoming) override {
    const bool both = endpoint().transport == Endpoint::Transport::kTlsOrTcp;
    auto pass_on = [credentials = credentials_,
                    peers = both ? ServerCredentials::Peers::kSecureOrPlaintext
                                 : ServerCredentials::Peers::kSecure,
                    on_incoming = std::move(on_incoming)](
                       std::unique_ptr<Listener::Incoming> connection) mutable {
      on_incoming(std::make_unique<SecureIncoming>(std::move(connection), credentials, peers));
    };
    listener_->start(loop, std::move(pass_on));
  }
  void finish() override { listener_->finish(); }

 private:
  const std::unique_ptr<Listener> listener_;
  const std::shared_ptr<ServerCredentials> credentials_;
};

}  // namespace

Status missing_credentials(const Endpoint& listening, const ServerCredentials* credentials,
                           std::string_view option) {
  if (!listening.over_tls() || credentials) return {};
  return Status(Code::kInvalidArgument,
                fmt::format("listen on \"{}\": there are no credentials for TLS; set {}, for "
                            "example to what tern::tls::server_credentials() makes",
                            listening.to_string(), option),
                HandlerRan::kNo);
}

Result<std::unique_ptr<Listener>> secure(std::unique_ptr<Listener> listener,
                                         const std::shared_ptr<ServerCredentials>& credentials,
                                         std::string_view option) {
  const Endpoint listening = listener->endpoint();
  Status missing = missing_credentials(listening, credentials.get(), option);
  if (!missing.ok()) return missing;
  if (!listening.over_tls()) return listener;
  return std::unique_ptr<Listener>(
      std::make_unique<SecureListener>(std::move(listener), credentials));
}

}  // namespace tern::net
