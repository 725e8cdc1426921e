// Accepts connections on one address.
#pragma once

#include <cstdint>
#include <memory>

#include "net/loop.h"
#include "net/socket_stream.h"
#include "tern/endpoint.h"
#include "tern/function.h"
#include "tern/result.h"

namespace tern {

// Lives on one loop. Without file descriptors to spare it goes on: it turns all waiting connections
// away with the one that it keeps in reserve, pauses, and tries again.
class Acceptor {
 public:
  // Each connection is handed over as a descriptor, to be put on any loop with open_stream(). May
  // close or destroy the acceptor.
  using OnAccept = UniqueFunction<void(SocketHandle)>;

  // Binds and listens. From any thread; `on_accept` is called on the loop's thread, after start().
  static Result<std::unique_ptr<Acceptor>> listen(Loop& loop, const Endpoint& endpoint,
                                                  OnAccept on_accept);
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;
  // On the loop's thread, or when the loop does not run.
  ~Acceptor();

  // Begins to accept. On the loop's thread.
  void start();
  // Stops, and removes the file of a Unix socket. On the loop's thread. Twice is fine.
  void close();
  // Accepts those that wait already, and closes.
  void finish();

  // With the port that the system has chosen.
  const Endpoint& local_endpoint() const noexcept { return local_; }
  // Connections that were refused because there were no descriptors. On the loop's thread.
  std::uint64_t turned_away() const noexcept;

 private:
  class Impl;

  Acceptor(std::shared_ptr<Impl> impl, Endpoint local);

  std::shared_ptr<Impl> impl_;
  Endpoint local_;
};

}  // namespace tern
