// What stands behind a Server.
#pragma once

#include <asio/any_io_executor.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "base/kept_thread.h"
#include "base/log_throttle.h"
#include "debug_pages/server_snapshot.h"
#include "serve/counted_executor.h"
#include "serve/dial_out.h"
#include "serve/http_handlers.h"
#include "serve/loop_watch.h"
#include "serve/method_limits.h"
#include "serve/own_threads.h"
#include "serve/router.h"
#include "serve/serve_loop.h"
#include "serve/server_gate.h"
#include "tern/io_pool.h"
#include "tern/listener.h"
#include "tern/server.h"
#include "wire/peer_terms.h"

namespace tern::serve {

// Lives until the server is gone and the last handler that it started is done.
// Threads: any.
class ServerCore final : public TaskCounter, public std::enable_shared_from_this<ServerCore> {
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
  // False once the end has begun.
  bool before_stop(UniqueFunction<void()> run);
  using BeforeStop = UniqueFunction<void(UniqueFunction<void()> done)>;
  bool async_before_stop(BeforeStop begin);
  Result<Endpoint> listen(std::string_view address);
  Status listen(std::unique_ptr<Listener> listener);
  Status dial(std::string_view address, const Backoff& backoff);
  void serve(Loop& loop, std::unique_ptr<ByteStream> stream);
  // `peer`: what the client takes, as the handshake has said.
  Status serve_frames(Loop& loop, std::unique_ptr<ByteStream> stream, const Codec& codec,
                      const wire::PeerTerms& peer);
  // Whether a wait for the end on this thread would be a wait for itself.
  bool waits_for_this_thread() const;
  // See Server. stop() and wait() block until the end.
  void stop(std::chrono::nanoseconds drain);
  void async_stop(std::chrono::nanoseconds drain, UniqueFunction<void()> done);
  void wait();
  bool stopped() const;
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
  bool begin_handshake() noexcept;
  void end_handshake() noexcept;
  // Bytes that wait for peers that do not read: of all connections, which count their share.
  std::size_t unsent_bytes() const noexcept { return unsent_.load(std::memory_order_relaxed); }
  void count_unsent(std::size_t before, std::size_t now) noexcept {
    unsent_.fetch_add(now - before, std::memory_order_relaxed);
  }
  // False once the end is near: then there is no place for it.
  bool session_opened();
  void session_closed();
  // One line for the operator, unless there was one a moment ago.
  void log(std::string_view line);
  void log_exception(std::string_view thrower, const Method& method, std::string_view what);
  void log_exception_of_http(std::string_view path, std::string_view what);
  void log_refusal(const std::string& peer, const Status& why);
  // Looks whether the loops run, now; see LoopWatch. Once it serves.
  void check_loops() { watch_->check(); }

 private:
  enum class State : std::uint8_t {
    kAdding,
    kServing,
    kStopping,   // sessions end, and nothing new begins but sessions that are told so
    kClosed,     // all have ended; a thread in stop() goes on from here
    kJoining,    // the server's own threads end
    kReleasing,  // what all of them have left on the loops runs
    kStopped
  };
  struct Listening {
    Loop* loop;
    std::shared_ptr<Listener> listener;
  };

  Status begin_serving();
  debug_pages::ServerSnapshot snapshot() const;
  bool stopping() const;
  // On the thread that makes pages. False after the end.
  bool run_for_page(UniqueFunction<void()> task);
  void on_incoming(std::unique_ptr<Listener::Incoming> connection);
  // Null for a loop of another pool.
  ServeLoop* serve_loop_of(Loop& loop);
  // Runs `task` on the loop, or here if the loop has been stopped; counted in tasks_.
  void run_on(Loop& loop, UniqueFunction<void()> task);
  void task_done();
  void task_begins() noexcept override;
  void task_ends() noexcept override { task_done(); }
  // Runs on an executor of the user's; counted in tasks_ while it is there.
  asio::any_io_executor counted(const asio::any_io_executor& executor) {
    return CountedExecutor(executor, shared_from_this());
  }
  // Runs what before_stop() and async_before_stop() were given, once; others wait for that.
  void leave();
  // Begins what async_before_stop() was given, unless somebody has.
  void begin_leaving();
  void one_has_left();
  // What async_stop() does then, for which nobody waits. With mutex_ held by `lock`.
  void go_on_leaving(std::unique_lock<std::mutex> lock);
  // Runs what before_stop() was given, unless somebody else does.
  void leave_as_asked();
  void run_before_stop(std::unique_lock<std::mutex> lock);
  // Begins to stop; a second call can shorten the time.
  void begin_stop(std::chrono::nanoseconds drain);
  // With mutex_ held by `lock`: takes the next step to the end if nothing is left to wait for.
  void go_on(std::unique_lock<std::mutex> lock);
  // Waits for the server's own threads, and lets go of what needs the loops to end.
  void join();
  // Joins on a thread of its own, so that a loop need not wait; on this one if none is left.
  void join_elsewhere();
  // With mutex_ held by `lock`: that was the last step.
  void end(std::unique_lock<std::mutex> lock);
  void tell_end(UniqueFunction<void()>& done) noexcept;

  IoPool& pool_;
  const ServerOptions options_;
  const ServerGate gate_;
  Router router_;               // fixed once it serves
  HttpHandlers http_handlers_;  // likewise
  MethodLimits method_limits_;  // likewise
  base::LogThrottle log_;
  std::atomic<std::size_t> handshakes_ = 0;
  std::atomic<std::size_t> unsent_ = 0;

  mutable std::mutex mutex_;  // guards the following
  std::condition_variable changed_;
  State state_ = State::kAdding;
  Clock::TimePoint serving_since_{};
  std::vector<std::unique_ptr<ServeLoop>> loops_;  // fixed once it serves
  std::unique_ptr<LoopWatch> watch_;               // likewise
  std::vector<Listening> listeners_;
  std::vector<Endpoint> addresses_;
  // kAsked: somebody is to begin. kBegun: what async_before_stop() was given; then the others.
  enum class Leaving : std::uint8_t { kNotYet, kAsked, kBegun, kRunning, kDone };
  Leaving leaving_ = Leaving::kNotYet;
  std::vector<UniqueFunction<void()>> before_stop_;
  std::vector<BeforeStop> async_before_stop_;  // does not change while any has not left
  std::size_t not_left_ = 0;
  std::optional<std::chrono::nanoseconds> asked_drain_;  // of async_stop(), until they have run
  std::size_t stoppers_ = 0;                             // threads that are in stop()
  std::vector<UniqueFunction<void()>> at_end_;           // what async_stop() was given
  base::KeptThread helper_;                              // waits where async_stop() may not
  std::vector<std::pair<Loop*, std::shared_ptr<DialOut>>> dials_;
  OwnThreads threads_;
  bool used_ = false;  // something has gone to the loops: else they need not even run
  std::size_t sessions_ = 0;
  std::size_t tasks_ = 0;
};

}  // namespace tern::serve
