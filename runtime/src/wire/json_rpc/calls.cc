#include "wire/json_rpc/calls.h"

#include <utility>

namespace tern::wire::json_rpc {

namespace {

// A number has the place in its lower half.
constexpr unsigned kPlaceBits = 32;

// What is kept for later calls: a connection that is idle after a burst has no memory of it.
constexpr std::size_t kKeptCalls = 16;
constexpr std::size_t kKeptIdBytes = 64;

}  // namespace

Call& Calls::add(const Request& request, std::shared_ptr<Batch> batch) {
  if (free_.empty()) {
    calls_.emplace_back();
    free_.reserve(calls_.capacity());
    free_.push_back(static_cast<std::uint32_t>(calls_.size() - 1));
  }
  std::uint32_t place = free_.back();
  Call& call = calls_[place];
  call.id.assign(request.id);
  call.version = request.version;
  call.notification = request.kind == Request::Kind::kNotification;
  call.without_params = request.without_params;
  call.params = request.params;
  call.params_why = request.params_why;
  call.batch = std::move(batch);
  if (++round_ == 0) round_ = 1;
  call.number = std::uint64_t{round_} << kPlaceBits | place;
  free_.pop_back();
  return call;
}

Call* Calls::find(std::uint64_t number) noexcept {
  std::size_t place = number & ((std::uint64_t{1} << kPlaceBits) - 1);
  if (number == 0 || place >= calls_.size() || calls_[place].number != number) return nullptr;
  return &calls_[place];
}

void Calls::remove(Call& call) noexcept {
  free_.push_back(static_cast<std::uint32_t>(call.number));
  call.number = 0;
  call.batch.reset();
  if (call.id.capacity() > kKeptIdBytes) std::string().swap(call.id);
  if (empty() && calls_.size() > kKeptCalls) {
    std::vector<Call>().swap(calls_);
    std::vector<std::uint32_t>().swap(free_);
  }
}

}  // namespace tern::wire::json_rpc
