#include "store.h"

#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "farewell.h"

// On the list as long as it waits.
class Store::Waiter {
 public:
  Waiter(Store& store, const asio::any_io_executor& executor, std::int64_t revision)
      : store_(store), timer_(std::make_shared<asio::steady_timer>(executor)) {
    timer_->expires_at(asio::steady_timer::time_point::max());
    std::lock_guard lock(store_.mutex_);
    waits_ = static_cast<std::int64_t>(store_.changes_.size()) <= revision;
    place_ = store_.waiters_.insert(store_.waiters_.end(), this);
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() {
    std::lock_guard lock(store_.mutex_);
    store_.waiters_.erase(place_);
  }

  // No change has come since it was asked for.
  bool waits() const { return waits_; }
  const std::shared_ptr<asio::steady_timer>& timer() { return timer_; }
  // On the thread of its loop, since a timer is for one thread.
  void wake() {
    auto executor = timer_->get_executor();
    asio::post(executor, [timer = timer_] { timer->cancel(); });
  }

 private:
  Store& store_;
  std::shared_ptr<asio::steady_timer> timer_;
  bool waits_ = false;
  std::list<Waiter*>::iterator place_;
};

tern::Reply<std::int64_t> Store::Set(tern::ServerContext& /*context*/, streams::Entry entry) {
  std::lock_guard lock(mutex_);
  const auto revision = static_cast<std::int64_t>(changes_.size()) + 1;
  changes_.emplace_back(revision, std::move(entry.key), std::move(entry.text));
  for (Waiter* waiter : waiters_) waiter->wake();
  return revision;
}

bool Store::next(std::int64_t revision, streams::Change& change) {
  std::lock_guard lock(mutex_);
  if (static_cast<std::int64_t>(changes_.size()) <= revision) return false;
  change = changes_[static_cast<std::size_t>(revision)];
  return true;
}

// Until there is a change, or the server drains.
asio::awaitable<void> Store::wait(tern::ServerContext& context, std::int64_t revision) {
  Waiter waiter(*this, context.executor(), revision);
  context.on_drain([timer = waiter.timer()] { timer->cancel(); });
  if (!waiter.waits() || context.draining()) co_return;
  asio::error_code stopped;
  auto token = asio::redirect_error(asio::use_awaitable, stopped);
  co_await waiter.timer()->async_wait(token);
}

tern::Reply<streams::Change> Store::Next(tern::ServerContext& context,
                                         streams::WatchRequest request) {
  if (request.revision < 0) {
    return tern::Status(tern::Code::kInvalidArgument, "revision: expected 0 or more");
  }
  return wait_for_next(context, request.revision);
}

asio::awaitable<tern::Result<streams::Change>> Store::wait_for_next(tern::ServerContext& context,
                                                                    std::int64_t revision) {
  streams::Change change;
  while (!next(revision, change)) {
    if (context.draining()) co_return going_away();
    co_await wait(context, revision);
  }
  co_return change;
}

tern::Reply<void> Store::Watch(tern::ServerContext& context, streams::WatchRequest request,
                               tern::Writer<streams::Change> out) {
  if (request.revision < 0) {
    return tern::Status(tern::Code::kInvalidArgument, "revision: expected 0 or more");
  }
  return watch(context, request.revision, std::move(out));
}

// A caller that leaves ends the wait, and the coroutine with it. When the server drains, the caller
// has all that is there, and goes on behind that on another server.
asio::awaitable<tern::Result<void>> Store::watch(tern::ServerContext& context,
                                                 std::int64_t revision,
                                                 tern::Writer<streams::Change> out) {
  streams::Change change;
  for (;;) {
    while (next(revision, change)) {
      if (!co_await out.write(change)) co_return out.status();
      revision = change.revision;
    }
    if (context.draining()) co_return going_away();
    co_await wait(context, revision);
  }
}

tern::Reply<streams::Summary> Files::Upload(tern::ServerContext& /*context*/,
                                            tern::Reader<streams::Piece> in) {
  return take(std::move(in));
}

asio::awaitable<tern::Result<streams::Summary>> Files::take(tern::Reader<streams::Piece> in) {
  streams::Summary sum(0, 0, 2166136261u);
  streams::Piece piece;
  while (co_await in.read(piece)) {
    ++sum.pieces;
    sum.bytes += static_cast<std::int64_t>(piece.data.size());
    for (std::byte one : piece.data) {
      sum.hash = (sum.hash ^ std::to_integer<std::uint32_t>(one)) * 16777619u;
    }
  }
  // An upload that broke off is none.
  if (!in.status().ok()) co_return in.status();
  co_return sum;
}
