#include <fmt/format.h>

#include <mutex>
#include <utility>

#include "tern/tls.h"
#include "tls/certificates.h"
#include "tls/context.h"
#include "tls/handshake_turns.h"
#include "tls/tls_stream.h"

namespace tern::tls {

namespace {

// What both kinds have: a context of the source's current certificates, and the handshakes that are
// made with it.
template <typename Make>
class Contexts {
 public:
  Contexts(std::shared_ptr<CertificateSource> source, Make make)
      : source_(std::move(source)), make_(std::move(make)) {}

  // Makes the first one.
  Status begin() {
    std::shared_ptr<const Certificates> certificates = source_->current();
    Result<ContextPtr> made = make_(certificates);
    if (!made.ok()) return made.take_status();
    made_of_ = std::move(certificates);
    context_ = std::move(*made);
    return {};
  }

  // A set that cannot be used here, for instance since it has no key, leaves the context as it is.
  ContextPtr current() {
    std::shared_ptr<const Certificates> certificates = source_->current();
    std::lock_guard lock(mutex_);
    if (certificates != made_of_ && certificates != refused_) {
      Result<ContextPtr> made = make_(certificates);
      if (made.ok()) {
        context_ = std::move(*made);
        made_of_ = std::move(certificates);
        refused_.reset();
        why_refused_.clear();
      } else {
        refused_ = std::move(certificates);
        why_refused_ = made.status().message();
        ++refusals_;
      }
    }
    return context_;
  }

  // Of a stream on this loop: what both kinds say alike.
  StreamSetup begin_stream(Loop& loop) {
    StreamSetup setup;
    setup.context = current();
    setup.turns = turns_.of(loop);
    setup.counters = counters_;
    return setup;
  }

  CertificateStats stats() {
    current();
    CertificateStats stats = source_->stats();
    std::lock_guard lock(mutex_);
    stats.subject = made_of_->subject();
    stats.expires = made_of_->expires();
    stats.reload_failures += refusals_;
    if (!why_refused_.empty()) stats.last_failure = why_refused_;
    stats.handshakes = counters_->done;
    stats.handshake_failures = counters_->failed;
    return stats;
  }

 private:
  const std::shared_ptr<CertificateSource> source_;
  const Make make_;
  TurnsOfLoops turns_;
  const std::shared_ptr<HandshakeCounters> counters_ = std::make_shared<HandshakeCounters>();

  std::mutex mutex_;  // guards the following
  std::shared_ptr<const Certificates> made_of_;
  ContextPtr context_;
  std::shared_ptr<const Certificates> refused_;
  std::string why_refused_;
  std::uint64_t refusals_ = 0;
};

Status wrong(std::string_view what) {
  return Status(Code::kInvalidArgument, fmt::format("credentials: {}", what), HandlerRan::kNo);
}

Result<ContextPtr> make_server_context(const std::shared_ptr<const Certificates>& certificates,
                                       const ServerOptions& options,
                                       const std::shared_ptr<TicketKeys>& tickets) {
  const Certificates::Parts& parts = certificates->parts();
  if (parts.chain.empty()) return wrong("a server needs a certificate and its key");
  if (options.client_certificates != ClientCertificates::kNotAsked && parts.authorities.empty()) {
    return wrong("client certificates are asked for, and there are no authorities to trust");
  }
  return server_context(certificates, options, tickets);
}

struct MakeServerContext {
  ServerOptions options;
  std::shared_ptr<TicketKeys> tickets;
  Result<ContextPtr> operator()(const std::shared_ptr<const Certificates>& certificates) const {
    return make_server_context(certificates, options, tickets);
  }
};

class ServerSide final : public tern::ServerCredentials {
 public:
  ServerSide(std::shared_ptr<CertificateSource> source, const ServerOptions& options)
      : options_(options),
        contexts_(std::move(source),
                  MakeServerContext{options, std::make_shared<TicketKeys>(steady_clock())}) {}

