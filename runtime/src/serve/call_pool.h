// Calls that wait to be used again.
#pragma once

#include <cstddef>

namespace tern::serve {

class SessionCall;

// The calls of one loop that are not in use. Keeps a bounded number.
class CallPool {
 public:
  CallPool() = default;
  CallPool(const CallPool&) = delete;
  CallPool& operator=(const CallPool&) = delete;
  ~CallPool();

  SessionCall& take();
  void give(SessionCall& call) noexcept;

 private:
  SessionCall* free_ = nullptr;
  std::size_t count_ = 0;
};

}  // namespace tern::serve
