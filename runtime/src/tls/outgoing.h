// Records on their way from OpenSSL to the stream.
#pragma once

#include <cstddef>

#include "tern/buffer.h"
#include "tern/byte_stream.h"

namespace tern::tls {

// Writes several records at once, since each write costs a system call and may wake the peer. What
// the stream does not take waits here, some 64 KiB at most, and leaves before all else. Never
// waits. Threads: the loop's.
class Outgoing {
 public:
  explicit Outgoing(ByteStream& stream) : stream_(stream) {}

  // From here to flush() records gather in memory of the thread's: within one call of the user's.
  void gather() noexcept { gathers_ = true; }
  // One record, or a part. Takes all of it, or would block, or fails; without gather() as much as
  // the stream takes.
  IoResult write(ByteView record);
  // Writes what has gathered and what waits. No error, and would_block: some of it still waits.
  IoResult flush();
  // The stream has not taken all: flush() again once it is writable.
  bool waits() const noexcept { return !waiting_.empty(); }
  std::size_t waiting_bytes() const noexcept { return waiting_.size(); }

 private:
  IoResult write_waiting();
  IoResult write_gathered();
  IoResult keep(ByteView rest) noexcept;

  ByteStream& stream_;
  Buffer waiting_;
  std::size_t gathered_ = 0;  // bytes, in the thread's memory
  bool gathers_ = false;
};

}  // namespace tern::tls
