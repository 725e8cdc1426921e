// A stream with what both sides of a call need on top: many messages a read, one gathered write a
// turn, limits on what is unsent, and one way to end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/loop_counter.h"
#include "base/timer_queue.h"
#include "net/loop.h"
#include "net/read_gathering.h"
#include "tern/buffer.h"
#include "tern/byte_stream.h"
#include "tern/function.h"
#include "tern/peer_certificate.h"
#include "tern/status.h"

namespace tern::net {

// The session above, a server's or a client's. All calls come on the loop's thread.
class ConnectionUser {
 public:
  // What became of the bytes that were offered.
  struct Consumed {
    std::size_t bytes = 0;   // from the front; the rest is offered again with what follows it
    std::size_t wanted = 0;  // how long the rest must grow before it is of use; 0: not known
  };

  // Bytes from the peer; good during this call only. May call any member of the connection.
  virtual Consumed on_bytes(ByteView bytes) = 0;
  // Moves what is queued for the peer, or what is to leave first of it, into `out`, which is empty
  // and has no memory, for instance by swapping. Asked again when that has been written, until
  // `out` stays empty.
  virtual void take_outgoing(Buffer& out) = 0;
  // The peer has closed its side. True keeps the other direction open until the user closes it;
  // false closes at once.
  virtual bool on_end() { return false; }
  // A write has to wait for the peer: unsent() says for how much.
  virtual void on_write_blocked() {}
  // All that was queued has been written. After a write that had to wait only.
  virtual void on_drained() {}
  // The end, exactly once: of the peer's accord (kUnavailable), after an error, or after close().
  // Nothing is called after it.
  virtual void on_closed(const Status& why) = 0;

 protected:
  ~ConnectionUser() = default;
};

struct ConnectionOptions {
  ConnectionOptions() = default;
  // A peer that takes no byte for so long, while bytes wait for it, is given up; 0: never.
  std::chrono::nanoseconds write_timeout{std::chrono::seconds(30)};
};

// Lives on one loop; every member is for its thread. Kept alive by its user, and by the stream
// while it waits. An exception of the user's on_bytes() or take_outgoing(), or memory that runs out
// between them, closes it with kUnavailable.
class Connection final : public ByteStreamUser, public std::enable_shared_from_this<Connection> {
 public:
  // The user must outlive on_closed(); detach_user() lets it go earlier.
  Connection(Loop& loop, std::unique_ptr<ByteStream> stream, ConnectionUser& user,
             const ConnectionOptions& options);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // Begins to read.
  void start();

  // Writes what take_outgoing() gives: at the end of the turn if the connection is in one, else
  // now. Cheap to call more than once.
  void flush();
  // True while on_bytes() runs, so that a flush() comes at the end of it.
  bool in_turn() const noexcept { return in_turn_; }
  // Bytes that were taken for writing and are not written yet.
  std::size_t unsent() const noexcept { return writing_.size() - written_; }

  // Puts another stream in the place of the present one, which it takes over: from within
  // on_bytes(). What has been read stays read.
  void replace_stream(
      UniqueFunction<std::unique_ptr<ByteStream>(std::unique_ptr<ByteStream>)> wrap) {
    stream_ = wrap(std::move(stream_));
  }

  // Lets bytes gather: reads when so many are there, or when nothing has been read for `limit`. 0:
  // as they come, which it falls back to when that time has brought nothing. For a user within
  // on_bytes(). Of no effect on streams that cannot do it.
  void gather(std::size_t bytes, Clock::Duration limit) {
    gathering_.set(*stream_, open() ? bytes : 0, limit);
  }

  // Stops and resumes reading, for a peer that asks for more than it may. What has been read is
  // offered again on resuming.
  void pause_reading() noexcept { paused_ = true; }
  void resume_reading();
  bool paused() const noexcept { return paused_; }

  // See ByteStream::peer_state().
  PeerState peer_state() noexcept { return stream_->peer_state(); }

  // Bytes of the peer that wait for more of their kind.
  std::size_t partial_bytes() const noexcept { return partial_.size(); }

