// A stream: the meeting point of a program's Reader or Writer and a connection.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "net/loop.h"
#include "stream/message_watch.h"
#include "stream/read_half.h"
#include "stream/write_half.h"
#include "tern/clock.h"
#include "tern/codec.h"
#include "tern/codegen/call_state.h"
#include "tern/codegen/stream_state.h"
#include "wire/frame.h"

namespace tern::stream {

class Stream;

// How a peer is kept from sending more than is read.
enum class Flow : std::uint8_t {
  kCredit,  // it is granted what it may send
  kReading  // its connection is not read from: see Streams::over_window()
};

// Runs the program's code. An exception goes to the owner's log, or to standard error if there is
// none, and ends nothing.
void run_logged(UniqueFunction<void()>& task, const std::weak_ptr<CallOwner>& owner) noexcept;

// The connection of a stream. Threads: the loop's.
class StreamHost {
 public:
  // The program has done something since start_work(): see there.
  virtual void on_stream_work(Stream& stream) = 0;

 protected:
  ~StreamHost() = default;
};

// Which directions have messages, and what may be kept of them.
struct StreamSetup {
  StreamSetup() = default;
  bool reads = false;
  bool writes = false;
  // A handler's; else a caller's.
  bool serves = false;
  DecodeLimits decode;
  ReceiveSide::Limits receive;
};

// Messages are encoded and decoded on the program's threads, and wait here in their bytes. Its two
// halves know what is read and written; it has their lock, their connection and their outcome.
// Threads: StreamState's any; the connection's the loop's.
class Stream : public StreamState, public std::enable_shared_from_this<Stream> {
 public:
  // `loop`: where its connection will be.
  Stream(std::shared_ptr<Loop> loop, const StreamSetup& setup);
  ~Stream() override;

  // --- The program's side: see StreamState ---

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
  void end_writing() noexcept override;
  void cancel(const Status& why) noexcept override;
  void end_with_call(const Status& outcome, const Metadata& trailing) noexcept override;
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
  // How long it may be silent, for who watches that; 0: for ever.
  void set_message_timeout(Clock::Duration timeout) noexcept { message_timeout_ = timeout; }
  Clock::Duration message_timeout() const noexcept { return message_timeout_; }
  bool is_on(const Loop& loop) const noexcept { return loop_.get() == &loop; }
  // What its peer was told of its first window; 0: what the setup has.
  void set_first_window(std::uint64_t window) noexcept {
    if (read_ && window > 0) read_->receive().set_first_window(window);
  }
  // What keeps the codec of attach() alive, if it may end before messages that have come are read.
  void keep_codec(std::shared_ptr<const void> owner) noexcept {
    if (read_) read_->keep_codec(std::move(owner));
  }
  // Who sees each of its messages, until it ends. One that is added later is nearer to the
  // connection.
  void add_watch(std::shared_ptr<MessageWatch> watch);

  // --- The connection's side ---

  // From now on messages can leave and come. `codec` and `host` stay until detach(), and `codec`
  // as long as messages that have come are read: see keep_codec(). `first_window`: what the peer
  // takes at first.
  void attach(StreamHost& host, std::uint64_t id, const Codec& codec, std::uint64_t first_window,
              Flow flow);
  // Since when no chunk of a message has come or left, or since attach(). Only with a message
  // timeout.
  Clock::TimePoint silent_since() const;
  // The host is no more, or has forgotten it. The program learns of that by end() only.
  void detach() noexcept;
  std::uint64_t id() const noexcept { return id_; }

  // What the program has done. Its messages are asked for with fill(), and what it has taken with
  // take_grant(). Whatever it does after this makes on_stream_work() come again.
  struct Work {
    Work() = default;
    bool closed_writing = false;     // a caller's: a half-close is to be written with begin_end()
    std::optional<Status> given_up;  // the peer is to be told; then end()
    std::optional<Status> finished;  // a kept one's: the reply is to be written
  };
  Work start_work();

