// TLS for the tests of servers. tests/serve/no_secure_transports.cc is in its place without it.
#include <gtest/gtest.h>

#include <string>

#include "serve/transport.h"
#include "tern/tls.h"
#include "tls/test_certificates.h"

namespace tern::test {

namespace {

std::shared_ptr<tls::CertificateSource> source(const tls::CertificateFiles& texts) {
  Result<std::shared_ptr<const tls::Certificates>> parsed = tls::Certificates::parse(texts);
  EXPECT_TRUE(parsed.ok()) << parsed.status().to_string();
  return tls::CertificateSource::of(*parsed);
}

}  // namespace

std::vector<Transport> secure_transports() {
  const Authority authority("the authority");
  CertificateWish wish("server");
  wish.names = "DNS:here";
  const Issued certificate = authority.issue(wish);
  tls::CertificateFiles server;
  server.chain = certificate.pem();
  server.key = certificate.key_pem();
  tls::CertificateFiles client;
  client.authorities = authority.pem();
  return {
      {"TLS", *tls::server_credentials(source(server)), *tls::channel_credentials(source(client))}};
}

}  // namespace tern::test
