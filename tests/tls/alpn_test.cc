// Which protocol both sides agree to, and what peers that do not speak TLS are told.
#include <ostream>
#include <string>

#include "tls/tls_fixture.h"

namespace tern::test {
namespace {

class Alpn : public TlsTest {
 protected:
  static ChannelTarget offering(std::string_view protocol, bool must_agree = false) {
    ChannelTarget target = TlsPair::localhost();
    target.application_protocol = protocol;
    target.must_agree = must_agree;
    return target;
  }
};

TEST_F(Alpn, AgreesToAllThatServersSpeak) {
  for (std::string_view protocol : {"h2", "tern", "http/1.1", ""}) {
    TlsPair pair(loop_, *server(), *client(), offering(protocol, !protocol.empty()));
    pair.client().write("hello");
    pair.start();
    EXPECT_EQ(pair.server().text, "hello") << protocol << pair.client().error;
    EXPECT_EQ(pair.server().stream->application_protocol(), protocol);
    EXPECT_EQ(pair.client().stream->application_protocol(), protocol);
  }
}

TEST_F(Alpn, RefusesWhatServersDoNotSpeak) {
  TlsPair pair(loop_, *server(), *client(), offering("spdy/1"));
  pair.client().write("hello");
  pair.start();
  EXPECT_EQ(pair.server().text, "");
  EXPECT_NE(pair.server().error.find("no common protocol: the peer offers"), std::string::npos)
      << pair.server().error;
  EXPECT_NE(pair.server().error.find("spdy/1"), std::string::npos);
  EXPECT_NE(pair.client().error.find("alert no_application_protocol"), std::string::npos)
      << pair.client().error;
  EXPECT_EQ(pair.server().code, tls::Error::kNoCommonProtocol);
  EXPECT_EQ(pair.client().code, tls::Error::kNoCommonProtocol);
  EXPECT_EQ(pair.client().stream->application_protocol(), "");
}

using Context = std::unique_ptr<SSL_CTX, tls::FreeWith<&SSL_CTX_free>>;

// A server made with OpenSSL alone.
Context foreign_context(const Issued& certificate) {
  Context context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate(context.get(), certificate.certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), certificate.key.get());
  return context;
}

void shake_hands(TestLoop& loop, SSL_CTX& context, MemoryEnd& with) {
  tls::SslPtr ssl(SSL_new(&context));
  BIO* in = BIO_new(BIO_s_mem());
  BIO* out = BIO_new(BIO_s_mem());
  SSL_set_bio(ssl.get(), in, out);
  SSL_set_accept_state(ssl.get());
  for (int round = 0; round < 4; ++round) {
    loop.settle();
    const std::string came = with.take_received();
    BIO_write(in, came.data(), static_cast<int>(came.size()));
    SSL_do_handshake(ssl.get());
    char* answer = nullptr;
    const long size = BIO_get_mem_data(out, &answer);
    with.send({answer, static_cast<std::size_t>(size)});
    (void)BIO_reset(out);
  }
}

TEST_F(Alpn, RefusesAServerThatDoesNotAgreeWhereItMust) {
  for (bool must : {true, false}) {
    MemoryLink link;
    auto user = std::make_shared<StreamUser>(
        client()->connect(loop_.loop(), link.right().open(loop_.loop()), offering("h2", must)));
    user->start();
    user->write("hello");
    Context context = foreign_context(server_certificate());
    shake_hands(loop_, *context, link.left());
    if (must) {
      EXPECT_EQ(user->error,
                "TLS handshake: no common protocol: the server has not agreed to \"h2\" by ALPN");
      EXPECT_EQ(user->code, tls::Error::kNoCommonProtocol);
    } else {
      EXPECT_EQ(user->error, "");
      EXPECT_TRUE(user->stream->established());
    }
    user->stream->close();
  }
}

int choose_spdy(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char*,
                unsigned, void*) {
  static const std::string kSpdy = "spdy/1";
  *chosen = reinterpret_cast<const unsigned char*>(kSpdy.data());
  *size = static_cast<unsigned char>(kSpdy.size());
  return SSL_TLSEXT_ERR_OK;
}

TEST_F(Alpn, RefusesAServerThatChoosesWhatWasNotOffered) {
  MemoryLink link;
  auto user = std::make_shared<StreamUser>(
      client()->connect(loop_.loop(), link.right().open(loop_.loop()), offering("h2")));
  user->start();
  user->write("hello");
  Context context = foreign_context(server_certificate());
  SSL_CTX_set_alpn_select_cb(context.get(), &choose_spdy, nullptr);
  shake_hands(loop_, *context, link.left());
  // Newer ones of OpenSSL say so themselves, in their words.
  EXPECT_EQ(user->error.rfind("TLS handshake: ", 0), 0u) << user->error;
  EXPECT_EQ(&user->code.category(), &tls::error_category());
  EXPECT_EQ(user->queued, "hello");
  user->stream->close();
}

// --- Peers of plaintext ---

struct Plaintext {
  std::string name;
  std::string sent;
  std::string server_says;
  std::string answer;
};
void PrintTo(const Plaintext& one, std::ostream* out) {
  *out << one.name;
}

class PlaintextPeers : public TlsTest, public testing::WithParamInterface<Plaintext> {};

TEST_P(PlaintextPeers, AreToldSoInTheirOwnProtocol) {
  auto credentials = server();
  MemoryLink link;
  auto user = std::make_shared<StreamUser>(credentials->accept(
      loop_.loop(), link.left().open(loop_.loop()), ServerCredentials::Peers::kSecure));
  user->start();
  link.right().send(GetParam().sent);
  loop_.settle();
  const std::string answer = link.right().take_received();
  EXPECT_NE(answer.find(GetParam().answer), std::string::npos) << answer;
  EXPECT_TRUE(link.right().end_received());
  EXPECT_EQ(user->text, "");
  EXPECT_EQ(user->error, "");  // until the peer has read that
  link.right().close();
  loop_.settle();
  EXPECT_NE(user->error.find("TLS handshake: the peer speaks plaintext: "), std::string::npos)
      << user->error;
  EXPECT_NE(user->error.find(GetParam().server_says), std::string::npos) << user->error;
  EXPECT_EQ(user->code, tls::Error::kPlaintext);
  EXPECT_FALSE(user->stream->established());
  EXPECT_EQ(credentials->stats().handshake_failures, 1u);
}

TEST_P(PlaintextPeers, AreWaitedForNoLongerThanASecond) {
  MemoryLink link;
  auto user = std::make_shared<StreamUser>(server()->accept(
      loop_.loop(), link.left().open(loop_.loop()), ServerCredentials::Peers::kSecure));
  user->start();
  link.right().send(GetParam().sent);
  loop_.settle();
  loop_.advance(std::chrono::seconds(1));
  EXPECT_NE(user->error.find(GetParam().server_says), std::string::npos) << user->error;
  user->stream->close();
}

INSTANTIATE_TEST_SUITE_P(
    All, PlaintextPeers,
    testing::Values(
        Plaintext{"Http1", "GET /debug/rpc HTTP/1.1\r\nHost: a\r\n\r\n",
                  "HTTP/1 (\"GET /debug/rpc HTTP/1.1\"); this address takes TLS alone",
                  "HTTP/1.1 400 Plaintext On An Address Of TLS\r\n"},
        Plaintext{"Http2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/2 (\"PRI * HTTP/2.0\")",
                  "HTTP/1.1 400 Plaintext On An Address Of TLS\r\n"},
        Plaintext{"Option", "{\"MagicNumber\":3927900,\"CodecType\":\"application/x-tern\"}\n",
                  "an Option in JSON",
                  "\"Error\":\"handshake: this address takes TLS alone, and the first bytes are "
                  "plaintext; dial it with TLS\""},
        Plaintext{"JsonRpc", "{\"jsonrpc\":\"2.0\",\"method\":\"A.B\",\"id\":1}\n", "JSON-RPC",
                  "\"error\":{\"code\":-32600"},
        Plaintext{"Others", "SSH-2.0-OpenSSH_9.2\r\n", "plaintext (\"SSH-2.0-OpenSSH_9.2\")",
                  "\x15\x03\x01"}),
    [](const auto& one) { return one.param.name; });

TEST_F(Alpn, SaysThatAServerAnswersInPlaintext) {
  MemoryLink link;
  auto user = std::make_shared<StreamUser>(
      client()->connect(loop_.loop(), link.right().open(loop_.loop()), TlsPair::localhost()));
  user->start();
  loop_.settle();
  link.left().send("HTTP/1.1 400 Bad Request\r\n\r\n");
  loop_.settle();
  EXPECT_EQ(
      user->error,
      "TLS handshake: the server does not speak TLS on this address: it answers in plaintext: "
      "HTTP/1 (\"HTTP/1.1 400 Bad Request\")");
  EXPECT_EQ(user->code, tls::Error::kPlaintext);
}

// A check whether the port is open is no failure.
TEST_F(Alpn, SaysNothingOfAPeerThatSendsNothing) {
  auto credentials = server();
  MemoryLink link;
  auto user = std::make_shared<StreamUser>(credentials->accept(
      loop_.loop(), link.left().open(loop_.loop()), ServerCredentials::Peers::kSecure));
  user->start();
  loop_.settle();
  link.right().close();
  loop_.settle();
  EXPECT_NE(user->error, "");
  EXPECT_TRUE(user->stream->established());
  EXPECT_EQ(credentials->stats().handshake_failures, 0u);
}

}  // namespace
}  // namespace tern::test
