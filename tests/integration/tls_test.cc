// TLS the whole way: servers and clients on sockets, every protocol.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cctype>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "arith.service.h"
#include "integration/plain_arith.h"
#include "tern/cluster.h"
#include "tern/duplex.h"
#include "tern/reverse_dialer.h"
#include "tern/server_list.h"
#include "tern/tern.h"
#include "tern/tls.h"
#include "tern/tls_error.h"
#include "tls/test_certificates.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

const Authority& authority() {
  static const Authority one("the authority");
  return one;
}

std::shared_ptr<const tls::Certificates> certificates(const std::string& name) {
  CertificateWish wish(name);
  wish.names = "DNS:localhost,IP:127.0.0.1,URI:spiffe://example.org/" + name;
  Issued leaf = authority().issue(wish);
  tls::CertificateFiles texts;
  texts.chain = leaf.pem();
  texts.key = leaf.key_pem();
  texts.authorities = authority().pem();
  return *tls::Certificates::parse(texts);
}

std::shared_ptr<const tls::Certificates> authorities_alone() {
  tls::CertificateFiles texts;
  texts.authorities = authority().pem();
  return *tls::Certificates::parse(texts);
}

// An address whose port is the server's, and the codec that goes with it.
struct Way {
  std::string protocol;  // "grpc+"
  std::string transport;
  std::string codec = "application/x-tern";

  std::string at(const Endpoint& listening) const {
    return protocol + transport + "@127.0.0.1:" + std::to_string(listening.port);
  }
  std::string plaintext(const Endpoint& listening) const {
    return protocol + (transport == "https" ? "http" : "tcp") +
           "@127.0.0.1:" + std::to_string(listening.port);
  }
};
void PrintTo(const Way& way, std::ostream* out) {
  *out << way.protocol << way.transport << " " << way.codec;
}

std::vector<Way> ways() {
  return {{"", "tls"},
          {"", "https"},
          {"", "tls", "application/gob"},
          {"", "tls", "application/json"},
          {"netrpc+", "tls"},
          {"netrpc+", "https"},
          {"jsonrpc+", "tls"},
          {"jsonrpc2+", "tls"},
          {"jsonrpc2+", "https"},
          {"connect+", "https"},
          {"connect+", "https", "application/proto"},
          {"connect-h2+", "tls"},
          {"connect-h2+", "tls", "application/proto"},
          {"grpc-web+", "https"},
          {"grpc+", "tls"}};
}

// Lines of a log. Threads: any.
class Lines {
 public:
  void add(std::string_view line) {
    std::lock_guard lock(mutex_);
    text_ += line;
    text_ += '\n';
    added_.notify_all();
  }
  // All of them, once one has `part` in it.
  std::string wait_for(std::string_view part) const {
    std::unique_lock lock(mutex_);
    added_.wait_for(lock, 20s, [&] { return text_.find(part) != std::string::npos; });
    return text_;
  }
  std::string text() const {
    std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;  // guards the following
  mutable std::condition_variable added_;
  std::string text_;
};

class TlsCalls : public testing::TestWithParam<Way> {
 protected:
  std::unique_ptr<Server> serve(std::string_view address,
                                tls::ClientCertificates asks = tls::ClientCertificates::kNotAsked) {
    ServerOptions options = limits_;
    options.log = [lines = log_](std::string_view line) { lines->add(line); };
    tls::ServerOptions how;
    how.client_certificates = asks;
    how.trust_domains = {"example.org"};
    options.credentials = *tls::server_credentials(source_, how);
    auto server = std::make_unique<Server>(options);
    EXPECT_TRUE(server->add(service_).ok());
    Result<Endpoint> listening = server->listen(address);
    EXPECT_TRUE(listening.ok()) << listening.status().to_string();
    if (listening.ok()) at_ = *listening;
    return server;
  }
  ClientOptions options() const {
    ClientOptions options;
    options.codec = GetParam().codec;
    options.connect_timeout = 20s;
    options.credentials =
        *tls::channel_credentials(tls::CertificateSource::of(authorities_alone()));
    return options;
  }
  static Status multiply(Channel& channel, std::chrono::nanoseconds timeout = 30s) {
    arith::ArithStub stub(channel);
    CallOptions options;
    options.timeout = timeout;
    Result<std::int64_t> product = stub.Multiply({6, 7}, options).get();
    EXPECT_EQ(product.ok() ? *product : 42, 42);
    return product.take_status();
  }

