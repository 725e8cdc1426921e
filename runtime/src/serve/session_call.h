// One request from its arrival to its reply.
#pragma once

#include <asio/cancellation_signal.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/timer_queue.h"
#include "serve/router.h"
#include "stream/message_watch.h"
#include "stream/stream.h"
#include "tern/clock.h"
#include "tern/function.h"
#include "tern/interceptor.h"
#include "tern/metadata.h"
#include "tern/service.h"
#include "wire/frame.h"

namespace tern::serve {

class Session;

// Made once and used for many calls, one after the other, so that a call whose handler answers at
// once allocates nothing. Counted: the session holds it while it starts the handler, and a
// coroutine until it is done; the last one gives it back to the loop's pool.
// Threads: the loop's, but for cancelled().
class SessionCall final : public ServerCall, private stream::MessageWatch {
 public:
  // What has become of it. The two in the middle are of streams alone.
  enum class State : std::uint8_t {
    kRuns,
    kKept,      // the handler has left its stream open
    kAnswered,  // the reply or error waits for the messages before it
    kEnded      // it has its outcome, or has been let go: see SessionStreams
  };
  // Which of the time limits is the first.
  enum class TimeLimit : std::uint8_t { kNone, kCaller, kHandleTimeout };

  SessionCall();
  ~SessionCall() override = default;

  // --- The session's side ---

  // Everything is as new afterwards, with one reference: the session's.
  void begin(Session& session, const Route& route, const wire::Frame& frame,
             Clock::TimePoint arrived, std::chrono::nanoseconds handle_timeout);
  // Makes it the call of a stream, or not; before run().
  void set_stream(std::shared_ptr<stream::Stream> stream);
  // Starts the handler, unless time is up or an interceptor refuses. Afterwards the call has ended,
  // or a coroutine holds it. The frame need not outlive this.
  void run();
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
  const Route& route() const noexcept { return *route_; }
  // False if the call was refused before: by an interceptor, for its argument, too late.
  bool handler_began() const noexcept { return handler_began_; }
  bool ended() const noexcept { return state_ == State::kEnded; }
  bool held_by_handler() const noexcept { return references_ > 1; }
  void retain() noexcept override;
  void release() noexcept override;

  // --- ServerContext ---

  const Method& method() const noexcept override { return *route_->method; }
  std::string_view peer() const noexcept override;
  std::optional<std::chrono::nanoseconds> time_left() const noexcept override;
  const Metadata& metadata() const noexcept override { return metadata_; }
  Metadata& reply_metadata() noexcept override { return reply_metadata_; }
  Metadata& initial_metadata() override { return extras().initial; }
  CallValues& values() noexcept override { return values_; }
  bool cancelled() const noexcept override { return cancelled_.load(std::memory_order_acquire); }
  void on_cancel(UniqueFunction<void()> callback) override;
  bool draining() const noexcept override;
  void on_drain(UniqueFunction<void()> callback) override;
  ConnectionValues& connection() noexcept override;
  Channel* caller() noexcept override;
  Loop& loop() noexcept override;
  asio::any_io_executor executor() const noexcept override;
  asio::any_io_executor workers() const noexcept override;

  // --- ServerCall ---

  void send_reply(const TypeOps& type, const void* value) override;
  void send_error(const Status& status) override;

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
    bool has_place = false;     // among the streams: see SessionStreams::taken()
    bool initial_sent = false;  // whatever `initial` has
    Status outcome;             // of a stream that is answered
    Metadata initial;
    UniqueFunction<void()> on_drain;
    std::vector<StreamInterceptor*> seeing;  // the messages of the stream
    bool telling = false;                    // they are being told of one
  };
  // Where a stream's reply or error goes.
  enum class Place : std::uint8_t { kAtOnce, kBehindMessages };

  // Whose code runs, for the report of what it throws. Only the handler's own counts as a run.
  enum class Runs : std::uint8_t { kInterceptors, kFactory, kCodec, kHandler };
  std::string_view thrower() const noexcept;
  // Logs what `who` has thrown.
  Status exception_status(std::string_view who, std::string_view what);

  bool start_interceptors();
  void finish_interceptors(const Status& outcome) noexcept;
  InterceptedCall intercepted();
  void watch_messages();
  Status on_message(const InterceptedMessage& message) override;
  Status tell_message(StreamInterceptor& interceptor, InterceptedCall& seen,
                      const InterceptedMessage& message);
  Status time_up() const;
  void reply(const TypeOps& type, const void* value, Clock::TimePoint now);
  void fail(const Status& status, Clock::TimePoint now, Place place = Place::kAtOnce);
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
  stream::Stream* own_stream() const noexcept { return extras_ ? extras_->stream.get() : nullptr; }
  bool answers_behind_messages() const noexcept;
  void send_initial_metadata() noexcept;
  // Whether a kept stream cannot do without the call.
  bool needed() const noexcept;
  void drop() noexcept;

  Session* session_ = nullptr;
  std::shared_ptr<Session> keep_alive_;  // while a coroutine holds the call
  const Route* route_ = nullptr;
  const wire::Frame* frame_ = nullptr;  // during run()
  std::uint64_t id_ = 0;
  Clock::TimePoint arrived_{};
  Clock::TimePoint deadline_ = Clock::TimePoint::max();
  std::chrono::nanoseconds time_limit_{0};
  std::uint32_t references_ = 0;
  std::uint32_t interceptors_started_ = 0;
  TimeLimit limit_kind_ = TimeLimit::kNone;
  Runs runs_ = Runs::kHandler;
  std::size_t memory_kept_ = 0;  // by the argument; the session's codec has it back at the end
  State state_ = State::kRuns;
  bool handler_began_ = false;
  bool spawned_ = false;
  std::atomic<bool> cancelled_ = false;
  Metadata metadata_;
  Metadata reply_metadata_;
  CallValues values_;
  UniqueFunction<void()> on_cancel_;
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
