#include "tern/reverse_dialer.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <future>
#include <mutex>
#include <utility>

#include "base/duration_text.h"
#include "base/timer_queue.h"
#include "net/acceptor.h"
#include "net/loop.h"
#include "net/secure_listener.h"

namespace tern {

namespace {

using IncomingPtr = std::unique_ptr<Listener::Incoming>;

// Whether the peer of a connection that nobody has read from is still there, whatever it has sent.
bool is_open(const IncomingPtr& connection) {
  return connection->peer_state() == PeerState::kThere;
}

// One client that waits for a server. Threads: the loop's, but for take().
class Waiting : public std::enable_shared_from_this<Waiting> {
 public:
  using GiveBack = UniqueFunction<void(IncomingPtr)>;

  Waiting(Loop& loop, const Endpoint& listening, Dialer::Done done, GiveBack give_back)
      : loop_(loop),
        listening_(listening),
        done_(std::move(done)),
        give_back_(std::move(give_back)) {}

  void start(std::chrono::nanoseconds timeout) {
    timeout_.set_callback([this, timeout] {
      finish(Status(Code::kDeadlineExceeded,
                    fmt::format("listening on \"{}\": no server has connected within {}",
                                listening_.to_string(), base::duration_text(timeout)),
                    HandlerRan::kNo));
    });
    loop_.start_timer(timeout_, timeout);
  }

  void take(IncomingPtr connection) {
    loop_.post([self = shared_from_this(), connection = std::move(connection)]() mutable {
      if (self->done_) {
        self->finish(connection->open(self->loop_));
      } else {
        self->give_back_(std::move(connection));  // it was given up meanwhile
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
  Dialer::Done done_;
  GiveBack give_back_;
  base::Timer timeout_;
};

}  // namespace

// Threads: any, but for the listener.
class ReverseDialer::Core : public std::enable_shared_from_this<Core> {
 public:
  // `loop_runs`: the loop has a thread that others can wait for.
  Core(Loop& loop, bool loop_runs, std::unique_ptr<Listener> listener)
      : loop_(loop),
        loop_runs_(loop_runs),
        endpoint_(listener->endpoint()),
        listener_(std::move(listener)) {}

  void start() {
    loop_.post([self = shared_from_this()] {
      if (!self->listener_) return;
      auto on_incoming = [core = self.get()](IncomingPtr connection) {
        core->on_incoming(std::move(connection));
      };
      self->listener_->start(self->loop_, std::move(on_incoming));
    });
  }

  // Returns when it is closed.
  void close() {
    if (loop_.in_this_thread() || loop_.io().stopped() || !loop_runs_) {
      listener_.reset();
      return;
    }
    std::promise<void> closed;
    loop_.post([this, &closed] {
      listener_.reset();
      closed.set_value();
    });
    closed.get_future().wait();
  }

  const Endpoint& endpoint() const noexcept { return endpoint_; }

  std::size_t waiting() const {
    std::lock_guard lock(mutex_);
    return connections_.size();
  }

  void add(const std::shared_ptr<Waiting>& client) {
    IncomingPtr connection;
    {
      std::lock_guard lock(mutex_);
      while (!connections_.empty() && !connection) {
        connection = std::move(connections_.front());
        connections_.pop_front();
        if (!is_open(connection)) connection.reset();
      }
      if (!connection) clients_.push_back(client);
    }
    if (connection) client->take(std::move(connection));
  }

  void remove(const std::shared_ptr<Waiting>& client) {
    std::lock_guard lock(mutex_);
    std::erase(clients_, client);
  }

  // A connection that has come, or has come back.
  void on_incoming(IncomingPtr connection) {
    std::shared_ptr<Waiting> client;
    {
      std::lock_guard lock(mutex_);
      if (!clients_.empty()) {
        client = std::move(clients_.front());
        clients_.pop_front();
      } else {
        // Nobody reads from those that wait: that one has ended is seen only by asking.
        if (connections_.size() >= kMaxWaiting) {
          std::erase_if(connections_, [](const IncomingPtr& one) { return !is_open(one); });
        }
        if (connections_.size() < kMaxWaiting) connections_.push_back(std::move(connection));
      }
    }
    if (client) client->take(std::move(connection));
  }

 private:
  Loop& loop_;
  const bool loop_runs_;
  const Endpoint endpoint_;
  std::unique_ptr<Listener> listener_;  // the loop's thread, once it has been started

  mutable std::mutex mutex_;  // guards the following; one of the two is empty
  std::deque<IncomingPtr> connections_;
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

Result<std::shared_ptr<ReverseDialer>> ReverseDialer::listen(
    std::string_view address, const TcpOptions& tcp,
    std::shared_ptr<ServerCredentials> credentials) {
  auto pool = std::make_unique<IoPool>();
  IoPool& used = *pool;
  return make(address, used, tcp, credentials, std::move(pool));
}

Result<std::shared_ptr<ReverseDialer>> ReverseDialer::listen(
    std::string_view address, IoPool& pool, const TcpOptions& tcp,
    std::shared_ptr<ServerCredentials> credentials) {
  return make(address, pool, tcp, credentials, nullptr);
}

std::shared_ptr<ReverseDialer> ReverseDialer::listen(std::unique_ptr<Listener> listener,
                                                     IoPool& pool) {
  return make(std::move(listener), pool, nullptr);
}

Result<std::shared_ptr<ReverseDialer>> ReverseDialer::make(
    std::string_view address, IoPool& pool, const TcpOptions& tcp,
    const std::shared_ptr<ServerCredentials>& credentials, std::unique_ptr<IoPool> own_pool) {
  constexpr std::string_view kOption = "the credentials of ReverseDialer::listen()";
  Result<Endpoint> endpoint = parse_endpoint(address);
  if (!endpoint.ok()) return endpoint.take_status();
  Status missing = net::missing_credentials(*endpoint, credentials.get(), kOption);
  if (!missing.ok()) return missing;
  // Those that wait have their options, too, so that one whose server vanishes is not taken for
  // open.
  Result<std::unique_ptr<net::Acceptor>> acceptor = net::Acceptor::listen(*endpoint, tcp);
  if (!acceptor.ok()) return acceptor.take_status();
  Result<std::unique_ptr<Listener>> listener =
      net::secure(std::move(*acceptor), credentials, kOption);
  if (!listener.ok()) return listener.take_status();
  return make(std::move(*listener), pool, std::move(own_pool));
}

std::shared_ptr<ReverseDialer> ReverseDialer::make(std::unique_ptr<Listener> listener, IoPool& pool,
                                                   std::unique_ptr<IoPool> own_pool) {
  auto core = std::make_shared<Core>(pool.next(), pool.has_threads(), std::move(listener));
  core->start();
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
  auto give_back = [weak = std::weak_ptr<Core>(core_)](IncomingPtr connection) {
    if (auto core = weak.lock()) core->on_incoming(std::move(connection));
  };
  auto client =
      std::make_shared<Waiting>(loop, core_->endpoint(), std::move(done), std::move(give_back));
  client->start(timeout);
  core_->add(client);
  return std::make_unique<WaitingAttempt>(core_, std::move(client));
}

}  // namespace tern