  std::shared_ptr<tls::CertificateSource> source_ =
      tls::CertificateSource::of(certificates("server"));
  ServerOptions limits_;
  std::shared_ptr<Service> service_ = std::make_shared<PlainArith>();
  std::shared_ptr<Lines> log_ = std::make_shared<Lines>();
  Endpoint at_;
};

TEST_P(TlsCalls, AreAnsweredInEveryProtocol) {
  auto server = serve("tls@127.0.0.1:0");
  Client client(GetParam().at(at_), options());
  for (int i = 0; i < 3; ++i) {
    Status status = multiply(client);
    EXPECT_TRUE(status.ok()) << status.to_string();
  }
  EXPECT_EQ(log_->text(), "");
}

TEST_P(TlsCalls, AreAnsweredWhereBothAreTaken) {
  auto server = serve("tls-or-tcp@127.0.0.1:0");
  Client secure(GetParam().at(at_), options());
  EXPECT_EQ(multiply(secure).to_string(), "ok");
  Client plain(GetParam().plaintext(at_), options());
  EXPECT_EQ(multiply(plain).to_string(), "ok");
}

// Neither side takes the other for something else, and both say what it is, within a second.
TEST_P(TlsCalls, FailWithTheReasonIfTheClientSpeaksPlaintext) {
  auto server = serve("tls@127.0.0.1:0");
  Client client(GetParam().plaintext(at_), options());
  Status status = multiply(client, 1s);
  EXPECT_FALSE(status.ok());
  EXPECT_NE(status.code(), Code::kDeadlineExceeded) << status.to_string();
  EXPECT_NE(status.handler_ran(), HandlerRan::kYes) << status.to_string();
  EXPECT_TRUE(status.message().find("TLS") != std::string_view::npos) << status.to_string();
  std::string lines = log_->wait_for("plaintext");
  EXPECT_NE(lines.find("TLS handshake: the peer speaks plaintext"), std::string::npos) << lines;
}

TEST_P(TlsCalls, FailWithTheReasonIfTheServerSpeaksPlaintext) {
  auto server = serve("tcp@127.0.0.1:0");
  ClientOptions made = options();
  made.connect_timeout = 2s;
  Client client(GetParam().at(at_), made);
  Status status = multiply(client, 1s);
  EXPECT_EQ(status.code(), Code::kUnavailable);
  EXPECT_EQ(status.handler_ran(), HandlerRan::kNo);
  EXPECT_EQ(status.cause(), tls::Error::kPlaintext) << status.cause().message();
  EXPECT_NE(status.message().find("TLS handshake: the server does not speak TLS on this address"),
            std::string_view::npos)
      << status.to_string();
  std::string lines = log_->wait_for("TLS hello");
  EXPECT_NE(lines.find("a TLS hello came on a plaintext port"), std::string::npos) << lines;
}

TEST_P(TlsCalls, FailWithTheReasonWithoutACertificateThatIsRequired) {
  auto server = serve("tls@127.0.0.1:0", tls::ClientCertificates::kRequired);
  Client stranger(GetParam().at(at_), options());
  Status status = multiply(stranger);
  EXPECT_FALSE(status.ok());
  EXPECT_NE(status.message().find("it requires a certificate, and this side has shown none"),
            std::string_view::npos)
      << status.to_string();
  EXPECT_EQ(status.cause(), tls::Error::kOwnCertificateRequired) << status.cause().message();
  std::string lines = log_->wait_for("no certificate");
  EXPECT_NE(lines.find("the peer has shown no certificate; this side requires one"),
            std::string::npos)
      << lines;
  ClientOptions made = options();
  made.credentials = *tls::channel_credentials(tls::CertificateSource::of(certificates("client")));
  Client known(GetParam().at(at_), made);
  EXPECT_EQ(multiply(known).to_string(), "ok");
}

// Offers another protocol by ALPN than the one that its client speaks.
class Lying final : public ChannelCredentials {
 public:
  Lying(std::shared_ptr<ChannelCredentials> credentials, std::string offer)
      : credentials_(std::move(credentials)), offer_(std::move(offer)) {}

