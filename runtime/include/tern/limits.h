// How much a peer may ask for. Every limit has an error text of its own.
#pragma once

#include <cstddef>

#include "tern/codegen/type_ops.h"

namespace tern {

struct Limits {
  Limits() = default;

  std::size_t option_bytes = 4096;                  // the Option of a handshake
  std::size_t method_name_bytes = 256;              // a method that is called by name
  std::size_t metadata_bytes = 64 * 1024;           // all metadata of a request or a reply
  std::size_t message_bytes = 4 * 1024 * 1024;      // one argument or result, encoded
  std::size_t depth = 200;                          // nesting of a message
  std::size_t decode_overhead_bytes = 1024 * 1024;  // memory of a message beyond 8 times its bytes
  std::size_t gob_decode_overhead_bytes =
      256 * 1024;                        // the same of a gob connection's running calls
  std::size_t calls_in_flight = 1024;    // a connection's calls that wait for a reply
  std::size_t held_bytes = 1024 * 1024;  // a server: of requests beyond calls_in_flight

  // Queued for a peer that does not read: a server then takes no more requests from it, a client
  // refuses calls.
  std::size_t unsent_bytes = 4 * 1024 * 1024;
  // A server: the same with what calls answer that ran already. With more than this and one message
  // the connection is closed.
  std::size_t unsent_reply_bytes = 64 * 1024 * 1024;
  // A server: unsent bytes of all its connections. Over it, a connection that has the most of those
  // on its loop is closed.
  std::size_t server_unsent_bytes = 512 * 1024 * 1024;

  // Those that a codec is to keep.
  DecodeLimits decode() const noexcept {
    DecodeLimits limits;
    limits.depth = depth;
    limits.decode_overhead_bytes = decode_overhead_bytes;
    return limits;
  }
  // Of a call's argument in gob, while running calls of its connection have `taken` of
  // gob_decode_overhead_bytes. A reply has decode(): it comes from a server that the client has
  // chosen.
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
