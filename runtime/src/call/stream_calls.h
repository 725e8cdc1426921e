// The streams of a client's session: what comes for them, and how long they may be silent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "base/timer_queue.h"
#include "call/request_queue.h"
#include "net/loop.h"
#include "stream/streams.h"
#include "tern/buffer.h"
#include "tern/limits.h"
#include "tern/metadata.h"
#include "tern/status.h"
#include "wire/client_protocol.h"

namespace tern::call {

// The session above.
class StreamCallsUser {
 public:
  // There is something for StreamCalls::process(), soon, and for a flush behind that.
  virtual void on_streams_work() noexcept = 0;
  virtual void write_credit(std::uint64_t id, std::uint64_t bytes) = 0;
  // A ping, whose answer comes to StreamCalls::end_probe(). False: there are none.
  virtual bool send_probe() = 0;
  // Who is at fault that a stream ends before its reply.
  enum class Fault : std::uint8_t { kProgram, kInterceptor, kServer, kTime };
  // The call is to end with `why`, and the server to be told. end() follows.
  virtual void end_stream(std::uint64_t id, Status why, Fault fault) = 0;

 protected:
  ~StreamCallsUser() = default;
};

// A stream is in here from the moment at which its opening request leaves, until its call is taken
// out of the queue. So what comes for it is found without the channel's lock.
// Threads: the loop's.
class StreamCalls final : private stream::StreamsUser {
 public:
  // `protocol` outlives this.
  StreamCalls(Loop& loop, wire::ClientProtocol& protocol, const Limits& limits,
              StreamCallsUser& user);

  bool empty() const noexcept { return streams_.empty(); }

  // --- The calls ---

  void add(OpenedStream opened);
  // A reply without a failure has come: whether the stream may end here. OK if it is not here.
  Status end_reading(std::uint64_t id);
  // The call has been taken out of the queue. Of no effect if the stream is not here.
  void end(std::uint64_t id, const Status& why, Metadata trailing, stream::Stream::Unread unread);

  // --- The connection ---

  // Data, credit or metadata. False if no stream of the id is here.
  bool on_frame(const wire::Frame& frame);
  // See stream::Streams.
  void process() { streams_.process(); }
  bool has_work() const noexcept { return streams_.has_work(); }
  bool over_window() const noexcept { return streams_.over_window(); }
  bool can_send() const noexcept { return streams_.can_send() && protocol_.takes_stream_data(); }
  void take(Buffer& out) {
    streams_.take(out);
    protocol_.end_stream_data(out);
  }
  void set_flushed() { streams_.set_flushed(); }
  void end_probe() { streams_.end_probe(); }
  void note_round_trip(Clock::Duration took) noexcept { streams_.note_round_trip(took); }

 private:
  void on_streams_work() noexcept override { user_.on_streams_work(); }
  void write_piece(const wire::StreamPiece& piece, Buffer& out) override {
    protocol_.write_stream_data(piece, out);
  }
  void write_end(stream::Stream& stream, ByteView end, Buffer& out) override {
    protocol_.write_stream_end(stream.id(), end, out);
  }
  void write_credit(std::uint64_t id, std::uint64_t bytes) override {
    user_.write_credit(id, bytes);
  }
  bool send_probe() override { return user_.send_probe(); }
  void on_stream_given_up(stream::Stream& stream, const Status& why) override;
  void on_message_refused(stream::Stream& stream, const Status& why) override;
  void on_stream_finished(stream::Stream&, const Status&) override {}  // a handler's
  void on_stream_sent(stream::Stream&) override {}

  Status take_in(stream::Stream& stream, const wire::Frame& frame);
  void on_silence(std::uint64_t id);

  Loop& loop_;
  wire::ClientProtocol& protocol_;
  StreamCallsUser& user_;
  std::map<std::uint64_t, base::Timer> silences_;  // of the streams that have a message timeout
  stream::Streams streams_;
};

}  // namespace tern::call
