// Registries over TLS with client certificates: our own over HTTP, and a real etcd.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "registry/listed_servers.h"
#include "support/child_process.h"
#include "support/free_port.h"
#include "support/temporary_directory.h"
#include "tern/etcd.h"
#include "tern/http_registry.h"
#include "tern/tern.h"
#include "tern/tls.h"
#include "tls/test_certificates.h"

namespace tern::test {
namespace {

constexpr std::string_view kListed = "grpc+tls@10.0.0.1:7000";

class TlsRegistries : public testing::Test {
 protected:
  TlsRegistries() {
    write("authority.pem", authority_.pem());
    for (const char* name : {"server", "client"}) {
      CertificateWish wish(name);
      wish.names = "DNS:localhost,IP:127.0.0.1";
      Issued one = authority_.issue(wish);
      write(std::string(name) + ".pem", one.pem());
      write(std::string(name) + ".key", one.key_pem());
    }
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(path(name), std::ios::binary) << text;
  }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  // Of "server" or "client"; "": authorities alone.
  tls::CertificateFiles files(const std::string& name) const {
    tls::CertificateFiles made;
    made.authorities = path("authority.pem");
    if (name.empty()) return made;
    made.chain = path(name + ".pem");
    made.key = path(name + ".key");
    return made;
  }

  // Who has a certificate lists a server and reads the list; who has none does neither.
  static void check(Registry& known, Registry& stranger) {
    auto entry = known.announce("arith.Arith", server_at(kListed));
    ASSERT_TRUE(becomes_listed(*entry));
    auto discovery = known.discover("arith.Arith");
    EXPECT_TRUE(comes_to_list(*discovery, {kListed}));
    auto refused = stranger.discover("arith.Arith");
    EXPECT_TRUE(comes_to_failure(*refused));
    EXPECT_NE(refused->view().status.message().find("certificate"), std::string_view::npos)
        << refused->view().status.to_string();
    EXPECT_FALSE(refused->view().known());
  }

  const Authority authority_{"the authority"};
  TemporaryDirectory folder_;
  IoPool pool_;
};

TEST_F(TlsRegistries, AreOurOwnOverHttps) {
  tls::ServerOptions how;
  how.client_certificates = tls::ClientCertificates::kRequired;
  ServerOptions options;
  options.credentials = *tls::server_credentials(files("server"), how);
  options.log = [](std::string_view) {};
  Server server(options);
  ASSERT_TRUE(add_http_registry(server).ok());
  Result<Endpoint> listening = server.listen("https@127.0.0.1:0");
  ASSERT_TRUE(listening.ok()) << listening.status().to_string();
  const std::string where = fmt::format("127.0.0.1:{}", listening->port);

  HttpRegistryOptions known;
  known.credentials = *tls::channel_credentials(files("client"));
  HttpRegistryOptions stranger;
  stranger.credentials = *tls::channel_credentials(files(""));
  Registries registries;
  registries.add("https", [known](std::string_view at, IoPool& pool) {
    return open_http_registry(at, pool, known);
  });
  check(**registries.open("https@" + where, pool_), **open_http_registry(where, pool_, stranger));
}

TEST_F(TlsRegistries, SayWhatAnAddressLacks) {
  Status failure = Registries().open("https@127.0.0.1:1", pool_).status();
  EXPECT_EQ(failure.code(), Code::kInvalidArgument);
  EXPECT_NE(failure.message().find("HttpRegistryOptions::credentials"), std::string_view::npos);
}

#ifdef WITH_ETCD
TEST_F(TlsRegistries, AreEtcd) {
  const std::uint16_t port = free_port();
  const std::string client = fmt::format("https://127.0.0.1:{}", port);
  const std::string peer = fmt::format("http://127.0.0.1:{}", free_port());
  ChildProcess etcd({"etcd",
                     "--name",
                     "one",
                     "--data-dir",
                     path("data"),
                     "--listen-client-urls",
                     client,
                     "--advertise-client-urls",
                     client,
                     "--listen-peer-urls",
                     peer,
                     "--initial-advertise-peer-urls",
                     peer,
                     "--initial-cluster",
                     "one=" + peer,
                     "--client-cert-auth",
                     "--trusted-ca-file",
                     path("authority.pem"),
                     "--cert-file",
                     path("server.pem"),
                     "--key-file",
                     path("server.key"),
                     "--logger",
                     "zap"},
                    ChildProcess::Reads::kOutputAndErrors);
  ASSERT_TRUE(etcd.next_line_with("serving client traffic").has_value()) << etcd.output();
  auto open = [&](const std::string& name) {
    EtcdOptions options;
    options.credentials = *tls::channel_credentials(files(name));
    Registries registries;
    add_etcd(registries, options);
    return *registries.open(fmt::format("etcd@127.0.0.1:{}", port), pool_);
  };
  auto known = open("client");
  auto stranger = open("");
  check(*known, *stranger);
}
#endif

}  // namespace
}  // namespace tern::test
