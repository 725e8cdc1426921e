// The program's side of a stream: what Reader, Writer and the caller's streams do to it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "net/loop.h"
#include "stream/message_watch.h"
#include "stream/read_half.h"
#include "stream/run_logged.h"
#include "stream/write_half.h"
#include "tern/codec.h"
#include "tern/codegen/call_state.h"
#include "tern/codegen/stream_state.h"

namespace tern::stream {

// Which directions have messages, and what may be kept of them.
struct StreamSetup {
  StreamSetup() = default;
  bool reads = false;
  bool writes = false;
  // A handler's; else a caller's.
  bool serves = false;
  // The code of its end if a message that has come cannot be read.
  Code unreadable = Code::kInternal;
  DecodeLimits decode;
  ReceiveSide::Limits receive;
};

// Messages are encoded and decoded on the program's threads, and wait here in their bytes. Its two
// halves know what is read and written; it has their lock and their outcome. What the connection
// does to them is in Stream.
// Threads: any.
class ProgramSide : public StreamState,
                    protected net::LoopTask,
                    public std::enable_shared_from_this<ProgramSide> {
 public:
  // --- See StreamState ---

  Read try_read(const TypeOps& type, void* message) override;
  bool wait_read(UniqueFunction<void()>& ready) override;
  void cancel_read() noexcept override;
  void block_read() override;
  Status read_status() const override;
  Write try_write(const TypeOps& type, const void* message) override;
  bool wait_write(UniqueFunction<void()>& ready) override;
  void cancel_write() noexcept override;
  void block_write() override;
  bool wait_flushed(UniqueFunction<void()>& ready) override;
  bool flushed() const override;
  Status write_status() const override;
  void set_compression(Compression how) noexcept override;
  void end_writing() noexcept override;
  void cancel(const Status& why) noexcept override;
  void finish(Status outcome) noexcept override;
  void keep() noexcept override;
  void release_reader() noexcept override;
  void release_writer() noexcept override;
  Metadata initial_metadata() const override;
  Metadata trailing_metadata() const override;
  asio::any_io_executor executor() const noexcept override;
  void run_later(UniqueFunction<void()> task) override;

  // --- Before it is started ---

  // Who is told of exceptions of the program's callbacks.
  void set_owner(std::weak_ptr<CallOwner> owner) noexcept { owner_ = std::move(owner); }
  bool is_on(const Loop& loop) const noexcept { return loop_.get() == &loop; }
  // Who sees each of its messages, until it ends. One that is added later is nearer to the
  // connection.
  void add_watch(std::shared_ptr<MessageWatch> watch);

  // Takes the memory that waiting needs: none of wait_read(), wait_write() and wait_flushed()
  // throws then. Throws std::bad_alloc.
  void make_room_to_wait();

  // --- Waiting ---

  // Runs the callbacks that wait for what has happened since. Not from within one of the above.
  void wake();
  // The same, soon, on the loop's thread. Any thread.
  void wake_later() noexcept;
  // Whether wake() would run something.
  bool wants_wake() const;

  // --- For one who may open another stream in the place of this one ---

  // Whether a message was queued, or a part of one has come.
  bool moved() const;
  // Whether it has its outcome, or was given up.
  bool ended() const;
  // Of one that has ended: whether what had come cannot be taken any more.
  bool unread_dropped() const noexcept { return unread_dropped_.load(std::memory_order_acquire); }
  // The reader's: whether try_read() would take a message.
  bool has_message() const;

 protected:
  enum class Phase : std::uint8_t {
    kUnopened,  // there is no connection yet
    kOpen,
    kGivenUp,  // by the program; the host, if there is one yet, has not heard it
    kEnded     // it has its outcome
  };
  enum class Keep : std::uint8_t { kNo, kKept, kFinished };
  // What most streams never get.
  struct Received {
    Metadata initial;
    Metadata trailing;
  };
  using Lock = std::unique_lock<std::mutex>;

  // `loop`: where its connection will be.
  ProgramSide(std::shared_ptr<Loop> loop, const StreamSetup& setup);
  ~ProgramSide() override;

  // The program has done something for the first time since told_ was false. Unlocks.
  virtual void on_work(Lock lock) noexcept = 0;

  bool over() const noexcept { return phase_ >= Phase::kGivenUp; }
  // Runs it as a LoopTask.
  void post_self() noexcept {
    loop_->post(std::shared_ptr<net::LoopTask>(shared_from_this(), this));
  }
  // Says so to the connection, unless it knows. Takes the lock, and unlocks.
  void tell_work(Lock lock) noexcept {
    if (!std::exchange(told_, true)) on_work(std::move(lock));
  }
  Received& received();
  // The end for a message that has come and cannot be decoded.
  Status unreadable(const Status& failure) const;

  const std::shared_ptr<Loop> loop_;
  std::weak_ptr<CallOwner> owner_;
  // Null: nobody sees its messages. Constant once it is started.
  std::unique_ptr<Watched> watched_;
  const bool serves_;
  const Code unreadable_;
  std::atomic<bool> unread_dropped_ = false;
  std::atomic<std::uint32_t> changes_{0};  // for threads that block

  // Null: the method has no such direction. A handler always has one in which its reply leaves.
  const std::unique_ptr<ReadHalf> read_;
  const std::unique_ptr<WriteHalf> write_;

  mutable std::mutex mutex_;  // guards the halves, and the following, and what Stream has
  const Codec* codec_ = nullptr;
  std::optional<Compression> compression_;  // nothing: as codec_ has it
  Status status_;                           // how it has ended, or is to
  std::unique_ptr<Received> received_;
  Phase phase_ = Phase::kUnopened;
  Keep keep_ = Keep::kNo;
  bool told_ = false;         // the connection knows that there is work
  bool moved_ = false;        // see moved()
  bool work_posted_ = false;  // its host is to be told on the loop's thread

 private:
  // For what the program writes.
  const Codec& write_codec() const noexcept;
  bool readable() const noexcept;
  bool writable() const noexcept;
  bool flushed_or_over() const noexcept;
  bool reader_settled() const noexcept;
  bool writer_settled() const noexcept;
  void tell_consumed() noexcept;
  // A message of those that have come cannot be decoded: it is the last that is looked at.
  void refuse_unread(const Status& failure);
  bool wait(Waiter& waiter, Waiter::For what, UniqueFunction<void()>& ready, std::string_view twice,
            Lock lock);
  template <typename Condition>
  void block_until(Condition condition);
  void give_up(const Status& why, Lock lock) noexcept;
  // What this side knows of it: a caller's request may not even have left.
  HandlerRan handler_ran() const noexcept {
    return serves_ ? HandlerRan::kYes : HandlerRan::kUnknown;
  }
};

}  // namespace tern::stream
