// What the callers of a session have asked of its server.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "call/long_requests.h"
#include "call/pending_calls.h"
#include "call/started_call.h"
#include "net/loop.h"
#include "stream/stream.h"
#include "tern/buffer.h"
#include "tern/client.h"
#include "tern/metadata.h"
#include "tern/result.h"
#include "tern/status.h"
#include "wire/client_setup.h"
#include "wire/handshake.h"

namespace tern::call {

// Replies that nobody waited for.
struct StrayReplies {
  StrayReplies() = default;
  void add(const StrayReplies& others) noexcept {
    late += others.late;
    unknown += others.unknown;
  }
  std::uint64_t late = 0;     // the call had ended
  std::uint64_t unknown = 0;  // the call never was
};

// A stream whose opening request leaves.
struct OpenedStream {
  std::uint64_t id = 0;
  std::shared_ptr<stream::Stream> stream;
};

// The requests on their way out, and the calls that wait for their replies: each call is in here
// from send() until it is taken out. Who takes it out ends it.
//
// Short requests, cancels, pings and credit leave in their order. A long request leaves behind
// them, in chunks, if the server reads chunks.
// Threads: any, one at a time: a session keeps it Guarded. What concerns timers and bytes that
// leave is for the loop's thread, as it says.
class RequestQueue {
 public:
  // The Option of `preface`, if it has one, is the first to leave. `options` and `address` outlive
  // this. `on_deadline`: see PendingCalls.
  RequestQueue(Loop& loop, const ClientOptions& options, const std::string& address,
               wire::ClientPreface preface, std::function<void(std::uint64_t)> on_deadline);

  // Queues the request; takes `call` only if it succeeds. The first requests go out together with
  // the Option, before the server has answered that; but not those that open a stream, which fail
  // until then.
  Status send(std::uint64_t id, StartedCall& call, const void* argument, const Metadata& metadata,
              std::chrono::nanoseconds time_left);

  // What each request says of who the client is, unless its call says it itself; or why it cannot:
  // then no call is sent. `number`: see Tokens::number().
  void set_authorization(Result<std::string> authorization, std::uint64_t number) {
    authorization_ = std::move(authorization);
    token_number_ = number;
  }

  // On the loop's thread, before a send(): the request is written to memory that the loop keeps for
  // its connections, if it has some.
  void take_memory() noexcept {
    if (outgoing_.capacity() == 0) outgoing_ = loop_.take_buffer();
  }

  // Whether the call waits for its reply.
  bool has(std::uint64_t id) noexcept { return pending_.has(id); }
  std::size_t pending() const noexcept { return pending_.size(); }
  // How many of those are streams.
  std::size_t streams() const noexcept { return streams_; }
  std::size_t timers() const noexcept { return pending_.timers(); }
  // Nobody wants the stream any more that has the connection for itself, and its protocol has no
  // word for that. Until it ends, with the connection or with its answer, a call has to wait.
  bool is_being_left() const { return lone_stream_ != 0 && lone_stream_is_given_up(); }
  const StrayReplies& strays() const noexcept { return strays_; }
  // Bytes that wait to be written, as far as known: what the stream was last seen to hold back, and
  // what was queued since.
  std::size_t unsent() const noexcept {
    return stuck_ + outgoing_.size() + long_.unsent() + protocol_->held_bytes();
  }
  // At most how many calls were sent after the one at `place` and wait: see PendingCalls.
  std::size_t sent_after(std::uint64_t place) const noexcept { return pending_.sent_after(place); }

  // --- The loop's thread ---

