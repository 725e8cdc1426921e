// Clients that wait to be called, on real sockets.
#include "tern/reverse_dialer.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <string>

#include "net/loop.h"
#include "tern/byte_stream.h"
#include "tern/clock.h"
#include "tern/io_pool.h"

namespace tern {
namespace {

using namespace std::chrono_literals;

// What a server's end of a connection is here: a socket that writes one byte at once.
class Caller {
 public:
  Caller(const Endpoint& endpoint, char name) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(endpoint.port);
    auto* raw = reinterpret_cast<const sockaddr*>(&address);
    EXPECT_EQ(::connect(fd_, raw, sizeof address), 0);
    EXPECT_EQ(::send(fd_, &name, 1, MSG_NOSIGNAL), 1);
  }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
  ~Caller() { hang_up(); }

  void hang_up() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

// What a client sees of its attempt. The stream lives and dies on the loop.
class Attempt : public ByteStreamUser, public std::enable_shared_from_this<Attempt> {
 public:
  void dial(ReverseDialer& dialer, Loop& loop, std::chrono::nanoseconds timeout) {
    loop.post([this, self = shared_from_this(), &dialer, &loop, timeout] {
      attempt_ = dialer.dial(loop, Endpoint(), timeout, [self](auto dialed) {
        if (dialed.ok()) {
          self->stream_ = std::move(*dialed);
          self->stream_->wait_readable(self);
        } else {
          self->outcome_.set_value(std::string(dialed.status().message()));
        }
      });
    });
  }
  // Who called, or the failure.
  std::string outcome() { return outcome_.get_future().get(); }
  void end(Loop& loop) {
    std::promise<void> done;
    loop.post([&] {
      attempt_.reset();
      stream_.reset();
      done.set_value();
    });
    done.get_future().get();
  }

 private:
  void on_readable() override {
    std::byte byte{};
    IoResult result = stream_->read_some({&byte, 1});
    outcome_.set_value(result.ok() ? std::string(1, static_cast<char>(byte)) : "closed");
  }
  void on_writable() override {}

  std::promise<std::string> outcome_;
  std::unique_ptr<Dialer::Attempt> attempt_;
  std::unique_ptr<ByteStream> stream_;
};

class ReverseDialerTest : public testing::Test {
 protected:
  ReverseDialerTest() {
    auto listening = ReverseDialer::listen("tcp@127.0.0.1:0");
    EXPECT_TRUE(listening.ok()) << listening.status().to_string();
    if (listening.ok()) dialer = *listening;
  }
  ~ReverseDialerTest() override {
    for (auto& attempt : attempts) attempt->end(pool.loop(0));
  }

  Attempt& dial(std::chrono::nanoseconds timeout = 1min) {
    attempts.push_back(std::make_shared<Attempt>());
    attempts.back()->dial(*dialer, pool.loop(0), timeout);
    return *attempts.back();
  }
  void wait_for(std::size_t waiting) {
    while (dialer->waiting() != waiting) ::usleep(100);
  }

  std::shared_ptr<ReverseDialer> dialer;
  IoPool pool;
  std::vector<std::shared_ptr<Attempt>> attempts;
};

TEST_F(ReverseDialerTest, GivesAWaitingClientTheNextConnection) {
  Attempt& attempt = dial();
  Caller caller(dialer->endpoint(), 'a');
  EXPECT_EQ(attempt.outcome(), "a");
}

TEST_F(ReverseDialerTest, KeepsConnectionsForClientsInTheirOrder) {
  Caller first(dialer->endpoint(), 'a');
  wait_for(1);
  Caller second(dialer->endpoint(), 'b');
  wait_for(2);
  EXPECT_EQ(dial().outcome(), "a");
  EXPECT_EQ(dial().outcome(), "b");
  EXPECT_EQ(dialer->waiting(), 0u);
}

TEST_F(ReverseDialerTest, SaysThatNoServerHasConnected) {
  std::string outcome = dial(20ms).outcome();
  EXPECT_EQ(outcome, "listening on \"" + dialer->endpoint().to_string() +
                         "\": no server has connected within 20ms");
}

TEST_F(ReverseDialerTest, ForgetsAClientThatHasCancelled) {
  Attempt& gone = dial();
  gone.end(pool.loop(0));
  Caller caller(dialer->endpoint(), 'a');
  EXPECT_EQ(dial().outcome(), "a");
}

TEST_F(ReverseDialerTest, ClosesWhatIsMoreThanItKeeps) {
  std::vector<std::unique_ptr<Caller>> callers;
  for (std::size_t i = 0; i < ReverseDialer::kMaxWaiting + 20; ++i) {
    callers.push_back(std::make_unique<Caller>(dialer->endpoint(), 'x'));
  }
  wait_for(ReverseDialer::kMaxWaiting);
  EXPECT_EQ(dial().outcome(), "x");
}

TEST_F(ReverseDialerTest, TakesAConnectionThoughAsManyDeadOnesWaitAsItKeeps) {
  {
    std::vector<std::unique_ptr<Caller>> gone;
    for (std::size_t i = 0; i < ReverseDialer::kMaxWaiting; ++i) {
      gone.push_back(std::make_unique<Caller>(dialer->endpoint(), 'x'));
    }
    wait_for(ReverseDialer::kMaxWaiting);
  }
  Caller live(dialer->endpoint(), 'a');
  wait_for(1);
  EXPECT_EQ(dial().outcome(), "a");
}

TEST_F(ReverseDialerTest, SaysWhyItCannotListen) {
  EXPECT_EQ(ReverseDialer::listen("tcp@nowhere").status().code(), Code::kInvalidArgument);
  EXPECT_EQ(ReverseDialer::listen(dialer->endpoint().to_string()).status().code(),
            Code::kAlreadyExists);
}

}  // namespace
}  // namespace tern
