// The streams of one connection: whose turn it is to send, and what each is granted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "net/loop.h"
#include "stream/receive_budget.h"
#include "stream/shortest_round_trip.h"
#include "stream/stream.h"
#include "tern/buffer.h"
#include "tern/clock.h"
#include "tern/metadata.h"
#include "tern/status.h"
#include "wire/frame.h"

namespace tern::stream {

// The session above. All calls come on the loop's thread.
class StreamsUser {
 public:
  // There is something for Streams::process(): at the end of the turn, or soon.
  virtual void on_streams_work() noexcept = 0;
  // One frame each, appended to `out`.
  virtual void write_piece(const wire::StreamPiece& piece, Buffer& out) = 0;
  // What was put into Stream::begin_end(): its turn has come. Of the stream nothing but its id may
  // be asked.
  virtual void write_end(Stream&, ByteView end, Buffer& out) { out.append(end); }
  virtual void write_credit(std::uint64_t id, std::uint64_t bytes) = 0;
  // The program has given the stream up: the peer is to be told, and Streams::end() follows.
  virtual void on_stream_given_up(Stream& stream, const Status& why) = 0;
  // An interceptor has refused a message: likewise.
  virtual void on_message_refused(Stream& stream, const Status& why) = 0;
  // A kept stream's outcome: Streams::set_end() follows.
  virtual void on_stream_finished(Stream& stream, const Status& outcome) = 0;
  // Sends a ping whose answer comes to Streams::end_probe(). False: the protocol has none.
  virtual bool send_probe() { return false; }
  // Everything of this side has left for the outbox, with its end.
  virtual void on_stream_sent(Stream& stream) = 0;

 protected:
  ~StreamsUser() = default;
};

// Threads: the loop's.
class Streams final : public StreamHost {
 public:
  // `table`: held to add a stream to the table, or to take one out, and no longer; so who holds it
  // may use for_each() on another thread. Null if nobody does.
  Streams(StreamsUser& user, Loop& loop, std::uint64_t budget, std::mutex* table = nullptr)
      : user_(user), loop_(loop), budget_(budget), table_(table) {}
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;
  // Those that are left are detached; who holds them ends them.
  ~Streams();

  // `first_window`: what the peer grants to it at first. The id is none that is here.
  void add(std::shared_ptr<Stream> stream, std::uint64_t id, const Codec& codec,
           std::uint64_t first_window, const Flow& flow = Flow());
  // Null if it is not here.
  Stream* find(std::uint64_t id) noexcept;
  // The one with the smallest id. Only if there is one.
  Stream* first() const noexcept { return entries_.begin()->second.stream.get(); }
  std::size_t size() const noexcept { return entries_.size(); }
  bool empty() const noexcept { return entries_.empty(); }

  // --- What has come; each for a stream that is here ---

  // A failure is to end the stream, and nothing else. Of a stream that is watched it may run code
  // of the program, which may end the stream.
  Status on_data(Stream& stream, const wire::Frame& frame);
  Status on_half_close(Stream& stream);
  Status on_credit(Stream& stream, std::uint64_t bytes);

  // --- What the session ends ---

  // Tells what the program has written, if the stream is watched. Before the outcome that is to
  // stand behind that. False: the stream is not here any more.
  bool tell_written(Stream& stream) {
    return !stream.watched() || tell(stream, &Stream::tell_written);
  }
  // Behind what is queued: `stream.begin_end()` has the frame.
  void set_end(Stream& stream);
  // The outcome: the stream is not here any more.
  void end(Stream& stream, const Status& why, Metadata trailing, Stream::Unread unread);
  // All of them.
  void end_all(const Status& why, Stream::Unread unread);

  // --- The turn ---

