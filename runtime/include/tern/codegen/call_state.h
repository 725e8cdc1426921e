// One started call, shared by the caller's Call<T> and by the channel that completes it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "tern/function.h"
#include "tern/metadata.h"
#include "tern/status.h"

namespace tern {

class CallState;
class StreamState;
struct TypeOps;

// The owner of a started call, which can cancel it. Threads: any.
class CallOwner {
 public:
  virtual ~CallOwner() = default;
  // Completes the call with kCancelled unless it is complete already, and tells the server.
  virtual void cancel(std::uint64_t call_id) = 0;
  // The caller's callback has thrown, which ends nothing: `what` is for the log. Unless told
  // otherwise, to standard error.
  virtual void callback_threw(std::string_view what);
};

// The meeting point of the caller and the one that completes. The channel decodes the reply into
// reply_slot() and then calls complete(); both happen once, on one thread. The caller waits, or
// leaves a callback, at most one of the two.
class CallState {
 public:
  CallState(const CallState&) = delete;
  CallState& operator=(const CallState&) = delete;

  // --- The channel's side ---

  // Where a reply of the method's result type is decoded to. Only before complete().
  void* reply_slot() noexcept { return slot_; }
  Metadata& reply_metadata() noexcept { return reply_metadata_; }
  // What the server has sent ahead of its reply. Before complete().
  void set_initial_metadata(Metadata metadata) {
    initial_metadata_ = std::make_unique<const Metadata>(std::move(metadata));
  }
  // The stream that the call opens; it ends with the call. Null: there is none.
  StreamState* stream() const noexcept { return stream_; }
  // Says who can cancel, and who is told of an exception. Before start() returns.
  void set_owner(std::weak_ptr<CallOwner> owner, std::uint64_t call_id) noexcept {
    owner_ = std::move(owner);
    call_id_ = call_id;
  }
  // Ends the call: runs the callback, if there is one, on this thread, or wakes the waiting caller.
  // An exception of the callback goes to the owner. A second end is ignored. The one who calls this
  // holds a reference until it returns.
  void complete(Status status) noexcept;

  // --- The caller's side ---

  bool done() const noexcept { return phase_.load(std::memory_order_acquire) >= Phase::kDone; }
  // Blocks until complete() has been called.
  void wait() const noexcept { wait_for(Phase::kDone); }
  // The right to the outcome, which the caller has once: false if somebody has it already.
  bool claim() noexcept { return !std::exchange(claimed_, true); }
  // Runs `callback` when the call is complete: on the completing thread, or right here if it is
  // complete already. If another callback is running right here, on this thread, it runs behind
  // that one: so a callback that starts a call that fails at once does not run in itself.
  void on_done(UniqueFunction<void()> callback);
  // The same, but if the call is complete already nothing runs: false, and `callback` is untouched.
  bool leave_callback(UniqueFunction<void()>& callback) noexcept;
  void cancel() noexcept;
  // Whether cancel() has been called: the channel may not have heard it yet. Any thread.
  bool cancelled() const noexcept { return cancelled_.load(std::memory_order_acquire); }
  // After completion.
  const Status& status() const noexcept { return status_; }
  const Metadata& initial_metadata() const noexcept;

 protected:
  // `stream` lives as long as this; null: the call has none.
  explicit CallState(void* slot, StreamState* stream = nullptr) noexcept
      : slot_(slot), stream_(stream) {}
  virtual ~CallState() = default;

 private:
  friend class CallRef;
  enum class Phase : std::uint32_t { kRunning, kCallback, kDone };

  void wait_for(Phase at_least) const noexcept;
  void run(UniqueFunction<void()>& callback) noexcept;
  void report(std::string_view thrown) noexcept;

  std::atomic<std::uint32_t> references_{1};
  std::atomic<Phase> phase_{Phase::kRunning};
  std::atomic<bool> cancelled_{false};
  bool claimed_ = false;
  void* slot_;
  StreamState* stream_;
  std::uint64_t call_id_ = 0;
  Status status_;
  UniqueFunction<void()> callback_;
  std::weak_ptr<CallOwner> owner_;
  Metadata reply_metadata_;
  std::unique_ptr<const Metadata> initial_metadata_;  // null: there was none
};

// A CallState with room for a T.
template <typename T>
class CallStateOf : public CallState {
 public:
  explicit CallStateOf(StreamState* stream = nullptr) : CallState(&value_, stream) {}
  T& value() noexcept { return value_; }

 private:
  T value_{};
};

// A counted reference to a CallState.
class CallRef {
 public:
  CallRef() noexcept = default;
  // Takes over the one reference that a new CallState has.
  explicit CallRef(CallState* fresh) noexcept : state_(fresh) {}
  CallRef(const CallRef& other) noexcept : state_(other.state_) {
    if (state_) state_->references_.fetch_add(1, std::memory_order_relaxed);
  }
  CallRef(CallRef&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
  CallRef& operator=(CallRef other) noexcept {
    std::swap(state_, other.state_);
    return *this;
  }
  // One more of a state that somebody holds.
  static CallRef share(CallState& state) noexcept {
    state.references_.fetch_add(1, std::memory_order_relaxed);
    return CallRef(&state);
  }
  ~CallRef() {
    if (state_ && state_->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete state_;
  }

  explicit operator bool() const noexcept { return state_ != nullptr; }
  CallState* get() const noexcept { return state_; }
  CallState& operator*() const noexcept { return *state_; }
  CallState* operator->() const noexcept { return state_; }

 private:
  CallState* state_ = nullptr;
};

}  // namespace tern
