#include "call/long_requests.h"

#include <utility>

namespace tern::call {

void LongRequests::take(std::uint64_t id, Buffer& out, std::size_t start) {
  Requests fresh(1);
  Request& request = fresh.front();
  request.id = id;
  if (start == 0) {
    std::swap(request.bytes, out);
  } else {
    request.bytes.append(out.view().subspan(start));
    out.truncate(start);
  }
  unsent_ += request.bytes.size();
  waiting_.splice(waiting_.end(), fresh);
}

LongRequests::Removed LongRequests::remove(std::uint64_t id) noexcept {
  if (remove_from(waiting_, id)) return Removed::kUnheard;
  for (Request& request : begun_) {
    if (request.id != id) continue;
    const Removed removed = request.taken > 0 ? Removed::kBegun : Removed::kUnheard;
    begun_bytes_ -= request.bytes.size();
    remove_from(begun_, id);
    return removed;
  }
  return Removed::kNothing;
}

bool LongRequests::remove_from(Requests& requests, std::uint64_t id) noexcept {
  for (auto at = requests.begin(); at != requests.end(); ++at) {
    if (at->id != id) continue;
    unsent_ -= at->left();
    requests.erase(at);
    return true;
  }
  return false;
}

void LongRequests::clear() noexcept {
  waiting_.clear();
  begun_.clear();
  begun_bytes_ = unsent_ = 0;
}

// In their order: a very long one is not passed by shorter ones for ever.
void LongRequests::begin(const base::MessageCutter::Rules& rules) noexcept {
  while (!waiting_.empty()) {
    const std::size_t size = waiting_.front().bytes.size();
    const bool fits = begun_.size() < rules.begun_messages && begun_bytes_ < rules.begun_bytes &&
                      size <= rules.begun_bytes - begun_bytes_;
    if (!begun_.empty() && !fits) return;
    begun_bytes_ += size;
    begun_.splice(begun_.end(), waiting_, waiting_.begin());
  }
}

std::optional<std::uint64_t> LongRequests::take_chunk(base::MessageCutter& cutter, Buffer& out) {
  begin(cutter.rules());
  Request& request = begun_.front();
  const std::size_t size = cutter.write_chunk(request.bytes.view(), request.taken, out);
  request.taken += size;
  unsent_ -= size;
  if (request.left() > 0) {
    begun_.splice(begun_.end(), begun_, begun_.begin());
    return std::nullopt;
  }
  const std::uint64_t id = request.id;
  begun_bytes_ -= request.bytes.size();
  begun_.pop_front();
  return id;
}

}  // namespace tern::call
