#include "serve/server_core.h"

#include <fmt/format.h>

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <new>
#include <utility>

#include "base/peer_text.h"
#include "debug_pages/pages_handler.h"
#include "net/loop.h"
#include "serve/take_snapshot.h"
#include "tern/loop_thread.h"

namespace tern {

ServerCore::ServerCore(IoPool& pool, ServerOptions options)
    : pool_(pool),
      options_(std::move(options)),
      http_handlers_(std::make_shared<pages::PagesHandler>(
          pages::Source{
              [this] { return snapshot(); }, [this] { return stopping(); },
              [this](UniqueFunction<void()> task) { return run_for_page(std::move(task)); },
              options_.more_metrics},
          options_.debug_pages, pool.clock())),
      log_(pool.clock(), options_.log, options_.log_level) {}

ServerCore::~ServerCore() = default;

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

bool ServerCore::before_stop(UniqueFunction<void()> run) {
  std::lock_guard lock(mutex_);
  if (leaving_ != Leaving::kNotYet) return false;
  before_stop_.push_back(std::move(run));
  return true;
}

void ServerCore::leave() {
  std::vector<UniqueFunction<void()>> tasks;
  {
    std::unique_lock lock(mutex_);
    if (leaving_ != Leaving::kNotYet) {
      changed_.wait(lock, [this] { return leaving_ == Leaving::kDone; });
      return;
    }
    leaving_ = Leaving::kRunning;
    tasks.swap(before_stop_);
  }
  for (auto task = tasks.rbegin(); task != tasks.rend(); ++task) (*task)();
  tasks.clear();
  std::lock_guard lock(mutex_);
  leaving_ = Leaving::kDone;
  changed_.notify_all();
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
  for (std::size_t i = 0; i < pool_.size(); ++i) {
    loops_.push_back(std::make_unique<ServeLoop>(*this, pool_.loop(i), router_.routes().size()));
  }
  state_ = State::kServing;
  serving_since_ = pool_.clock().now();
  std::vector<Loop*> loops;
  for (const auto& one : loops_) loops.push_back(&one->loop());
  LoopWatch::Rules rules;
  rules.limit = options_.loop_lag_limit;
  rules.occupant = [this](std::size_t loop) { return loops_[loop]->occupant(router_.routes()); };
  rules.report = [this](const std::string& line) { log_.line(line, LogLevel::kWarning); };
  watch_ = std::make_unique<LoopWatch>(std::move(loops), pool_.clock(), std::move(rules));
  watch_->start();
  return {};
}

Result<Endpoint> ServerCore::listen(std::string_view address) {
  Result<Endpoint> endpoint = parse_endpoint(address);
  if (!endpoint.ok()) return endpoint.take_status();
  if (endpoint->protocol != Endpoint::Protocol::kOption) {
    return Status(Code::kInvalidArgument,
                  fmt::format("listen on \"{}\": a server finds out the protocol by itself; "
                              "expected the address without \"{}\"",
                              address, address.substr(0, address.find('+') + 1)));
  }
  Endpoint local;
  {
    std::lock_guard lock(mutex_);
    if (Status failure = begin_serving(); !failure.ok()) return failure;
    Loop& loop = pool_.next();
    auto on_accept = [this](SocketHandle socket) { this->on_accept(std::move(socket)); };
    Result<std::unique_ptr<Acceptor>> acceptor =
        Acceptor::listen(loop, *endpoint, std::move(on_accept));
    if (!acceptor.ok()) return acceptor.take_status();
    local = (*acceptor)->local_endpoint();
    // The acceptor is destroyed on the loop, behind this.
    loop.post([self = shared_from_this(), raw = acceptor->get()] { raw->start(); });
    used_ = true;
    listeners_.push_back({&loop, std::move(*acceptor)});
    addresses_.push_back(local);
  }
  if (log_.takes(LogLevel::kInfo)) {
    log_.line(fmt::format("tern: server: listening on {}", local.to_string()), LogLevel::kInfo);
  }
  return local;
}

Status ServerCore::dial(std::string_view address, const Backoff& backoff) {
  Result<Endpoint> endpoint = parse_endpoint(address);
  if (!endpoint.ok()) return endpoint.take_status();
  if (endpoint->protocol != Endpoint::Protocol::kOption ||
      endpoint->transport == Endpoint::Transport::kHttp) {
    return Status(Code::kInvalidArgument,
                  fmt::format("dial \"{}\": the client that listens there chooses the protocol; "
                              "expected \"tcp@host:port\" or \"unix@path\"",
                              address));
  }
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

Status ServerCore::serve_frames(Loop& loop, std::unique_ptr<ByteStream> stream,
                                const Codec& codec) {
  ServeLoop* serve_loop = nullptr;
  {
    std::lock_guard lock(mutex_);
    if (Status failure = begin_serving(); !failure.ok()) return failure;
    serve_loop = serve_loop_of(loop);
    if (!serve_loop) {
      return Status(Code::kFailedPrecondition,
                    "server: the connection's loop is none of its own; make the server and the "
                    "client on one IoPool",
                    HandlerRan::kNo);
    }
    used_ = true;
  }
  loop.post([self = shared_from_this(), serve_loop, &codec, stream = std::move(stream)]() mutable {
    serve_loop->open_frames(std::move(stream), codec);
  });
  return {};
}

// On the loop of the acceptor. Connections go round all loops of the pool.
void ServerCore::on_accept(SocketHandle socket) {
  Loop& loop = pool_.next();
  auto open = [self = shared_from_this(), &loop, serve_loop = serve_loop_of(loop),
               socket = std::move(socket)]() mutable {
    try {
      Result<std::unique_ptr<ByteStream>> stream =
          open_stream(loop, std::move(socket), self->options_.tcp);
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

bool ServerCore::waits_for_this_thread() const {
  if (on_loop_thread()) return true;
  std::lock_guard lock(mutex_);
  return workers_ && workers_->get_executor().running_in_this_thread();
}

void ServerCore::begin_stop(std::chrono::nanoseconds drain) {
  std::vector<Listener> listeners;
  std::vector<std::pair<Loop*, std::shared_ptr<DialOut>>> dials;
  {
    std::lock_guard lock(mutex_);
    if (state_ > State::kStopping) return;
    state_ = State::kStopping;
    if (!used_) return;
    listeners.swap(listeners_);
    dials.swap(dials_);
    tasks_ += listeners.size() + dials.size() + loops_.size();
  }
  if (log_.takes(LogLevel::kInfo)) {
    log_.line(fmt::format("tern: server: stopping; calls that run have {}", go_duration(drain)),
              LogLevel::kInfo);
  }
  for (auto& [loop, dial] : dials) {
    run_on(*loop, [dialing = std::move(dial)] { dialing->stop(); });
  }
  for (Listener& listener : listeners) {
    run_on(*listener.loop, [acceptor = std::move(listener.acceptor)] { acceptor->finish(); });
  }
  for (auto& one : loops_) {
    // Where nothing runs, there is nothing to wait for.
    bool stopped = one->loop().io().stopped();
    auto limit = stopped ? std::chrono::nanoseconds(0) : drain;
    run_on(one->loop(), [&serve_loop = *one, limit] { serve_loop.begin_stop(limit); });
  }
}

void ServerCore::run_on(Loop& loop, UniqueFunction<void()> task) {
  auto run = [self = shared_from_this(), task = std::move(task)]() mutable {
    task();
    task.reset();
    self->task_done();
  };
  if (loop.io().stopped()) {
    run();
  } else {
    loop.post(std::move(run));
  }
}

void ServerCore::task_done() {
  std::lock_guard lock(mutex_);
  if (--tasks_ == 0) changed_.notify_all();
}

void ServerCore::finish_stop() {
  std::unique_ptr<asio::thread_pool> workers;
  std::unique_ptr<asio::thread_pool> page_maker;
  LoopWatch* watch = nullptr;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] {
      return (tasks_ == 0 && sessions_ == 0) || state_ == State::kJoining ||
             state_ == State::kStopped;
    });
    if (state_ != State::kStopping) {
      changed_.wait(lock, [this] { return state_ == State::kStopped; });
      return;
    }
    state_ = State::kJoining;
    watch = watch_.get();
    workers = std::move(workers_);
    page_maker = std::move(page_maker_);
    if (used_) tasks_ += loops_.size();
  }
  if (watch) watch->stop();
  if (workers) workers->join();
  if (page_maker) page_maker->join();
  // No session asks them any more, and the loops, which they may need to end, are still there.
  http_handlers_.release();
  // Behind all that the workers and the sessions have left on the loops.
  if (used_) {
    for (auto& one : loops_) run_on(one->loop(), [] {});
  }
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return tasks_ == 0; });
  state_ = State::kStopped;
  changed_.notify_all();
}

