#include "registry/withdrawal.h"

#include <future>
#include <memory>
#include <stdexcept>
#include <utility>

#include "registry/loop_task.h"
#include "tern/loop_thread.h"

namespace tern {

void Registration::withdraw() {
  if (on_loop_thread()) {
    throw std::logic_error(
        "withdraw() on a thread of an event loop would wait for itself; call async_withdraw()");
  }
  auto ended = std::make_shared<std::promise<void>>();
  std::future<void> end = ended->get_future();
  async_withdraw([ended = std::move(ended)] { ended->set_value(); });
  end.wait();
}

}  // namespace tern

namespace tern::registry {

bool Withdrawal::ask(UniqueFunction<void()> done) {
  {
    std::lock_guard lock(mutex_);
    if (state_ != State::kOver) {
      told_.push_back(std::move(done));
      return std::exchange(state_, State::kAsked) == State::kListed;
    }
  }
  run_soon(loop_, std::move(done));
  return false;
}

void Withdrawal::end() {
  std::vector<UniqueFunction<void()>> told;
  {
    std::lock_guard lock(mutex_);
    state_ = State::kOver;
    told.swap(told_);
  }
  for (UniqueFunction<void()>& done : told) done();
}

void withdraw_at_last(Registration& registration, IoPool& pool) {
  if (pool.has_threads() && !on_loop_thread()) {
    registration.withdraw();
  } else {
    registration.async_withdraw([] {});
  }
}

}  // namespace tern::registry
