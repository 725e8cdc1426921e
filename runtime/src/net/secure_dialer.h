// Puts what secures connections between a dialer and those who dial.
#pragma once

#include <memory>
#include <string_view>

#include "tern/credentials.h"
#include "tern/dialer.h"

namespace tern::net {

// Whether the handshake belongs to connecting.
enum class SecureWhen : std::uint8_t {
  kConnected,  // a stream is handed over when its handshake is done: a failure of it is one to dial
  kImmediately  // at once: the peer's part of the handshake may come much later
};

// Dials addresses of TLS through `dialer`, unless that secures its streams itself, and passes on
// all others. Without credentials an address of TLS fails as missing_credentials() says: it is
// never dialled in plaintext.
class SecureDialer final : public Dialer {
 public:
  // `application_protocol` and `must_agree`: see ChannelTarget.
  SecureDialer(std::shared_ptr<Dialer> dialer, std::shared_ptr<ChannelCredentials> credentials,
               SecureWhen when, std::string_view application_protocol = {},
               bool must_agree = false);

  std::unique_ptr<Attempt> dial(Loop& loop, const Endpoint& endpoint,
                                std::chrono::nanoseconds timeout, Done done) override;

 private:
  const std::shared_ptr<Dialer> dialer_;
  const std::shared_ptr<ChannelCredentials> credentials_;
  const SecureWhen when_;
  const std::string_view application_protocol_;
  const bool must_agree_;
};

// Why `endpoint` cannot be dialled: it is an address of TLS, and nothing makes connections to it
// secure. `option` is what is to be set. OK if nothing is missing. `dialer` may be null.
Status missing_credentials(const Endpoint& endpoint, const ChannelCredentials* credentials,
                           const Dialer* dialer, std::string_view option);

}  // namespace tern::net
