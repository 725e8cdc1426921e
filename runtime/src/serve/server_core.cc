#include "serve/server_core.h"

#include <fmt/format.h>

#include <algorithm>
#include <asio/post.hpp>
#include <new>
#include <utility>

#include "base/random.h"
#include "base/time_left.h"
#include "debug_pages/pages_handler.h"
#include "net/acceptor.h"
#include "net/loop.h"
#include "net/secure_dialer.h"
#include "net/secure_listener.h"
#include "serve/take_snapshot.h"
#include "wire/check_limits.h"

namespace tern::serve {

namespace {

constexpr std::string_view kListenCredentials = "ServerOptions::credentials";

// Loops ask for numbers, and so does dial().
ServerOptions with_shared_random(ServerOptions options) {
  options.random = base::shared_random(std::move(options.random));
  return options;
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
      log_(pool.clock(), options_.log, options_.log_level) {}

// The helper first, which may still be on its way out; on itself it has nothing left to do.
ServerCore::~ServerCore() {
  helper_ = base::KeptThread();
}

Status ServerCore::add(std::shared_ptr<Service> service) {
  std::lock_guard lock(mutex_);
  if (state_ != State::kAdding) {
    return Status(Code::kFailedPrecondition,
                  "server: it serves already; add services before listen() and serve()");
  }
  return router_.add(std::move(service));
}

Status ServerCore::add_per_connection(Router::Factory factory) {
  std::lock_guard lock(mutex_);
  if (state_ != State::kAdding) {
    return Status(Code::kFailedPrecondition,
                  "server: it serves already; add services before listen() and serve()");
  }
  return router_.add_per_connection(std::move(factory));
}

Status ServerCore::add_http(std::string path, std::shared_ptr<HttpHandler> handler) {
  std::lock_guard lock(mutex_);
  if (state_ != State::kAdding) {
    return Status(Code::kFailedPrecondition,
                  "server: it serves already; add handlers of HTTP before listen() and serve()");
  }
  return http_handlers_.add(std::move(path), std::move(handler));
}

std::vector<Endpoint> ServerCore::addresses() const {
  std::lock_guard lock(mutex_);
  return addresses_;
}

// With mutex_ held.
Status ServerCore::begin_serving() {
  if (state_ == State::kServing) return {};
  if (state_ != State::kAdding) {
    return Status(Code::kFailedPrecondition, "server: it has been stopped");
  }
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
  // All of it or nothing: it may be tried again when there is memory.
  std::vector<std::unique_ptr<ServeLoop>> serve_loops;
  std::vector<Loop*> loops;
  for (std::size_t i = 0; i < pool_.size(); ++i) {
    loops.push_back(&pool_.loop(i));
    serve_loops.push_back(std::make_unique<ServeLoop>(*this, pool_.loop(i), router_.indexes()));
  }
  LoopWatch::Rules rules;
  rules.limit = options_.loop_lag_limit;
  rules.occupant = [this](std::size_t loop) { return loops_[loop]->occupant(router_.routes()); };
  rules.report = [this](const std::string& line) { log_.line(line, LogLevel::kWarning); };
  auto watch = std::make_unique<LoopWatch>(std::move(loops), pool_.clock(), std::move(rules));
  loops_ = std::move(serve_loops);
  watch_ = std::move(watch);
  serving_since_ = pool_.clock().now();
  state_ = State::kServing;
  watch_->start();
  return {};
}

Result<Endpoint> ServerCore::listen(std::string_view address) {
  Result<Endpoint> endpoint = parse_endpoint(address);
  if (!endpoint.ok()) return endpoint.take_status();
  if (endpoint->protocol != Endpoint::Protocol::kOption) {
    return Status(Code::kInvalidArgument,
                  fmt::format("listen on \"{}\": a server detects the protocol by itself; "
                              "expected the address without \"{}\"",
                              address, address.substr(0, address.find('+') + 1)));
  }
  Status missing =
      net::missing_credentials(*endpoint, options_.credentials.get(), kListenCredentials);
  if (!missing.ok()) return missing;
  {
    // So that what is said of a server that has been stopped is not that the address is taken.
    std::lock_guard lock(mutex_);
    if (Status failure = begin_serving(); !failure.ok()) return failure;
  }
  Result<std::unique_ptr<net::Acceptor>> acceptor = net::Acceptor::listen(*endpoint, options_.tcp);
  if (!acceptor.ok()) return acceptor.take_status();
  Endpoint local = (*acceptor)->endpoint();
  if (Status failure = listen(std::move(*acceptor)); !failure.ok()) return failure;
  return local;
}

Status ServerCore::listen(std::unique_ptr<Listener> listener) {
  Endpoint local = listener->endpoint();
  Result<std::unique_ptr<Listener>> secured =
      net::secure(std::move(listener), options_.credentials, kListenCredentials);
  if (!secured.ok()) return secured.take_status();
  {
    std::lock_guard lock(mutex_);
    if (Status failure = begin_serving(); !failure.ok()) return failure;
    Loop& loop = pool_.next();
    std::shared_ptr<Listener> kept = std::move(*secured);
    loop.post([self = shared_from_this(), &loop, weak = std::weak_ptr<Listener>(kept)] {
      std::shared_ptr<Listener> alive = weak.lock();
      if (!alive) return;  // the end has come first
      auto on_incoming = [core = self.get()](std::unique_ptr<Listener::Incoming> connection) {
        core->on_incoming(std::move(connection));
      };
      alive->start(loop, std::move(on_incoming));
    });
    used_ = true;
    listeners_.push_back({&loop, std::move(kept)});
    addresses_.push_back(local);
  }
  if (log_.takes(LogLevel::kInfo)) {
    log_.line(fmt::format("tern: server: listening on {}", local.to_string()), LogLevel::kInfo);
  }
  return {};
}

Status ServerCore::dial(std::string_view address, const Backoff& backoff) {
  Result<Endpoint> endpoint = parse_endpoint(address);
  if (!endpoint.ok()) return endpoint.take_status();
  if (endpoint->protocol != Endpoint::Protocol::kOption || endpoint->over_http()) {
    return Status(Code::kInvalidArgument,
                  fmt::format("dial \"{}\": the client that listens there chooses the protocol; "
                              "expected \"tcp@host:port\", \"unix@path\" or \"tls@host:port\"",
                              address));
  }
  Status missing =
      net::missing_credentials(*endpoint, options_.dial_credentials.get(), options_.dialer.get(),
                               "ServerOptions::dial_credentials");
  if (!missing.ok()) return missing;
  std::lock_guard lock(mutex_);
  if (Status failure = begin_serving(); !failure.ok()) return failure;
  Loop& loop = pool_.next();
  auto dialing = std::make_shared<DialOut>(*this, *serve_loop_of(loop), *endpoint, backoff);
  loop.post([self = shared_from_this(), dialing] { dialing->start(); });
  used_ = true;
  dials_.emplace_back(&loop, std::move(dialing));
  return {};
}

void ServerCore::serve(Loop& loop, std::unique_ptr<ByteStream> stream) {
  ServeLoop* serve_loop = nullptr;
  bool draining = false;
  {
    std::lock_guard lock(mutex_);
    draining = state_ == State::kStopping;
    if (!draining && !begin_serving().ok()) return;
    serve_loop = serve_loop_of(loop);
    if (!serve_loop) return;
    used_ = true;
    if (draining) ++tasks_;  // it is told so, and the end waits for that
  }
  auto open = [self = shared_from_this(), serve_loop, stream = std::move(stream)]() mutable {
    serve_loop->open(std::move(stream));
  };
  if (draining) {
    run_on(loop, std::move(open));
  } else {
    loop.post(std::move(open));
  }
}

Status ServerCore::serve_frames(Loop& loop, std::unique_ptr<ByteStream> stream, const Codec& codec,
                                const wire::PeerTerms& peer) {
  ServeLoop* serve_loop = nullptr;
  {
    std::lock_guard lock(mutex_);
    if (Status failure = begin_serving(); !failure.ok()) return failure;
    serve_loop = serve_loop_of(loop);
    if (!serve_loop) {
      return Status(Code::kFailedPrecondition,
                    "server: the connection's loop is not one of its own; make the server and the "
                    "client on one IoPool",
                    HandlerRan::kNo);
    }
    used_ = true;
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
  auto open = [self = shared_from_this(), &loop, serve_loop = serve_loop_of(loop),
               connection = std::move(connection)]() mutable {
    try {
      Result<std::unique_ptr<ByteStream>> stream = connection->open(loop);
      if (stream.ok()) serve_loop->open(std::move(*stream));
    } catch (const std::bad_alloc&) {
      // No memory for this one: it is closed.
    }
  };
  bool draining = false;
  {
    std::lock_guard lock(mutex_);
    draining = state_ == State::kStopping;
    if (draining) ++tasks_;  // it is told so, and the end waits for that
  }
  if (draining) {
    run_on(loop, std::move(open));
    return;
  }
  if (loop.in_this_thread()) {
    open();
  } else {
    loop.post(std::move(open));
  }
}

ServeLoop* ServerCore::serve_loop_of(Loop& loop) {
  auto found = std::find_if(loops_.begin(), loops_.end(),
                            [&loop](const auto& one) { return &one->loop() == &loop; });
  return found == loops_.end() ? nullptr : found->get();
}

ServerStats ServerCore::stats() const {
  std::lock_guard lock(mutex_);
  std::span<const Route> routes = router_.routes();
  ServerStats stats = stats_of(add_up(routes, counters_of(loops_), routes.size()));
  stats.concurrency_limit = method_limits_.concurrency();
  return stats;
}

bool ServerCore::run_for_page(UniqueFunction<void()> task) {
  std::unique_lock lock(mutex_);
  if (state_ > State::kStopping) return false;
  if (options_.page_executor) {
    lock.unlock();
    asio::post(counted(options_.page_executor), std::move(task));
    return true;
  }
  threads_.run_for_page(std::move(task));
  return true;
}

namespace {

debug_pages::CertificateSnapshot take_snapshot(const CertificateStats& stats) {
  debug_pages::CertificateSnapshot seen;
  seen.subject = stats.subject;
  seen.expires_in = base::time_left(stats.expires);
  seen.reloads = stats.reloads;
  seen.reload_failures = stats.reload_failures;
  seen.last_failure = stats.last_failure;
  seen.handshakes = stats.handshakes;
  seen.handshake_failures = stats.handshake_failures;
  return seen;
}

}  // namespace

// For a page only: there are loops, and they stay as they are.
debug_pages::ServerSnapshot ServerCore::snapshot() const {
  Clock::TimePoint now = pool_.clock().now();
  debug_pages::ServerSnapshot snapshot = take_snapshot(router_.routes(), loops_, now);
  for (std::size_t i = 0; i < loops_.size(); ++i) snapshot.loop_lags.push_back(watch_->lag(i));
  snapshot.uptime = now - serving_since_;
  snapshot.draining = stopping();
  snapshot.authenticates = gate_.closed();
  snapshot.concurrency_limit = method_limits_.concurrency();
  if (options_.credentials) snapshot.certificate = take_snapshot(options_.credentials->stats());
  if (options_.authenticator) snapshot.keys = options_.authenticator->key_stats();
  return snapshot;
}

bool ServerCore::stopping() const {
  std::lock_guard lock(mutex_);
  return state_ >= State::kStopping;
}

asio::any_io_executor ServerCore::workers(asio::any_io_executor otherwise) {
  std::lock_guard lock(mutex_);
  if (state_ > State::kStopping) return otherwise;
  if (options_.blocking_executor) return counted(options_.blocking_executor);
  return threads_.workers(options_.worker_threads);
}

bool ServerCore::begin_handshake() noexcept {
  if (handshakes_.fetch_add(1, std::memory_order_relaxed) < options_.pending_handshakes)
    return true;
  end_handshake();
  return false;
}

void ServerCore::end_handshake() noexcept {
  handshakes_.fetch_sub(1, std::memory_order_relaxed);
}

void ServerCore::log(std::string_view line) {
  log_.line(std::string(line), LogLevel::kWarning);
}

void ServerCore::log_exception(std::string_view thrower, const Method& method,
                               std::string_view what) {
  log_.line(fmt::format("tern: {} of {}.{} threw: {}", thrower, method.service, method.name, what));
}

void ServerCore::log_exception_of_http(std::string_view path, std::string_view what) {
  log_.line(fmt::format("tern: the handler of {} threw: {}", path, what));
}

void ServerCore::log_refusal(const std::string& peer, const Status& why) {
  log_.line(fmt::format("tern: {}: {}", peer, why.message()), LogLevel::kWarning);
}

}  // namespace tern::serve
