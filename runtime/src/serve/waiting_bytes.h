// The memory of a request that waits for the authenticator.
#pragma once

#include <cstddef>

#include "serve/session.h"

namespace tern::serve {

// Counts in the session until it is destroyed. Threads: the loop's.
class WaitingBytes {
 public:
  explicit WaitingBytes(Session& session) noexcept : session_(session) {}
  WaitingBytes(const WaitingBytes&) = delete;
  WaitingBytes& operator=(const WaitingBytes&) = delete;
  ~WaitingBytes() {
    if (bytes_ > 0) session_.end_wait(bytes_);
  }

  // Once. False: there is no room for so many, which are more than 0.
  bool take(std::size_t bytes) noexcept {
    if (!session_.begin_wait(bytes)) return false;
    bytes_ = bytes;
    return true;
  }
  Session& session() const noexcept { return session_; }

 private:
  Session& session_;
  std::size_t bytes_ = 0;
};

}  // namespace tern::serve