  // Watches the deadlines of calls that were sent since.
  void start_deadlines() {
    if (pending_.has_unwatched()) pending_.start_deadlines();
  }
  // The call that the reply `id` is for. False, and counted, if there is none.
  bool take_answered(std::uint64_t id, PendingCalls::Call& taken) noexcept {
    if (pending_.take(id, taken)) return true;
    ++(pending_.given_out(id) ? strays_.late : strays_.unknown);
    return false;
  }
  // The call `id`, for which nobody waits any more. False if it is not here.
  bool take(std::uint64_t id, PendingCalls::Call& taken) noexcept {
    return pending_.take(id, taken);
  }
  // All, in the order of their ids.
  std::vector<PendingCalls::Call> take_all();
  // A call that was taken out was a stream.
  void stream_ended() noexcept {
    --streams_;
    --max_pending_;
  }
  // The same, and it has had its answer: it has no connection for itself.
  void stream_answered() noexcept {
    lone_stream_ = 0;
    stream_ended();
  }
  // Metadata has come ahead of the reply of the call `id`. False if it is not here, or is a stream.
  bool set_initial_metadata(std::uint64_t id, Metadata metadata);
  // Data or credit has come for a stream that is not here. False if there was none of this id.
  bool count_stray(std::uint64_t id) noexcept;

  // Tells the server that nobody waits for the call, if it has heard of it. kNo: it has not, or not
  // of all of the request, and will not.
  HandlerRan write_cancel(std::uint64_t id);
  void write_credit(std::uint64_t id, std::uint64_t bytes);
  // Returns its end: it has left when so many bytes of the connection have been written.
  std::uint64_t write_ping(std::uint64_t number);
  // Unless so much waits already that the server, which does not read, has no need of more.
  void write_pong(std::uint64_t number);
  // What the server takes at most.
  void take_limits(const wire::OptionReply& answer);

  // Moves what leaves in its order into `out`, and watches the deadlines. True if calls wait.
  bool take_outgoing(Buffer& out);
  // Whether there is something else: a long request, or a stream that was opened.
  bool has_more() const noexcept { return has_more_; }
  bool has_chunks() const noexcept { return !long_.empty(); }
  // The streams whose requests were taken with take_outgoing().
  std::vector<OpenedStream> take_opened();
  // Appends the next chunk of a long request to `out`, a part that is being filled. False if there
  // is none. Throws std::bad_alloc.
  bool take_chunk(Buffer& out);
  // The same for bytes that somebody else has appended.
  void count_taken(std::size_t bytes) noexcept { taken_ += bytes; }
  // Of requests that waited in the protocol some may be among the bytes that leave.
  void note_sent() noexcept;
  // Nothing is sent behind what the protocol has to say now. Returns how many bytes of the
  // connection will have been written with that, if all of them leave. Throws std::bad_alloc.
  std::uint64_t write_last_words();
  // How much of what was taken the stream holds back.
  void set_stuck(std::size_t bytes) noexcept { stuck_ = bytes; }
  // Gives memory back that nothing is in.
  void release_memory() noexcept;

 private:
  Status why_not(const Method& method, bool opens_stream) const;
  Status why_no_streams() const;
  void learn_to_cut() noexcept;
  bool lone_stream_is_given_up() const;
  void set_more() noexcept { has_more_ = !long_.empty() || !opened_.empty(); }

  Loop& loop_;
  const Limits& limits_;
  const std::string& address_;
  const std::unique_ptr<wire::ClientProtocol> protocol_;
  wire::native::ClientProtocol* const native_;  // the same, if they are ours
  const bool holds_;                            // the protocol may keep requests waiting
  PendingCalls pending_;
  Buffer outgoing_;
  std::size_t last_size_ = 0;  // of outgoing_ when it left last: the next one may be as long
  std::uint64_t taken_;        // bytes that have left outgoing_, or left before there was one
  std::uint64_t start_;        // of those, before the protocol's first
  std::size_t stuck_ = 0;      // of those, held back by the stream when last looked
  LongRequests long_;
  std::size_t whole_bytes_ = std::numeric_limits<std::size_t>::max();  // a longer request is cut
  std::vector<OpenedStream> opened_;
  bool has_more_ = false;
  std::size_t streams_ = 0;        // of the pending calls
  std::uint64_t lone_stream_ = 0;  // the last whose cancel would end the connection; 0: none
  std::uint64_t max_pending_;      // the limit of calls in flight, beside which there are streams
  std::uint64_t max_streams_;
  std::optional<Result<std::string>> authorization_;  // nothing: the client does not say who it is
  std::uint64_t token_number_ = 0;
  StrayReplies strays_;
};

}  // namespace tern::call
