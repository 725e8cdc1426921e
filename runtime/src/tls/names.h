// What a certificate says, as text.
#pragma once

#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "tern/peer_certificate.h"

namespace tern::tls {

// As RFC 2253 has it: "CN=billing,O=Example".
std::string subject_of(const X509& certificate);
std::string issuer_of(const X509& certificate);
// "2026-12-01 05:12:50 UTC".
std::string text_of(const ASN1_TIME& time);
std::chrono::system_clock::time_point expiry_of(const X509& certificate);

// The subject's alternative names, those with a zero byte left out.
struct AlternativeNames {
  AlternativeNames() = default;
  std::vector<std::string> dns;
  std::vector<std::string> addresses;
  std::vector<std::string> uris;
};
AlternativeNames alternative_names_of(const X509& certificate);

// Of a certificate that has been verified.
std::shared_ptr<const PeerCertificate> peer_certificate_of(
    const X509& certificate, const std::vector<std::string>& trust_domains);

// The ID of an X.509-SVID, as SPIFFE's specification checks it: its only URI is
// "spiffe://domain/path" with a domain of `trust_domains`, and it signs no certificates. Else "".
std::string spiffe_id_of(const X509& certificate, const std::vector<std::string>& trust_domains);

}  // namespace tern::tls
