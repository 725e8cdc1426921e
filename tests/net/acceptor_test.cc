// An acceptor that has no descriptor left for a connection, or no memory.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "net/acceptor.h"
#include "net/socket_stream.h"
#include "support/test_loop.h"

namespace tern {
namespace {

using IncomingPtr = std::unique_ptr<Listener::Incoming>;

// Without descriptors to spare, on a loop whose time stands still.
class StarvedAcceptor : public testing::Test {
 protected:
  StarvedAcceptor() {
    ::getrlimit(RLIMIT_NOFILE, &limit_);
    rlimit low = limit_;
    low.rlim_cur = std::min<rlim_t>(limit_.rlim_cur, 512);
    ::setrlimit(RLIMIT_NOFILE, &low);
  }
  ~StarvedAcceptor() override {
    ::setrlimit(RLIMIT_NOFILE, &limit_);
    acceptor_.reset();
    loop_.settle();
  }

  void listen(Listener::OnIncoming on_incoming) {
    Result<std::unique_ptr<net::Acceptor>> acceptor =
        net::Acceptor::listen(*parse_endpoint("tcp@127.0.0.1:0"));
    ASSERT_TRUE(acceptor.ok()) << acceptor.status().to_string();
    acceptor_ = std::move(*acceptor);
    acceptor_->start(loop_.loop(), std::move(on_incoming));
    loop_.settle();
  }
  // So many connections wait, and there is no descriptor left.
  void starve(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      clients_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    }
    for (;;) {
      net::SocketHandle one(::open("/dev/null", O_RDONLY | O_CLOEXEC));
      if (one.get() < 0) break;
      taken_.push_back(std::move(one));
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(acceptor_->endpoint().port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (net::SocketHandle& one : clients_) {
      ASSERT_EQ(::connect(one.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
                0);
    }
  }
  std::size_t closed() const {
    std::size_t count = 0;
    for (const net::SocketHandle& one : clients_) {
      char byte;
      if (::recv(one.get(), &byte, 1, MSG_DONTWAIT) == 0) ++count;
    }
    return count;
  }

  rlimit limit_{};
  test::TestLoop loop_;
  std::unique_ptr<net::Acceptor> acceptor_;
  std::vector<net::SocketHandle> clients_;
  std::vector<net::SocketHandle> taken_;
};

TEST_F(StarvedAcceptor, TurnsAllAwayAtOnceThatWait) {
  listen([](const IncomingPtr&) { ADD_FAILURE() << "accepted"; });
  starve(100);
  loop_.settle();
  EXPECT_EQ(acceptor_->turned_away(), 100u);
  EXPECT_EQ(closed(), 100u);
  taken_.clear();
}

TEST_F(StarvedAcceptor, AcceptsAgainAfterAPause) {
  std::vector<IncomingPtr> accepted;
  listen([&](IncomingPtr connection) { accepted.push_back(std::move(connection)); });
  starve(1);
  loop_.settle();
  taken_.clear();
  clients_.clear();
  starve(1);
  taken_.clear();
  loop_.settle();
  EXPECT_EQ(accepted.size(), 0u);
  loop_.advance(std::chrono::milliseconds(20));
  EXPECT_EQ(accepted.size(), 1u);
}

TEST_F(StarvedAcceptor, MayBeDestroyedByWhatItCallsAfterAPause) {
  int calls = 0;
  listen([&](const IncomingPtr&) {
    ++calls;
    acceptor_.reset();
  });
  starve(1);
  loop_.settle();
  taken_.clear();
  clients_.clear();
  starve(2);
  taken_.clear();
  loop_.advance(std::chrono::milliseconds(20));
  EXPECT_EQ(calls, 1);
}

TEST_F(StarvedAcceptor, GoesOnAfterAConnectionForWhichThereIsNoMemory) {
  int calls = 0;
  listen([&](const IncomingPtr&) {
    if (++calls == 1) throw std::bad_alloc();
  });
  starve(2);
  taken_.clear();
  loop_.settle();
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace tern
