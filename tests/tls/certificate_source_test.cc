// Certificates that change while they are used.
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include "support/temporary_directory.h"
#include "tls/tls_fixture.h"

namespace tern::test {
namespace {

class CertificateSources : public TlsTest {
 protected:
  void write(const std::string& name, const std::string& text) {
    std::ofstream(path(name), std::ios::binary) << text;
  }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  void write_pair(const Issued& one) {
    write("chain.pem", one.pem());
    write("key.pem", one.key_pem());
  }
  static Issued leaf(const std::string& name) {
    CertificateWish wish(name);
    wish.names = "DNS:localhost";
    return authority().issue(wish);
  }

  tls::CertificateFiles files() {
    tls::CertificateFiles made;
    made.chain = path("chain.pem");
    made.key = path("key.pem");
    return made;
  }
  std::shared_ptr<tls::CertificateSource> open() {
    tls::CertificateSourceOptions options;
    options.clock = &loop_.clock();
    options.log = [this](std::string_view line) { log_.emplace_back(line); };
    Result<std::shared_ptr<tls::CertificateSource>> source =
        tls::CertificateSource::open(files(), options);
    EXPECT_TRUE(source.ok()) << source.status().to_string();
    return *source;
  }
  // The subject that a client sees.
  std::string seen(ServerCredentials& credentials) {
    TlsPair pair(loop_, credentials, *client());
    pair.start();
    auto peer = pair.client().stream->peer_certificate();
    return peer ? peer->subject : pair.client().error;
  }

