// How a protocol cuts a message into chunks, between which others can leave.
#pragma once

#include <cstddef>

#include "tern/buffer.h"

namespace tern::base {

// A protocol has one if its peer can put messages together again. One that has none has messages of
// one piece each, which leave in their order.
class MessageCutter {
 public:
  struct Rules {
    // A message of up to so many bytes leaves whole.
    std::size_t whole_bytes = 0;
    // What the peer bears at a time of messages whose first chunk has left and whose last has not:
    // so many, which have so many bytes together, their chunks' headers aside. Or a single longer
    // one.
    std::size_t begun_messages = 0;
    std::size_t begun_bytes = 0;
  };

  virtual Rules rules() const noexcept = 0;
  // Appends the next chunk of `message` to `out`; those before it stand for its first `taken`
  // bytes. Returns for how many bytes this one stands, 1 or more: all that are left if it is the
  // last. `message` is as the protocol has written it. Throws std::bad_alloc.
  virtual std::size_t write_chunk(ByteView message, std::size_t taken, Buffer& out) = 0;

 protected:
  ~MessageCutter() = default;
};

}  // namespace tern::base
