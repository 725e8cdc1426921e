// What ends the calls that a client's session has sent.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/guarded.h"
#include "call/client_session_user.h"
#include "call/read_outcome.h"
#include "call/reply_gathering.h"
#include "call/request_queue.h"
#include "call/stream_calls.h"
#include "net/connection.h"
#include "tern/status.h"
#include "wire/frame.h"

namespace tern::call {

// The session above.
class SentCallsUser {
 public:
  // Whether anything can still be told to the server.
  virtual bool open() const noexcept = 0;
  // Only the end of the connection tells the server of the end of a call: no call is to be sent any
  // more.
  virtual void leave() noexcept = 0;
  // A stream has had its answer: if calls have waited for its end, they can go.
  virtual void stream_answered() = 0;
  // A call has ended before its answer, and may have been the last.
  virtual void close_if_drained() = 0;
  // The server cannot be told of the end of a stream.
  virtual void end(const Status& why) = 0;
  // What the server sends makes no sense.
  virtual void close_unreadable(const Status& why) = 0;

 protected:
  ~SentCallsUser() = default;
};

// Takes each call out of the session's queue, and ends it: with the server's answer, early, or with
// the connection. Threads: the loop's, without the lock.
class SentCalls {
 public:
  // All of it outlives this.
  SentCalls(const ClientSessionSetup& setup, const AnswerSource& source,
            net::Connection& connection, base::Guarded<RequestQueue>& queue, StreamCalls& streams,
            SentCallsUser& user);

  // --- What has come. The protocol has read the frame last ---

  // A reply or an error.
  void on_answer(const wire::Frame& frame);
  // A part of a long reply.
  void on_reply_data(const wire::Frame& frame);
  // Data or credit of a stream, or metadata ahead of any reply.
  void on_stream_frame(const wire::Frame& frame);
  // The end of a turn that has taken so many bytes: how many are to gather before the next.
  void gather_replies(std::size_t bytes) {
    if (gathering_.on()) gather(bytes);
  }

  // --- The end without an answer ---

  // Ends one call and tells the server. False if it is not here.
  bool give_up(std::uint64_t id, Code code);
  void end_stream(std::uint64_t id, Status why, StreamCallsUser::Fault fault);
  // Ends all, each with what is known of its handler: that cannot have run for a request that ends
  // behind `written` bytes of the connection. `refused`: the server has refused the handshake.
  void fail_all(const Status& why, bool refused, std::uint64_t written);

 private:
  void gather(std::size_t bytes);
  void on_stream_answer(const wire::Frame& frame, PendingCalls::Call& taken);
  void on_initial_metadata(const wire::Frame& frame);
  void end_early(std::uint64_t id, PendingCalls::Call& taken, Status why,
                 stream::Stream::Unread unread);

  const ClientSessionSetup& setup_;
  const AnswerSource& source_;
  net::Connection& connection_;
  base::Guarded<RequestQueue>& queue_;
  StreamCalls& streams_;
  SentCallsUser& user_;
  ReplyGathering gathering_;
  std::size_t answers_ = 0;          // of the present turn
  std::uint64_t last_answered_ = 0;  // its place among those that were sent
};

}  // namespace tern::call
