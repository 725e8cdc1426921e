// A stream: the meeting point of a program's Reader or Writer and a connection.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "stream/program_side.h"
#include "tern/clock.h"
#include "wire/frame.h"

namespace tern::stream {

class Stream;

// How a peer is kept from sending more than is read.
struct Flow {
  enum class By : std::uint8_t {
    kCredit,  // it is granted what it may send
    kReading  // its connection is not read from: see Streams::over_window()
  };
  By by = By::kCredit;
  // What a message takes of either side's window beside its bytes.
  std::uint8_t message_cost = kMessageCost;
  // What each message has beside its own bytes, which the limit of a message does not count.
  std::uint8_t message_envelope = 0;
};

// The connection of a stream. Threads: the loop's.
class StreamHost {
 public:
  // The program has done something since start_work(): see there.
  virtual void on_stream_work(Stream& stream) noexcept = 0;

 protected:
  ~StreamHost() = default;
};

// A ProgramSide, and what its connection does to it.
// Threads: the loop's, but for those of ProgramSide and those that say so.
class Stream : public ProgramSide {
 public:
  // `loop`: where its connection will be.
  Stream(std::shared_ptr<Loop> loop, const StreamSetup& setup)
      : ProgramSide(std::move(loop), setup) {}

  std::shared_ptr<Stream> share() { return std::static_pointer_cast<Stream>(shared_from_this()); }

  void end_with_call(const Status& outcome, const Metadata& trailing) noexcept override;

  // --- Before it is started ---

  // How long it may be silent, for who watches that; 0: for ever.
  void set_message_timeout(Clock::Duration timeout) noexcept { message_timeout_ = timeout; }
  Clock::Duration message_timeout() const noexcept { return message_timeout_; }
  // What its peer was told of its first window; 0: what the setup has.
  void set_first_window(std::uint64_t window) noexcept {
    if (read_ && window > 0) read_->receive().set_first_window(window);
  }
  // What keeps the codec of attach() alive, if it may end before the program has: messages that
  // have come are read behind the end, and another thread may write while the connection ends.
  void keep_codec(std::shared_ptr<const void> owner) noexcept { codec_owner_ = std::move(owner); }

  // --- The connection's side ---

  // From now on messages can leave and come. `host` stays until detach(), and `codec` as long as
  // the program reads or writes: see keep_codec(). `first_window`: what the peer takes at first.
  void attach(StreamHost& host, std::uint64_t id, const Codec& codec, std::uint64_t first_window,
              const Flow& flow);
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
  // For people. Any thread.
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
  // Tells the host, at once or on the loop's thread.
  void on_work(Lock lock) noexcept override;
  // Tells the host what has been posted, and wakes who waits.
  void run_on_loop() override;
  void note_message() noexcept;
  // Shows the watches a message without what the protocol has put around it.
  Status tell(InterceptedMessage::Direction direction, ByteView message);

  std::shared_ptr<const void> codec_owner_;  // constant once it is started

  // Under the lock, too.
  StreamHost* host_ = nullptr;
  std::uint64_t id_ = 0;
  Clock::Duration message_timeout_{0};
  Clock::TimePoint heard_at_{};  // see silent_since()
};

}  // namespace tern::stream
