// Real sockets on loopback: listening, dialling, streams.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "net/acceptor.h"
#include "net/dial.h"
#include "net/socket_stream.h"
#include "support/temporary_directory.h"
#include "support/test_loop.h"
#include "tern/io_pool.h"

namespace tern {
namespace {

using IncomingPtr = std::unique_ptr<Listener::Incoming>;
using DialResult = Result<std::unique_ptr<ByteStream>>;

net::SocketHandle socket_of(const IncomingPtr& connection) {
  return static_cast<net::IncomingSocket&>(*connection).take();
}

// A pool of one loop with an acceptor and a dialer; each verb waits for its outcome.
class SocketTest : public testing::Test {
 protected:
  ~SocketTest() override {
    on_loop([this] {
      attempt_.reset();
      if (acceptor_) acceptor_->close();
    });
  }

  template <typename F>
  void on_loop(F f) {
    std::promise<void> done;
    pool_.loop(0).post([&] {
      f();
      done.set_value();
    });
    done.get_future().get();
  }
  Status listen(std::string_view address) {
    Result<std::unique_ptr<net::Acceptor>> acceptor =
        net::Acceptor::listen(*parse_endpoint(address));
    if (!acceptor.ok()) return acceptor.take_status();
    acceptor_ = std::move(*acceptor);
    on_loop([this] {
      acceptor_->start(pool_.loop(0), [this](const IncomingPtr& connection) {
        accepted_.set_value(socket_of(connection));
      });
    });
    return {};
  }
  DialResult dial(const Endpoint& endpoint,
                  std::chrono::nanoseconds timeout = std::chrono::seconds(10)) {
    std::promise<DialResult> done;
    pool_.loop(0).post([&] {
      attempt_ = dialer_.dial(pool_.loop(0), endpoint, timeout,
                              [&](DialResult result) { done.set_value(std::move(result)); });
    });
    return done.get_future().get();
  }

