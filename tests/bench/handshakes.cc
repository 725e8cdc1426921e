// What slow TLS handshakes cost the other clients of tern_echo_server --tls:
//   tern_handshakes --port P --other-port P --tls DIRECTORY [--count N] [--seconds S]
// `scripts/bench_handshakes.sh` runs it. One client calls at a fixed rate on one connection: alone,
// then beside the slow peers of another server, which take as much of the machine, then beside
// those of its own. Prints a line.
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "command_line.h"
#include "echo.service.h"
#include "histogram.h"
#include "measure.h"
#include "tern/client.h"
#include "tern/tls.h"

namespace {

using tern::bench::Histogram;
using tern::bench::now_ns;
using tern::bench::seconds_since;
using tern::bench::wait_until;

constexpr std::uint64_t kSecond = 1'000'000'000;

struct Options {
  std::uint16_t port = 0;
  std::uint16_t other_port = 0;
  std::string certificates;
  int count = 5'000;
  double seconds = 15;  // of each of the three
};

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "handshakes: %s\n", what.c_str());
  std::exit(1);
}

// What a client says first, as OpenSSL has it.
std::string client_hello() {
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_client_method()),
                                                       SSL_CTX_free);
  std::unique_ptr<SSL, void (*)(SSL*)> client(SSL_new(context.get()), SSL_free);
  BIO* const out = BIO_new(BIO_s_mem());
  SSL_set_bio(client.get(), BIO_new(BIO_s_mem()), out);
  SSL_set_connect_state(client.get());
  SSL_do_handshake(client.get());
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out, &bytes);
  if (size <= 0) fail("OpenSSL has made no ClientHello");
  return std::string(bytes, static_cast<std::size_t>(size));
}

// --- The slow peers ---

// So many connections at a time, on a thread of their own. Half of them send a byte of their
// ClientHello each second; the others send all of it, and leave the server's answer where it is.
// One that the server closes is followed by another. They begin spread over ten seconds, which is
// what the server waits for a handshake; so their ends are spread, too.
class SlowPeers {
 public:
  SlowPeers(std::uint16_t port, int count)
      : port_(port), peers_(static_cast<std::size_t>(count)), thread_([this] { run(); }) {}
  SlowPeers(const SlowPeers&) = delete;
  SlowPeers& operator=(const SlowPeers&) = delete;
  ~SlowPeers() {
    stop_ = true;
    thread_.join();
    for (const Peer& peer : peers_) {
      if (peer.fd >= 0) ::close(peer.fd);
    }
    ::close(epoll_);
  }

  int open() const { return open_; }
  int opened() const { return opened_; }
  // Until each has begun once.
  void wait_for_all() const {
    for (int so_far = opened_; so_far < static_cast<int>(peers_.size()); so_far = opened_) {
      opened_.wait(so_far);
    }
  }

 private:
  struct Peer {
    int fd = -1;
    std::size_t sent = 0;
    std::uint64_t next = 0;  // when it does something
  };

