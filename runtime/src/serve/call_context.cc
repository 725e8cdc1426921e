#include "serve/call_context.h"

#include <algorithm>
#include <utility>

#include "serve/server_core.h"
#include "serve/session.h"

namespace tern::serve {

std::string_view CallContext::peer() const noexcept {
  return session_->peer();
}

std::shared_ptr<const PeerCertificate> CallContext::peer_certificate() const noexcept {
  return session_->peer_certificate();
}

std::optional<std::chrono::nanoseconds> CallContext::time_left() const noexcept {
  if (limit_.none()) return std::nullopt;
  return std::max(limit_.deadline() - session_->loop().now(), Clock::Duration::zero());
}

void CallContext::on_cancel(UniqueFunction<void()> callback) {
  if (cancelled()) {
    callback();
  } else {
    on_cancel_ = std::move(callback);
  }
}

void CallContext::set_cancelled() noexcept {
  cancelled_.store(true, std::memory_order_release);
  UniqueFunction<void()> callback = std::move(on_cancel_);
  try {
    if (callback) callback();
  } catch (...) {
    // The handler's own affair; the call has its outcome.
  }
}

bool CallContext::draining() const noexcept {
  return session_->draining();
}

ConnectionValues& CallContext::connection() noexcept {
  return session_->values();
}

Channel* CallContext::caller() noexcept {
  return session_->caller();
}

Loop& CallContext::loop() noexcept {
  return session_->loop();
}

asio::any_io_executor CallContext::executor() const noexcept {
  return session_->loop().io().get_executor();
}

asio::any_io_executor CallContext::workers() const noexcept {
  return session_->core().workers(executor());
}

InterceptedCall CallContext::intercepted() {
  return {method(),        InterceptedCall::Side::kServer,
          peer(),          metadata_,
          reply_metadata_, values_,
          time_left(),     identity()};
}

}  // namespace tern::serve