  IoPool pool_{1};
  net::SocketDialer dialer_;
  std::unique_ptr<net::Acceptor> acceptor_;
  std::unique_ptr<Dialer::Attempt> attempt_;
  std::promise<net::SocketHandle> accepted_;
};

TEST_F(SocketTest, ConnectsOverTcpV4V6AndUnix) {
  test::TemporaryDirectory directory;
  for (std::string address :
       {std::string("tcp@127.0.0.1:0"), std::string("tcp@[::1]:0"), std::string("tcp@localhost:0"),
        "unix@" + (directory.path() / "s").string()}) {
    accepted_ = {};
    ASSERT_TRUE(listen(address).ok()) << address;
    EXPECT_EQ(acceptor_->endpoint().port != 0, address[0] == 't');
    DialResult client = dial(acceptor_->endpoint());
    ASSERT_TRUE(client.ok()) << client.status().to_string();
    net::SocketHandle server = accepted_.get_future().get();
    on_loop([&] {
      std::string hello = "hello";
      ByteView pieces[2] = {as_bytes(hello).first(2), as_bytes(hello).subspan(2)};
      EXPECT_EQ((*client)->write_some(pieces).bytes, 5u);
      client->reset();
    });
    char text[16] = {};
    ::fcntl(server.get(), F_SETFL, 0);
    EXPECT_EQ(::recv(server.get(), text, 5, MSG_WAITALL), 5);
    EXPECT_STREQ(text, "hello");
    EXPECT_EQ(::recv(server.get(), text, 1, 0), 0) << "the end follows the last byte";
    on_loop([this] { acceptor_->close(); });
  }
}

// A program that this one starts would keep the connection open, and its peer believe that this
// side is there.
TEST_F(SocketTest, IsNotInheritedByProgramsThatAreStarted) {
  test::TemporaryDirectory directory;
  for (std::string address :
       {std::string("tcp@127.0.0.1:0"), "unix@" + (directory.path() / "s").string()}) {
    accepted_ = {};
    ASSERT_TRUE(listen(address).ok()) << address;
    DialResult client = dial(acceptor_->endpoint());
    ASSERT_TRUE(client.ok()) << client.status().to_string();
    net::SocketHandle server = accepted_.get_future().get();
    int sockets = 0;
    for (const auto& file : std::filesystem::directory_iterator("/proc/self/fd")) {
      const int fd = std::stoi(file.path().filename());
      struct stat info {};
      if (fd <= STDERR_FILENO || ::fstat(fd, &info) != 0 || !S_ISSOCK(info.st_mode)) continue;
      ++sockets;
      EXPECT_NE(::fcntl(fd, F_GETFD) & FD_CLOEXEC, 0) << address << ": descriptor " << fd;
    }
    EXPECT_GE(sockets, 3) << "the listening one and both ends";
    on_loop([&] {
      client->reset();
      acceptor_->close();
    });
  }
}

TEST_F(SocketTest, BecomesReadableAtItsMarkOrAtTheEnd) {
  struct Reader final : ByteStreamUser {
    void on_readable() override { readable.set_value(); }
    void on_writable() override {}
    std::promise<void> readable;
  };
  ASSERT_TRUE(listen("tcp@127.0.0.1:0").ok());
  DialResult client = dial(acceptor_->endpoint());
  ASSERT_TRUE(client.ok()) << client.status().to_string();
  net::SocketHandle server = accepted_.get_future().get();
  std::array<std::byte, 16> room;
  auto wait = [&] {
    auto reader = std::make_shared<Reader>();
    on_loop([&] { (*client)->wait_readable(reader); });
    return reader;
  };

  on_loop([&] { EXPECT_TRUE((*client)->set_read_mark(4)); });
  std::shared_ptr<Reader> reader = wait();
  ASSERT_EQ(::send(server.get(), "ab", 2, 0), 2);
  ASSERT_EQ(::send(server.get(), "cd", 2, 0), 2);
  reader->readable.get_future().get();
  on_loop([&] { EXPECT_EQ((*client)->read_some(room).bytes, 4u); });

  reader = wait();
  ASSERT_EQ(::send(server.get(), "e", 1, 0), 1);
  on_loop([&] { (*client)->set_read_mark(0); });
  reader->readable.get_future().get();
  on_loop([&] { EXPECT_EQ((*client)->read_some(room).bytes, 1u); });

  on_loop([&] { (*client)->set_read_mark(4); });
  reader = wait();
  ASSERT_EQ(::send(server.get(), "f", 1, 0), 1);
  ::shutdown(server.get(), SHUT_WR);
  reader->readable.get_future().get();
  on_loop([&] {
    EXPECT_EQ((*client)->read_some(room).bytes, 1u);
    EXPECT_TRUE((*client)->read_some(room).end);
    client->reset();
  });
}

TEST_F(SocketTest, HasNoMarkOnUnixSockets) {
  test::TemporaryDirectory directory;
  ASSERT_TRUE(listen("unix@" + (directory.path() / "s").string()).ok());
  DialResult client = dial(acceptor_->endpoint());
  ASSERT_TRUE(client.ok()) << client.status().to_string();
  on_loop([&] {
    EXPECT_FALSE((*client)->set_read_mark(4));
    client->reset();
  });
}

TEST_F(SocketTest, KnowsPeersOnThisMachine) {
  test::TemporaryDirectory directory;
  for (std::string address : {std::string("tcp@127.0.0.1:0"), std::string("tcp@[::1]:0"),
                              std::string("tcp@:0"), "unix@" + (directory.path() / "s").string()}) {
    accepted_ = {};
    ASSERT_TRUE(listen(address).ok()) << address;
    Endpoint local = acceptor_->endpoint();
    if (local.host.empty() || local.host == "::") local.host = "127.0.0.1";  // in IPv6's form
    DialResult client = dial(local);
    ASSERT_TRUE(client.ok()) << client.status().to_string();
    net::SocketHandle socket = accepted_.get_future().get();
    on_loop([&] {
      Result<std::unique_ptr<ByteStream>> server =
          net::open_stream(pool_.loop(0), std::move(socket));
      EXPECT_TRUE((*server)->peer_is_local()) << address << " from " << (*server)->peer();
      EXPECT_TRUE((*client)->peer_is_local()) << address;
      server->reset();
      client->reset();
      acceptor_->close();
    });
  }
}

TEST_F(SocketTest, TreatsAPeerThatIsGoneAsRemote) {
  ASSERT_TRUE(listen("tcp@127.0.0.1:0").ok());
  net::SocketHandle client(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(acceptor_->endpoint().port);
  ASSERT_EQ(::connect(client.get(), reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  net::SocketHandle socket = accepted_.get_future().get();
  linger reset{1, 0};
  ::setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  client = net::SocketHandle();
  on_loop([&] {
    Result<std::unique_ptr<ByteStream>> server = net::open_stream(pool_.loop(0), std::move(socket));
    ASSERT_TRUE(server.ok());
    EXPECT_FALSE((*server)->peer_is_local());
    server->reset();
  });
}

// What the kernel has taken leaves before all that is written later, however urgent.
TEST_F(SocketTest, LeavesLittleUnsentInTheKernel) {
  ASSERT_TRUE(listen("tcp@127.0.0.1:0").ok());
  DialResult client = dial(acceptor_->endpoint());
  ASSERT_TRUE(client.ok()) << client.status().to_string();
  net::SocketHandle socket = accepted_.get_future().get();
  const int fd = socket.get();
  on_loop([&] {
    Result<std::unique_ptr<ByteStream>> server = net::open_stream(pool_.loop(0), std::move(socket));
    int bytes = 0;
    socklen_t size = sizeof bytes;
    EXPECT_EQ(::getsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, &size), 0);
    EXPECT_EQ(bytes, 128 * 1024);
    server->reset();
    client->reset();
  });
}

TEST_F(SocketTest, KnowsWhetherItsPeerHasLeftWithoutReading) {
  test::TemporaryDirectory directory;
  for (std::string address :
       {std::string("tcp@127.0.0.1:0"), "unix@" + (directory.path() / "s").string()}) {
    for (bool reset : {false, true}) {
      accepted_ = {};
      ASSERT_TRUE(listen(address).ok()) << address;
      DialResult client = dial(acceptor_->endpoint());
      ASSERT_TRUE(client.ok()) << client.status().to_string();
      net::SocketHandle server = accepted_.get_future().get();
      ASSERT_EQ(::send(server.get(), "unread", 6, 0), 6);
      auto state = [&] {
        PeerState seen = PeerState::kThere;
        on_loop([&] { seen = (*client)->peer_state(); });
        return seen;
      };
      EXPECT_EQ(state(), PeerState::kThere);
      if (reset) {
        linger now{1, 0};
        ::setsockopt(server.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
        net::SocketHandle gone = std::move(server);
      } else {
        ::shutdown(server.get(), SHUT_WR);
      }
      // The network may take a moment, also on one machine.
      while (state() == PeerState::kThere) std::this_thread::yield();
      EXPECT_EQ(state(), reset ? PeerState::kGone : PeerState::kEnded) << address;
      on_loop([&] {
        client->reset();
        acceptor_->close();
      });
    }
  }
}

TEST_F(SocketTest, SaysWhyItCannotConnect) {
  ASSERT_TRUE(listen("tcp@127.0.0.1:0").ok());
  Endpoint gone = acceptor_->endpoint();
  on_loop([this] { acceptor_->close(); });
  DialResult refused = dial(gone);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.status().code(), Code::kUnavailable);
  EXPECT_EQ(refused.status().handler_ran(), HandlerRan::kNo);
  EXPECT_EQ(refused.status().message(),
            "connect to \"" + gone.to_string() + "\": Connection refused");

  DialResult no_host = dial(*parse_endpoint("tcp@no-such-host.invalid:1"));
  ASSERT_FALSE(no_host.ok());
  EXPECT_NE(no_host.status().message().find("host \"no-such-host.invalid\""),
            std::string_view::npos)
      << no_host.status().message();

  DialResult no_file = dial(*parse_endpoint("unix@/no/such/socket"));
  ASSERT_FALSE(no_file.ok());
  EXPECT_NE(no_file.status().message().find("No such file"), std::string_view::npos);
}

TEST_F(SocketTest, SaysWhyItCannotListen) {
  ASSERT_TRUE(listen("tcp@127.0.0.1:0").ok());
  std::string taken = acceptor_->endpoint().to_string();
  Result<std::unique_ptr<net::Acceptor>> second = net::Acceptor::listen(*parse_endpoint(taken));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().message(), "listen on \"" + taken + "\": bind: Address already in use");
}

TEST_F(SocketTest, ReplacesASocketFileWithoutAListener) {
  test::TemporaryDirectory directory;
  std::string path = directory.path() / "s";
  ASSERT_TRUE(listen("unix@" + path).ok());
  // A second listener must not take the address of one that lives.
  EXPECT_FALSE(net::Acceptor::listen(*parse_endpoint("unix@" + path)).ok());
  // A server that was killed leaves its file behind: as does this socket.
  on_loop([this] { acceptor_->close(); });
  EXPECT_NE(::access(path.c_str(), F_OK), 0) << "close() removes the file";
  {
    net::SocketHandle dead(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, path.size());
    ASSERT_EQ(::bind(dead.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  EXPECT_TRUE(listen("unix@" + path).ok());
  on_loop([this] { acceptor_->close(); });
}

TEST_F(SocketTest, DoesNotReplaceAFileThatIsNoSocket) {
  test::TemporaryDirectory directory;
  std::string path = directory.path() / "precious";
  { net::SocketHandle file(::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)); }
  EXPECT_FALSE(listen("unix@" + path).ok());
  EXPECT_EQ(::access(path.c_str(), F_OK), 0);
  ::unlink(path.c_str());
}

TEST_F(SocketTest, ACancelledAttemptDoesNotCallBack) {
  ASSERT_TRUE(listen("tcp@127.0.0.1:0").ok());
  on_loop([this] {
    auto attempt = dialer_.dial(pool_.loop(0), acceptor_->endpoint(), std::chrono::seconds(1),
                                [](DialResult) { ADD_FAILURE() << "called back"; });
    attempt.reset();
  });
  on_loop([] {});
}

TEST_F(SocketTest, GoesOnAfterTheFileDescriptorsHaveRunOut) {
  ASSERT_TRUE(listen("tcp@127.0.0.1:0").ok());
  Endpoint here = acceptor_->endpoint();
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(here.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto connect = [&](const net::SocketHandle& socket) {
    return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  };
  net::SocketHandle turned_away(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  net::SocketHandle served(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  std::vector<net::SocketHandle> all;
  for (;;) {
    net::SocketHandle one(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (one.get() < 0) break;
    all.push_back(std::move(one));
  }
  ASSERT_EQ(connect(turned_away), 0);
  char byte;
  EXPECT_EQ(::recv(turned_away.get(), &byte, 1, 0), 0) << "its client knows at once";
  all.clear();
  ASSERT_EQ(connect(served), 0);
  EXPECT_GE(accepted_.get_future().get().get(), 0);
  std::uint64_t count = 0;
  on_loop([&] { count = acceptor_->turned_away(); });
  EXPECT_GE(count, 1u);
}

// It becomes readable and writable at once; the first call closes it.
TEST(SocketStream, CallsNobodyAfterItsCloseThoughItWasReadyBefore) {
  struct Closer final : ByteStreamUser {
    void on_readable() override { on_writable(); }
    void on_writable() override {
      ++told;
      stream->close();
    }
    std::unique_ptr<ByteStream> stream;
    int told = 0;
  };
  test::TestLoop loop;
  std::array<int, 2> pair{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()), 0);
  net::SocketHandle far(pair[1]);
  auto closer = std::make_shared<Closer>();
  closer->stream = std::move(*net::open_stream(loop.loop(), net::SocketHandle(pair[0])));
  closer->stream->wait_readable(closer);
  closer->stream->wait_writable(closer);
  ASSERT_EQ(::send(far.get(), "x", 1, 0), 1);
  loop.settle();
  EXPECT_EQ(closer->told, 1);
  closer->stream.reset();
}

}  // namespace
}  // namespace tern
