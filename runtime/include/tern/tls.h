// TLS for every protocol, on OpenSSL 3: the target tern::tls. docs/security.md shows how to turn it
// on.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tern/clock.h"
#include "tern/credentials.h"
#include "tern/log.h"
#include "tern/result.h"

namespace tern::tls {

// Paths of files in PEM. What is "" is not there.
struct CertificateFiles {
  CertificateFiles() = default;
  // This side's certificate, and behind it those that lead to the authority that signed it.
  std::string chain;
  // Its key, not encrypted.
  std::string key;
  // Whom this side trusts: the peer's certificate must lead to one of these. A client without them
  // trusts the system's.
  std::string authorities;
  // Lists of certificates that were revoked, one of each authority on the peer's chain: the peer
  // is refused if its certificate is in one, or if its authority has none.
  std::string revoked;
};

// A set that belongs together and was checked: the key is that of the certificate, nothing is
// encrypted, no key or signature is too weak. Immutable. Threads: any.
class Certificates {
 public:
  // Fails with kInvalidArgument; the text names the file and says what is wrong in it.
  static Result<std::shared_ptr<const Certificates>> load(const CertificateFiles& files);
  // The same of texts in place of files.
  static Result<std::shared_ptr<const Certificates>> parse(const CertificateFiles& texts);
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;
  ~Certificates();

  // Of this side's certificate, as RFC 2253 has it; "" without one.
  const std::string& subject() const noexcept;
  // When the first of its chain expires; the largest time without one.
  std::chrono::system_clock::time_point expires() const noexcept;

  // What the runtime sees.
  struct Parts;
  const Parts& parts() const noexcept { return *parts_; }

 private:
  explicit Certificates(std::unique_ptr<Parts> parts);

  const std::unique_ptr<const Parts> parts_;
};

struct CertificateSourceOptions {
  CertificateSourceOptions() = default;
  // How often the files are looked at: with the first handshake, or look at stats(), behind this.
  std::chrono::nanoseconds check_interval{std::chrono::minutes(1)};
  // Gets a line for each set that was taken, at kInfo, or refused. Empty: standard error.
  LogSink log;
  LogLevel log_level = LogLevel::kWarning;
  // Outlives the source.
  Clock* clock = &steady_clock();
};

// Where credentials have their certificates from. One can serve both directions, and many servers
// and clients. Threads: any.
class CertificateSource {
 public:
  // Files that are read again when they have changed, all of them together. A set that is not
  // complete or has expired does not take the place of the one before: connections go on with that.
  // Fails as Certificates::load() does, or if the set has expired.
  static Result<std::shared_ptr<CertificateSource>> open(
      const CertificateFiles& files,
      const CertificateSourceOptions& options = CertificateSourceOptions());
  // What the program has from elsewhere, until set().
  static std::shared_ptr<CertificateSource> of(std::shared_ptr<const Certificates> certificates);
  CertificateSource(const CertificateSource&) = delete;
  CertificateSource& operator=(const CertificateSource&) = delete;
  ~CertificateSource();

  // Those that the next handshake uses. Handshakes that run, and connections, keep theirs.
  std::shared_ptr<const Certificates> current();
  // Reads the files now, whether they have changed or not. If it fails, the set stays as it is.
  Status reload();
  void set(std::shared_ptr<const Certificates> certificates);
  // Without handshakes: those are of credentials.
  CertificateStats stats();

 private:
  class Impl;
  explicit CertificateSource(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

// Whether clients show a certificate.
enum class ClientCertificates : std::uint8_t {
  kNotAsked,
  kOptional,  // asked for; one that is shown must be good
  kRequired   // mutual TLS: without one that is good there is no connection
};

struct ServerOptions {
  ServerOptions() = default;
  ClientCertificates client_certificates = ClientCertificates::kNotAsked;
  // Whose SPIFFE IDs PeerCertificate::spiffe_id takes: "example.org". Empty: nobody's.
  std::vector<std::string> trust_domains;
};

struct ChannelOptions {
  ChannelOptions() = default;
  // The name that the server's certificate must have, and that is sent as SNI. "": the host of the
  // address. For addresses in numbers whose servers have certificates of a name.
  std::string server_name;
  // As in ServerOptions.
  std::vector<std::string> trust_domains;
  // The server must have one of these SPIFFE IDs, of one of the trust domains, in place of a name.
  // Empty: the name counts.
  std::vector<std::string> server_ids;

  // Takes every certificate, whoever made it: anybody on the way can read and change all.
  void insecure_skip_verify_for_tests() noexcept { verify_ = false; }
  bool verifies() const noexcept { return verify_; }

 private:
  bool verify_ = true;
};

// For tern::ServerOptions::credentials. TLS 1.2 and 1.3, without renegotiation, compression and
// early data. Tickets for resumption have keys that change every 12 hours; with client certificates
// there are none. The source must have a certificate; with client certificates also authorities.
Result<std::shared_ptr<tern::ServerCredentials>> server_credentials(
    std::shared_ptr<CertificateSource> source, const ServerOptions& options = ServerOptions());
Result<std::shared_ptr<tern::ServerCredentials>> server_credentials(
    const CertificateFiles& files, const ServerOptions& options = ServerOptions());

// For ClientOptions::credentials and tern::ServerOptions::dial_credentials. The server's chain and
// name are verified. A source with a certificate shows it to servers that ask.
Result<std::shared_ptr<tern::ChannelCredentials>> channel_credentials(
    std::shared_ptr<CertificateSource> source, const ChannelOptions& options = ChannelOptions());
Result<std::shared_ptr<tern::ChannelCredentials>> channel_credentials(
    const CertificateFiles& files = CertificateFiles(),
    const ChannelOptions& options = ChannelOptions());

}  // namespace tern::tls
