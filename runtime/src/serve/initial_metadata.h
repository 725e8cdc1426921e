// The metadata that a call sends ahead of its reply.
#pragma once

#include <cstddef>
#include <cstdint>

#include "net/outbox.h"
#include "tern/buffer.h"
#include "tern/metadata.h"
#include "wire/server_protocol.h"

namespace tern::serve {

// Leaves once, before the first message or the reply of its call. Threads: the loop's.
class InitialMetadata {
 public:
  // For the handler. What is set behind the first message is not sent.
  Metadata& values() noexcept { return values_; }

  // Appends it to `out`, where a message of the call `id` follows; if there is any, and it has not
  // been written. Throws std::bad_alloc.
  void write(std::uint64_t id, wire::ServerProtocol& protocol, Buffer& out) {
    if (written_) return;
    written_ = true;
    if (values_.empty() || !protocol.has_streams()) return;
    protocol.write_initial_metadata(id, values_, out);
  }
  // The same as a message of its own, so that the one behind it can be cut.
  void send(std::uint64_t id, wire::ServerProtocol& protocol, net::Outbox& outbox) noexcept {
    if (written_ || values_.empty()) return;
    Buffer& out = outbox.messages();
    const std::size_t start = out.size();
    try {
      write(id, protocol, out);
      if (out.size() > start) outbox.end_message(id, start);
    } catch (...) {
      out.truncate(start);  // no memory: the answer goes without it
    }
  }

 private:
  Metadata values_;
  bool written_ = false;  // whatever the values are
};

}  // namespace tern::serve
