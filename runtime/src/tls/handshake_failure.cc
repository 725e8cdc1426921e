#include "tls/handshake_failure.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/sslerr.h>

#include "tls/openssl_error.h"
#include "tls/plaintext.h"

namespace tern::tls {

namespace {

// OpenSSL's reasons for alerts that have come.
constexpr int kAlerts = SSL_AD_REASON_OFFSET;

std::string alert_text(int alert) {
  switch (alert) {
    case TLS1_AD_UNKNOWN_CA:
      return "it does not trust the authority that signed this side's certificate (alert "
             "unknown_ca)";
    case SSL3_AD_BAD_CERTIFICATE:
      return "this side's certificate is not good for it (alert bad_certificate)";
    case SSL3_AD_CERTIFICATE_EXPIRED:
      return "this side's certificate has expired (alert certificate_expired)";
    case SSL3_AD_CERTIFICATE_REVOKED:
      return "this side's certificate was revoked (alert certificate_revoked)";
    case SSL3_AD_UNSUPPORTED_CERTIFICATE:
      return "this side's certificate is of a kind or for a purpose that it does not take (alert "
             "unsupported_certificate)";
    case TLS13_AD_CERTIFICATE_REQUIRED:
      return "it requires a certificate, and this side has shown none (alert certificate_required)";
    case TLS1_AD_NO_APPLICATION_PROTOCOL:
      return "it knows no protocol that this side offers by ALPN (alert no_application_protocol)";
    case TLS1_AD_PROTOCOL_VERSION:
      return "it takes no version of TLS that this side does: 1.2 or 1.3 (alert protocol_version)";
    case SSL3_AD_HANDSHAKE_FAILURE:
      return "it finds nothing that both sides can do, or requires a certificate (alert "
             "handshake_failure)";
    case TLS1_AD_UNRECOGNIZED_NAME:
      return "it has no certificate for the name that was asked for (alert unrecognized_name)";
    default:
      return fmt::format("alert {} ({})", SSL_alert_desc_string_long(alert), alert);
  }
}

std::string text_of(unsigned long error) {
  const int reason = ERR_GET_REASON(error);
  switch (reason) {
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return "the peer has shown no certificate; this side requires one";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_WRONG_SSL_VERSION:
      return "the peer has no version of TLS that this side takes; expected 1.2 or 1.3";
    case SSL_R_NO_SHARED_CIPHER:
      return "the peer offers no cipher that this side takes; expected TLS 1.3, or ECDHE with "
             "AES-GCM or ChaCha20";
    case SSL_R_DH_KEY_TOO_SMALL:
    case SSL_R_EE_KEY_TOO_SMALL:
      return "the peer's key is too short";
    default:
      return take_openssl_error();
  }
}

std::string_view where_it_ended(const StreamBio& bio) {
  return bio.first_size == 0 ? " before it answered; does it speak TLS on this address?" : "";
}

}  // namespace

std::string handshake_failure(const SSL& ssl, const StreamBio& bio, const HandshakeNotes& notes) {
  const unsigned long error = ERR_peek_last_error();
  std::string why;
  if (!can_be_tls(bio.first_bytes())) {
    why = SSL_is_server(&ssl) == 1
              ? fmt::format("the peer speaks plaintext: {}; this address takes TLS alone",
                            describe_plaintext(bio.first_bytes()))
              : fmt::format("the peer answers in plaintext: {}; on this address it speaks no TLS",
                            describe_plaintext(bio.first_bytes()));
  } else if (!notes.why_refused.empty()) {
    why = notes.why_refused;
  } else if (bio.error) {
    why = fmt::format("the connection was lost: {}", bio.error.message());
  } else if (ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) > kAlerts) {
    why = fmt::format("the peer refuses: {}", alert_text(ERR_GET_REASON(error) - kAlerts));
  } else if (bio.ended) {
    why = fmt::format("the peer closed the connection{}", where_it_ended(bio));
  } else {
    why = text_of(error);
  }
  ERR_clear_error();
  return fmt::format("TLS handshake: {}", why);
}

std::string traffic_failure(const StreamBio& bio) {
  const unsigned long error = ERR_peek_last_error();
  std::string why;
  if (bio.error) {
    why = bio.error.message();
  } else if (ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) > kAlerts) {
    why = fmt::format("the peer refuses: {}", alert_text(ERR_GET_REASON(error) - kAlerts));
  } else if (bio.ended) {
    why = "closed by the peer, without the end that TLS has (close_notify)";
  } else {
    why = take_openssl_error();
  }
  ERR_clear_error();
  return fmt::format("TLS: {}", why);
}

}  // namespace tern::tls