  std::unique_ptr<ByteStream> connect(Loop& loop, std::unique_ptr<ByteStream> stream,
                                      const ChannelTarget& target) override {
    ChannelTarget other = target;
    other.application_protocol = offer_;
    other.must_agree = false;
    return credentials_->connect(loop, std::move(stream), other);
  }
  CertificateStats stats() const override { return credentials_->stats(); }

 private:
  const std::shared_ptr<ChannelCredentials> credentials_;
  const std::string offer_;
};

TEST_P(TlsCalls, AreBoundToWhatWasAgreedByAlpn) {
  const Way& way = GetParam();
  const bool http2 = way.protocol == "grpc+" || way.protocol == "connect-h2+";
  std::string own = http2 ? "h2" : way.transport == "https" ? "http/1.1" : "";
  if (way.protocol.empty() && own.empty() && way.codec == "application/x-tern") own = "tern";
  for (const std::string offer : {"h2", "tern", "http/1.1", ""}) {
    log_ = std::make_shared<Lines>();
    auto server = serve("tls@127.0.0.1:0");
    ClientOptions made = options();
    made.credentials = std::make_shared<Lying>(made.credentials, offer);
    Client client(way.at(at_), made);
    Status status = multiply(client);
    if (offer.empty() || offer == own) {
      EXPECT_EQ(status.to_string(), "ok") << offer;
      continue;
    }
    EXPECT_FALSE(status.ok()) << offer;
    EXPECT_NE(status.handler_ran(), HandlerRan::kYes) << offer;
    std::string lines = log_->wait_for("what was agreed binds");
    EXPECT_NE(lines.find("the peer has agreed to \"" + offer + "\" by ALPN, and speaks "),
              std::string::npos)
        << lines;
  }
}

// Answers the client whose SPIFFE ID is known.
class ArithOfAClient final : public PlainArith {
 public:
  Reply<std::int64_t> Multiply(ServerContext& context, arith::Args args) override {
    std::shared_ptr<const PeerCertificate> peer = context.peer_certificate();
    if (!peer) return Status(Code::kUnauthenticated, "there is no certificate");
    if (peer->spiffe_id != "spiffe://example.org/client") {
      return Status(Code::kPermissionDenied, "not for " + peer->subject);
    }
    return args.A * args.B;
  }
};

TEST_P(TlsCalls, TellHandlersWhoTheirClientIs) {
  service_ = std::make_shared<ArithOfAClient>();
  auto server = serve("tls-or-tcp@127.0.0.1:0", tls::ClientCertificates::kOptional);
  ClientOptions made = options();
  made.credentials = *tls::channel_credentials(tls::CertificateSource::of(certificates("client")));
  Client client(GetParam().at(at_), made);
  EXPECT_EQ(multiply(client).to_string(), "ok");
  made.credentials = *tls::channel_credentials(tls::CertificateSource::of(certificates("other")));
  Client other(GetParam().at(at_), made);
  EXPECT_NE(multiply(other).message().find("not for CN=other"), std::string_view::npos);
  Client nobody(GetParam().at(at_), options());
  EXPECT_NE(multiply(nobody).message().find("there is no certificate"), std::string_view::npos);
  Client plain(GetParam().plaintext(at_), options());
  EXPECT_NE(multiply(plain).message().find("there is no certificate"), std::string_view::npos);
}

std::string name_of(const testing::TestParamInfo<Way>& one) {
  std::string name;
  for (char c : one.param.protocol + one.param.transport + one.param.codec) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) name += c;
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, TlsCalls, testing::ValuesIn(ways()), name_of);

