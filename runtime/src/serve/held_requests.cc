#include "serve/held_requests.h"

#include <iterator>
#include <utility>

namespace tern::serve {

namespace {

// What the list, the index and the allocator add to a request, roughly.
constexpr std::size_t kOverhead = 128;

}  // namespace

void HeldRequests::push(const Route& route, const wire::Frame& frame, KeptFrame::Keep keep,
                        Clock::TimePoint arrived) {
  Request request;
  request.route = &route;
  request.kept = KeptFrame(frame, keep);
  request.arrived = arrived;
  requests_.push_back(std::move(request));
  List::iterator place = std::prev(requests_.end());
  try {
    by_id_.emplace(frame.id, place);
  } catch (...) {
    requests_.erase(place);
    throw;
  }
  bytes_ += size_of(*place);
}

HeldRequests::Request HeldRequests::pop() {
  List::iterator first = requests_.begin();
  bytes_ -= size_of(*first);
  by_id_.erase(first->kept.frame.id);
  Request request = std::move(*first);
  requests_.erase(first);
  return request;
}

bool HeldRequests::remove(std::uint64_t id) noexcept {
  auto found = by_id_.find(id);
  if (found == by_id_.end()) return false;
  bytes_ -= size_of(*found->second);
  requests_.erase(found->second);
  by_id_.erase(found);
  return true;
}

std::size_t HeldRequests::size_of(const Request& request) noexcept {
  return sizeof(Request) + kOverhead + request.kept.bytes.capacity();
}

}  // namespace tern::serve
