#include "tern/reverse_dialer.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <utility>

#include "base/duration_text.h"
#include "base/timer_queue.h"
#include "net/acceptor.h"
#include "net/loop.h"
#include "net/socket_stream.h"

namespace tern {

namespace {

// Whether the peer of a connection that nobody has read from is still there, whatever it has sent.
bool is_open(const SocketHandle& socket) {
  pollfd asked{socket.get(), POLLRDHUP, 0};
  return ::poll(&asked, 1, 0) <= 0 || (asked.revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0;
}

// One client that waits for a server. Threads: the loop's, but for take().
class Waiting : public std::enable_shared_from_this<Waiting> {
 public:
  using GiveBack = std::function<void(SocketHandle)>;

  Waiting(Loop& loop, const Endpoint& listening, const TcpOptions& tcp, Dialer::Done done,
          GiveBack give_back)
      : loop_(loop),
        listening_(listening),
        tcp_(tcp),
        done_(std::move(done)),
        give_back_(std::move(give_back)) {}

  void start(std::chrono::nanoseconds timeout) {
    timeout_.set_callback([this, timeout] {
      finish(Status(Code::kDeadlineExceeded,
                    fmt::format("listening on \"{}\": no server has connected within {}",
                                listening_.to_string(), milliseconds_text(timeout)),
                    HandlerRan::kNo));
    });
    loop_.start_timer(timeout_, timeout);
  }

  void take(SocketHandle socket) {
    loop_.post([self = shared_from_this(), socket = std::move(socket)]() mutable {
      if (self->done_) {
        self->finish(open_stream(self->loop_, std::move(socket), self->tcp_));
      } else {
        self->give_back_(std::move(socket));  // it was given up meanwhile
      }
    });
  }

  void give_up() {
    done_.reset();
    loop_.cancel_timer(timeout_);
  }

 private:
  void finish(Result<std::unique_ptr<ByteStream>> result) {
    auto self = shared_from_this();  // `done` may destroy the attempt
    loop_.cancel_timer(timeout_);
    Dialer::Done done = std::move(done_);
    if (done) done(std::move(result));
  }

  Loop& loop_;
  Endpoint listening_;
  const TcpOptions tcp_;
  Dialer::Done done_;
  GiveBack give_back_;
  Timer timeout_;
};

}  // namespace

// Threads: any, but for the acceptor.
class ReverseDialer::Core : public std::enable_shared_from_this<Core> {
 public:
  // `loop_runs`: the loop has a thread that others can wait for.
  Core(Loop& loop, bool loop_runs, const TcpOptions& tcp)
      : loop_(loop), loop_runs_(loop_runs), tcp_(tcp) {}

  Status listen(const Endpoint& endpoint) {
    auto on_accept = [this](SocketHandle socket) {
      // So that one whose server vanishes while it waits here is not taken for open.
      if (local_.transport != Endpoint::Transport::kUnix) set_tcp_options(socket, tcp_);
      this->on_accept(std::move(socket));
    };
    Result<std::unique_ptr<Acceptor>> acceptor =
        Acceptor::listen(loop_, endpoint, std::move(on_accept));
    if (!acceptor.ok()) return acceptor.take_status();
    acceptor_ = std::move(*acceptor);
    local_ = acceptor_->local_endpoint();
    loop_.post([self = shared_from_this()] {
      if (self->acceptor_) self->acceptor_->start();
    });
    return {};
  }

  // Returns when it is closed.
  void close() {
    if (loop_.in_this_thread() || loop_.io().stopped() || !loop_runs_) {
      acceptor_.reset();
      return;
    }
    std::promise<void> closed;
    loop_.post([this, &closed] {
      acceptor_.reset();
      closed.set_value();
    });
    closed.get_future().wait();
  }

  const Endpoint& endpoint() const noexcept { return local_; }
  const TcpOptions& tcp() const noexcept { return tcp_; }

  std::size_t waiting() const {
    std::lock_guard lock(mutex_);
    return sockets_.size();
  }