  // Does what the program has asked for since, and grants; and runs what waits for what has come.
  // At the end of a turn, and after on_streams_work(); never from within one of the above.
  void process();
  // Whether process() has something to do.
  bool has_work() const noexcept {
    return !touched_.empty() || (!starved_.empty() && budget_.left() > 0);
  }
  // Whether take() would append something.
  bool can_send() const noexcept { return first_ready_ != nullptr; }
  // Appends up to about 16 KiB of the stream whose turn it is. Throws std::bad_alloc.
  void take(Buffer& out);
  // The ping of send_probe() has been answered.
  void end_probe();
  // A round trip of the connection took so long: the shortest one says how much can be on its way.
  void note_round_trip(Clock::Duration took) noexcept { shortest_.note(loop_.now(), took); }
  // Whether a stream without credit keeps more unread than its window: then nothing more is to be
  // read from the connection. That this has changed shows after process().
  bool over_window() const noexcept { return over_window_ > 0; }
  // What take() has appended so far has been written.
  void set_flushed();

  const ReceiveBudget& budget() const noexcept { return budget_; }
  template <typename F>
  void for_each(F&& visit) const {
    for (const auto& [id, entry] : entries_) visit(*entry.stream);
  }

 private:
  struct Entry {
    std::shared_ptr<Stream> stream;
    // Of those whose turn comes, if it is one.
    Entry* next_ready = nullptr;
    Entry* ready_before = nullptr;
    bool ready = false;        // it is among those whose turn comes
    bool touched = false;      // it is in touched_
    bool starved = false;      // it is in starved_
    bool unflushed = false;    // it is in unflushed_
    bool heard = false;        // it is in heard_
    bool over_window = false;  // it is counted in over_window_
  };
  using Ids = std::vector<std::uint64_t>;

  std::unique_lock<std::mutex> lock_table() const {
    return table_ ? std::unique_lock<std::mutex>(*table_) : std::unique_lock<std::mutex>();
  }
  void on_stream_work(Stream& stream) noexcept override;
  Entry* find_entry(std::uint64_t id) noexcept;
  Entry& entry_of(const Stream& stream) noexcept { return *find_entry(stream.id()); }
  void touch(Entry& entry) noexcept;
  void set_ready(Entry& entry) noexcept;
  void leave_ready(Entry& entry) noexcept;
  bool tell(Stream& stream, Status (Stream::*what)());
  void work_on(Entry& entry);
  void work_on_touched();
  void touch_rest(std::size_t from) noexcept;
  void grant(Entry& entry);
  void note_heard(Entry& entry);
  void forget_gone();
  void begin_probe();
  void count_over_window(Entry& entry) noexcept;
  void feed_starved();
  static void append_piece(void* user, const wire::StreamPiece& piece, Buffer& out) {
    static_cast<StreamsUser*>(user)->write_piece(piece, out);
  }
  static void append_end(void* user, Stream& stream, ByteView end, Buffer& out) {
    static_cast<StreamsUser*>(user)->write_end(stream, end, out);
  }

  StreamsUser& user_;
  Loop& loop_;
  ReceiveBudget budget_;
  std::mutex* const table_;
  std::map<std::uint64_t, Entry> entries_;  // by ids that a peer may choose
  Entry* last_found_ = nullptr;             // most frames are for the stream of the one before
  std::size_t over_window_ = 0;             // streams
  // Those that have something that can leave, in their turns: a list through the entries, so that
  // a turn needs no memory.
  Entry* first_ready_ = nullptr;
  Entry* last_ready_ = nullptr;
  // Ids, each once, of streams that may have gone. With room for all that are here.
  Ids touched_;    // something has happened since process()
  Ids working_;    // process() is at them; else none
  Ids starved_;    // wait for budget, in their order
  Ids unflushed_;  // something of theirs waits to be written
  // Something has come since the last probe: the others need not look at it. Of those that have
  // gone, no more than there are streams, about.
  Ids heard_;
  bool probing_ = false;          // one is on its way
  Clock::TimePoint probed_at_{};  // when the last one began
  Clock::Duration last_took_{0};  // the last one that was answered; 0: none was
  ShortestRoundTrip shortest_;
};

}  // namespace tern::stream
