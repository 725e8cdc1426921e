// A server: services, the addresses where they are served, and their end.
#pragma once

#include <array>
#include <asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tern/adaptive_concurrency.h"
#include "tern/authenticator.h"
#include "tern/backoff.h"
#include "tern/byte_stream.h"
#include "tern/codec.h"
#include "tern/compression.h"
#include "tern/cors.h"
#include "tern/credentials.h"
#include "tern/debug_pages.h"
#include "tern/dialer.h"
#include "tern/endpoint.h"
#include "tern/function.h"
#include "tern/http_handler.h"
#include "tern/interceptor.h"
#include "tern/io_pool.h"
#include "tern/limits.h"
#include "tern/listener.h"
#include "tern/log.h"
#include "tern/protocols.h"
#include "tern/service.h"
#include "tern/tcp_options.h"

namespace tern::serve {
class CallerFactory;
class ServerCore;
}  // namespace tern::serve

namespace tern {

struct ServerOptions {
  ServerOptions() = default;

  // For our own frames. net/rpc, GeeRPC, JSON-RPC and HTTP have theirs.
  CodecRegistry codecs;
  Protocols protocols;
  // /debug/rpc, /metrics and /healthz, also when `protocols` has no HTTP.
  DebugPages debug_pages;
  // For web pages that call over HTTP. Off at first.
  Cors cors;

  // From accepting a connection to the end of its handshake, that of TLS included; and for dial(),
  // from an attempt to its connection. 0: no limit.
  std::chrono::nanoseconds handshake_timeout{std::chrono::seconds(10)};
  // From the first byte of a message to its last. 0: no limit.
  std::chrono::nanoseconds message_timeout{std::chrono::seconds(30)};
  // A connection with no running call and no byte for this long is closed. 0: never.
  std::chrono::nanoseconds idle_timeout{0};
  // A connection that is so old, 10 % more or less so that clients do not all come back at once, is
  // told that the server goes away, in protocols that have a frame for it: gRPC and our own. Its
  // client makes another, and servers behind a balancer share clients anew. 0: never.
  std::chrono::nanoseconds max_connection_age{0};
  // How long calls may run on such a connection before they end with kUnavailable. 0: no limit.
  std::chrono::nanoseconds max_connection_age_grace{0};
  // The time that a handler may take; a client's handshake can ask for less. Not of streams. 0: no
  // limit.
  std::chrono::nanoseconds handle_timeout{0};
  // A stream that has had no message in either direction for this long ends with kDeadlineExceeded;
  // a method's own `idle_timeout` comes before this. 0: never.
  std::chrono::nanoseconds stream_idle_timeout{0};
  // A stream of events to an EventSource (text/event-stream) that has written nothing for this long
  // is sent a comment, so that no proxy cuts it and a client that is gone is noticed. 0: never.
  std::chrono::nanoseconds event_heartbeat{std::chrono::seconds(15)};
  // The connection is closed when replies wait and the client takes no byte of them for this long.
  // 0: never.
  std::chrono::nanoseconds write_timeout{std::chrono::seconds(30)};

  // How replies and messages of streams are compressed over gRPC, for callers that accept it,
  // unless a handler says otherwise with ServerContext::set_compression(). Compressed requests are
  // read either way.
  Compression grpc_compression = Compression::kIdentity;

  // TCP keepalive: detects that a client is lost. For sockets that listen() accepts and that dial()
  // opens itself.
  TcpOptions tcp;

  // A client that closes its side has left: its calls are cancelled. Only in JSON-RPC over TCP may
  // it still wait for its answers, for this long. 0: no limit.
  std::chrono::nanoseconds half_close_timeout{std::chrono::seconds(30)};

  // Threads for handlers that block (tern::blocking).
  std::size_t worker_threads = 4;
  // Where blocking work runs instead of those threads, and where pages are made instead of a thread
  // of the server's own: for programs that have threads of their own, and for a loop that is run by
  // hand, whose io_context's executor runs all of it there. Work is posted, and never runs from
  // within. The end of the server waits for the work that it has posted, so the executors must run
  // or destroy it, and outlive that. async_stop() posts what before_stop() was given to the first.
  // Empty: threads of the server's own.
  asio::any_io_executor blocking_executor;
  asio::any_io_executor page_executor;
  // At most so many connections whose handshake is not complete; more are closed at once.
  std::size_t pending_handshakes = 16384;

  // Asked for every request of every protocol. From then on the server refuses whom it does not
  // accept, and methods without [allow = …] to everybody: tern/authenticator.h. Null: everybody
  // may call everything.
  std::shared_ptr<Authenticator> authenticator;

  Limits limits;
  // A limit of running calls that the server finds by itself. Off at first.
  AdaptiveConcurrency adaptive_concurrency;
  std::vector<std::shared_ptr<Interceptor>> interceptors;

  // A number in [0, 1), for jitter: of dial(), and of max_connection_age. Null: a generator that
  // the system seeds.
  std::function<double()> random;
  // For dial(). Null: TCP and Unix sockets.
  std::shared_ptr<Dialer> dialer;

