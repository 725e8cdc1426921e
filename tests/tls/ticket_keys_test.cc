// Tickets for resumption, with a client of OpenSSL's own.
#include "tls/ticket_keys.h"

#include <gtest/gtest.h>

#include <memory>

#include "tern/clock.h"
#include "tls/context.h"
#include "tls/test_certificates.h"
#include "tls/tls_fixture.h"

namespace tern::test {
namespace {

using Session = std::unique_ptr<SSL_SESSION, tls::FreeWith<&SSL_SESSION_free>>;

class Tickets : public TlsTest {
 protected:
  Tickets()
      : keys_(std::make_shared<tls::TicketKeys>(clock_)),
        client_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free) {
    SSL_CTX_set_session_cache_mode(client_.get(),
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(client_.get(), [](SSL* ssl, SSL_SESSION* session) {
      static_cast<Session*>(SSL_get_app_data(ssl))->reset(session);
      return 1;
    });
    context_ = make({});
  }
  tls::ContextPtr make(const tls::ServerOptions& options) {
    auto certificates =
        source(server_certificate().pem(), server_certificate().key_pem(), authority().pem())
            ->current();
    return *tls::server_context(certificates, options, keys_);
  }

  // Whether the server takes the ticket; `session_` is then of the one that it gives.
  bool resumes() {
    tls::SslPtr server(SSL_new(context_.get()));
    tls::SslPtr client(SSL_new(client_.get()));
    BIO* one = nullptr;
    BIO* other = nullptr;
    BIO_new_bio_pair(&one, 0, &other, 0);
    SSL_set_bio(server.get(), one, one);
    SSL_set_bio(client.get(), other, other);
    tls::HandshakeNotes notes;
    SSL_set_app_data(server.get(), &notes);
    Session given;
    SSL_set_app_data(client.get(), &given);
    if (session_) SSL_set_session(client.get(), session_.get());
    SSL_set_accept_state(server.get());
    SSL_set_connect_state(client.get());
    char byte = 0;
    for (int i = 0; i < 6; ++i) {
      SSL_do_handshake(client.get());
      SSL_do_handshake(server.get());
      SSL_read(client.get(), &byte, 1);
    }
    EXPECT_EQ(SSL_is_init_finished(server.get()), 1);
    // A session whose connection breaks off is not resumed by OpenSSL's clients.
    SSL_shutdown(client.get());
    has_ticket_ = given != nullptr;
    if (given) session_ = std::move(given);
    return SSL_session_reused(server.get()) == 1;
  }

  ManualClock clock_;
  std::shared_ptr<tls::TicketKeys> keys_;
  std::shared_ptr<SSL_CTX> client_;
  tls::ContextPtr context_;
  Session session_;
  bool has_ticket_ = false;
};

TEST_F(Tickets, AreTakenUntilTheirKeyIsADayOld) {
  EXPECT_FALSE(resumes());
  EXPECT_TRUE(has_ticket_);
  EXPECT_TRUE(resumes());
  clock_.advance(std::chrono::hours(11));
  EXPECT_TRUE(resumes());
  // The key is the one before now.
  clock_.advance(std::chrono::hours(2));
  Session old(SSL_SESSION_dup(session_.get()));
  EXPECT_TRUE(resumes());
  clock_.advance(std::chrono::hours(11));
  EXPECT_TRUE(resumes());  // with the ticket of the new key
  session_ = std::move(old);
  EXPECT_FALSE(resumes());  // its key is 24 hours old
}

TEST_F(Tickets, OutliveNewCertificates) {
  EXPECT_FALSE(resumes());
  context_ = make({});
  EXPECT_TRUE(resumes());
}

TEST_F(Tickets, AreOfNoUseAtAnotherServer) {
  EXPECT_FALSE(resumes());
  keys_ = std::make_shared<tls::TicketKeys>(clock_);
  context_ = make({});
  EXPECT_FALSE(resumes());
}

TEST_F(Tickets, AreNotGivenWhereClientsHaveCertificates) {
  tls::ServerOptions options;
  options.client_certificates = tls::ClientCertificates::kOptional;
  // Nor is one taken that was given before.
  EXPECT_FALSE(resumes());
  ASSERT_TRUE(has_ticket_);
  context_ = make(options);
  EXPECT_FALSE(resumes());
  EXPECT_FALSE(has_ticket_);
}

}  // namespace
}  // namespace tern::test