// --- Once, over our own frames ---

class TlsServers : public TlsCalls {};

TEST_P(TlsServers, SayWhatIsMissingToListenOnAnAddressOfTls) {
  Server server;
  for (std::string_view address : {"tls@127.0.0.1:0", "https@127.0.0.1:0", "tls-or-tcp@:0"}) {
    Status status = server.listen(address).status();
    EXPECT_EQ(status.code(), Code::kInvalidArgument);
    EXPECT_NE(status.message().find("set ServerOptions::credentials"), std::string_view::npos)
        << status.message();
  }
  Status dialled = server.dial("tls@127.0.0.1:1");
  EXPECT_NE(dialled.message().find("set ServerOptions::dial_credentials"), std::string_view::npos);
  Status reverse = ReverseDialer::listen("tls@127.0.0.1:0").status();
  EXPECT_NE(reverse.message().find("the credentials of ReverseDialer::listen()"),
            std::string_view::npos);
  Client client("tls@127.0.0.1:1");
  Status status = multiply(client);
  EXPECT_EQ(status.code(), Code::kInvalidArgument);
  EXPECT_NE(status.message().find("set ClientOptions::credentials"), std::string_view::npos);
  Client both("tls-or-tcp@127.0.0.1:1", options());
  EXPECT_EQ(multiply(both).code(), Code::kInvalidArgument);
}

TEST_P(TlsServers, CountHandshakesThatFailAndThoseThatDoNot) {
  auto server = serve("tls@127.0.0.1:0");
  Client good(GetParam().at(at_), options());
  EXPECT_EQ(multiply(good).to_string(), "ok");
  ClientOptions elsewhere = options();
  tls::ChannelOptions how;
  how.server_name = "elsewhere.example";
  elsewhere.credentials =
      *tls::channel_credentials(tls::CertificateSource::of(authorities_alone()), how);
  elsewhere.connect_timeout = 2s;
  Client bad(GetParam().at(at_), elsewhere);
  Status status = multiply(bad);
  EXPECT_EQ(status.handler_ran(), HandlerRan::kNo);
  EXPECT_NE(status.message().find("not for \"elsewhere.example\""), std::string_view::npos)
      << status.to_string();
  EXPECT_EQ(status.cause(), tls::Error::kWrongName) << status.cause().message();
  // So does a cluster, of servers that fail for one reason.
  IoPool pool;
  ClusterOptions how_many;
  how_many.client = elsewhere;
  const std::string one = GetParam().at(at_);
  Cluster cluster(*ServerList::of({one}), pool, how_many);
  Status of_cluster = multiply(cluster);
  EXPECT_EQ(of_cluster.cause(), tls::Error::kWrongName) << of_cluster.to_string();
  log_->wait_for("bad_certificate");
  std::uint64_t refused = 0;
  for (const auto& [reason, count] : server->stats().refused) {
    if (reason == "TLS handshake") refused += count;
  }
  EXPECT_GE(refused, 1u);
}

// A socket that has sent this much of a handshake, and waits for the server to close.
std::string read_to_end(const Endpoint& at, std::string_view sent) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(at.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(::send(fd, sent.data(), sent.size(), MSG_NOSIGNAL), static_cast<ssize_t>(sent.size()));
  std::string answer;
  std::array<char, 1024> part;
  for (;;) {
    const ssize_t size = ::recv(fd, part.data(), part.size(), 0);
    if (size <= 0) break;
    answer.append(part.data(), static_cast<std::size_t>(size));
  }
  ::close(fd);
  return answer;
}

TEST_P(TlsServers, GiveUpAHandshakeThatDoesNotEnd) {
  limits_.handshake_timeout = 200ms;
  auto server = serve("tls@127.0.0.1:0");
  EXPECT_EQ(read_to_end(at_, std::string_view("\x16\x03\x01\x02\x00\x01", 6)), "");
  std::string lines = log_->wait_for("not complete");
  EXPECT_NE(lines.find("handshake: not complete after 200ms"), std::string::npos) << lines;
}