  TemporaryDirectory folder_;
  std::vector<std::string> log_;
};

TEST_F(CertificateSources, AreReadAgainWithinAMinute) {
  write_pair(leaf("first"));
  auto source = open();
  auto credentials = *tls::server_credentials(source);
  TlsPair old(loop_, *credentials, *client());
  old.start();
  EXPECT_EQ(seen(*credentials), "CN=first");
  write_pair(leaf("second"));
  EXPECT_EQ(seen(*credentials), "CN=first");
  loop_.advance(std::chrono::minutes(1));
  EXPECT_EQ(seen(*credentials), "CN=second");
  EXPECT_EQ(credentials->stats().reloads, 1u);
  EXPECT_EQ(credentials->stats().subject, "CN=second");
  // A connection keeps what it began with.
  old.client().write("still here");
  loop_.settle();
  EXPECT_EQ(old.server().text, "still here");
}

TEST_F(CertificateSources, AreReadAtOnceIfAsked) {
  write_pair(leaf("first"));
  auto source = open();
  auto credentials = *tls::server_credentials(source);
  write_pair(leaf("second"));
  EXPECT_TRUE(source->reload().ok());
  EXPECT_EQ(seen(*credentials), "CN=second");
}

TEST_F(CertificateSources, KeepTheOldSetWhileTheNewOneIsNotWhole) {
  write_pair(leaf("first"));
  auto source = open();
  auto credentials = *tls::server_credentials(source);
  Issued second = leaf("second");
  const std::string chain = second.pem();
  // The key is still the old one; then the file is there in part.
  for (std::size_t part : {chain.size(), chain.size() / 2, std::size_t{0}, chain.size() - 3}) {
    write("chain.pem", chain.substr(0, part));
    loop_.advance(std::chrono::minutes(1));
    EXPECT_EQ(seen(*credentials), "CN=first") << part;
    EXPECT_NE(credentials->stats().last_failure, "") << part;
  }
  EXPECT_GE(credentials->stats().reload_failures, 4u);
  ASSERT_FALSE(log_.empty());
  EXPECT_NE(log_.front().find("the certificates stay as they are, \"CN=first\""), std::string::npos)
      << log_.front();
  write_pair(second);
  loop_.advance(std::chrono::minutes(1));
  EXPECT_EQ(seen(*credentials), "CN=second");
  EXPECT_EQ(credentials->stats().last_failure, "");
}

TEST_F(CertificateSources, KeepTheOldSetWhenTheNewOneHasExpired) {
  write_pair(leaf("first"));
  auto source = open();
  CertificateWish wish("late");
  wish.begins = std::chrono::hours(-48);
  wish.ends = std::chrono::hours(-1);
  write_pair(authority().issue(wish));
  Status failure = source->reload();
  EXPECT_NE(failure.message().find("\"CN=late\", or one of its chain, has expired"),
            std::string_view::npos)
      << failure.message();
  EXPECT_EQ(source->current()->subject(), "CN=first");
  EXPECT_FALSE(tls::CertificateSource::open(files()).ok());
}

struct BadFiles {
  std::string name;
  std::string chain;  // "good", "other", or text
  std::string key;
  std::string says;
};
void PrintTo(const BadFiles& one, std::ostream* out) {
  *out << one.name;
}

class BadSets : public CertificateSources, public testing::WithParamInterface<BadFiles> {};

TEST_P(BadSets, AreRefusedWithTheFileAndTheReason) {
  Issued good = leaf("good");
  Issued other = leaf("other");
  auto text = [&](const std::string& what, bool key) {
    if (what == "good") return key ? good.key_pem() : good.pem();
    if (what == "other") return key ? other.key_pem() : other.pem();
    if (what == "both") return good.pem() + other.pem();
    return what;
  };
  write("chain.pem", text(GetParam().chain, false));
  write("key.pem", text(GetParam().key, true));
  Result<std::shared_ptr<tls::CertificateSource>> source = tls::CertificateSource::open(files());
  ASSERT_FALSE(source.ok());
  EXPECT_EQ(source.status().code(), Code::kInvalidArgument);
  EXPECT_NE(source.status().message().find(GetParam().says), std::string_view::npos)
      << source.status().message();
}

INSTANTIATE_TEST_SUITE_P(
    All, BadSets,
    testing::Values(
        BadFiles{"EmptyChain", "", "good", "there is no \"BEGIN CERTIFICATE\" in it"},
        BadFiles{"TextForAChain", "hello", "good", "there is no \"BEGIN CERTIFICATE\" in it"},
        BadFiles{"EmptyKey", "good", "", "there is no \"BEGIN PRIVATE KEY\" in it"},
        BadFiles{"AnotherKey", "good", "other", "it is not the key of the certificate \"CN=good\""},
        BadFiles{"AChainThatIsNone", "both", "good",
                 "certificate 2 is \"CN=other\"; expected the one that signed"},
        BadFiles{
            "AnEncryptedKey", "good",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n",
            "it is encrypted; expected one without a password"}),
    [](const auto& one) { return one.param.name; });

TEST_F(CertificateSources, NameAFileThatIsNotThere) {
  Result<std::shared_ptr<tls::CertificateSource>> source = tls::CertificateSource::open(files());
  ASSERT_FALSE(source.ok());
  EXPECT_NE(source.status().message().find("chain.pem\": No such file"), std::string_view::npos)
      << source.status().message();
}

TEST_F(CertificateSources, RefuseKeysThatAreTooShort) {
  CertificateWish wish("short");
  wish.rsa_bits = 1024;
  Issued one = authority().issue(wish);
  tls::CertificateFiles texts;
  texts.chain = one.pem();
  texts.key = one.key_pem();
  Result<std::shared_ptr<const tls::Certificates>> parsed = tls::Certificates::parse(texts);
  ASSERT_FALSE(parsed.ok());
  EXPECT_NE(parsed.status().message().find("key too small"), std::string_view::npos)
      << parsed.status().message();
}

TEST_F(CertificateSources, SayWhatCredentialsLack) {
  EXPECT_NE(tls::server_credentials(source("", "", authority().pem()))
                .status()
                .message()
                .find("a server needs a certificate and its key"),
            std::string_view::npos);
  tls::ServerOptions options;
  options.client_certificates = tls::ClientCertificates::kRequired;
  Issued one = leaf("one");
  EXPECT_NE(tls::server_credentials(source(one.pem(), one.key_pem(), ""), options)
                .status()
                .message()
                .find("there are no authorities to trust"),
            std::string_view::npos);
}

// The other side's trust changes likewise.
TEST_F(CertificateSources, ChangeWhomAClientTrusts) {
  auto trusted = source("", "", authority().pem());
  auto client_side = *tls::channel_credentials(trusted);
  auto server_side = server();
  auto connects = [&] {
    TlsPair pair(loop_, *server_side, *client_side);
    pair.start();
    return pair.client().stream->established();
  };
  EXPECT_TRUE(connects());
  tls::CertificateFiles texts;
  texts.authorities = Authority("another authority").pem();
  trusted->set(*tls::Certificates::parse(texts));
  EXPECT_FALSE(connects());
}

}  // namespace
}  // namespace tern::test
