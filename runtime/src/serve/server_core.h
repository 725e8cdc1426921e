// What stands behind a Server.
#pragma once

#include <asio/any_io_executor.hpp>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "debug_pages/server_snapshot.h"
#include "serve/entrances.h"
#include "serve/http_handlers.h"
#include "serve/method_limits.h"
#include "serve/own_threads.h"
#include "serve/router.h"
#include "serve/serve_loops.h"
#include "serve/server_end.h"
#include "serve/server_gate.h"
#include "serve/server_log.h"
#include "tern/io_pool.h"
#include "tern/listener.h"
#include "tern/server.h"
#include "wire/peer_terms.h"

namespace tern::serve {

// Adds services, then serves on its loops what comes by its entrances, until its end. Lives until
// the server is gone and the last handler that it started is done.
// Threads: any.
class ServerCore final : private EndingServer, public std::enable_shared_from_this<ServerCore> {
 public:
  ServerCore(IoPool& pool, ServerOptions options);
  ServerCore(const ServerCore&) = delete;
  ServerCore& operator=(const ServerCore&) = delete;
  ~ServerCore();

  // --- For the server ---

  static ServerCore& of(Server& server) noexcept { return *server.core_; }
  Status add(std::shared_ptr<Service> service);
  Status add_per_connection(Router::Factory factory);
  Status add_http(std::string path, std::shared_ptr<HttpHandler> handler);
  IoPool& pool() noexcept { return pool_; }
  std::vector<Endpoint> addresses() const;
  Result<Endpoint> listen(std::string_view address);
  Status listen(std::unique_ptr<Listener> listener);
  Status dial(std::string_view address, const Backoff& backoff);
  void serve(Loop& loop, std::unique_ptr<ByteStream> stream);
  // `peer`: what the client takes, as the handshake has said.
  Status serve_frames(Loop& loop, std::unique_ptr<ByteStream> stream, const Codec& codec,
                      const wire::PeerTerms& peer);
  ServerEnd& end() noexcept { return end_; }
  // Whether a wait for the end on this thread would be a wait for itself.
  bool waits_for_this_thread() const;
  ServerStats stats() const;

  // --- For its sessions ---

  const ServerOptions& options() const noexcept { return options_; }
  const Router& router() const noexcept { return router_; }
  const ServerGate& gate() const noexcept { return gate_; }
  const HttpHandlers& http_handlers() const noexcept { return http_handlers_; }
  // Where blocking work belongs; after the end `otherwise`, since it is cancelled anyway.
  asio::any_io_executor workers(asio::any_io_executor otherwise);
  // What limits the calls of this method; null if nothing does. Once it serves.
  AdaptiveLimit* adaptive_limit(const Route& route) const noexcept {
    return method_limits_.of(route);
  }
  // True if one more connection may begin its handshake; end_handshake() ends it.
  bool begin_handshake() noexcept {
    if (handshakes_.fetch_add(1, std::memory_order_relaxed) < options_.pending_handshakes) {
      return true;
    }
    end_handshake();
    return false;
  }
  void end_handshake() noexcept { handshakes_.fetch_sub(1, std::memory_order_relaxed); }
  // Bytes that wait for peers that do not read: of all connections, which count their share.
  std::size_t unsent_bytes() const noexcept { return unsent_.load(std::memory_order_relaxed); }
  void count_unsent(std::size_t before, std::size_t now) noexcept {
    unsent_.fetch_add(now - before, std::memory_order_relaxed);
  }
  // False once the end is near: then there is no place for it.
  bool session_opened() { return end_.session_opened(); }
  void session_closed() { end_.session_closed(); }
  ServerLog& log() noexcept { return log_; }
  // Looks whether the loops run, now; see LoopWatch. Once it serves.
  void check_loops() { loops_->watch().check(); }

 private:
  using Lock = ServerEnd::Lock;

  // In each, `lock` holds mutex_.
  // Services can be added.
  bool adding(const Lock& lock) const noexcept { return !loops_ && !end_.begun(lock); }
  Status begin_serving(const Lock& lock);
  ServeLoop* serve_loop_of(const Loop& loop) const noexcept {
    return loops_ ? loops_->of(loop) : nullptr;
  }
  std::span<const std::unique_ptr<ServeLoop>> serve_loops() const noexcept {
    return loops_ ? loops_->all() : std::span<const std::unique_ptr<ServeLoop>>();
  }
  debug_pages::ServerSnapshot snapshot() const;
  bool stopping() const;
  // On the thread that makes pages. False after the end.
  bool run_for_page(UniqueFunction<void()> task);
  void on_incoming(std::unique_ptr<Listener::Incoming> connection);

  // --- Its end ---

  void begin_stop(std::chrono::nanoseconds drain) override;
  Threads own_threads() const override;
  void release() override;
  std::shared_ptr<void> keep_alive() noexcept override { return shared_from_this(); }

  IoPool& pool_;
  const ServerOptions options_;
  const ServerGate gate_;
  Router router_;               // fixed once it serves
  HttpHandlers http_handlers_;  // likewise
  MethodLimits method_limits_;  // likewise
  ServerLog log_;
  std::atomic<std::size_t> handshakes_ = 0;
  std::atomic<std::size_t> unsent_ = 0;

  mutable std::mutex mutex_;  // guards the following
  Clock::TimePoint serving_since_{};
  std::unique_ptr<ServeLoops> loops_;  // null until it serves; then fixed
  Entrances entrances_;
  OwnThreads threads_;
  ServerEnd end_;
};

}  // namespace tern::serve