  // A chunk of a message has come. A failure is to end the stream.
  Status add(const wire::Frame& frame);
  // Whether its messages are to be told: those that have come behind each add(), and those that the
  // program has written before the end is put behind them. Both run code of the program, which may
  // end the stream or ask its connection for anything. A failure is to end the stream. Throw
  // std::bad_alloc.
  bool watched() const noexcept { return watched_ != nullptr; }
  Status tell_arrived();
  // From within itself it does nothing.
  Status tell_written();
  // The peer ends its side: no more messages come. Likewise.
  Status end_reading();
  // The peer grants more. False if that is more than it can mean.
  bool grant(std::uint64_t bytes);
  void set_initial_metadata(Metadata metadata);

  // Where the frame is put that leaves behind all messages and ends this side: a half-close, a
  // reply, an error. Followed by set_end(), with which the program can write no more.
  // Not for a caller's that only reads: it has no end of its own.
  Buffer& begin_end() noexcept { return write_->begin_end(); }
  void set_end() noexcept;
  // See WriteHalf; likewise.
  WriteHalf::Fill fill(const WriteHalf::Target& target);
  bool can_send() const;
  // What was filled has been written.
  void set_flushed();

  // See ReceiveSide.
  std::uint64_t take_grant(ReceiveBudget& budget);
  bool starved() const;
  bool wants_probe() const;
  void begin_first_probe();
  void begin_probe(Clock::Duration since, Clock::Duration took, Clock::Duration shortest);
  bool over_window() const;

  // The outcome. Messages that have come can be taken before it is seen, unless they are dropped;
  // those that have not left are lost.
  enum class Unread : std::uint8_t { kKept, kDropped };
  void end(const Status& why, Metadata trailing, Unread unread, ReceiveBudget& budget);
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

  // For people.
  struct Counts {
    std::uint64_t messages_in = 0;
    std::uint64_t messages_out = 0;
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
  };
  enum class WaitsFor : std::uint8_t { kNothing, kReader, kWriter, kCredit, kBudget };
  Counts counts() const;
  WaitsFor waits_for() const;

 private:
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

  bool over() const noexcept { return phase_ >= Phase::kGivenUp; }
  bool readable() const noexcept;
  bool writable() const noexcept;
  bool flushed_or_over() const noexcept;
  bool reader_settled() const noexcept;
  bool writer_settled() const noexcept;
  void tell_consumed() noexcept;
  // Tells the host, at once or on the loop's thread, unless it knows. Takes the lock, and unlocks.
  void tell_work(Lock lock);
  bool wait(Waiter& waiter, Waiter::For what, UniqueFunction<void()>& ready, std::string_view twice,
            Lock lock);
  template <typename Condition>
  void block_until(Condition condition);
  void give_up(const Status& why, Lock lock);
  // What this side knows of it: a caller's request may not even have left.
  HandlerRan handler_ran() const noexcept {
    return serves_ ? HandlerRan::kYes : HandlerRan::kUnknown;
  }
  void note_message() noexcept;
  Received& received();

  const std::shared_ptr<Loop> loop_;
  std::weak_ptr<CallOwner> owner_;
  Clock::Duration message_timeout_{0};
  // Null: nobody sees its messages. Constant once it is started.
  std::unique_ptr<Watched> watched_;
  const bool serves_;
  std::atomic<bool> unread_dropped_ = false;
  std::atomic<std::uint32_t> changes_{0};  // for threads that block

  // Null: the method has no such direction. A handler always has one in which its reply leaves.
  const std::unique_ptr<ReadHalf> read_;
  const std::unique_ptr<WriteHalf> write_;

  mutable std::mutex mutex_;  // guards the halves, and the following
  StreamHost* host_ = nullptr;
  const Codec* codec_ = nullptr;
  std::uint64_t id_ = 0;
  Status status_;  // how it has ended, or is to
  std::unique_ptr<Received> received_;
  Clock::TimePoint heard_at_{};  // see silent_since()
  Phase phase_ = Phase::kUnopened;
  Keep keep_ = Keep::kNo;
  bool told_ = false;   // the host knows that there is work
  bool moved_ = false;  // see moved()
};

}  // namespace tern::stream
