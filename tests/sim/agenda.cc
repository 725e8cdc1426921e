#include "sim/agenda.h"

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <memory>
#include <system_error>

namespace tern::sim {

Agenda::Id Agenda::at(Clock::TimePoint due, std::function<void()> what) {
  Id id = ++last_;
  things_.emplace(std::pair(due, id), std::move(what));
  times_.emplace(id, due);
  return id;
}

Agenda::Id Agenda::after(Clock::Duration wait, std::function<void()> what) {
  return at(saturating_add(clock_.now(), wait), std::move(what));
}

void Agenda::cancel(Id id) {
  auto time = times_.find(id);
  if (time == times_.end()) return;
  things_.erase({time->second, id});
  times_.erase(time);
}

std::optional<Clock::TimePoint> Agenda::next() const {
  if (things_.empty()) return std::nullopt;
  return things_.begin()->first.first;
}

bool Agenda::run_one() {
  if (things_.empty() || things_.begin()->first.first > clock_.now()) return false;
  auto first = things_.begin();
  std::function<void()> what = std::move(first->second);
  times_.erase(first->first.second);
  things_.erase(first);
  what();
  return true;
}

asio::awaitable<void> Agenda::sleep(Clock::Duration wait) {
  // Asio's timer is only what the coroutine waits on: it never expires, and is cancelled when the
  // time has come.
  auto timer = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor,
                                                    asio::steady_timer::time_point::max());
  auto come = std::make_shared<bool>(false);
  Id id = after(wait, [timer, come] {
    *come = true;
    timer->cancel();
  });
  try {
    co_await timer->async_wait(asio::use_awaitable);
  } catch (const std::system_error&) {
    if (*come) co_return;
    cancel(id);
    throw;
  }
}

}  // namespace tern::sim