void ServerCore::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return state_ == State::kStopped; });
}

ServerStats ServerCore::stats() const {
  std::lock_guard lock(mutex_);
  std::span<const Route> routes = router_.routes();
  return stats_of(add_up(routes, counters_of(loops_), routes.size()));
}

// Handlers may hold up every worker, and then a page is wanted most.
bool ServerCore::run_for_page(UniqueFunction<void()> task) {
  std::lock_guard lock(mutex_);
  if (state_ > State::kStopping) return false;
  if (!page_maker_) page_maker_ = std::make_unique<asio::thread_pool>(1);
  asio::post(*page_maker_, std::move(task));
  return true;
}

// For a page only: there are loops, and they stay as they are.
ServerSnapshot ServerCore::snapshot() const {
  Clock::TimePoint now = pool_.clock().now();
  ServerSnapshot snapshot = take_snapshot(router_.routes(), loops_, now);
  for (std::size_t i = 0; i < loops_.size(); ++i) snapshot.loop_lags.push_back(watch_->lag(i));
  snapshot.uptime = now - serving_since_;
  snapshot.draining = stopping();
  return snapshot;
}

bool ServerCore::stopping() const {
  std::lock_guard lock(mutex_);
  return state_ >= State::kStopping;
}

asio::any_io_executor ServerCore::workers(asio::any_io_executor otherwise) {
  std::lock_guard lock(mutex_);
  if (state_ > State::kStopping) return otherwise;
  if (!workers_) {
    workers_ =
        std::make_unique<asio::thread_pool>(std::max<std::size_t>(options_.worker_threads, 1));
  }
  return workers_->get_executor();
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

bool ServerCore::session_opened() {
  std::lock_guard lock(mutex_);
  if (state_ > State::kStopping) return false;
  ++sessions_;
  return true;
}

void ServerCore::session_closed() {
  std::lock_guard lock(mutex_);
  if (--sessions_ == 0) changed_.notify_all();
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

}  // namespace tern