  // Writes out what is queued, ends the stream, and waits a little for the peer to read that before
  // it closes: a socket that is closed with bytes unread takes its last words back. Nothing more is
  // offered to the user.
  void close_after_flush(Status why);
  // Closes now and reports `why` to the user (not from within this call if in a turn).
  void close(Status why);
  bool closed() const noexcept { return phase_ >= Phase::kClosed; }

  const std::string& peer() const noexcept { return peer_; }
  // See ByteStream::peer_is_local().
  bool peer_is_local() const noexcept { return stream_->peer_is_local(); }
  // See ByteStream::application_protocol() and peer_certificate().
  std::string_view application_protocol() const noexcept { return stream_->application_protocol(); }
  std::shared_ptr<const PeerCertificate> peer_certificate() const noexcept {
    return stream_->peer_certificate();
  }
  // See ByteStream::established() and error_text().
  bool established() const noexcept { return stream_->established(); }
  std::string error_text() const { return stream_->error_text(); }
  // Whether the peer is silent, or sends what another stream of the connection gets.
  SharedTraffic shared_traffic() const noexcept { return stream_->shared_traffic(); }
  Loop& loop() noexcept { return loop_; }

  // For counters. These, and peer(), from any thread.
  std::uint64_t bytes_read() const noexcept { return bytes_read_.get(); }
  std::uint64_t bytes_written() const noexcept { return bytes_written_.get(); }

 private:
  // How near the end is. There is no way back; kClosed may follow on any phase before it.
  enum class Phase : std::uint8_t {
    kOpen,
    kFlushing,   // nothing is offered to the user any more; what is queued is being written
    kLingering,  // it has been written, and the stream ended; until the peer has read that
    kClosed,     // the stream is closed; in a turn the user is not told before its end
    kReported    // the user has been told
  };
  // What becomes of the stream's next bytes.
  enum class Reading : std::uint8_t {
    kIdle,     // nobody waits for them: a turn runs, or the user has paused
    kWaiting,  // the stream calls on_readable()
    kEnded     // none come: the peer has closed its side
  };

  void on_readable() override;
  void on_writable() override;

  // The only place where the phase changes.
  void enter(Phase next) noexcept;
  bool open() const noexcept { return phase_ == Phase::kOpen; }
  void wait_to_read();

  template <typename Work>
  void guard(Work work);
  // Each is false when there is no more to read in this turn.
  bool read_more();
  bool read_into_scratch();
  bool read_into_partial();
  bool discard_more();
  bool account(const IoResult& result);
  // Of a connection that ends before its user wants that.
  Status failure(std::string_view what) const;
  void close_for(const std::error_code& error);
  ConnectionUser::Consumed offer(ByteView bytes);
  void offer_partial();
  void turn();
  std::uint64_t turn_bytes() const noexcept;
  void on_gathered_long_enough();
  void write_out();
  void write_queued();
  void wait_to_write();
  void end_turn();
  void end_of_stream();
  void finish();

  Loop& loop_;
  std::unique_ptr<ByteStream> stream_;
  ConnectionUser& user_;
  ConnectionOptions options_;
  std::string peer_;

  Buffer partial_;           // read and not consumed
  std::size_t wanted_ = 0;   // what partial_ must grow to
  Buffer writing_;           // taken from the user
  std::size_t written_ = 0;  // of writing_
  base::Timer stall_timer_;  // also bounds the lingering
  ReadGathering gathering_;
  base::LoopCounter bytes_read_;
  base::LoopCounter bytes_written_;
  Status why_closed_;
  Phase phase_ = Phase::kOpen;
  Reading reading_ = Reading::kIdle;
  // Each is independent of the phase and of the others.
  bool in_turn_ = false;           // turn() is below on the stack: in any phase
  bool waiting_writable_ = false;  // the stream calls on_writable(): open or flushing
  bool paused_ = false;            // the user's wish; of no effect once it is not open
};

}  // namespace tern::net
