#include "tls/ssl_session.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>
#include <string>

namespace tern::tls {

namespace {

bool is_number(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

}  // namespace

bool SslSession::begin_server(const ContextPtr& context, HandshakeNotes& notes) {
  if (!make(context, notes)) return false;
  SSL_set_accept_state(ssl_.get());
  needs_ = Needs::kReadable;
  return true;
}

bool SslSession::begin_client(const StreamSetup& setup, HandshakeNotes& notes) {
  ERR_clear_error();
  needs_ = Needs::kWritable;
  if (!make(setup.context, notes)) return false;
  SSL_set_connect_state(ssl_.get());
  const std::string& name = setup.server_name;
  if (!is_number(name) && SSL_set_tlsext_host_name(ssl_.get(), name.c_str()) != 1) return false;
  if (setup.verifies && setup.server_ids.empty() && !expect_name(name, notes)) return false;
  return offer_protocol(setup.application_protocol);
}

void SslSession::forget_notes() noexcept {
  if (ssl_) SSL_set_app_data(ssl_.get(), nullptr);
}

SslSession::Step SslSession::shake_hands() {
  ERR_clear_error();
  const int done = SSL_do_handshake(ssl_.get());
  if (done == 1) return Step::kDone;
  switch (SSL_get_error(ssl_.get(), done)) {
    case SSL_ERROR_WANT_READ:
      needs_ = Needs::kReadable;
      return Step::kBlocked;
    case SSL_ERROR_WANT_WRITE:
      needs_ = Needs::kWritable;
      return Step::kBlocked;
    default:
      return Step::kFailed;
  }
}

std::string_view SslSession::application_protocol() const noexcept {
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
  return {reinterpret_cast<const char*>(chosen), size};
}

bool SslSession::make(const ContextPtr& context, HandshakeNotes& notes) {
  context_ = context;
  ssl_.reset(SSL_new(context.get()));
  BIO* bio = ssl_ ? make_bio(bio_) : nullptr;
  if (!bio) return false;
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_app_data(ssl_.get(), &notes);
  return true;
}

// A wildcard is a whole first label; the name in the subject does not count.
bool SslSession::expect_name(const std::string& name, HandshakeNotes& notes) {
  X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl_.get());
  X509_VERIFY_PARAM_set_hostflags(
      parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  notes.server_name = name;
  return is_number(name) ? X509_VERIFY_PARAM_set1_ip_asc(parameters, name.c_str()) == 1
                         : X509_VERIFY_PARAM_set1_host(parameters, name.c_str(), 0) == 1;
}

bool SslSession::offer_protocol(const std::string& name) {
  if (name.empty()) return true;
  std::string offer(1, static_cast<char>(name.size()));
  offer += name;
  return SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(offer.data()),
                             static_cast<unsigned>(offer.size())) == 0;
}

}  // namespace tern::tls
