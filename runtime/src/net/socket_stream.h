// Streams over TCP and Unix sockets.
#pragma once

#include <asio/basic_stream_socket.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <memory>
#include <string>

#include "net/loop.h"
#include "tern/byte_stream.h"
#include "tern/result.h"
#include "tern/tcp_options.h"

namespace tern::net {

// Owns the file descriptor of a socket that is not yet on a loop.
class SocketHandle {
 public:
  SocketHandle() noexcept = default;
  // Takes it over. In a program that has closed its standard streams a new socket has the number of
  // one: it gets another, or the log would be sent to the peer.
  explicit SocketHandle(int fd) noexcept;
  SocketHandle(SocketHandle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  SocketHandle& operator=(SocketHandle&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~SocketHandle();

  int get() const noexcept { return fd_; }
  int release() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

// Puts a connected socket on a loop. On the loop's thread, or before the loop runs. TCP sockets get
// TCP_NODELAY: what is written leaves at once, since one write carries all that is there.
Result<std::unique_ptr<ByteStream>> open_stream(Loop& loop, SocketHandle socket);

// Tells a TCP socket when its peer counts as lost. What the system does not take is left as it is.
void set_tcp_options(const SocketHandle& socket, const TcpOptions& tcp) noexcept;

// Of a connected socket; see ByteStream::peer_state().
PeerState peer_state(int fd) noexcept;

// "127.0.0.1:80", "[::1]:80" or the path of a Unix socket, of a bound or connected address.
std::string local_name(int fd);
std::string peer_name(int fd);

}  // namespace tern::net
