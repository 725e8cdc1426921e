#include "serve/call_pool.h"

#include <utility>

#include "serve/session_call.h"

namespace tern::serve {

namespace {

constexpr std::size_t kKept = 256;

}  // namespace

CallPool::~CallPool() {
  while (free_) delete std::exchange(free_, free_->next_);
}

SessionCall& CallPool::take() {
  if (!free_) return *new SessionCall();
  --count_;
  SessionCall* call = std::exchange(free_, free_->next_);
  call->next_ = nullptr;
  return *call;
}

void CallPool::give(SessionCall& call) noexcept {
  if (count_ >= kKept) {
    delete &call;
    return;
  }
  ++count_;
  call.next_ = std::exchange(free_, &call);
}

}  // namespace tern::serve
