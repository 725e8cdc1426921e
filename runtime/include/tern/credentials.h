// What secures connections: the seam between the runtime and TLS. tern/tls.h implements it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tern/byte_stream.h"
#include "tern/endpoint.h"

namespace tern {

class Loop;

// The certificate that a side shows, and how it is kept up to date: for operators.
struct CertificateStats {
  CertificateStats() = default;
  std::string subject;  // "": it shows none
  // The first of the chain to expire, on the system's clock.
  std::chrono::system_clock::time_point expires{};
  std::uint64_t reloads = 0;          // sets that took the place of another
  std::uint64_t reload_failures = 0;  // sets that could not be used: the one before stays
  std::string last_failure;           // why, of the last one, unless a set has been taken since
  std::uint64_t handshakes = 0;       // that were completed
  std::uint64_t handshake_failures = 0;
};

// How a server secures connections that come: ServerOptions::credentials. Immutable but for the
// certificates that it keeps up to date. Threads: any, but for accept().
class ServerCredentials {
 public:
  // What comes on an address.
  enum class Peers : std::uint8_t {
    kSecure,            // "tls@…": TLS alone
    kSecureOrPlaintext  // "tls-or-tcp@…": TLS, or else what has come is passed on as it is
  };

  virtual ~ServerCredentials() = default;

  // Secures `stream`, which has come: the handshake is a part of what is returned. While that runs,
  // reading and writing find nothing and take nothing; when it fails, they fail, and error_text()
  // of the stream says why. On the loop's thread.
  virtual std::unique_ptr<ByteStream> accept(Loop& loop, std::unique_ptr<ByteStream> stream,
                                             Peers peers) = 0;

  virtual CertificateStats stats() const = 0;
};

// Where a client's connection leads.
struct ChannelTarget {
  ChannelTarget() = default;
  Endpoint endpoint;
  // What it is going to speak, by ALPN's name: "h2", "tern", "http/1.1". "": nothing is offered.
  std::string_view application_protocol;
  // Whether the peer must agree to that: one that knows no ALPN is refused.
  bool must_agree = false;
};

// How a client secures connections that it opens: ClientOptions::credentials; and a server that
// dials: ServerOptions::dial_credentials. Likewise.
class ChannelCredentials {
 public:
  virtual ~ChannelCredentials() = default;

  // Secures `stream`, which has been opened to `target`. As ServerCredentials::accept().
  virtual std::unique_ptr<ByteStream> connect(Loop& loop, std::unique_ptr<ByteStream> stream,
                                              const ChannelTarget& target) = 0;

  virtual CertificateStats stats() const = 0;
};

}  // namespace tern
