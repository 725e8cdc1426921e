// Certificates that one test program makes once, and credentials of them.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "support/test_loop.h"
#include "tern/tls.h"
#include "tern/tls_error.h"
#include "tls/test_certificates.h"
#include "tls/tls_pair.h"

namespace tern::test {

class TlsTest : public testing::Test {
 protected:
  static const Authority& authority() {
    static const Authority one("the authority");
    return one;
  }
  static const Issued& server_certificate() {
    static const Issued one = [] {
      CertificateWish wish("server");
      wish.names = "DNS:localhost,IP:127.0.0.1";
      return authority().issue(wish);
    }();
    return one;
  }
  static const Issued& client_certificate() {
    static const Issued one = [] {
      CertificateWish wish("client");
      wish.names = "DNS:billing.example,URI:spiffe://example.org/billing";
      return authority().issue(wish);
    }();
    return one;
  }

  // `chain` may be "".
  static std::shared_ptr<tls::CertificateSource> source(const std::string& chain,
                                                        const std::string& key,
                                                        const std::string& authorities,
                                                        const std::string& revoked = "") {
    tls::CertificateFiles texts;
    texts.chain = chain;
    texts.key = key;
    texts.authorities = authorities;
    texts.revoked = revoked;
    Result<std::shared_ptr<const tls::Certificates>> parsed = tls::Certificates::parse(texts);
    EXPECT_TRUE(parsed.ok()) << parsed.status().to_string();
    return tls::CertificateSource::of(*parsed);
  }
  static std::shared_ptr<ServerCredentials> server(
      const Issued& own, const tls::ServerOptions& options = tls::ServerOptions()) {
    return *tls::server_credentials(source(own.pem(), own.key_pem(), authority().pem()), options);
  }
  static std::shared_ptr<ServerCredentials> server() { return server(server_certificate()); }
  static std::shared_ptr<ServerCredentials> mutual_server() {
    tls::ServerOptions options;
    options.client_certificates = tls::ClientCertificates::kRequired;
    options.trust_domains = {"example.org"};
    return server(server_certificate(), options);
  }
  static std::shared_ptr<ChannelCredentials> client(
      const tls::ChannelOptions& options = tls::ChannelOptions()) {
    return *tls::channel_credentials(source("", "", authority().pem()), options);
  }
  static std::shared_ptr<ChannelCredentials> client(
      const Issued& own, const tls::ChannelOptions& options = tls::ChannelOptions()) {
    return *tls::channel_credentials(source(own.pem(), own.key_pem(), authority().pem()), options);
  }

  TestLoop loop_;
};

}  // namespace tern::test
