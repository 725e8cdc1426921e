// The streams of several servers as one.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "cluster/cluster_core.h"
#include "net/loop.h"
#include "stream/stream.h"
#include "tern/codegen/merged_state.h"
#include "tern/fan_out.h"
#include "tern/stream.h"

namespace tern {

namespace {

// Parts, each of which is in it at most once: room for all of them is enough.
class Turn {
 public:
  // Before anything else. Throws std::bad_alloc.
  void make_room(std::size_t parts) { ring_.resize(parts); }
  bool empty() const noexcept { return size_ == 0; }
  void clear() noexcept { size_ = 0; }
  void push_back(std::size_t part) noexcept { ring_[place(size_++)] = part; }
  void push_front(std::size_t part) noexcept {
    begin_ = place(ring_.size() - 1);
    ring_[begin_] = part;
    ++size_;
  }
  std::size_t take_front() noexcept {
    const std::size_t part = ring_[begin_];
    begin_ = place(1);
    --size_;
    return part;
  }

 private:
  std::size_t place(std::size_t behind) const noexcept { return (begin_ + behind) % ring_.size(); }

  std::vector<std::size_t> ring_;
  std::size_t begin_ = 0;
  std::size_t size_ = 0;
};

// A part whose stream has something is in the turn. Of each of the others its stream has a
// callback, which puts it there; the reader leaves it when it finds nothing. So who waits needs to
// look at none.
class MergedStreams final : public MergedState,
                            public CallOwner,
                            private net::LoopTask,
                            public std::enable_shared_from_this<MergedStreams> {
 public:
  MergedStreams(Loop& home, std::function<void(std::string_view)> log_exception)
      : home_(home.shared_from_this()), log_exception_(std::move(log_exception)) {}

  // --- Its opening ---

  void set_wait(std::weak_ptr<CallOwner> wait) override {
    {
      Lock lock(mutex_);
      wait_ = std::move(wait);
      if (phase_ != Phase::kCancelled) return;
    }
    end_wait();
  }

  void open(std::vector<Part> parts) override {
    {
      Lock lock(mutex_);
      if (phase_ != Phase::kOpening) return;
      turn_.make_room(parts.size());
      parts_ = std::move(parts);
      open_parts_ = parts_.size();
      phase_ = Phase::kOpen;
    }
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (!leave_callback(i)) on_ready(i, false);
    }
  }

  // --- The reader ---

  Read read(const TypeOps& type, void* message, Source& source) override {
    std::size_t index = 0;
    while (next(index)) {
      const Part& part = parts_[index];
      StreamState& stream = *part.stream;
      switch (stream.try_read(type, message)) {
        case Read::kMessage:
          source = Source{part.server, false, Status()};
          put_back(index);
          return Read::kMessage;
        case Read::kEnd:
          source = Source{part.server, true, stream.read_status()};
          return note_end() ? Read::kMessage : Read::kEnd;
        case Read::kWait:
          if (!leave_callback(index)) put_back(index);
          break;
      }
    }
    Lock lock(mutex_);
    return over() ? Read::kEnd : Read::kWait;
  }

  bool wait_read(UniqueFunction<void()>& ready) override {
    std::size_t index = 0;
    for (;;) {
      {
        Lock lock(mutex_);
        if (over()) return false;
        if (waiter_) {
          lock.unlock();
          cancel(Status(Code::kFailedPrecondition, "two reads of one stream at the same time",
                        HandlerRan::kUnknown));
          return false;
        }
        if (turn_.empty()) {
          waiter_ = std::move(ready);
          return true;
        }
        index = turn_.take_front();
      }
      // One that has been read may have nothing more.
      if (leave_callback(index)) continue;
      Lock lock(mutex_);
      if (!over()) turn_.push_front(index);
      return false;
    }
  }

  void cancel_read() noexcept override {
    Lock lock(mutex_);
    wake(std::move(lock), false);
  }

  void block_read() override {
    auto done = std::make_shared<std::atomic<bool>>(false);
    UniqueFunction<void()> ready = [done] {
      done->store(true);
      done->notify_all();
    };
    if (wait_read(ready)) done->wait(false);
  }

  Status read_status() const override {
    Lock lock(mutex_);
    return status_;
  }

