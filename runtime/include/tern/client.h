// A client of one server.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tern/backoff.h"
#include "tern/channel.h"
#include "tern/codec.h"
#include "tern/compression.h"
#include "tern/credentials.h"
#include "tern/dialer.h"
#include "tern/endpoint.h"
#include "tern/interceptor.h"
#include "tern/io_pool.h"
#include "tern/limits.h"
#include "tern/log.h"
#include "tern/tcp_options.h"
#include "tern/token_source.h"

namespace tern::wire {
struct PeerTerms;
}  // namespace tern::wire

namespace tern::call {
class ClientChannel;
class KnownPeer;
class ServingHalf;
}  // namespace tern::call

namespace tern {

struct ClientOptions {
  ClientOptions() = default;

  // The name of the codec for bodies; native_codec(), json_codec() or one that `codecs` has. Over
  // Connect proto_codec(), and JSON for every other one.
  std::string codec = "application/x-tern";
  CodecRegistry codecs;

  // For name resolution, connecting, TLS and the handshake together.
  std::chrono::nanoseconds connect_timeout{std::chrono::seconds(10)};
  // For calls without a timeout whose method has none either; not for streams. 0: no limit.
  std::chrono::nanoseconds default_timeout{0};
  // The limit for handlers that the handshake asks the server for (HandleTimeout). 0: the server's
  // own.
  std::chrono::nanoseconds handle_timeout{0};
  // The connection is closed when bytes wait and the server takes none of them for this long. 0:
  // never.
  std::chrono::nanoseconds write_timeout{std::chrono::seconds(30)};
  // With pending calls and nothing received for this long, the client sends a ping. If nothing is
  // received for keepalive_timeout more once that has left, it closes the connection. 0: never.
  // Over gRPC 5 minutes or more: its servers close the connections of clients that ping more often.
  std::chrono::nanoseconds keepalive_interval{std::chrono::seconds(20)};
  std::chrono::nanoseconds keepalive_timeout{std::chrono::seconds(20)};
  // TCP keepalive: detects that a server is lost also without pending calls, and in protocols
  // without a ping. For sockets that the client opens itself, not for those of `dialer`.
  TcpOptions tcp;
  // The longest that a reply is held back so that many are read at once; 0: never. For a server
  // that writes each reply alone and has no time of a processor to spare, such as one of Go's
  // net/rpc: 2 ms then save both sides much of it. A server whose handlers wait for something else
  // answers fewer calls with it. Of effect only with more than 16 calls in flight on a connection
  // over TCP, whose replies come one close upon the other, and by no more than about half of the
  // time that calls take then.
  std::chrono::nanoseconds gather_replies{0};

  // How requests and messages of streams are compressed over gRPC, unless CallOptions say
  // otherwise: each message that becomes shorter by it. Other protocols compress nothing. A server
  // that does not know gzip answers with kUnimplemented. Who can have his own text compressed
  // beside a secret, and sees how long messages are, can guess the secret: leave such calls as they
  // are.
  Compression grpc_compression = Compression::kIdentity;

  // Who the client says it is. Null: it does not. Not in protocols without metadata: net/rpc,
  // GeeRPC and JSON-RPC over TCP, whose calls then fail with kFailedPrecondition.
  std::shared_ptr<TokenSource> token_source;

  Backoff backoff;
  Limits limits;
  std::vector<std::shared_ptr<Interceptor>> interceptors;

  // Gets lines for an operator, at most one a second of each level: exceptions of callbacks, and at
  // kInfo attempts to connect that failed and connections that were lost. Called on any thread.
  // Empty: standard error.
  LogSink log;
  // Lines of a lower level are left out.
  LogLevel log_level = LogLevel::kWarning;

  // A number in [0, 1), for jitter. Null: a generator that the system seeds.
  std::function<double()> random;
  // Null: TCP and Unix sockets.
  std::shared_ptr<Dialer> dialer;
  // For addresses of TLS, which need it: tern::tls::channel_credentials() makes some. What `dialer`
  // opens is secured, too.
  std::shared_ptr<ChannelCredentials> credentials;

 private:
  // Who answers calls that come the other way; null: nobody. serve_on_connections() in
  // tern/duplex.h sets it.
  friend class call::ServingHalf;
  std::shared_ptr<call::ServingHalf> serving_half_;
  // What the peer of a connection without a handshake takes; null: nothing is known.
  friend class call::KnownPeer;
  std::shared_ptr<const wire::PeerTerms> known_peer_;
};

// Counters of a client, for operators and tests.
struct ClientStats {
  ClientStats() = default;
  std::uint64_t calls_started = 0;
  std::uint64_t calls_pending = 0;     // those that are streams, too
  std::uint64_t streams = 0;           // that are open, or wait for a connection
  std::uint64_t connects = 0;          // connections that were made
  std::uint64_t connect_failures = 0;  // attempts that failed
  // For calls that had ended, timed out or cancelled; of streams, each frame.
  std::uint64_t late_replies = 0;
  std::uint64_t unknown_replies = 0;  // for ids that no call had
  std::uint64_t timers = 0;           // deadlines of calls that are watched now
  std::uint64_t unsent_bytes = 0;
};

// One connection to one server, made when the first call needs it and made again after it is lost.
// Many calls at once, from many threads; replies in any order.
//
// A call that fails says whether its handler can have run: kNo if the request was not sent or the
// server says so, kYes if the server says that, kUnknown if the connection was lost in between or
// the protocol has no word for it: only our own frames say kYes of an error.
//
// Threads: any. The destructor closes: pending calls end with kCancelled. It waits until they have
// ended, so that no callback runs after it; but not on a thread of a loop, where it may run in a
// callback of a call of its own, and not on an io_context that the user runs.
class Client final : public Channel {
 public:
  // An address that cannot be read makes every call fail with the reason.
  explicit Client(std::string_view address, ClientOptions options = ClientOptions());
  // On a pool that outlives the client, instead of one with a thread of its own.
  Client(std::string_view address, IoPool& pool, ClientOptions options = ClientOptions());
  Client(const Endpoint& endpoint, IoPool& pool, ClientOptions options = ClientOptions());
  ~Client() override;

  void start(const Method& method, const void* argument, const CallOptions& options,
             CallRef call) override;
  std::shared_ptr<StreamState> make_stream(const Method& method) override;

  // Connects now, and waits until the first attempt has succeeded or failed. Not needed before
  // calls.
  Status connect();
  // Ends every pending call with kCancelled and refuses new ones. May be called again. Waits as the
  // destructor does.
  void close();

  ClientStats stats() const;

 private:
  std::unique_ptr<IoPool> own_pool_;
  std::shared_ptr<call::ClientChannel> core_;
};

}  // namespace tern