  void add(const std::shared_ptr<Waiting>& client) {
    SocketHandle socket;
    {
      std::lock_guard lock(mutex_);
      while (!sockets_.empty() && socket.get() < 0) {
        socket = std::move(sockets_.front());
        sockets_.pop_front();
        if (!is_open(socket)) socket = SocketHandle();
      }
      if (socket.get() < 0) clients_.push_back(client);
    }
    if (socket.get() >= 0) client->take(std::move(socket));
  }

  void remove(const std::shared_ptr<Waiting>& client) {
    std::lock_guard lock(mutex_);
    std::erase(clients_, client);
  }

  // A connection that has come, or has come back.
  void on_accept(SocketHandle socket) {
    std::shared_ptr<Waiting> client;
    {
      std::lock_guard lock(mutex_);
      if (!clients_.empty()) {
        client = std::move(clients_.front());
        clients_.pop_front();
      } else {
        // Nobody reads from those that wait: that one has ended is seen only by asking.
        if (sockets_.size() >= kMaxWaiting) {
          std::erase_if(sockets_, [](const SocketHandle& one) { return !is_open(one); });
        }
        if (sockets_.size() < kMaxWaiting) sockets_.push_back(std::move(socket));
      }
    }
    if (client) client->take(std::move(socket));
  }

 private:
  Loop& loop_;
  const bool loop_runs_;
  const TcpOptions tcp_;
  Endpoint local_;
  std::unique_ptr<Acceptor> acceptor_;  // the loop's thread, once it has been started

  mutable std::mutex mutex_;  // guards the following; one of the two is empty
  std::deque<SocketHandle> sockets_;
  std::deque<std::shared_ptr<Waiting>> clients_;
};

class ReverseDialer::WaitingAttempt final : public Dialer::Attempt {
 public:
  WaitingAttempt(std::shared_ptr<Core> core, std::shared_ptr<Waiting> client)
      : core_(std::move(core)), client_(std::move(client)) {}
  ~WaitingAttempt() override {
    client_->give_up();
    core_->remove(client_);
  }

 private:
  std::shared_ptr<Core> core_;
  std::shared_ptr<Waiting> client_;
};

ReverseDialer::ReverseDialer(std::unique_ptr<IoPool> own_pool, std::shared_ptr<Core> core)
    : own_pool_(std::move(own_pool)), core_(std::move(core)) {}

ReverseDialer::~ReverseDialer() {
  core_->close();
}

Result<std::shared_ptr<ReverseDialer>> ReverseDialer::listen(std::string_view address,
                                                             const TcpOptions& tcp) {
  auto pool = std::make_unique<IoPool>();
  IoPool& used = *pool;
  return make(address, used, tcp, std::move(pool));
}

Result<std::shared_ptr<ReverseDialer>> ReverseDialer::listen(std::string_view address, IoPool& pool,
                                                             const TcpOptions& tcp) {
  return make(address, pool, tcp, nullptr);
}

Result<std::shared_ptr<ReverseDialer>> ReverseDialer::make(std::string_view address, IoPool& pool,
                                                           const TcpOptions& tcp,
                                                           std::unique_ptr<IoPool> own_pool) {
  Result<Endpoint> endpoint = parse_endpoint(address);
  if (!endpoint.ok()) return endpoint.take_status();
  auto core = std::make_shared<Core>(pool.next(), pool.has_threads(), tcp);
  Status failure = core->listen(*endpoint);
  if (!failure.ok()) return failure;
  return std::shared_ptr<ReverseDialer>(new ReverseDialer(std::move(own_pool), std::move(core)));
}

const Endpoint& ReverseDialer::endpoint() const noexcept {
  return core_->endpoint();
}

std::size_t ReverseDialer::waiting() const {
  return core_->waiting();
}

std::unique_ptr<Dialer::Attempt> ReverseDialer::dial(Loop& loop, const Endpoint&,
                                                     std::chrono::nanoseconds timeout, Done done) {
  auto give_back = [weak = std::weak_ptr<Core>(core_)](SocketHandle socket) {
    if (auto core = weak.lock()) core->on_accept(std::move(socket));
  };
  auto client = std::make_shared<Waiting>(loop, core_->endpoint(), core_->tcp(), std::move(done),
                                          std::move(give_back));
  client->start(timeout);
  core_->add(client);
  return std::make_unique<WaitingAttempt>(core_, std::move(client));
}

}  // namespace tern
