#include "integration/threads/ways.h"

#ifdef TERN_TEST_TLS
#include <memory>

#include "tern/tls.h"
#include "tls/test_certificates.h"
#endif

namespace tern::test {

namespace {

std::vector<Way> plain_ways() {
  return {{"tcp", true},
          {"tcp", false, false, "application/json"},
          {"tcp", true, false, "application/proto"},
          {"tcp", false, false, "application/gob"},
          {"netrpc+tcp"},
          {"netrpc+http"},
          {"jsonrpc+tcp"},
          {"jsonrpc2+http"},
          {"connect+http", true, false, "application/json"},
          {"connect+http", true, false, "application/proto"},
          {"connect-h2+tcp", true, false, "application/json"},
          {"connect-h2+tcp", true, false, "application/proto"},
          {"grpc-web+http", true},
          {"grpc+tcp", true}};
}

}  // namespace

#ifdef TERN_TEST_TLS

namespace {

const Authority& authority() {
  static const Authority one("the authority");
  return one;
}

std::shared_ptr<const tls::Certificates> server_certificates() {
  CertificateWish wish("server");
  wish.names = "IP:127.0.0.1";
  const Issued leaf = authority().issue(wish);
  tls::CertificateFiles texts;
  texts.chain = leaf.pem();
  texts.key = leaf.key_pem();
  return *tls::Certificates::parse(texts);
}

std::shared_ptr<const tls::Certificates> trusted() {
  tls::CertificateFiles texts;
  texts.authorities = authority().pem();
  return *tls::Certificates::parse(texts);
}

std::string with_tls(std::string prefix) {
  const std::size_t transport = prefix.rfind('+') + 1;  // 0 without one
  const bool http = prefix.substr(transport) == "http";
  return prefix.replace(transport, std::string::npos, http ? "https" : "tls");
}

}  // namespace

std::vector<Way> ways() {
  std::vector<Way> all;
  for (const Way& plain : plain_ways()) {
    all.push_back(plain);
    all.push_back({with_tls(plain.prefix), plain.streams, true, plain.codec});
  }
  return all;
}

void secure(const Way& way, ServerOptions& options) {
  if (!way.secure) return;
  options.credentials =
      *tls::server_credentials(tls::CertificateSource::of(server_certificates()), {});
}

void secure(const Way& way, ClientOptions& options) {
  if (!way.secure) return;
  options.credentials = *tls::channel_credentials(tls::CertificateSource::of(trusted()));
}

#else

std::vector<Way> ways() {
  return plain_ways();
}
void secure(const Way&, ServerOptions&) {}
void secure(const Way&, ClientOptions&) {}

#endif

}  // namespace tern::test