TEST_P(TlsServers, CountHandshakesOfTlsAmongThosePending) {
  limits_.pending_handshakes = 1;
  limits_.handshake_timeout = 1min;
  auto server = serve("tls@127.0.0.1:0");
  std::thread slow([this] { read_to_end(at_, std::string_view("\x16\x03\x01", 3)); });
  while (server->stats().connections == 0) std::this_thread::yield();
  EXPECT_EQ(read_to_end(at_, ""), "");
  EXPECT_NE(log_->wait_for("which is the limit").find("1 connections have not completed"),
            std::string::npos);
  server->stop(0s);
  slow.join();
}

TEST_P(TlsServers, AreTheServersOfACluster) {
  auto first = serve("tls@127.0.0.1:0");
  const Endpoint first_at = at_;
  auto second = serve("tls@127.0.0.1:0");
  IoPool pool;
  ClusterOptions how;
  how.client.credentials = options().credentials;
  const std::string one = GetParam().at(first_at);
  const std::string other = GetParam().at(at_);
  Cluster cluster(*ServerList::of({one, other}), pool, how);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(multiply(cluster).to_string(), "ok");
  EXPECT_GT(first->stats().connections_accepted, 0u);
  EXPECT_GT(second->stats().connections_accepted, 0u);
  second->stop(0s);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(multiply(cluster).to_string(), "ok");
}

TEST_P(TlsServers, DialClientsThatListen) {
  tls::ServerOptions how;
  how.client_certificates = tls::ClientCertificates::kRequired;
  IoPool pool;
  auto dialer = *ReverseDialer::listen("tls@127.0.0.1:0", pool, TcpOptions(),
                                       *tls::server_credentials(source_, how));
  ServerOptions serving;
  serving.dial_credentials =
      *tls::channel_credentials(tls::CertificateSource::of(certificates("server")));
  Server server(serving);
  ASSERT_TRUE(server.add(std::make_shared<PlainArith>()).ok());
  ASSERT_TRUE(server.dial(dialer->endpoint().to_string()).ok());
  // The connection waits, and its handshake with it, until there is a client.
  while (dialer->waiting() == 0) std::this_thread::yield();
  ClientOptions calling;
  calling.dialer = dialer;
  calling.connect_timeout = 1min;
  Client client(dialer->endpoint(), pool, calling);
  EXPECT_EQ(multiply(client).to_string(), "ok");
}

// Every connection is new, so that each handshake meets another certificate.
TEST_P(TlsServers, LoseNoCallWhenTheirCertificatesChangeUnderLoad) {
  auto server = serve("tls@127.0.0.1:0");
  auto trusted = tls::CertificateSource::of(authorities_alone());
  ClientOptions calling;
  calling.credentials = *tls::channel_credentials(trusted);
  const std::vector<std::shared_ptr<const tls::Certificates>> sets = {
      certificates("first"), certificates("second"), certificates("third")};
  std::atomic<bool> over = false;
  std::atomic<int> calls = 0;
  std::vector<std::string> failures(4);
  std::vector<std::thread> callers;
  for (std::string& failure : failures) {
    callers.emplace_back([&] {
      IoPool pool;
      Client lasting(GetParam().at(at_), pool, calling);
      while (!over) {
        Client fresh(GetParam().at(at_), pool, calling);
        for (Channel* channel : std::vector<Channel*>{&lasting, &fresh}) {
          Status status = multiply(*channel);
          if (!status.ok()) failure = status.to_string();
          ++calls;
        }
      }
    });
  }
  int seen = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    source_->set(sets[i % sets.size()]);
    trusted->set(authorities_alone());
    while (calls < seen + 4) std::this_thread::yield();
    seen = calls;
  }
  over = true;
  for (std::thread& caller : callers) caller.join();
  for (const std::string& failure : failures) EXPECT_EQ(failure, "");
}

INSTANTIATE_TEST_SUITE_P(Frames, TlsServers, testing::Values(Way{"", "tls"}), name_of);

}  // namespace
}  // namespace tern::test