  void run() {
    const std::uint64_t start = now_ns();
    for (std::size_t i = 0; i < peers_.size(); ++i) {
      peers_[i].next = start + 10 * kSecond * i / peers_.size();
    }
    while (!stop_) {
      wait_for_closed();
      const std::uint64_t now = now_ns();
      for (std::size_t i = 0; i < peers_.size(); ++i) {
        if (peers_[i].next <= now) go_on(i, now);
      }
    }
  }
  // Those that the server has closed, or none of them: others are due meanwhile, one each 2 ms.
  void wait_for_closed() {
    constexpr int kMostMs = 2;
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), kMostMs);
    for (int i = 0; i < count; ++i) {
      Peer& peer = peers_[events[static_cast<std::size_t>(i)].data.u64];
      ::close(peer.fd);
      --open_;
      peer = Peer();
    }
  }
  void go_on(std::size_t index, std::uint64_t now) {
    Peer& peer = peers_[index];
    if (peer.fd < 0) connect(index);
    const bool drips = index % 2 == 0;
    const std::size_t bytes = drips ? 1 : hello_.size() - peer.sent;
    if (peer.sent < hello_.size()) {
      const ssize_t sent = ::send(peer.fd, hello_.data() + peer.sent, bytes, MSG_NOSIGNAL);
      if (sent > 0) peer.sent += static_cast<std::size_t>(sent);
    }
    peer.next = peer.sent < hello_.size() ? now + kSecond : ~std::uint64_t{0};
  }
  void connect(std::size_t index) {
    Peer& peer = peers_[index];
    peer.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (peer.fd < 0) fail(std::string("socket: ") + std::strerror(errno));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port_);
    if (::connect(peer.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      fail(std::string("connect: ") + std::strerror(errno));
    }
    ::fcntl(peer.fd, F_SETFL, ::fcntl(peer.fd, F_GETFL) | O_NONBLOCK);
    const int on = 1;
    ::setsockopt(peer.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{};
    event.events = EPOLLRDHUP;  // what comes is left there
    event.data.u64 = index;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, peer.fd, &event);
    ++open_;
    ++opened_;
    opened_.notify_all();
  }

  const std::uint16_t port_;
  const std::string hello_ = client_hello();
  const int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<Peer> peers_;
  std::atomic<int> open_ = 0;
  std::atomic<int> opened_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

// --- The client that behaves ---

// A call each two milliseconds, on one connection. A call that is late has waited since its time.
class Caller {
 public:
  explicit Caller(const Options& options)
      : client_("tls@127.0.0.1:" + std::to_string(options.port), pool_, with_tls(options)) {
    if (tern::Status status = client_.connect(); !status.ok()) fail(status.to_string());
  }

  double p99_ms(double seconds) {
    constexpr std::uint64_t kPause = 2'000'000;
    Histogram seen;
    const std::uint64_t start = now_ns();
    for (std::uint64_t due = start; seconds_since(start) < seconds; due += kPause) {
      wait_until(due);
      if (!bench::EchoStub(client_).EchoSample(sample_).get().ok()) ++failed_;
      seen.add(now_ns() - due);
    }
    return seen.quantile(0.99) * 1e-6;
  }
  int failed() const { return failed_; }

 private:
  static tern::ClientOptions with_tls(const Options& options) {
    tern::tls::CertificateFiles files;
    files.authorities = options.certificates + "/authority.pem";
    auto credentials = tern::tls::channel_credentials(files);
    if (!credentials.ok()) fail(credentials.status().to_string());
    tern::ClientOptions made;
    made.credentials = *credentials;
    return made;
  }

  tern::IoPool pool_;
  tern::Client client_;
  bench::Sample sample_{1, "user-name-0042", 98.6, {1, 22, 333}};
  int failed_ = 0;
};

// Beside the peers of a server, once all are there.
double p99_beside(Caller& caller, std::uint16_t port, const Options& options, int& open,
                  int& opened) {
  SlowPeers peers(port, options.count);
  peers.wait_for_all();
  const double p99 = caller.p99_ms(options.seconds);
  open = peers.open();
  opened = peers.opened();
  return p99;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  tern::bench::parse_command_line(argc, argv,
                                  {{"--port", options.port},
                                   {"--other-port", options.other_port},
                                   {"--tls", options.certificates},
                                   {"--count", options.count},
                                   {"--seconds", options.seconds}});
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  Caller caller(options);
  caller.p99_ms(1);
  int open = 0;
  int opened = 0;
  const double alone = caller.p99_ms(options.seconds);
  const double beside = p99_beside(caller, options.other_port, options, open, opened);
  const double with = p99_beside(caller, options.port, options, open, opened);
  std::printf(
      "handshakes  %d open, %d so far: p99 of a client %.3f ms, alone %.3f: %.2f times; beside "
      "those "
      "of another server %.3f: %.2f times; %d calls failed\n",
      open, opened, with, alone, with / alone, beside, with / beside, caller.failed());
  return 0;
}
