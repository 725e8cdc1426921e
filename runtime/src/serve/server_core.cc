#include "serve/server_core.h"

#include <fmt/format.h>

#include <asio/post.hpp>
#include <utility>

#include "base/random.h"
#include "debug_pages/pages_handler.h"
#include "net/acceptor.h"
#include "net/loop.h"
#include "serve/take_snapshot.h"
#include "tern/loop_thread.h"
#include "wire/check_limits.h"

namespace tern::serve {

namespace {

// Loops ask for numbers, and so does dial().
ServerOptions with_shared_random(ServerOptions options) {
  options.random = base::shared_random(std::move(options.random));
  return options;
}

Status serves_already(std::string_view added) {
  return Status(
      Code::kFailedPrecondition,
      fmt::format("server: it serves already; add {} before listen() and serve()", added));
}

}  // namespace

ServerCore::ServerCore(IoPool& pool, ServerOptions options)
    : pool_(pool),
      options_(with_shared_random(std::move(options))),
      gate_(options_.authenticator),
      http_handlers_(std::make_shared<debug_pages::PagesHandler>(
          debug_pages::Source{
              [this] { return snapshot(); }, [this] { return stopping(); },
              [this](UniqueFunction<void()> task) { return run_for_page(std::move(task)); },
              options_.more_metrics},
          options_.debug_pages, pool.clock())),
      log_(pool.clock(), options_),
      end_(pool, options_.blocking_executor, mutex_, log_, *this) {}

ServerCore::~ServerCore() = default;

// --- What it serves ---

Status ServerCore::add(std::shared_ptr<Service> service) {
  Lock lock(mutex_);
  if (!adding(lock)) return serves_already("services");
  return router_.add(std::move(service));
}

Status ServerCore::add_per_connection(Router::Factory factory) {
  Lock lock(mutex_);
  if (!adding(lock)) return serves_already("services");
  return router_.add_per_connection(std::move(factory));
}

Status ServerCore::add_http(std::string path, std::shared_ptr<HttpHandler> handler) {
  Lock lock(mutex_);
  if (!adding(lock)) return serves_already("handlers of HTTP");
  return http_handlers_.add(std::move(path), std::move(handler));
}

// All of it or nothing: it may be tried again when there is memory.
Status ServerCore::begin_serving(const Lock& lock) {
  if (end_.begun(lock)) return Status(Code::kFailedPrecondition, "server: it has been stopped");
  if (loops_) return {};
  if (options_.limits.unsent_bytes == 0) {
    return Status(Code::kInvalidArgument,
                  "limits: unsent_bytes is 0, so that no request would be read");
  }
  if (Status failure = wire::check_stream_limits(options_.limits); !failure.ok()) return failure;
  if (Status failure =
          method_limits_.set_up(options_.adaptive_concurrency, router_, pool_.clock().now());
      !failure.ok()) {
    return failure;
  }
  if (gate_.closed()) router_.keep_secret();
  loops_ = std::make_unique<ServeLoops>(*this, pool_, router_, options_.loop_lag_limit, log_);
  serving_since_ = pool_.clock().now();
  loops_->watch().start();
  return {};
}

// --- Its connections ---

Result<Endpoint> ServerCore::listen(std::string_view address) {
  Result<Endpoint> endpoint = endpoint_to_listen(address, options_);
  if (!endpoint.ok()) return endpoint.take_status();
  {
    // So that what is said of a server that has been stopped is not that the address is taken.
    Lock lock(mutex_);
    if (Status failure = begin_serving(lock); !failure.ok()) return failure;
  }
  Result<std::unique_ptr<net::Acceptor>> acceptor = net::Acceptor::listen(*endpoint, options_.tcp);
  if (!acceptor.ok()) return acceptor.take_status();
  Endpoint local = (*acceptor)->endpoint();
  if (Status failure = listen(std::move(*acceptor)); !failure.ok()) return failure;
  return local;
}

Status ServerCore::listen(std::unique_ptr<Listener> listener) {
  Endpoint local = listener->endpoint();
  Result<std::unique_ptr<Listener>> secure = secured(std::move(listener), options_);
  if (!secure.ok()) return secure.take_status();
  {
    Lock lock(mutex_);
    if (Status failure = begin_serving(lock); !failure.ok()) return failure;
    end_.use_loops(lock);
    entrances_.listen(pool_.next(), std::move(*secure), shared_from_this(),
                      [this](std::unique_ptr<Listener::Incoming> connection) {
                        on_incoming(std::move(connection));
                      });
  }
  log_.listening(local);
  return {};
}

Status ServerCore::dial(std::string_view address, const Backoff& backoff) {
  Result<Endpoint> endpoint = endpoint_to_dial(address, options_);
  if (!endpoint.ok()) return endpoint.take_status();
  Lock lock(mutex_);
  if (Status failure = begin_serving(lock); !failure.ok()) return failure;
  Loop& loop = pool_.next();
  auto dialing = std::make_shared<DialOut>(*this, *loops_->of(loop), *endpoint, backoff);
  end_.use_loops(lock);
  entrances_.dial(loop, std::move(dialing), shared_from_this());
  return {};
}

std::vector<Endpoint> ServerCore::addresses() const {
  std::lock_guard lock(mutex_);
  return entrances_.addresses();
}

void ServerCore::serve(Loop& loop, std::unique_ptr<ByteStream> stream) {
  ServeLoop* serve_loop = nullptr;
  bool draining = false;
  {
    Lock lock(mutex_);
    draining = end_.draining(lock);
    if (!draining && !begin_serving(lock).ok()) return;
    serve_loop = serve_loop_of(loop);
    if (!serve_loop) return;
    end_.use_loops(lock);
    if (draining) end_.count_tasks(lock, 1);  // it is told so, and the end waits for that
  }
  auto open = [self = shared_from_this(), serve_loop, stream = std::move(stream)]() mutable {
    serve_loop->open(std::move(stream));
  };
  if (draining) {
    end_.run_on(loop, std::move(open));
  } else {
    loop.post(std::move(open));
  }
}

Status ServerCore::serve_frames(Loop& loop, std::unique_ptr<ByteStream> stream, const Codec& codec,
                                const wire::PeerTerms& peer) {
  ServeLoop* serve_loop = nullptr;
  {
    Lock lock(mutex_);
    if (Status failure = begin_serving(lock); !failure.ok()) return failure;
    serve_loop = serve_loop_of(loop);
    if (!serve_loop) {
      return Status(Code::kFailedPrecondition,
                    "server: the connection's loop is not one of its own; make the server and the "
                    "client on one IoPool",
                    HandlerRan::kNo);
    }
    end_.use_loops(lock);
  }
  loop.post(
      [self = shared_from_this(), serve_loop, &codec, peer, stream = std::move(stream)]() mutable {
        serve_loop->open_frames(std::move(stream), codec, peer);
      });
  return {};
}

// On the loop of the listener. Connections go round all loops of the pool.
void ServerCore::on_incoming(std::unique_ptr<Listener::Incoming> connection) {
  Loop& loop = pool_.next();
  auto open = [self = shared_from_this(), serve_loop = loops_->of(loop),
               connection = std::move(connection)]() mutable {
    serve_loop->open(std::move(connection));
  };
  bool draining = false;
  {
    Lock lock(mutex_);
    draining = end_.draining(lock);
    if (draining) end_.count_tasks(lock, 1);  // it is told so, and the end waits for that
  }
  if (draining) {
    end_.run_on(loop, std::move(open));
    return;
  }
  if (loop.in_this_thread()) {
    open();
  } else {
    loop.post(std::move(open));
  }
}

// --- What is seen of it ---

ServerStats ServerCore::stats() const {
  std::lock_guard lock(mutex_);
  std::span<const Route> routes = router_.routes();
  ServerStats stats = stats_of(add_up(routes, counters_of(serve_loops()), routes.size()));
  stats.concurrency_limit = method_limits_.concurrency();
  return stats;
}

bool ServerCore::run_for_page(UniqueFunction<void()> task) {
  Lock lock(mutex_);
  if (end_.closed(lock)) return false;
  if (options_.page_executor) {
    lock.unlock();
    asio::post(end_.counted(options_.page_executor), std::move(task));
    return true;
  }
  threads_.run_for_page(std::move(task));
  return true;
}

// For a page only: there are loops, and they stay as they are.
debug_pages::ServerSnapshot ServerCore::snapshot() const {
  Clock::TimePoint now = pool_.clock().now();
  debug_pages::ServerSnapshot snapshot = take_snapshot(router_.routes(), loops_->all(), now);
  snapshot.loop_lags = loops_->lags();
  snapshot.uptime = now - serving_since_;
  snapshot.draining = stopping();
  snapshot.authenticates = gate_.closed();
  snapshot.concurrency_limit = method_limits_.concurrency();
  if (options_.credentials) snapshot.certificate = take_snapshot(options_.credentials->stats());
  if (options_.authenticator) snapshot.keys = options_.authenticator->key_stats();
  return snapshot;
}

bool ServerCore::stopping() const {
  Lock lock(mutex_);
  return end_.begun(lock);
}

// --- For its sessions ---

asio::any_io_executor ServerCore::workers(asio::any_io_executor otherwise) {
  Lock lock(mutex_);
  if (end_.closed(lock)) return otherwise;
  if (options_.blocking_executor) return end_.counted(options_.blocking_executor);
  return threads_.workers(options_.worker_threads);
}

// --- Its end ---

bool ServerCore::waits_for_this_thread() const {
  if (on_loop_thread() || runs_task_of(end_)) return true;
  std::lock_guard lock(mutex_);
  return threads_.on_worker();
}

void ServerCore::begin_stop(std::chrono::nanoseconds drain) {
  Entrances closed;
  {
    Lock lock(mutex_);
    closed = entrances_.take();
    end_.count_tasks(lock, closed.size() + loops_->all().size());
  }
  log_.stopping(drain);
  closed.close(end_);
  loops_->begin_stop(end_, drain);
}

EndingServer::Threads ServerCore::own_threads() const {
  std::lock_guard lock(mutex_);
  if (threads_.on_worker()) return Threads::kThisOne;
  const bool any = threads_.any() || (loops_ && loops_->watch().has_thread());
  return any ? Threads::kOthers : Threads::kNone;
}

void ServerCore::release() {
  if (loops_) loops_->watch().stop();
  threads_.join();
  // No session asks them any more, and the loops, which they may need to end, are still there.
  http_handlers_.release();
  OwnThreads gone;  // destroyed without the lock
  std::lock_guard lock(mutex_);
  std::swap(gone, threads_);
}

}  // namespace tern::serve
