// One request from its arrival to its reply.
#pragma once

#include <asio/cancellation_signal.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/timer_queue.h"
#include "serve/call_context.h"
#include "serve/dispatch.h"
#include "serve/initial_metadata.h"
#include "serve/interception.h"
#include "serve/router.h"
#include "serve/unserved.h"
#include "stream/stream.h"
#include "tern/clock.h"
#include "tern/function.h"
#include "tern/metadata.h"
#include "tern/result.h"
#include "wire/frame.h"

namespace tern::serve {

// Made once and used for many calls, one after the other, so that a call whose handler answers at
// once allocates nothing. Counted: the session holds it while it starts the handler, and a
// coroutine until it is done; the last one gives it back to the loop's pool.
// Threads: the loop's, but for cancelled().
class SessionCall final : public CallContext {
 public:
  // What has become of it. The two in the middle are of streams alone.
  enum class State : std::uint8_t {
    kRuns,
    kKept,      // the handler has left its stream open
    kAnswered,  // the reply or error waits for the messages before it
    kEnded      // it has its outcome, or has been let go: see SessionStreams
  };

  SessionCall();
  ~SessionCall() override = default;

  // --- The session's side ---

  // Everything is as new afterwards, with one reference: the session's.
  void begin(Session& session, const Route& route, const wire::Frame& frame,
             Clock::TimePoint arrived, std::chrono::nanoseconds handle_timeout);
  // Makes it the call of a stream, or not; before run().
  void set_stream(std::shared_ptr<stream::Stream> stream);
  // Makes it the call of a request that leads to no handler; before run(). It is answered with why
  // once its caller is known.
  void set_unserved(std::unique_ptr<const Unserved> unserved);
  // See Dispatch. The frame need not outlive this.
  void run() { dispatch_.run(); }
  // Watches the deadline of a call that is not done at once.
  void watch_deadline();

  // The peer gave it up: no reply.
  void cancel_by_peer();
  // The connection is gone, or about to be: no reply. A waiting handler is cancelled.
  void abandon(const Status& why);
  // Answers with `why` and cancels the handler.
  void give_up(const Status& why);

  // Everything of its stream has left, with the end.
  void sent();
  // Writes what goes before the first message, unless it has been written.
  void write_initial_metadata(Buffer& out);
  bool waits_for_drain() const noexcept { return extras_ && extras_->on_drain; }
  void tell_drain() noexcept;

  std::uint64_t id() const noexcept { return id_; }
  Clock::TimePoint arrived() const noexcept { return arrived_; }
  // See Dispatch.
  bool handler_began() const noexcept { return dispatch_.handler_began(); }
  bool ended() const noexcept { return state_ == State::kEnded; }
  bool held_by_handler() const noexcept { return references_ > 1; }
  void retain() noexcept override;
  void release() noexcept override;

  // --- For its Dispatch ---

  using CallContext::limit;
  using CallContext::request_metadata;
  using CallContext::session;
  using CallContext::set_identity;
  Interception& interception() noexcept { return interception_; }
  // Null: it has none.
  stream::Stream* own_stream() const noexcept { return extras_ ? extras_->stream.get() : nullptr; }
  // Null: it leads to a handler.
  const Unserved* unserved() const noexcept { return extras_ ? extras_->unserved.get() : nullptr; }
  // Ends the call, with an error that leaves at once.
  void fail(const Status& status, Clock::TimePoint now) {
    fail_as(&method(), status, now, Place::kAtOnce);
  }
  // `named`: null if the answer is that there is no such method.
  void fail_as(const Method* named, const Status& status, Clock::TimePoint now) {
    fail_as(named, status, now, Place::kAtOnce);
  }

  // --- ServerContext ---

  Metadata& initial_metadata() override { return extras().initial.values(); }
  void on_drain(UniqueFunction<void()> callback) override;
  void set_compression(Compression how) noexcept override;

  // --- ServerCall ---

  void send_reply(const TypeOps& type, const void* value) override;
  void send_error(const Status& status) override;

  // The failure of a call in which `who` has thrown, which is logged.
  Status exception_status(std::string_view who, std::string_view what);

 private:
  friend class CallPool;
  friend class RunningCalls;

  bool decode_argument(const TypeOps& type, void* argument) override;
  std::shared_ptr<StreamState> stream() override;
  void keep_stream() override;
  void spawn(asio::awaitable<void> handler) override;
  void send_exception(std::string_view what) override;

  // What few calls need.
  struct Extras {
    std::shared_ptr<stream::Stream> stream;
    bool has_place = false;                    // among the streams: see SessionStreams::taken()
    std::unique_ptr<const Unserved> unserved;  // null: the route leads to a handler
    Status outcome;                            // of a stream that is answered
    InitialMetadata initial;
    UniqueFunction<void()> on_drain;
  };
  // Where a stream's reply or error goes.
  enum class Place : std::uint8_t { kAtOnce, kBehindMessages };

  Status time_up() const { return limit().outcome(&method()); }
  void reply(const TypeOps& type, const void* value, Clock::TimePoint now);
  void fail_as(const Method* named, const Status& status, Clock::TimePoint now, Place place);
  // What the handler has written stands before its answer, and may end the call. False: it answers
  // within an interceptor, which is told of what was written before the answer goes on.
  bool tell_written(const Status& answer);
  // The reply or error is behind the messages.
  void set_answered(const Status& outcome);
  void end(const Status& outcome, Clock::TimePoint now);
  void end_stream(const Status& outcome) noexcept;
  void on_deadline();
  void cancel_handler(State before) noexcept;
  Extras& extras();
  bool answers_behind_messages() const noexcept;
  void send_initial_metadata() noexcept;
  // Whether a kept stream cannot do without the call.
  bool needed() const noexcept;
  void drop() noexcept;

  std::shared_ptr<Session> keep_alive_;  // while a coroutine holds the call
  std::uint64_t id_ = 0;
  Clock::TimePoint arrived_{};
  std::uint32_t references_ = 0;
  State state_ = State::kRuns;
  bool spawned_ = false;
  Dispatch dispatch_{*this};
  Interception interception_{*this};
  std::unique_ptr<Extras> extras_;
  asio::cancellation_signal cancellation_;
  base::Timer deadline_timer_;
  SessionCall* next_ = nullptr;  // in the pool, or in a bucket of RunningCalls
};

// Keeps a call while its handler is told something that may end it.
class CallHold {
 public:
  explicit CallHold(SessionCall& call) : call_(call) { call_.retain(); }
  CallHold(const CallHold&) = delete;
  CallHold& operator=(const CallHold&) = delete;
  ~CallHold() { call_.release(); }

 private:
  SessionCall& call_;
};

}  // namespace tern::serve
