// What a session's peer leaves unread.
#pragma once

#include <cstddef>

namespace tern::serve {

class Session;

// Counts it for the server, and ends the connection of a peer that has left too much. Threads: the
// loop's.
class UnsentBytes {
 public:
  explicit UnsentBytes(Session& session) noexcept : session_(session) {}
  UnsentBytes(const UnsentBytes&) = delete;
  UnsentBytes& operator=(const UnsentBytes&) = delete;

  // Bytes that a peer which does not read has left here, as last counted.
  std::size_t counted() const noexcept { return counted_; }

  void count() noexcept;
  // All that may leave has been written.
  void note_written() noexcept {
    if (counted_ > 0) count();
  }
  // Something waits for the peer: counts it, and there may be too much of it.
  void bound();
  // The end for a peer that has left so many that `limit` is exceeded.
  void close(std::size_t limit);

 private:
  Session& session_;
  std::size_t counted_ = 0;
};

}  // namespace tern::serve