  Status begin() { return contexts_.begin(); }

  std::unique_ptr<ByteStream> accept(Loop& loop, std::unique_ptr<ByteStream> stream,
                                     Peers peers) override {
    StreamSetup setup = contexts_.begin_stream(loop);
    setup.trust_domains = options_.trust_domains;
    setup.verifies = options_.client_certificates != ClientCertificates::kNotAsked;
    setup.takes_plaintext = peers == Peers::kSecureOrPlaintext;
    return accept_tls(loop, std::move(stream), std::move(setup));
  }

  CertificateStats stats() const override { return contexts_.stats(); }

 private:
  const ServerOptions options_;
  mutable Contexts<MakeServerContext> contexts_;
};

struct MakeChannelContext {
  ChannelOptions options;
  Result<ContextPtr> operator()(const std::shared_ptr<const Certificates>& certificates) const {
    return channel_context(certificates, options);
  }
};

class ClientSide final : public tern::ChannelCredentials {
 public:
  ClientSide(std::shared_ptr<CertificateSource> source, const ChannelOptions& options)
      : options_(options), contexts_(std::move(source), MakeChannelContext{options}) {}

  Status begin() { return contexts_.begin(); }

  std::unique_ptr<ByteStream> connect(Loop& loop, std::unique_ptr<ByteStream> stream,
                                      const ChannelTarget& target) override {
    StreamSetup setup = contexts_.begin_stream(loop);
    setup.trust_domains = options_.trust_domains;
    setup.verifies = options_.verifies();
    const std::string& host = target.endpoint.host;
    // The zone of a link-local address is this machine's affair.
    setup.server_name =
        options_.server_name.empty() ? host.substr(0, host.find('%')) : options_.server_name;
    setup.server_ids = options_.server_ids;
    setup.application_protocol = target.application_protocol;
    setup.must_agree = target.must_agree;
    return connect_tls(loop, std::move(stream), std::move(setup));
  }

  CertificateStats stats() const override { return contexts_.stats(); }

 private:
  const ChannelOptions options_;
  mutable Contexts<MakeChannelContext> contexts_;
};

}  // namespace

Result<std::shared_ptr<tern::ServerCredentials>> server_credentials(
    std::shared_ptr<CertificateSource> source, const ServerOptions& options) {
  auto made = std::make_shared<ServerSide>(std::move(source), options);
  if (Status failure = made->begin(); !failure.ok()) return failure;
  return std::shared_ptr<tern::ServerCredentials>(std::move(made));
}

Result<std::shared_ptr<tern::ServerCredentials>> server_credentials(const CertificateFiles& files,
                                                                    const ServerOptions& options) {
  Result<std::shared_ptr<CertificateSource>> source = CertificateSource::open(files);
  if (!source.ok()) return source.take_status();
  return server_credentials(std::move(*source), options);
}

Result<std::shared_ptr<tern::ChannelCredentials>> channel_credentials(
    std::shared_ptr<CertificateSource> source, const ChannelOptions& options) {
  if (!options.server_ids.empty() && options.trust_domains.empty()) {
    return wrong("server_ids are given, and no trust_domains whose IDs count");
  }
  if (!options.server_ids.empty() && !options.verifies()) {
    return wrong("server_ids are given, and certificates are not verified");
  }
  auto made = std::make_shared<ClientSide>(std::move(source), options);
  if (Status failure = made->begin(); !failure.ok()) return failure;
  return std::shared_ptr<tern::ChannelCredentials>(std::move(made));
}

Result<std::shared_ptr<tern::ChannelCredentials>> channel_credentials(
    const CertificateFiles& files, const ChannelOptions& options) {
  Result<std::shared_ptr<CertificateSource>> source = CertificateSource::open(files);
  if (!source.ok()) return source.take_status();
  return channel_credentials(std::move(*source), options);
}

}  // namespace tern::tls
