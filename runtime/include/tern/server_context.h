// The call that a handler answers, as the handler sees it.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "tern/call_values.h"
#include "tern/codegen/method.h"
#include "tern/compression.h"
#include "tern/coroutines.h"
#include "tern/function.h"
#include "tern/identity.h"
#include "tern/metadata.h"
#include "tern/peer_certificate.h"

namespace tern {

class Channel;
class Loop;

// Values that live as long as a connection, one of each type, made when first asked for.
// Threads: only the connection's loop thread, where handlers run and coroutines resume.
class ConnectionValues {
 public:
  template <typename T>
  T& get() {
    for (Entry& entry : entries_) {
      if (entry.key == &kKey<T>) return *static_cast<T*>(entry.value.get());
    }
    entries_.push_back({&kKey<T>, std::make_shared<T>()});
    return *static_cast<T*>(entries_.back().value.get());
  }

 private:
  struct Entry {
    const void* key;
    std::shared_ptr<void> value;
  };
  template <typename T>
  static inline const char kKey = 0;

  std::vector<Entry> entries_;
};

// One call as its handler sees it. Lives until the handler's Reply is there: a coroutine may keep
// the reference that its handler was given. Threads: only the connection's loop thread, except
// for cancelled().
class ServerContext {
 public:
  ServerContext(const ServerContext&) = delete;
  ServerContext& operator=(const ServerContext&) = delete;

  virtual const Method& method() const noexcept = 0;

  // "127.0.0.1:53612", "[::1]:53612", or the path of a Unix socket ("" for an unnamed one).
  virtual std::string_view peer() const noexcept = 0;

  // The time left until the caller's deadline or HandleTimeout, whichever comes first; nothing
  // without either. Calls that the handler makes with this as their timeout end in time.
  virtual std::optional<std::chrono::nanoseconds> time_left() const noexcept = 0;

  // Who calls, as ServerOptions::authenticator has found out. Null: there is none, or the method is
  // [allow = public]. Lives as long as the call.
  virtual const Identity* identity() const noexcept { return nullptr; }
  // What the peer's certificate says, which TLS has verified, with an authenticator or without.
  // Null: it has shown none. The same for all calls of a connection.
  virtual std::shared_ptr<const PeerCertificate> peer_certificate() const noexcept {
    return nullptr;
  }

  // What the caller has sent. It is not verified: who calls is in identity(), and what an
  // interceptor has verified in values().
  virtual const Metadata& metadata() const noexcept = 0;
  // Travels back with the reply, or with the error.
  virtual Metadata& reply_metadata() noexcept = 0;
  // Travels before the first message of a stream, or before the reply or error if there is none.
  // What is added later is not sent. Only to callers that know streams: our own, and those of HTTP.
  virtual Metadata& initial_metadata() = 0;

  // How the reply, or the messages of the stream that are written from now on, are compressed,
  // whatever ServerOptions::grpc_compression says. Only over gRPC, and only if the caller accepts
  // it; kGzip only before the first message of a stream. What it does not shorten is not
  // compressed.
  virtual void set_compression(Compression /*how*/) noexcept {}

  // Values that interceptors and the handler share.
  virtual CallValues& values() noexcept = 0;

  // True once the reply is of no use any more: the caller has cancelled or left, or the deadline
  // has passed. From any thread, so that blocking work can check it.
  virtual bool cancelled() const noexcept = 0;
  // Runs `callback` on the loop thread when that happens, or at once if it has. At most one
  // callback a call: a later one replaces it.
  virtual void on_cancel(UniqueFunction<void()> callback) = 0;
  // The same to await. A coroutine that awaits an Asio operation need not: a cancelled call
  // cancels the operation, too.
  asio::awaitable<void> wait_cancelled();

  // True once the server has begun to drain or to stop, or the connection has reached
  // ServerOptions::max_connection_age: streams that have no end of their own
  // should come to one.
  virtual bool draining() const noexcept = 0;
  // Runs `callback` on the loop thread when that happens, or at once if it has. At most one
  // callback a call: a later one replaces it.
  virtual void on_drain(UniqueFunction<void()> callback) = 0;
  // The same to await; it ends with the call, too, if that is cancelled before.
  asio::awaitable<void> wait_draining();

  virtual ConnectionValues& connection() noexcept = 0;

  // For calls to the caller, on the connection that this call came on: null unless it serves there
  // (tern/duplex.h). Lives as long as the connection. A handler must not block on such a call: its
  // reply comes on the thread that the handler would block.
  virtual Channel* caller() noexcept = 0;

  // Where the connection lives: for Tern's own, as tern::sleep().
  virtual Loop& loop() noexcept = 0;
  // Where the handler runs and its coroutine resumes.
  virtual asio::any_io_executor executor() const noexcept = 0;
  // For work that blocks.
  virtual asio::any_io_executor workers() const noexcept = 0;

 protected:
  ServerContext() = default;
  virtual ~ServerContext() = default;
};

}  // namespace tern
