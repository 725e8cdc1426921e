#include "tls/context.h"

#include <fmt/format.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/peer_text.h"
#include "tls/certificate_failure.h"
#include "tls/certificates.h"
#include "tls/names.h"
#include "tls/openssl_error.h"

namespace tern::tls {

namespace {

// With TLS 1.2: a key for each connection, and encryption that notices changes. 1.3 has no others.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
// Of OpenSSL's levels the one without RSA below 2048 bits and SHA-1.
constexpr int kSecurityLevel = 2;
// What a server chooses of a client's offer by ALPN, the best first.
constexpr std::array<std::string_view, 3> kProtocols = {"h2", "tern", "http/1.1"};

Status wrong(std::string_view what) {
  return Status(Code::kInvalidArgument,
                fmt::format("certificates: {}: {}", what, take_openssl_error()), HandlerRan::kNo);
}

int on_verified(int good, X509_STORE_CTX* store) {
  if (good == 1) return 1;
  auto* ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* notes = static_cast<HandshakeNotes*>(SSL_get_app_data(ssl));
  if (!notes->why_refused) {
    notes->why_refused = certificate_failure(*store, notes->server_name, SSL_is_server(ssl) == 1);
  }
  return 0;
}

int choose_protocol(SSL* ssl, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
  std::string_view offer(reinterpret_cast<const char*>(offered), offered_size);
  for (std::string_view ours : kProtocols) {
    for (std::string_view rest = offer; !rest.empty();) {
      const auto size = static_cast<unsigned char>(rest.front());
      std::string_view theirs = rest.substr(1, size);
      if (theirs == ours) {
        *chosen = reinterpret_cast<const unsigned char*>(theirs.data());
        *chosen_size = size;
        return SSL_TLSEXT_ERR_OK;
      }
      rest.remove_prefix(std::min<std::size_t>(rest.size(), size + 1U));
    }
  }
  std::string names;
  for (std::string_view rest = offer; !rest.empty();) {
    const auto size = static_cast<unsigned char>(rest.front());
    if (!names.empty()) names += ", ";
    names += fmt::format("\"{}\"", base::peer_text(rest.substr(1, size)));
    rest.remove_prefix(std::min<std::size_t>(rest.size(), size + 1U));
  }
  static_cast<HandshakeNotes*>(SSL_get_app_data(ssl))->why_refused = {
      Error::kNoCommonProtocol,
      fmt::format("no common protocol: the peer offers {} by ALPN; this side knows \"h2\", "
                  "\"tern\", \"http/1.1\"",
                  base::peer_text(names))};
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

// Keeps what the context's callbacks use.
ContextPtr make_context(const SSL_METHOD* method, std::shared_ptr<void> kept) {
  SSL_CTX* made = SSL_CTX_new(method);
  if (!made) return nullptr;
  return {made, [kept = std::move(kept)](SSL_CTX* context) { SSL_CTX_free(context); }};
}

Status set_common(SSL_CTX& context) {
  SSL_CTX_set_security_level(&context, kSecurityLevel);
  SSL_CTX_set_options(&context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(&context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                 SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(&context, 1);
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_early_data(&context, 0);
  if (SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(&context, kCiphers) != 1) {
    return wrong("TLS 1.2 cannot be set up");
  }
  return {};
}

Status use_own(SSL_CTX& context, const Certificates::Parts& parts) {
  if (parts.chain.empty()) return {};
  STACK_OF(X509)* rest = sk_X509_new_null();
  for (std::size_t i = 1; rest && i < parts.chain.size(); ++i) {
    sk_X509_push(rest, parts.chain[i].get());
  }
  const int used =
      SSL_CTX_use_cert_and_key(&context, parts.chain.front().get(), parts.key.get(), rest, 1);
  sk_X509_free(rest);
  if (used == 1) return {};
  return wrong(fmt::format("certificate \"{}\" cannot be used", parts.subject));
}

Status use_authorities(SSL_CTX& context, const Certificates::Parts& parts) {
  X509_STORE* store = SSL_CTX_get_cert_store(&context);
  for (const CertificatePtr& one : parts.authorities) {
    if (X509_STORE_add_cert(store, one.get()) != 1) {
      return wrong(fmt::format("authority \"{}\" cannot be used", subject_of(*one)));
    }
  }
  for (const CrlPtr& one : parts.revoked) {
    if (X509_STORE_add_crl(store, one.get()) != 1)
      return wrong("a list of revoked ones cannot be used");
  }
  // One that is between the peer's and the root can be trusted itself.
  unsigned long flags = X509_V_FLAG_PARTIAL_CHAIN;
  if (!parts.revoked.empty()) flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL;
  X509_STORE_set_flags(store, flags);
  return {};
}

}  // namespace

Result<ContextPtr> server_context(const std::shared_ptr<const Certificates>& certificates,
                                  const ServerOptions& options,
                                  const std::shared_ptr<TicketKeys>& tickets) {
  ERR_clear_error();
  const Certificates::Parts& parts = certificates->parts();
  ContextPtr context = make_context(TLS_server_method(), tickets);
  if (!context) return wrong("TLS cannot be set up");
  Status failure = set_common(*context);
  if (failure.ok()) failure = use_own(*context, parts);
  if (failure.ok()) failure = use_authorities(*context, parts);
  if (!failure.ok()) return failure;
  SSL_CTX_set_alpn_select_cb(context.get(), &choose_protocol, nullptr);
  if (options.client_certificates == ClientCertificates::kNotAsked) {
    SSL_CTX_set_num_tickets(context.get(), 1);
    tickets->use_for(*context);
    return context;
  }
  // A ticket would stand for a certificate that was good once.
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context.get(), 0);
  int mode = SSL_VERIFY_PEER;
  if (options.client_certificates == ClientCertificates::kRequired) {
    mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  }
  SSL_CTX_set_verify(context.get(), mode, &on_verified);
  for (const CertificatePtr& one : parts.authorities) {
    SSL_CTX_add_client_CA(context.get(), one.get());
  }
  return context;
}

Result<ContextPtr> channel_context(const std::shared_ptr<const Certificates>& certificates,
                                   const ChannelOptions& options) {
  ERR_clear_error();
  const Certificates::Parts& parts = certificates->parts();
  ContextPtr context = make_context(TLS_client_method(), nullptr);
  if (!context) return wrong("TLS cannot be set up");
  Status failure = set_common(*context);
  if (failure.ok()) failure = use_own(*context, parts);
  if (failure.ok()) failure = use_authorities(*context, parts);
  if (!failure.ok()) return failure;
  if (options.verifies()) {
    if (parts.authorities.empty() && SSL_CTX_set_default_verify_paths(context.get()) != 1) {
      return wrong("the system's authorities cannot be used");
    }
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, &on_verified);
  }
  // Connections live long: a session is not resumed, and no ticket outlives the trust in a server.
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);
  return context;
}

Status check_usable(const Certificates& certificates) {
  ERR_clear_error();
  ContextPtr context = make_context(TLS_method(), nullptr);
  if (!context) return wrong("TLS cannot be set up");
  Status failure = set_common(*context);
  if (failure.ok()) failure = use_own(*context, certificates.parts());
  if (failure.ok()) failure = use_authorities(*context, certificates.parts());
  return failure;
}

}  // namespace tern::tls
