// The streams of one session, and the call that each of them is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "base/loop_counter.h"
#include "debug_pages/server_snapshot.h"
#include "net/outbox.h"
#include "serve/served_stream.h"
#include "serve/silent_streams.h"
#include "serve/stream_heartbeats.h"
#include "stream/streams.h"
#include "tern/clock.h"
#include "tern/status.h"
#include "wire/frame.h"

namespace tern::serve {

class Session;
class SessionCall;

// A stream is here from its request until its reply or error has left, or it is given up. It holds
// its call so long; but if the handler has kept the stream, and nothing of the call is needed any
// more, the call is let go and the stream stays alone.
// Threads: the loop's, but for describe() and open().
class SessionStreams final : public stream::StreamsUser, public net::TurnSource {
 public:
  explicit SessionStreams(Session& session);
  SessionStreams(const SessionStreams&) = delete;
  SessionStreams& operator=(const SessionStreams&) = delete;
  ~SessionStreams();

  // Opens the stream of a call that begins. Throws std::bad_alloc, and has done nothing then.
  void open(SessionCall& call);
  bool has(std::uint64_t id) noexcept { return find(id) != nullptr; }
  bool empty() const noexcept { return streams_.empty(); }
  // Streams that are here, and calls of others whose handlers still run: what Limits::streams is
  // for. Any thread.
  std::size_t taken() const noexcept { return taken_.get(); }

  // Data or credit has come. False if the stream is not here.
  bool receive(const wire::Frame& frame);
  // The peer gives a stream up. False if it is not here.
  bool cancel(std::uint64_t id);
  // Ends it with an error for the peer, if it is here.
  void give_up(std::uint64_t id, const Status& why);
  // All of them: without a word to the peer, or with an error.
  void abandon_all(const Status& why);
  void give_up_all(const Status& why);
  // Appends the calls that wait for the server to drain, each retained.
  void add_waiting_for_drain(std::vector<SessionCall*>& calls);

  // Does what programs and frames have asked for since. At the end of a turn.
  void process();
  // A pong has come.
  void end_probe() { streams_.end_probe(); }
  // What was taken has been written.
  void set_flushed() { streams_.set_flushed(); }

  // See stream::Streams.
  bool over_window() const noexcept { return streams_.over_window(); }

  bool can_take() const noexcept override;
  void take(Buffer& out) override;

  // --- For the calls ---

  // See stream::Streams.
  void tell_written(stream::Stream& stream) { streams_.tell_written(stream); }
  // What was put into begin_end() of the call's stream leaves behind its messages.
  void set_end(const SessionCall& call);
  // The call has its outcome: its stream is not here any more, and holds it no more.
  void end(const SessionCall& call, const Status& outcome) noexcept;
  // The handler has kept the stream. It holds the call no more.
  void let_go(const SessionCall& call) noexcept;
  // The call's handler is done.
  void give_back() noexcept { taken_.subtract(); }

  // Appends what can be seen of `most` streams at most, and says how many there are. Any thread.
  std::size_t describe(Clock::TimePoint now, std::size_t most,
                       std::vector<debug_pages::StreamSnapshot>& seen) const;

 private:
  void on_streams_work() noexcept override;
  void write_piece(const wire::StreamPiece& piece, Buffer& out) override;
  void write_end(stream::Stream& stream, ByteView end, Buffer& out) override;
  void write_credit(std::uint64_t id, std::uint64_t bytes) override;
  bool send_probe() override;
  void on_stream_given_up(stream::Stream& stream, const Status& why) override;
  void on_message_refused(stream::Stream& stream, const Status& why) override {
    on_stream_given_up(stream, why);
  }
  void on_stream_finished(stream::Stream& stream, const Status& outcome) override;
  void on_stream_sent(stream::Stream& stream) override;

  // Null if it is not here. Every stream in the table is of this class.
  ServedStream* find(std::uint64_t id) noexcept {
    return static_cast<ServedStream*>(streams_.find(id));
  }
  // Ends it now, with an error for the peer; or without a word.
  void give_up(ServedStream& stream, const Status& why);
  void abandon(ServedStream& stream, const Status& why);
  void end_alone(ServedStream& stream, const Status& outcome) noexcept;
  void forget(std::uint64_t id, const Status& outcome) noexcept;

  Session& session_;
  mutable std::mutex mutex_;  // of the table of streams_
  stream::Streams streams_;
  base::LoopCounter taken_;
  SilentStreams silent_;
  StreamHeartbeats heartbeats_;
  bool work_ = false;        // there is something for process()
  bool processing_ = false;  // it is below on the stack
};

}  // namespace tern::serve
