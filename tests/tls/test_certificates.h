// An authority of the test's own, and what it issues: good certificates and bad ones.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tls/handles.h"

namespace tern::test {

// What is asked for. As it stands: a leaf for both purposes that is good for a day.
struct CertificateWish {
  CertificateWish() = default;
  explicit CertificateWish(std::string cn) : common_name(std::move(cn)) {}

  std::string common_name = "leaf";
  // As OpenSSL's configuration has them: "DNS:localhost,IP:127.0.0.1,URI:spiffe://a/b". "": none.
  std::string names;
  std::chrono::seconds begins = std::chrono::hours(-1);  // from now
  std::chrono::seconds ends = std::chrono::hours(24);
  bool authority = false;
  std::string purposes = "serverAuth,clientAuth";  // "": no extended key usage
  std::string key_usage;
  int rsa_bits = 0;  // 0: a curve
};

struct Issued {
  Issued() = default;
  tls::CertificatePtr certificate;
  tls::KeyPtr key;
  std::string pem() const;
  std::string key_pem() const;
};

// Its certificate, and what it signs.
class Authority {
 public:
  // Signed by itself, or by `parent`.
  explicit Authority(const std::string& name, const Authority* parent = nullptr);

  std::string pem() const { return own_.pem(); }
  Issued issue(const CertificateWish& wish) const;
  static Issued self_signed(const CertificateWish& wish);
  // Signed by one that is no authority.
  static Issued signed_by(const Issued& signer, const CertificateWish& wish);
  // A list of what is revoked.
  std::string revoked(const std::vector<const Issued*>& ones) const;

 private:
  Issued own_;
};

}  // namespace tern::test