  // For addresses of TLS, which need it: tern::tls::server_credentials() makes some. Those of
  // listeners of your own are secured, too.
  std::shared_ptr<ServerCredentials> credentials;
  // For dial() to addresses of TLS: tern::tls::channel_credentials(). Who dials is the client of
  // TLS.
  std::shared_ptr<ChannelCredentials> dial_credentials;

  // Whether the caller gets the text of an exception that a handler throws. The log gets it either
  // way. The text may contain what callers must not know.
  bool send_exception_text = false;

  // Gets lines for an operator, at most one a second of each level: connections that were refused,
  // exceptions of handlers, loops that are blocked. Called on any thread. Empty: standard error.
  LogSink log;
  // Lines of a lower level are left out.
  LogLevel log_level = LogLevel::kWarning;

  // If a handler or a callback blocks its loop for this long, a warning in the log names the
  // method. 0: never, and no thread watches. Only with a clock that runs.
  std::chrono::nanoseconds loop_lag_limit{std::chrono::seconds(1)};

  // Appends metrics of your own to those at /metrics, in Prometheus' text format; those of clients
  // and clusters with append_metrics() of tern/metrics.h. Called on a thread that may block, one
  // call at a time, until stop() has returned.
  std::function<void(std::string& text)> more_metrics;

 private:
  // Makes the channels of handlers that call their caller; null: they cannot.
  // call_back_on_connections() in tern/duplex.h sets it.
  friend class serve::CallerFactory;
  std::shared_ptr<serve::CallerFactory> caller_factory_;
};

// Counters of one method.
struct MethodStats {
  MethodStats() = default;
  std::string service;
  std::string method;
  std::uint64_t calls = 0;
  std::uint64_t errors = 0;                        // declared ones, too
  std::array<std::uint64_t, 17> errors_by_code{};  // of those, by the number of their Code
  std::uint64_t running = 0;
  std::uint64_t messages_in = 0;  // of its streams
  std::uint64_t messages_out = 0;
  // Of handler times: from the request's arrival to its reply.
  std::chrono::nanoseconds total{0};
  std::chrono::nanoseconds p50{0};
  std::chrono::nanoseconds p90{0};
  std::chrono::nanoseconds p99{0};
  std::chrono::nanoseconds max{0};
};

struct ServerStats {
  ServerStats() = default;
  std::uint64_t connections = 0;           // open now
  std::uint64_t connections_accepted = 0;  // ever
  std::uint64_t calls_running = 0;         // open streams, too
  std::uint64_t streams_open = 0;
  std::uint64_t late_frames = 0;   // data and credit of streams that had ended
  std::uint64_t late_replies = 0;  // of handlers whose call had ended
  std::uint64_t unsent_bytes = 0;
  // How many calls may run at present; 0 without ServerOptions::adaptive_concurrency.
  std::uint64_t concurrency_limit = 0;
  // Connections and requests that were refused, by reason: "handshake timeout", "unknown protocol",
  // "message too large", …
  std::vector<std::pair<std::string, std::uint64_t>> refused;
  std::vector<MethodStats> methods;
};

// Serves on any number of addresses and streams. Threads: any. Services and handlers come first:
// adding one fails with kFailedPrecondition once listen() or serve() has been called.
class Server {
 public:
  // With a pool of `threads` loops of its own.
  explicit Server(ServerOptions options = ServerOptions(), std::size_t threads = 1);
  // On a pool that outlives the server; it can be the user's own io_context.
  explicit Server(IoPool& pool, ServerOptions options = ServerOptions());
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  // stop() with no time for running calls. A pool that is not the server's own must still be
  // running, or its io_context have been stopped. In a handler or a callback the server ends behind
  // it, and a pool that is not its own must outlive that. Waits for nothing once the server
  // has ended: a program that runs a loop by hand, on this thread, calls async_stop() and runs the
  // loop until that is done.
  ~Server();

  // Serves one object to all connections. Fails if the name or a method's id is taken.
  Status add(std::shared_ptr<Service> service);
  // Makes an object for each connection, when its first call comes, and destroys it with the
  // connection. The factory is called once here, to learn the methods, and then on loops' threads,
  // several at the same time.
  using ServiceFactory = std::function<std::unique_ptr<Service>()>;
  Status add_per_connection(ServiceFactory factory);

  // Answers requests over HTTP for `path`, with any verb and any query: "/metrics/extra". Fails for
  // a path that is taken, or no path, or one of the server's own: "/rpc", "/debug/…" and so on.
  Status add_http(std::string path, std::shared_ptr<HttpHandler> handler);

  // Begins to accept on "tcp@host:port", "unix@path" or, with ServerOptions::credentials,
  // "tls@host:port", and returns the address with the port that was given. On "tls@…" there is TLS
  // alone; "tls-or-tcp@host:port" takes both. An old socket file without a listener is replaced.
  Result<Endpoint> listen(std::string_view address);

