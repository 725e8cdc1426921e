#include "cluster/cluster_attempt.h"

#include <new>
#include <utility>

#include "call/failure_text.h"
#include "cluster/cluster_call.h"

namespace tern::cluster {

// A server that has left gets no new calls: so its connection is closed when none runs, and none is
// on its way to it.
Status Attempt::not_listed(const Method& method) const noexcept {
  try {
    return Status(
        Code::kUnavailable,
        call::failure_text(method, server->address, "not called: it is not listed any more"),
        HandlerRan::kNo);
  } catch (const std::bad_alloc&) {
    return Status::without_memory(Code::kUnavailable, HandlerRan::kNo);
  }
}

void Attempt::on_queued(std::uint64_t id, ByteView native) {
  call->on_attempt_queued(native);
  // See cancel(): nobody comes there while the call is being started.
  id_.store(id, starting ? std::memory_order_release : std::memory_order_seq_cst);
}

void Attempt::on_end(CallRef place, Status outcome) noexcept {
  id_.store(0, std::memory_order_relaxed);
  // The call may end here, and with it this attempt.
  ClusterCall& its_call = *call;
  its_call.on_attempt_end(std::move(call), *this, std::move(place), std::move(outcome));
}

void Attempt::cancel() const noexcept {
  const std::uint64_t id = id_.load();
  if (id == 0) return;
  try {
    server->client->cancel(id);
  } catch (...) {
    // Out of memory for the message to the loop: the attempt goes on as if nobody had asked.
  }
}

void Attempts::forget_others(Attempt& one) noexcept {
  for (Attempt* other = last_.load(std::memory_order_relaxed); other;) {
    Attempt* previous = other->previous_;
    if (other != &one && other != &first_) delete other;
    other = previous;
  }
  one.previous_ = nullptr;
  last_.store(&one, std::memory_order_release);
}

std::size_t Attempts::sent() const noexcept {
  std::size_t count = 0;
  for (Attempt* one = last_.load(std::memory_order_acquire); one; one = one->previous_) {
    if (!one->untouched.load(std::memory_order_relaxed)) ++count;
  }
  return count;
}

void Attempts::add_servers(std::uint32_t round, std::vector<std::uint64_t>& ids) const {
  for (Attempt* one = last_.load(std::memory_order_acquire); one; one = one->previous_) {
    if (one->round == round) ids.push_back(one->server->load->id());
  }
}

}  // namespace tern::cluster
