// Connecting to one address, where the system has its peculiarities.
#include "net/address_dialer.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "support/temporary_directory.h"
#include "support/test_loop.h"

namespace tern::test {
namespace {

using namespace std::chrono_literals;

// A Unix socket that nobody accepts on, with no room for another connection.
class FullUnixSocket : public testing::Test {
 protected:
  FullUnixSocket() : listening_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    endpoint_.transport = Endpoint::Transport::kUnix;
    endpoint_.path = directory_.path() / "s";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, endpoint_.path.c_str(), endpoint_.path.size());
    auto* raw = reinterpret_cast<const sockaddr*>(&address);
    EXPECT_EQ(::bind(listening_.get(), raw, sizeof address), 0);
    EXPECT_EQ(::listen(listening_.get(), 0), 0);
    int connected = 0;
    while (connected == 0) {
      filling_.emplace_back(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      connected = ::connect(filling_.back().get(), raw, sizeof address);
    }
  }

  void dial(std::chrono::nanoseconds timeout) {
    attempt_ = dialer_.dial(loop_.loop(), endpoint_, timeout, [this](auto dialed) {
      attempt_.reset();
      outcome_ = dialed.ok() ? (*dialed)->peer() : std::string(dialed.status().message());
    });
    loop_.settle();
  }

  TestLoop loop_;
  TemporaryDirectory directory_;
  Endpoint endpoint_;
  net::SocketHandle listening_;
  std::vector<net::SocketHandle> filling_;
  net::AddressDialer dialer_;
  std::unique_ptr<Dialer::Attempt> attempt_;
  std::string outcome_;
};

TEST_F(FullUnixSocket, IsConnectedWhenItHasRoom) {
  dial(1s);
  EXPECT_EQ(outcome_, "");
  net::SocketHandle accepted(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  loop_.advance(10ms);
  EXPECT_EQ(outcome_, endpoint_.path);
}

TEST_F(FullUnixSocket, TimesOut) {
  dial(1s);
  loop_.advance(1s);
  EXPECT_EQ(outcome_, "connect to \"" + endpoint_.to_string() + "\": not connected within 1s");
  EXPECT_EQ(loop_.loop().timer_count(), 0u);
}

TEST(AddressDialer, KnowsASocketThatIsItsOwnPeer) {
  net::SocketHandle socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(socket.get(), raw, size), 0);
  ASSERT_EQ(::getsockname(socket.get(), raw, &size), 0);
  EXPECT_FALSE(net::is_its_own_peer(socket));
  ASSERT_EQ(::connect(socket.get(), raw, size), 0);
  EXPECT_TRUE(net::is_its_own_peer(socket));
}

}  // namespace
}  // namespace tern::test
