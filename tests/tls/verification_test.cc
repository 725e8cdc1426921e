// Whose certificates are taken, and what is said of the others.
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "tls/tls_fixture.h"

namespace tern::test {
namespace {

// A server's certificate, and what its client makes of it.
struct Shown {
  std::string chain;
  std::string key;
  std::string authorities;
  std::string revoked;
  std::string host = "localhost";
};

struct BadCertificate {
  std::string name;
  std::function<Shown(const Authority&)> make;
  std::string says;
  tls::Error code;
};
void PrintTo(const BadCertificate& one, std::ostream* out) {
  *out << one.name;
}

CertificateWish wish_of(const std::string& names) {
  CertificateWish wish("server");
  wish.names = names;
  return wish;
}

Shown shown(const Issued& one, const Authority& authority, const std::string& host = "localhost") {
  return {one.pem(), one.key_pem(), authority.pem(), "", host};
}

class BadCertificates : public TlsTest, public testing::WithParamInterface<BadCertificate> {};

TEST_P(BadCertificates, AreRefusedWithTheReasonOnBothSides) {
  Shown shown = GetParam().make(authority());
  auto server_side = *tls::server_credentials(source(shown.chain, shown.key, ""));
  auto client_side = *tls::channel_credentials(source("", "", shown.authorities, shown.revoked));
  ChannelTarget target;
  target.endpoint = *parse_endpoint("tls@" + shown.host + ":7000");
  TlsPair pair(loop_, *server_side, *client_side, target);
  pair.client().write("a secret");
  pair.start();
  EXPECT_NE(pair.client().error.find(GetParam().says), std::string::npos) << pair.client().error;
  EXPECT_EQ(pair.client().error.rfind("TLS handshake: the peer's certificate", 0), 0u)
      << pair.client().error;
  EXPECT_EQ(pair.client().code, GetParam().code) << pair.client().code.message();
  EXPECT_EQ(pair.client().queued, "a secret");
  EXPECT_FALSE(pair.client().stream->peer_certificate());
  EXPECT_EQ(pair.server().text, "");
  EXPECT_EQ(&pair.server().code.category(), &tls::error_category());
  EXPECT_NE(pair.server().error.find("the peer refuses: "), std::string::npos)
      << pair.server().error;
  EXPECT_EQ(client_side->stats().handshake_failures, 1u);
}

std::vector<BadCertificate> bad_certificates() {
  return {
      {"Expired",
       [](const Authority& authority) {
         CertificateWish wish = wish_of("DNS:localhost");
         wish.begins = std::chrono::hours(-48);
         wish.ends = std::chrono::hours(-24);
         return shown(authority.issue(wish), authority);
       },
       "it expired on 20", tls::Error::kCertificateExpired},
      {"NotYetValid",
       [](const Authority& authority) {
         CertificateWish wish = wish_of("DNS:localhost");
         wish.begins = std::chrono::hours(24);
         wish.ends = std::chrono::hours(48);
         return shown(authority.issue(wish), authority);
       },
       "it is not valid before 20", tls::Error::kCertificateNotYetValid},
      {"OfAnotherHost",
       [](const Authority& authority) {
         return shown(authority.issue(wish_of("DNS:a.example,DNS:b.example")), authority);
       },
       "it is for \"a.example\", \"b.example\", not for \"localhost\"", tls::Error::kWrongName},
      {"OfAnotherAddress",
       [](const Authority& authority) {
         return shown(authority.issue(wish_of("IP:127.0.0.2")), authority, "127.0.0.1");
       },
       "it is for \"127.0.0.2\", not for \"127.0.0.1\"", tls::Error::kWrongName},
      {"WithTwoWildcards",
       [](const Authority& authority) {
         return shown(authority.issue(wish_of("DNS:*.*.c.example")), authority, "a.b.c.example");
       },
       "it is for \"*.*.c.example\", not for \"a.b.c.example\"", tls::Error::kWrongName},
      {"WithAWildcardForAPartOfALabel",
       [](const Authority& authority) {
         return shown(authority.issue(wish_of("DNS:f*.b.example")), authority, "foo.b.example");
       },
       "it is for \"f*.b.example\", not for \"foo.b.example\"", tls::Error::kWrongName},
      {"WithAWildcardForTwoLabels",
       [](const Authority& authority) {
         return shown(authority.issue(wish_of("DNS:*.c.example")), authority, "a.b.c.example");
       },
       "it is for \"*.c.example\", not for \"a.b.c.example\"", tls::Error::kWrongName},
      {"WithTheAddressInTheSubject",
       [](const Authority& authority) {
         CertificateWish wish("127.0.0.1");
         return shown(authority.issue(wish), authority, "127.0.0.1");
       },
       "a name in the subject does not count", tls::Error::kWrongName},
      {"WithTheNameInTheSubject",
       [](const Authority& authority) {
         return shown(authority.issue(CertificateWish("localhost")), authority);
       },
       "a name in the subject does not count", tls::Error::kWrongName},
      {"SelfSigned",
       [](const Authority& authority) {
         return shown(Authority::self_signed(wish_of("DNS:localhost")), authority);
       },
       "it has signed itself", tls::Error::kUnknownIssuer},
      {"OfAnotherAuthority",
       [](const Authority& authority) {
         Authority other("another authority");
         return shown(other.issue(wish_of("DNS:localhost")), authority);
       },
       "\"CN=another authority\" has signed it, which is not an authority that this side trusts",
       tls::Error::kUnknownIssuer},
      {"OfAnAuthorityOfTheSameName",
       [](const Authority& authority) {
         Authority other("the authority");
         return shown(other.issue(wish_of("DNS:localhost")), authority);
       },
       "refused", tls::Error::kUnknownIssuer},
      {"WithoutTheOneBetween",
       [](const Authority& authority) {
         Authority between("the one between", &authority);
         return shown(between.issue(wish_of("DNS:localhost")), authority);
       },
       "\"CN=the one between\" has signed it", tls::Error::kUnknownIssuer},
      {"OfAClient",
       [](const Authority& authority) {
         CertificateWish wish = wish_of("DNS:localhost");
         wish.purposes = "clientAuth";
         return shown(authority.issue(wish), authority);
       },
       "it is not made for servers", tls::Error::kWrongPurpose},
      {"Revoked",
       [](const Authority& authority) {
         Issued one = authority.issue(wish_of("DNS:localhost"));
         Shown made = shown(one, authority);
         made.revoked = authority.revoked({&one});
         return made;
       },
       "\"CN=the authority\" has revoked it", tls::Error::kCertificateRevoked},
      {"OfALeafOfTheAuthority",
       [](const Authority& authority) {
         Issued leaf = authority.issue(CertificateWish("a leaf"));
         Issued forged = Authority::signed_by(leaf, wish_of("DNS:localhost"));
         Shown made = shown(forged, authority);
         made.chain += leaf.pem();
         return made;
       },
       "is not that of an authority", tls::Error::kCertificateRefused},
  };
}

INSTANTIATE_TEST_SUITE_P(All, BadCertificates, testing::ValuesIn(bad_certificates()),
                         [](const auto& one) { return one.param.name; });

class Verification : public TlsTest {
 protected:
  // Whether a client of `host` takes a server with `names`.
  bool takes(const std::string& names, const std::string& host) {
    Issued one = authority().issue(wish_of(names));
    auto server_side = server(one);
    ChannelTarget target;
    target.endpoint = *parse_endpoint("tls@" + host + ":7000");
    TlsPair pair(loop_, *server_side, *client(), target);
    pair.client().write("hello");
    pair.start();
    return pair.server().text == "hello";
  }
};

TEST_F(Verification, TakesNamesAddressesAndAWholeFirstLabel) {
  EXPECT_TRUE(takes("DNS:localhost", "localhost"));
  EXPECT_TRUE(takes("DNS:LOCALHOST", "localhost"));
  EXPECT_TRUE(takes("DNS:*.b.example", "a.b.example"));
  EXPECT_TRUE(takes("DNS:other,IP:127.0.0.1", "127.0.0.1"));
  EXPECT_TRUE(takes("IP:0:0:0:0:0:0:0:1", "[::1]"));
}

TEST_F(Verification, TakesTheServerThatIsNamedInPlaceOfTheAddress) {
  tls::ChannelOptions options;
  options.server_name = "localhost";
  ChannelTarget target;
  target.endpoint = *parse_endpoint("tls@10.0.0.7:7000");
  TlsPair pair(loop_, *server(), *client(options), target);
  pair.client().write("hello");
  pair.start();
  EXPECT_EQ(pair.server().text, "hello");
}

TEST_F(Verification, TakesAChainWithTheOneBetween) {
  Authority between("the one between", &authority());
  Issued leaf = between.issue(wish_of("DNS:localhost"));
  auto server_side =
      *tls::server_credentials(source(leaf.pem() + between.pem(), leaf.key_pem(), ""));
  TlsPair pair(loop_, *server_side, *client());
  pair.client().write("hello");
  pair.start();
  EXPECT_EQ(pair.server().text, "hello");
}

TEST_F(Verification, TakesAnybodyOnlyIfToldSo) {
  tls::ChannelOptions options;
  options.insecure_skip_verify_for_tests();
  auto server_side = server(Authority::self_signed(wish_of("DNS:a.example")));
  TlsPair pair(loop_, *server_side, *client(options));
  pair.client().write("hello");
  pair.start();
  EXPECT_EQ(pair.server().text, "hello");
  EXPECT_FALSE(pair.client().stream->peer_certificate());
}

TEST_F(Verification, SaysWhoTheOtherSideIs) {
  TlsPair pair(loop_, *mutual_server(), *client(client_certificate()));
  pair.start();
  auto of_client = pair.server().stream->peer_certificate();
  ASSERT_TRUE(of_client);
  EXPECT_EQ(of_client->subject, "CN=client");
  EXPECT_EQ(of_client->dns_names, std::vector<std::string>{"billing.example"});
  EXPECT_EQ(of_client->uris, std::vector<std::string>{"spiffe://example.org/billing"});
  EXPECT_EQ(of_client->spiffe_id, "spiffe://example.org/billing");
  auto of_server = pair.client().stream->peer_certificate();
  ASSERT_TRUE(of_server);
  EXPECT_EQ(of_server->subject, "CN=server");
}

TEST_F(Verification, AsksForNoCertificateUnlessToldSo) {
  TlsPair pair(loop_, *server(), *client(client_certificate()));
  pair.client().write("hello");
  pair.start();
  EXPECT_EQ(pair.server().text, "hello");
  EXPECT_FALSE(pair.server().stream->peer_certificate());
}

TEST_F(Verification, TakesNoCertificateWhereItIsOptionalButNoBadOne) {
  tls::ServerOptions options;
  options.client_certificates = tls::ClientCertificates::kOptional;
  auto server_side = server(server_certificate(), options);
  {
    TlsPair pair(loop_, *server_side, *client());
    pair.client().write("hello");
    pair.start();
    EXPECT_EQ(pair.server().text, "hello");
    EXPECT_FALSE(pair.server().stream->peer_certificate());
  }
  Authority other("another authority");
  Issued stranger = other.issue(CertificateWish("stranger"));
  TlsPair pair(loop_, *server_side, *client(stranger));
  pair.client().write("hello");
  pair.start();
  EXPECT_EQ(pair.server().text, "");
  EXPECT_NE(pair.server().error.find("\"CN=another authority\" has signed it"), std::string::npos)
      << pair.server().error;
}

struct BadClient {
  std::string name;
  std::function<Issued(const Authority&)> make;  // an empty one: it shows none
  std::string server_says;
  tls::Error server_code;
  std::string client_says;
  tls::Error client_code;
};
void PrintTo(const BadClient& one, std::ostream* out) {
  *out << one.name;
}

class BadClients : public TlsTest, public testing::WithParamInterface<BadClient> {};

TEST_P(BadClients, AreRefusedWithTheReasonOnBothSides) {
  Issued own = GetParam().make(authority());
  auto client_side = own.certificate ? client(own) : client();
  TlsPair pair(loop_, *mutual_server(), *client_side);
  pair.client().write("hello");
  pair.start();
  EXPECT_EQ(pair.server().text, "");
  EXPECT_FALSE(pair.server().stream->established());
  EXPECT_NE(pair.server().error.find(GetParam().server_says), std::string::npos)
      << pair.server().error;
  EXPECT_EQ(pair.server().code, GetParam().server_code) << pair.server().code.message();
  EXPECT_NE(pair.client().error.find(GetParam().client_says), std::string::npos)
      << pair.client().error;
  EXPECT_EQ(pair.client().code, GetParam().client_code) << pair.client().code.message();
}

INSTANTIATE_TEST_SUITE_P(
    All, BadClients,
    testing::Values(BadClient{"Nobody", [](const Authority&) { return Issued(); },
                              "the peer has shown no certificate", tls::Error::kNoCertificate,
                              "this side has shown none", tls::Error::kOwnCertificateRequired},
                    BadClient{"OfAnotherAuthority",
                              [](const Authority&) {
                                Authority other("another authority");
                                return other.issue(CertificateWish("stranger"));
                              },
                              "\"CN=another authority\" has signed it", tls::Error::kUnknownIssuer,
                              "alert unknown_ca", tls::Error::kOwnUnknownIssuer},
                    BadClient{"Expired",
                              [](const Authority& authority) {
                                CertificateWish wish("late");
                                wish.begins = std::chrono::hours(-48);
                                wish.ends = std::chrono::hours(-24);
                                return authority.issue(wish);
                              },
                              "it expired on 20", tls::Error::kCertificateExpired,
                              "alert certificate_expired", tls::Error::kOwnCertificateExpired},
                    BadClient{"OfAServer",
                              [](const Authority& authority) {
                                CertificateWish wish("server");
                                wish.purposes = "serverAuth";
                                return authority.issue(wish);
                              },
                              "it is not made for clients", tls::Error::kWrongPurpose,
                              "alert unsupported_certificate", tls::Error::kOwnCertificateRefused}),
    [](const auto& one) { return one.param.name; });

// The peer's refusal is there to be read, and the socket says only that nobody takes what is
// written.
TEST_F(Verification, SaysWhyThePeerRefusesThoughWritingFailsFirst) {
  TlsPair pair(loop_, *mutual_server(), *client());
  pair.server().start();
  pair.client().write("hello");  // and does not read
  loop_.settle();
  EXPECT_NE(pair.server().error, "");
  EXPECT_EQ(pair.client().error, "");
  pair.server().stream->close();
  loop_.settle();
  pair.client().write("more");
  EXPECT_NE(pair.client().error.find("it requires a certificate, and this side has shown none"),
            std::string::npos)
      << pair.client().error;
}

TEST_F(Verification, SaysThatANameIsTooLongToBeOne) {
  ChannelTarget target;
  target.endpoint.host = std::string(300, 'a');
  target.endpoint.transport = Endpoint::Transport::kTls;
  TlsPair pair(loop_, *server(), *client(), target);
  pair.client().write("hello");
  pair.start();
  EXPECT_EQ(pair.client().error.rfind("TLS handshake with \"aaa", 0), 0u) << pair.client().error;
  EXPECT_EQ(pair.client().code, tls::Error::kCannotBegin);
  EXPECT_FALSE(pair.client().stream->established());
}

// --- SPIFFE ---

struct Svid {
  std::string name;
  std::string uris;
  std::string key_usage;
  std::string id;
};
void PrintTo(const Svid& one, std::ostream* out) {
  *out << one.name;
}

class SpiffeIds : public TlsTest, public testing::WithParamInterface<Svid> {};

TEST_P(SpiffeIds, AreThoseOfGoodDocumentsAlone) {
  CertificateWish wish("client");
  wish.names = GetParam().uris;
  wish.key_usage = GetParam().key_usage;
  TlsPair pair(loop_, *mutual_server(), *client(authority().issue(wish)));
  pair.start();
  auto peer = pair.server().stream->peer_certificate();
  ASSERT_TRUE(peer) << pair.server().error;
  EXPECT_EQ(peer->spiffe_id, GetParam().id);
}

INSTANTIATE_TEST_SUITE_P(
    All, SpiffeIds,
    testing::Values(
        Svid{"Good", "URI:spiffe://example.org/a/b-1", "", "spiffe://example.org/a/b-1"},
        Svid{"WithKeyUsage", "URI:spiffe://example.org/a", "critical,digitalSignature",
             "spiffe://example.org/a"},
        Svid{"OfAnotherDomain", "URI:spiffe://example.com/a", "", ""},
        Svid{"OfADomainBelow", "URI:spiffe://b.example.org/a", "", ""},
        Svid{"WithoutAPath", "URI:spiffe://example.org", "", ""},
        Svid{"WithTheRoot", "URI:spiffe://example.org/", "", ""},
        Svid{"WithAnEmptySegment", "URI:spiffe://example.org//a", "", ""},
        Svid{"WithASlashAtTheEnd", "URI:spiffe://example.org/a/", "", ""},
        Svid{"WithDots", "URI:spiffe://example.org/a/../b", "", ""},
        Svid{"WithAQuery", "URI:spiffe://example.org/a?b", "", ""},
        Svid{"WithAPort", "URI:spiffe://example.org:80/a", "", ""},
        Svid{"WithAUser", "URI:spiffe://me@example.org/a", "", ""},
        Svid{"OfAnotherScheme", "URI:https://example.org/a", "", ""},
        Svid{"WithTwoUris", "URI:spiffe://example.org/a,URI:spiffe://example.org/b", "", ""},
        Svid{"ThatSigns", "URI:spiffe://example.org/a", "digitalSignature,keyCertSign", ""},
        Svid{"ThatRevokes", "URI:spiffe://example.org/a", "digitalSignature,cRLSign", ""},
        Svid{"WithoutUris", "DNS:example.org", "", ""}),
    [](const auto& one) { return one.param.name; });

TEST_F(Verification, TakesAServerByItsIdInPlaceOfItsName) {
  CertificateWish wish("server");
  wish.names = "URI:spiffe://example.org/store";
  auto server_side = server(authority().issue(wish));
  tls::ChannelOptions options;
  options.trust_domains = {"example.org"};
  options.server_ids = {"spiffe://example.org/store"};
  {
    TlsPair pair(loop_, *server_side, *client(options));
    pair.client().write("hello");
    pair.start();
    EXPECT_EQ(pair.server().text, "hello");
  }
  options.server_ids = {"spiffe://example.org/billing"};
  TlsPair pair(loop_, *server_side, *client(options));
  pair.client().write("hello");
  pair.start();
  EXPECT_EQ(pair.client().error,
            "TLS handshake: the server's SPIFFE ID is \"spiffe://example.org/store\"; expected "
            "\"spiffe://example.org/billing\"");
  EXPECT_EQ(pair.client().code, tls::Error::kWrongName);
  EXPECT_EQ(pair.client().queued, "hello");
  EXPECT_EQ(pair.server().text, "");
}

}  // namespace
}  // namespace tern::test
