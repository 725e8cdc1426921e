// Owners of OpenSSL's objects.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

namespace tern::tls {

template <auto kFree>
struct FreeWith {
  template <typename T>
  void operator()(T* object) const noexcept {
    kFree(object);
  }
};

using BioPtr = std::unique_ptr<BIO, FreeWith<&BIO_free_all>>;
using CertificatePtr = std::unique_ptr<X509, FreeWith<&X509_free>>;
using CrlPtr = std::unique_ptr<X509_CRL, FreeWith<&X509_CRL_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeWith<&EVP_PKEY_free>>;
using SslPtr = std::unique_ptr<SSL, FreeWith<&SSL_free>>;
// Held by all connections that were made with it, beside OpenSSL's own count: what its callbacks
// use lives as long.
using ContextPtr = std::shared_ptr<SSL_CTX>;

}  // namespace tern::tls