  // --- The end ---

  void cancel(const Status& why) noexcept override {
    {
      Lock lock(mutex_);
      if (over()) return;
      phase_ = Phase::kCancelled;
      status_ = why;
      turn_.clear();
      wake(std::move(lock), false);
    }
    end_wait();
    for (const Part& part : parts_) part.owner->cancel();
  }

  void cancel(std::uint64_t) override {
    cancel(Status(Code::kCancelled, "cancelled by the caller", HandlerRan::kUnknown));
  }
  void callback_threw(std::string_view what) override { log_exception_(what); }

  asio::any_io_executor executor() const noexcept override { return home_->io().get_executor(); }
  void run_later(UniqueFunction<void()> task) override {
    home_->post([self = shared_from_this(), task = std::move(task)]() mutable {
      stream::run_logged(task, std::weak_ptr<CallOwner>(self));
    });
  }

  // --- What it has not ---

  Read try_read(const TypeOps&, void*) override { return Read::kEnd; }
  void end_with_call(const Status&, const Metadata&) noexcept override {}

 private:
  using Lock = std::unique_lock<std::mutex>;
  enum class Phase : std::uint8_t {
    kOpening,  // the servers are not known yet
    kOpen,
    kEnded,     // all streams have
    kCancelled  // status_ says why
  };

  bool over() const noexcept { return phase_ >= Phase::kEnded; }

  bool next(std::size_t& index) {
    Lock lock(mutex_);
    if (turn_.empty()) return false;
    index = turn_.take_front();
    return true;
  }
  void put_back(std::size_t index) {
    Lock lock(mutex_);
    if (!over()) turn_.push_back(index);
  }
  // False if the whole was cancelled meanwhile.
  bool note_end() {
    Lock lock(mutex_);
    if (over()) return false;
    if (--open_parts_ == 0) phase_ = Phase::kEnded;
    return true;
  }

  // False: it has something already.
  bool leave_callback(std::size_t index) {
    UniqueFunction<void()> ready = [self = shared_from_this(), index] {
      self->on_ready(index, true);
    };
    return parts_[index].stream->wait_read(ready);
  }
  void on_ready(std::size_t index, bool in_callback) noexcept {
    Lock lock(mutex_);
    if (over()) return;
    turn_.push_back(index);
    wake(std::move(lock), in_callback);
  }
  // Unlocks.
  void wake(Lock lock, bool in_callback) noexcept {
    if (!waiter_) return;
    if (!in_callback) {
      runs_soon_ = true;
      lock.unlock();
      return home_->post(std::shared_ptr<net::LoopTask>(shared_from_this(), this));
    }
    UniqueFunction<void()> ready = take_waiter();
    lock.unlock();
    stream::run_logged(ready, std::weak_ptr<CallOwner>(shared_from_this()));
  }
  UniqueFunction<void()> take_waiter() noexcept {
    runs_soon_ = false;
    return std::move(waiter_);
  }
  void run_on_loop() override {
    Lock lock(mutex_);
    if (runs_soon_) wake(std::move(lock), true);
  }
  // Who waits may keep this.
  void dropped() noexcept override {
    UniqueFunction<void()> ready;
    Lock lock(mutex_);
    ready = take_waiter();
  }
  void end_wait() noexcept {
    Lock lock(mutex_);
    const std::shared_ptr<CallOwner> wait = wait_.lock();
    lock.unlock();
    if (wait) wait->cancel(0);
  }

  const std::shared_ptr<Loop> home_;
  const std::function<void(std::string_view)> log_exception_;

  std::vector<Part> parts_;  // constant once it is open

  mutable std::mutex mutex_;  // guards the following
  Phase phase_ = Phase::kOpening;
  Status status_;
  Turn turn_;
  std::size_t open_parts_ = 0;
  UniqueFunction<void()> waiter_;
  bool runs_soon_ = false;  // the home loop runs waiter_
  std::weak_ptr<CallOwner> wait_;
};

}  // namespace

std::shared_ptr<MergedState> FanOut::merge(Cluster& cluster) {
  return std::make_shared<MergedStreams>(cluster.core_->home(),
                                         cluster.exception_logger("the callback of call_each()"));
}

}  // namespace tern
