// A byte stream to a peer: the seam below the connection. TCP and Unix sockets implement it, and
// tests implement it in memory, with faults.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include "tern/buffer.h"
#include "tern/peer_certificate.h"

namespace tern {

// The outcome of one attempt to read or write.
struct IoResult {
  std::size_t bytes = 0;
  std::error_code error;     // set: the stream cannot be used any more
  bool would_block = false;  // nothing now; wait_readable() or wait_writable() says when
  bool end = false;          // reading only: the peer has closed its side

  bool ok() const noexcept { return !error && !would_block && !end; }
};

// The state of the peer, as far as it is known without reading.
enum class PeerState : std::uint8_t {
  kThere,  // or it cannot be known
  kEnded,  // it has closed its side; bytes from before that may be unread
  kGone    // the stream cannot be used any more
};

// Of a stream that shares its connection with another one: what is known of the peer from there.
struct SharedTraffic {
  std::uint64_t bytes_read = 0;  // that have come on the connection, in all
  bool held_up = false;  // nothing is read now, since the other one takes nothing of what has come
};

// Told by a stream that it is worth trying again.
class ByteStreamUser {
 public:
  virtual void on_readable() = 0;
  virtual void on_writable() = 0;

 protected:
  ~ByteStreamUser() = default;
};

// Threads: only the thread of the loop that the stream belongs to.
class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // Reads what is there, at most `into`. Never waits.
  virtual IoResult read_some(std::span<std::byte> into) = 0;
  // Writes what the stream takes of all the pieces, in order. Never waits, never raises SIGPIPE.
  // What it does not take comes first in the next call.
  virtual IoResult write_some(std::span<const ByteView> pieces) = 0;
  // Behind a write that would have blocked: whether the peer gets its first bytes all the same, so
  // that nothing else may be written in their place.
  virtual bool write_begun() const noexcept { return false; }

  // Calls user->on_readable() once, later and not from within this call, when reading will not
  // block: bytes, the end or an error are there. The user is kept alive until then. close()
  // releases it without a call. At most one wait of each kind at a time.
  virtual void wait_readable(std::shared_ptr<ByteStreamUser> user) = 0;
  virtual void wait_writable(std::shared_ptr<ByteStreamUser> user) = 0;

  // From now on the stream becomes readable only when so many bytes have come. The end and errors
  // still make it readable at once. False if the stream cannot do that; then nothing changes.
  virtual bool set_read_mark(std::size_t /*bytes*/) noexcept { return false; }

  // No more writing: the peer reads the end after the last byte.
  virtual void shutdown_write() noexcept = 0;
  virtual void close() noexcept = 0;

  // Whether the peer has left, for a user that does not read at present. Never waits.
  virtual PeerState peer_state() noexcept { return PeerState::kThere; }

  // A peer that is silent here may be sending to the other stream. Nothing if there is none.
  virtual SharedTraffic shared_traffic() const noexcept { return {}; }

  // Why the stream cannot be used any more, in full: once an error has come. "": what the error's
  // message() says is all.
  virtual std::string error_text() const { return {}; }
  // False from the first byte of a handshake of the stream's own until that is done; and for good
  // if it fails.
  virtual bool established() const noexcept { return true; }

  // "127.0.0.1:53612", "[::1]:53612", the path of a Unix socket.
  virtual std::string peer() const = 0;
  // Whether the peer is certainly on this machine: on the loopback or a Unix socket.
  virtual bool peer_is_local() const noexcept { return false; }
  // What both sides have agreed to speak, by ALPN: "h2", "tern", "http/1.1"; nothing else may
  // follow.
  // "": nothing. Valid as long as the stream.
  virtual std::string_view application_protocol() const noexcept { return {}; }
  // Null: the peer has shown none that was verified, or has not yet. It stays the same.
  virtual std::shared_ptr<const PeerCertificate> peer_certificate() const noexcept {
    return nullptr;
  }
};

}  // namespace tern
