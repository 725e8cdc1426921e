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

Failure refusal_of(int alert) {
  switch (alert) {
    case TLS1_AD_UNKNOWN_CA:
      return {Error::kOwnUnknownIssuer,
              "it does not trust the authority that signed this side's certificate (alert "
              "unknown_ca)"};
    case SSL3_AD_BAD_CERTIFICATE:
      return {Error::kOwnCertificateRefused,
              "this side's certificate is not good for it (alert bad_certificate)"};
    case SSL3_AD_CERTIFICATE_EXPIRED:
      return {Error::kOwnCertificateExpired,
              "this side's certificate has expired (alert certificate_expired)"};
    case SSL3_AD_CERTIFICATE_REVOKED:
      return {Error::kOwnCertificateRevoked,
              "this side's certificate was revoked (alert certificate_revoked)"};
    case SSL3_AD_UNSUPPORTED_CERTIFICATE:
      return {Error::kOwnCertificateRefused,
              "this side's certificate is of a kind or for a purpose that it does not take (alert "
              "unsupported_certificate)"};
    case TLS13_AD_CERTIFICATE_REQUIRED:
      return {Error::kOwnCertificateRequired,
              "it requires a certificate, and this side has shown none (alert "
              "certificate_required)"};
    case TLS1_AD_NO_APPLICATION_PROTOCOL:
      return {Error::kNoCommonProtocol,
              "it knows no protocol that this side offers by ALPN (alert "
              "no_application_protocol)"};
    case TLS1_AD_PROTOCOL_VERSION:
      return {Error::kNoCommonVersion,
              "it takes no version of TLS that this side does: 1.2 or 1.3 (alert "
              "protocol_version)"};
    case SSL3_AD_HANDSHAKE_FAILURE:
      return {Error::kNoCommonCipher,
              "it finds nothing that both sides can do, or requires a certificate (alert "
              "handshake_failure)"};
    case TLS1_AD_UNRECOGNIZED_NAME:
      return {Error::kUnknownServerName,
              "it has no certificate for the name that was asked for (alert unrecognized_name)"};
    default:
      return {Error::kAlert,
              fmt::format("alert {} ({})", SSL_alert_desc_string_long(alert), alert)};
  }
}

// Of an error of OpenSSL's that is an alert of the peer's; else nothing.
Failure refusal_of(unsigned long error) {
  if (ERR_GET_LIB(error) != ERR_LIB_SSL || ERR_GET_REASON(error) <= kAlerts) return {};
  Failure failure = refusal_of(ERR_GET_REASON(error) - kAlerts);
  failure.text.insert(0, "the peer refuses: ");
  return failure;
}

Failure failure_of(unsigned long error) {
  const int reason = ERR_GET_REASON(error);
  switch (reason) {
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return {Error::kNoCertificate, "the peer has shown no certificate; this side requires one"};
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_WRONG_SSL_VERSION:
      return {Error::kNoCommonVersion,
              "the peer has no version of TLS that this side takes; expected 1.2 or 1.3"};
    case SSL_R_NO_SHARED_CIPHER:
      return {Error::kNoCommonCipher,
              "the peer offers no cipher that this side takes; expected TLS 1.3, or ECDHE with "
              "AES-GCM or ChaCha20"};
    case SSL_R_DH_KEY_TOO_SMALL:
    case SSL_R_EE_KEY_TOO_SMALL:
      return {Error::kWeakCertificate, "the peer's key is too short"};
    default:
      return {Error::kMalformed, take_openssl_error()};
  }
}

std::string_view where_it_ended(const StreamBio& bio) {
  return bio.first_size == 0 ? " before it answered; does it speak TLS on this address?" : "";
}

std::string plaintext_text(bool of_client, ByteView first) {
  return of_client ? fmt::format("the peer speaks plaintext: {}; this address takes TLS alone",
                                 describe_plaintext(first))
                   : fmt::format(
                         "the server does not speak TLS on this address: it answers in "
                         "plaintext: {}",
                         describe_plaintext(first));
}

Failure why_no_handshake(const SSL& ssl, const StreamBio& bio, const HandshakeNotes& notes) {
  const unsigned long error = ERR_peek_last_error();
  if (!can_be_tls(bio.first_bytes())) {
    return {Error::kPlaintext, plaintext_text(SSL_is_server(&ssl) == 1, bio.first_bytes())};
  }
  if (notes.why_refused) return notes.why_refused;
  if (bio.error) {
    return {bio.error, fmt::format("the connection was lost: {}", bio.error.message())};
  }
  if (Failure refused = refusal_of(error)) return refused;
  if (bio.ended) {
    return {Error::kClosedInHandshake,
            fmt::format("the peer closed the connection{}", where_it_ended(bio))};
  }
  return failure_of(error);
}

Failure why_no_traffic(const StreamBio& bio) {
  if (bio.error) return {bio.error, bio.error.message()};
  if (Failure refused = refusal_of(ERR_peek_last_error())) return refused;
  if (bio.ended) {
    return {Error::kTruncated, "closed by the peer, without the end that TLS has (close_notify)"};
  }
  return {Error::kMalformed, take_openssl_error()};
}

Failure in(std::string_view what, Failure failure) {
  ERR_clear_error();
  failure.text = fmt::format("{}: {}", what, failure.text);
  return failure;
}

}  // namespace

Failure handshake_failure(const SSL& ssl, const StreamBio& bio, const HandshakeNotes& notes) {
  return in("TLS handshake", why_no_handshake(ssl, bio, notes));
}

Failure traffic_failure(const StreamBio& bio) {
  return in("TLS", why_no_traffic(bio));
}

}  // namespace tern::tls
