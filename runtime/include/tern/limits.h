// How much a peer may send, and how much is kept for it. An error names the limit that was
// exceeded.
#pragma once

#include <cstddef>

#include "tern/codegen/type_ops.h"

namespace tern {

// Of a client or a server. The README has the same table.
struct Limits {
  Limits() = default;

  // --- One message. A request over a limit fails; the connection goes on. ---

  std::size_t option_bytes = 4096;              // the client's half of the handshake
  std::size_t method_name_bytes = 256;          // the name of a method that is called by name
  std::size_t metadata_bytes = 64 * 1024;       // all metadata of a request or a reply
  std::size_t message_bytes = 4 * 1024 * 1024;  // one argument or result, encoded

  // --- One decoded value ---

  std::size_t depth = 200;  // messages, lists and maps inside one another
  // Memory of a value beyond 8 times the bytes that it came in.
  std::size_t decode_overhead_bytes = 1024 * 1024;
  // The same for arguments in gob: of all running calls of a connection together.
  std::size_t gob_decode_overhead_bytes = 256 * 1024;

  // --- One connection ---

  std::size_t calls_in_flight = 1024;    // pending calls
  std::size_t held_bytes = 1024 * 1024;  // a server: requests that wait because of calls_in_flight
  // Messages that come in chunks, so that short ones can come between, have so many bytes together,
  // or there is one of them: a client's replies, a server's requests. 0: none come in chunks. The
  // same of messages of unary calls over HTTP/2 that are longer than a first window.
  std::size_t chunked_bytes = 16 * 1024 * 1024;
  std::size_t streams = 256;  // streams that are open, beside calls_in_flight; 0: there are none
  // What a peer may send on a stream before the application has taken it: the first window, which
  // counts each message as its bytes and 32. 0: there are no streams; else 1024 or more.
  std::size_t stream_window = 64 * 1024;
  // What windows may have together beyond the first ones: for streams that are read fast, and for
  // messages that are longer than a window. Less than message_bytes is as good as message_bytes.
  std::size_t stream_bytes = 16 * 1024 * 1024;
  // Bytes that wait to be sent. Over it, a server reads no more requests of the connection, and a
  // client refuses calls.
  std::size_t unsent_bytes = 4 * 1024 * 1024;
  // A server: the same, with the replies of calls that ran already. With more than this and one
  // message, the connection is closed.
  std::size_t unsent_reply_bytes = 64 * 1024 * 1024;

  // --- One server ---

  // Unsent bytes of all connections. Over it, a connection that has the most of those on its loop
  // is closed.
  std::size_t server_unsent_bytes = 512 * 1024 * 1024;

  // What a codec has to keep to.
  DecodeLimits decode() const noexcept {
    DecodeLimits limits;
    limits.depth = depth;
    limits.decode_overhead_bytes = decode_overhead_bytes;
    return limits;
  }
  // The same for an argument in gob, while running calls of its connection have `taken` of
  // gob_decode_overhead_bytes. A reply has decode(): the client has chosen its server.
  DecodeLimits decode_gob(std::size_t taken = 0) const noexcept {
    DecodeLimits limits;
    limits.depth = depth;
    limits.decode_overhead_bytes =
        taken < gob_decode_overhead_bytes ? gob_decode_overhead_bytes - taken : 0;
    limits.overhead_limit = taken > 0
                                ? "Limits::gob_decode_overhead_bytes, less what running calls have"
                                : "Limits::gob_decode_overhead_bytes";
    return limits;
  }
};

}  // namespace tern
