// Accepts connections on one address: the Listener of sockets.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "net/loop.h"
#include "net/socket_stream.h"
#include "tern/endpoint.h"
#include "tern/listener.h"
#include "tern/result.h"
#include "tern/tcp_options.h"

namespace tern::net {

// What an Acceptor hands over.
class IncomingSocket final : public Listener::Incoming {
 public:
  explicit IncomingSocket(SocketHandle socket) : socket_(std::move(socket)) {}

  Result<std::unique_ptr<ByteStream>> open(Loop& loop) override {
    return open_stream(loop, std::move(socket_));
  }
  PeerState peer_state() noexcept override { return tern::net::peer_state(socket_.get()); }

  // The socket itself, in place of open().
  SocketHandle take() noexcept { return std::move(socket_); }

 private:
  SocketHandle socket_;
};

// Without file descriptors to spare it goes on: it turns all waiting connections away with the one
// that it keeps in reserve, pauses, and tries again.
// Threads: see Listener; listen() on any.
class Acceptor final : public Listener {
 public:
  // Binds and listens: connections wait from now on. Those over TCP get `tcp` when they are
  // accepted.
  static Result<std::unique_ptr<Acceptor>> listen(const Endpoint& endpoint,
                                                  const TcpOptions& tcp = TcpOptions());
  ~Acceptor() override;

  // With the port that the system has chosen.
  Endpoint endpoint() const override { return local_; }
  void start(Loop& loop, OnIncoming on_incoming) override;
  void finish() override;
  // Stops, and removes the file of a Unix socket. Twice is fine.
  void close();

  // Connections that were refused because there were no descriptors.
  std::uint64_t turned_away() const noexcept;

 private:
  class Impl;

  Acceptor(SocketHandle socket, const Endpoint& local, const TcpOptions& tcp);

  const Endpoint local_;
  const TcpOptions tcp_;
  SocketHandle socket_;         // until start() or close()
  std::shared_ptr<Impl> impl_;  // since start()
};

}  // namespace tern::net