  // Begins to take what `listener` has, on the thread of one of the server's loops, which it is
  // destroyed on, too. Fails with kFailedPrecondition once the server has been stopped.
  Status listen(std::unique_ptr<Listener> listener);

  // Reverse RPC: connects to a client that listens (tern::ReverseDialer; in Go, rpc.NewClient on an
  // accepted connection), serves on that connection, and connects again when it has ended, until
  // stop(). After an attempt that fails, or a connection on which nothing was received, the wait
  // before the next grows. Fails at once only for an address that cannot be read.
  Status dial(std::string_view address, Backoff backoff = Backoff());

  // Serves one stream that was opened in another way, on one of the pool's loops. Closes it if the
  // loop is not one of them, or the server has been stopped; while it stops, the peer is told.
  void serve(Loop& loop, std::unique_ptr<ByteStream> stream);
  // Serves our frames on a stream whose handshake is done. Fails with kFailedPrecondition if the
  // loop is not one of the pool's, or the server has been stopped.
  Status serve_frames(Loop& loop, std::unique_ptr<ByteStream> stream, const Codec& codec);

  // Where it listens, in the order of the calls of listen().
  std::vector<Endpoint> addresses() const;
  // The loops that its connections live on.
  IoPool& pool() noexcept;

  // Logs a warning as the server itself does: to ServerOptions::log, and together with the server's
  // own at most one a second. It may be called on any thread and at any time; when the server is
  // gone it does nothing.
  std::function<void(std::string_view line)> logger() const;

  // Runs `run` when stop() begins, or the destructor: while the server still accepts and before any
  // client is told, on that thread, the last one first. async_stop() runs it on a thread of its
  // own, or on ServerOptions::blocking_executor. It may block, and must not stop the server. False
  // if stop() has begun: then it is not run.
  bool before_stop(UniqueFunction<void()> run);
  // The same for what waits without a thread: `begin` is called before those of before_stop() run,
  // all of them one after the other, and must not block. The end of the server goes on when `done`
  // of each has been called, on any thread, or destroyed. Then `begin` is destroyed, there or on a
  // thread that stops the server. async_stop() calls `begin` from within, or on the thread that it
  // starts for before_stop().
  bool async_before_stop(UniqueFunction<void(UniqueFunction<void()> done)> begin);

  // Stops accepting, tells every client, finishes the calls that run for up to `drain`, and closes
  // every connection; a peer has 2 s to read the last answers. Returns when all is closed; may be
  // called again. Throws std::logic_error in a handler or a callback, on the thread of a loop or a
  // worker: it would wait for itself. On an io_context of the user's own: while another thread runs
  // it, or after it has been stopped, when nothing is left to finish.
  void stop(std::chrono::nanoseconds drain = std::chrono::seconds(30));

  // Begins to do what stop() does, and returns at once. For programs whose threads must not wait:
  // also in handlers and callbacks, whose own calls have `drain` as all others, and on the thread
  // that runs a loop by hand.
  //
  // `done` is called once, on the thread of the pool's first loop and not from within this call,
  // when the server has ended: every connection is closed, blocking work is done, handlers of HTTP
  // are released, and what all of them had left on the loops has run. It may destroy the server,
  // which then waits for nothing. What it throws is logged. If the io_context of the user's has
  // been stopped, nothing is left to wait for but blocking work, and both happen within this call.
  //
  // Called again, and beside stop() and the destructor: the shortest drain counts, and every `done`
  // is called; stop() returns when the end has come, and a `done` may then be about to be called.
  // After the end it is called soon. Starts a thread only to wait for others: for what
  // before_stop() was given, for those of blocking work and pages if there are any, and for the one
  // that looks after loop_lag_limit. Throws std::system_error, and has begun nothing, if there is
  // none left for before_stop().
  void async_stop(std::chrono::nanoseconds drain, UniqueFunction<void()> done);

  // Blocks until the server has been stopped and that is done. Throws as stop() does.
  void wait();

  ServerStats stats() const;

 private:
  std::unique_ptr<IoPool> own_pool_;
  friend class serve::ServerCore;
  std::shared_ptr<serve::ServerCore> core_;
};

// Waits until SIGINT or SIGTERM comes, or the server is stopped in another way; then stops it, with
// `drain` for running calls. A second signal ends the calls that still run at once; from the third
// on, signals have their default action. Returns when the server has stopped: OK, or kAborted after
// a second signal. kFailedPrecondition at once on a loop's thread.
//   if (ready.ok()) ready = tern::serve_until_signal(server);
// A signal that comes before this has its default action, unless it is blocked (pthread_sigmask) in
// all threads: then it is taken here. The signals are the process's: one server at a time waits for
// them. While it waits, handlers of the program's own for these signals do not run, and afterwards
// they have their default action. With several servers, stop the others after it.
Status serve_until_signal(Server& server,
                          std::chrono::nanoseconds drain = std::chrono::seconds(30));

}  // namespace tern
