#include "net/loop.h"

#include <asio/post.hpp>
#include <new>
#include <utility>

#include "tern/loop_thread.h"

namespace tern {

namespace {

thread_local int loop_depth = 0;

// What a loop keeps of its connections' buffers: at most 4 MiB. The memory of larger ones is kept
// for all buffers of the process together (base/kept_blocks.h).
constexpr std::size_t kSpareBuffers = 64;
constexpr std::size_t kSpareBytes = 64 * 1024;

}  // namespace

LoopScope::LoopScope() noexcept {
  ++loop_depth;
}
LoopScope::~LoopScope() {
  --loop_depth;
}

bool on_loop_thread() noexcept {
  return loop_depth > 0;
}

// Waits for the first timer, where there was no memory to do so.
class Loop::Rearming final : public net::LoopTask {
 public:
  explicit Rearming(std::shared_ptr<Loop*> loop) noexcept : loop_(std::move(loop)) {}

  void run_on_loop() override {
    Loop* const loop = *loop_;
    if (loop && !loop->armed_for_) loop->arm();
  }

 private:
  const std::shared_ptr<Loop*> loop_;
};

Loop::Loop(asio::io_context& io, Clock& clock, std::shared_ptr<NameResolver> names)
    : io_(io),
      clock_(clock),
      names_(std::move(names)),
      alarm_(io),
      tasks_(std::make_shared<net::LoopTasks>(io)),
      self_(std::make_shared<Loop*>(this)),
      rearming_(std::make_shared<Rearming>(self_)),
      scratch_(new std::byte[kScratchBytes]) {
  spare_.reserve(kSpareBuffers);
  clock_.add_listener(*this);
}

Loop::~Loop() {
  end();
  leave_clock();
}

void Loop::add_end_listener(const std::weak_ptr<LoopEndListener>& listener) {
  {
    std::lock_guard lock(mutex_);
    if (!ending_) {
      if (end_listeners_.size() == end_listeners_.capacity()) {
        std::erase_if(end_listeners_, [](const auto& one) { return one.expired(); });
      }
      end_listeners_.push_back(listener);
      return;
    }
  }
  if (auto one = listener.lock()) one->on_loop_end();
}

void Loop::end() {
  std::vector<std::weak_ptr<LoopEndListener>> listeners;
  {
    std::lock_guard lock(mutex_);
    if (std::exchange(ending_, true)) return;
    listeners.swap(end_listeners_);
  }
  for (const auto& listener : listeners) {
    if (auto one = listener.lock()) one->on_loop_end();
  }
  // What they have posted may still run.
  ended_.store(true, std::memory_order_relaxed);
  tasks_->end();
  *self_ = nullptr;
  alarm_.reset();
}

void Loop::leave_clock() {
  {
    std::lock_guard lock(mutex_);
    if (!std::exchange(has_clock_, false)) return;
  }
  clock_.remove_listener(*this);
}

bool Loop::in_this_thread() const noexcept {
  return io_.get_executor().running_in_this_thread();
}

void Loop::post(UniqueFunction<void()> task) {
  if (ended()) return;
  asio::post(io_, [task = std::move(task)]() mutable {
    LoopScope scope;
    task();
  });
}

void Loop::start_timer(base::Timer& timer, Clock::TimePoint due) noexcept {
  timers_.start(timer, due);
  if (!armed_for_ || due < *armed_for_) arm();
}

// Called when a turned clock has moved, on any thread.
void Loop::on_time_moved() {
  asio::post(io_, [self = self_] {
    if (*self) (*self)->run_timers();
  });
}

void Loop::arm() noexcept {
  std::optional<Clock::TimePoint> next = timers_.next();
  if (!next || !alarm_ || !clock_.runs()) return;
  armed_for_.reset();  // the wait before this one ends
  try {
    alarm_->expires_at(*next);
    alarm_->async_wait([self = self_](std::error_code error) {
      if (!error && *self) {
        (*self)->armed_for_.reset();
        (*self)->run_timers();
      }
    });
    armed_for_ = next;
  } catch (const std::bad_alloc&) {
    tasks_->post(rearming_);
  }
}

void Loop::run_timers() {
  LoopScope scope;
  try {
    timers_.run_due(clock_.now());
  } catch (...) {
    // The owner of the io_context may catch it and run on: the other timers still fire.
    if (!armed_for_) arm();
    throw;
  }
  if (!armed_for_) arm();
}

Buffer Loop::take_buffer(std::size_t size_hint) noexcept {
  if (size_hint > kSpareBytes) return Buffer::reused(size_hint);
  if (spare_.empty()) return {};
  Buffer buffer = std::move(spare_.back());
  spare_.pop_back();
  return buffer;
}

void Loop::give_buffer(Buffer buffer) noexcept {
  const std::size_t size = buffer.capacity();
  if (size == 0 || size > kSpareBytes || spare_.size() == kSpareBuffers) return;
  buffer.clear();
  spare_.push_back(std::move(buffer));
}

}  // namespace tern
