#include <string>

#include "tern/tls_error.h"

namespace tern::tls {

namespace {

std::string_view text_of(Error error) noexcept {
  switch (error) {
    case Error::kCertificateExpired:
      return "the peer's certificate has expired";
    case Error::kCertificateNotYetValid:
      return "the peer's certificate is not valid yet";
    case Error::kUnknownIssuer:
      return "no authority that this side trusts has signed the peer's certificate";
    case Error::kWrongName:
      return "the peer's certificate is for another name";
    case Error::kWrongPurpose:
      return "the peer's certificate is made for another purpose";
    case Error::kCertificateRevoked:
      return "the peer's certificate was revoked";
    case Error::kRevocationUnknown:
      return "it is not known whether the peer's certificate was revoked";
    case Error::kWeakCertificate:
      return "the peer's certificate is too weak";
    case Error::kCertificateRefused:
      return "the peer's certificate is refused";
    case Error::kNoCertificate:
      return "the peer has shown no certificate";
    case Error::kOwnCertificateExpired:
      return "the peer says that this side's certificate has expired";
    case Error::kOwnUnknownIssuer:
      return "the peer does not trust the authority of this side's certificate";
    case Error::kOwnCertificateRevoked:
      return "the peer says that this side's certificate was revoked";
    case Error::kOwnCertificateRefused:
      return "the peer refuses this side's certificate";
    case Error::kOwnCertificateRequired:
      return "the peer requires a certificate of this side";
    case Error::kUnknownServerName:
      return "the server has no certificate for the name";
    case Error::kNoCommonVersion:
      return "no common version of TLS";
    case Error::kNoCommonCipher:
      return "no common cipher";
    case Error::kNoCommonProtocol:
      return "no common protocol by ALPN";
    case Error::kPlaintext:
      return "the peer speaks plaintext";
    case Error::kClosedInHandshake:
      return "the peer closed the connection in the handshake";
    case Error::kTruncated:
      return "the connection ended without close_notify";
    case Error::kAlert:
      return "the peer has sent an alert";
    case Error::kMalformed:
      return "what came is not TLS as it should be";
    case Error::kCannotBegin:
      return "the handshake cannot begin";
  }
  return "unknown";
}

class Category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "tern.tls"; }
  std::string message(int value) const override {
    return std::string(text_of(static_cast<Error>(value)));
  }
};

}  // namespace

const std::error_category& error_category() noexcept {
  static const Category one;
  return one;
}

std::error_code make_error_code(Error error) noexcept {
  return {static_cast<int>(error), error_category()};
}

}  // namespace tern::tls
