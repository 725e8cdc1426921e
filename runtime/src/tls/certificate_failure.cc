#include "tls/certificate_failure.h"

#include <fmt/format.h>

#include "base/peer_text.h"
#include "tls/names.h"

namespace tern::tls {

namespace {

// "\"a.example\", \"10.0.0.1\"", cut if there are many.
std::string names_of(const X509& certificate) {
  constexpr std::size_t kShown = 8;
  AlternativeNames names = alternative_names_of(certificate);
  names.dns.insert(names.dns.end(), names.addresses.begin(), names.addresses.end());
  std::string text;
  for (std::size_t i = 0; i < names.dns.size() && i < kShown; ++i) {
    text += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", base::peer_text(names.dns[i]));
  }
  if (names.dns.size() > kShown) text += fmt::format(" and {} more", names.dns.size() - kShown);
  return text;
}

std::string wrong_name(const X509& certificate, std::string_view server_name) {
  std::string names = names_of(certificate);
  if (names.empty()) {
    return fmt::format(
        "it has no alternative name (subjectAltName), and so is not for \"{}\": a "
        "name in the subject does not count",
        server_name);
  }
  return fmt::format("it is for {}, not for \"{}\"", names, server_name);
}

Error error_of(int error) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return Error::kCertificateExpired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return Error::kCertificateNotYetValid;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return Error::kWrongName;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return Error::kUnknownIssuer;
    case X509_V_ERR_INVALID_PURPOSE:
      return Error::kWrongPurpose;
    case X509_V_ERR_CERT_REVOKED:
      return Error::kCertificateRevoked;
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_CRL_HAS_EXPIRED:
      return Error::kRevocationUnknown;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return Error::kWeakCertificate;
    default:
      return Error::kCertificateRefused;
  }
}

std::string reason(int error, const X509& certificate, std::string_view server_name,
                   bool of_client) {
  const std::string issuer = base::peer_text(issuer_of(certificate));
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return fmt::format("it expired on {}", text_of(*X509_get0_notAfter(&certificate)));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return fmt::format("it is not valid before {}", text_of(*X509_get0_notBefore(&certificate)));
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return wrong_name(certificate, server_name);
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "it has signed itself, and is not an authority that this side trusts";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return "it is the root of the peer's chain, and not an authority that this side trusts";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return fmt::format(
          "\"{}\" has signed it, which is not an authority that this side trusts; "
          "nor did the peer send that one's certificate",
          issuer);
    case X509_V_ERR_INVALID_PURPOSE:
      return fmt::format("it is not made for {} (extended key usage)",
                         of_client ? "clients" : "servers");
    case X509_V_ERR_INVALID_CA:
      return "it has signed another certificate, and is not that of an authority";
    case X509_V_ERR_CERT_REVOKED:
      return fmt::format("\"{}\" has revoked it", issuer);
    case X509_V_ERR_UNABLE_TO_GET_CRL:
      return fmt::format("there is no list of what \"{}\" has revoked", issuer);
    case X509_V_ERR_CRL_HAS_EXPIRED:
      return fmt::format("the list of what \"{}\" has revoked has expired", issuer);
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
      return "its key is too short";
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return "the hash of its signature is too weak";
    default:
      return X509_verify_cert_error_string(error);
  }
}

}  // namespace

Failure certificate_failure(X509_STORE_CTX& store, std::string_view server_name, bool of_client) {
  const X509* certificate = X509_STORE_CTX_get_current_cert(&store);
  const int error = X509_STORE_CTX_get_error(&store);
  if (!certificate) {
    return {error_of(error), fmt::format("the peer's certificate is refused: {}",
                                         X509_verify_cert_error_string(error))};
  }
  return {error_of(error), fmt::format("the peer's certificate \"{}\" is refused: {}",
                                       base::peer_text(subject_of(*certificate)),
                                       reason(error, *certificate, server_name, of_client))};
}

}  // namespace tern::tls
