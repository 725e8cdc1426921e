#include "tls/test_certificates.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <iostream>

namespace tern::test {

namespace {

void check(bool good, const char* what) {
  if (good) return;
  std::cerr << "test certificates: " << what << '\n';
  ERR_print_errors_fp(stderr);
  std::abort();
}

tls::KeyPtr make_key(int rsa_bits) {
  tls::KeyPtr key(rsa_bits > 0 ? EVP_RSA_gen(static_cast<unsigned>(rsa_bits))
                               : EVP_EC_gen("P-256"));
  check(key != nullptr, "no key");
  return key;
}

void extend(X509& certificate, X509& issuer, int nid, const std::string& value) {
  if (value.empty()) return;
  X509V3_CTX context;
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  check(extension && X509_add_ext(&certificate, extension, -1) == 1, value.c_str());
  X509_EXTENSION_free(extension);
}

// Signed by `issuer`, or by itself.
Issued make(const CertificateWish& wish, const Issued* issuer) {
  Issued made;
  made.key = make_key(wish.rsa_bits);
  made.certificate.reset(X509_new());
  X509& certificate = *made.certificate;
  X509_set_version(&certificate, X509_VERSION_3);
  std::int64_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  ASN1_INTEGER_set_int64(X509_get_serialNumber(&certificate), serial & INT64_MAX);
  X509_gmtime_adj(X509_getm_notBefore(&certificate), wish.begins.count());
  X509_gmtime_adj(X509_getm_notAfter(&certificate), wish.ends.count());
  X509_set_pubkey(&certificate, made.key.get());
  X509_NAME* name = X509_get_subject_name(&certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wish.common_name.c_str()), -1,
                             -1, 0);
  X509& signer = issuer ? *issuer->certificate : certificate;
  X509_set_issuer_name(&certificate, X509_get_subject_name(&signer));
  extend(certificate, signer, NID_basic_constraints,
         wish.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  extend(certificate, signer, NID_subject_key_identifier, "hash");
  extend(certificate, signer, NID_subject_alt_name, wish.names);
  if (!wish.authority) extend(certificate, signer, NID_ext_key_usage, wish.purposes);
  extend(certificate, signer, NID_key_usage, wish.key_usage);
  EVP_PKEY* key = issuer ? issuer->key.get() : made.key.get();
  check(X509_sign(&certificate, key, EVP_sha256()) > 0, "not signed");
  return made;
}

template <typename Write>
std::string pem_of(Write write) {
  tls::BioPtr out(BIO_new(BIO_s_mem()));
  check(write(out.get()) == 1, "no PEM");
  char* text = nullptr;
  long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

std::string Issued::pem() const {
  return pem_of([this](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); });
}

std::string Issued::key_pem() const {
  return pem_of([this](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

Authority::Authority(const std::string& name, const Authority* parent) {
  CertificateWish wish(name);
  wish.authority = true;
  wish.key_usage = "critical,keyCertSign,cRLSign";
  own_ = make(wish, parent ? &parent->own_ : nullptr);
}

Issued Authority::issue(const CertificateWish& wish) const {
  return make(wish, &own_);
}

Issued Authority::self_signed(const CertificateWish& wish) {
  return make(wish, nullptr);
}

Issued Authority::signed_by(const Issued& signer, const CertificateWish& wish) {
  return make(wish, &signer);
}

std::string Authority::revoked(const std::vector<const Issued*>& ones) const {
  tls::CrlPtr list(X509_CRL_new());
  X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(own_.certificate.get()));
  std::unique_ptr<ASN1_TIME, tls::FreeWith<&ASN1_TIME_free>> now(X509_gmtime_adj(nullptr, -60));
  std::unique_ptr<ASN1_TIME, tls::FreeWith<&ASN1_TIME_free>> next(X509_gmtime_adj(nullptr, 3600));
  X509_CRL_set1_lastUpdate(list.get(), now.get());
  X509_CRL_set1_nextUpdate(list.get(), next.get());
  for (const Issued* one : ones) {
    X509_REVOKED* entry = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(one->certificate.get()));
    X509_REVOKED_set_revocationDate(entry, now.get());
    check(X509_CRL_add0_revoked(list.get(), entry) == 1, "no entry");
  }
  check(X509_CRL_sign(list.get(), own_.key.get(), EVP_sha256()) > 0, "list not signed");
  return pem_of([&list](BIO* out) { return PEM_write_bio_X509_CRL(out, list.get()); });
}

}  // namespace tern::test
