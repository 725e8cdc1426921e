// The calls of one session, from the request to the release.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/loop_counter.h"
#include "debug_pages/server_snapshot.h"
#include "serve/held_requests.h"
#include "serve/refusal.h"
#include "serve/router.h"
#include "serve/running_calls.h"
#include "serve/stream_requests.h"
#include "serve/unserved.h"
#include "tern/clock.h"
#include "tern/service.h"
#include "tern/status.h"
#include "wire/frame.h"

namespace tern::serve {

class Session;
class SessionCall;

// Finds the method of a request; starts its call, keeps the request until there is room, or refuses
// it. Threads: the loop's, but for describe().
class SessionCalls {
 public:
  explicit SessionCalls(Session& session) noexcept : session_(session), streams_(session) {}
  SessionCalls(const SessionCalls&) = delete;
  SessionCalls& operator=(const SessionCalls&) = delete;
  ~SessionCalls();

  // How long a unary call may take; 0: as long as it likes.
  void set_handle_timeout(std::chrono::nanoseconds timeout) noexcept { handle_timeout_ = timeout; }

  // --- What has come ---

  void on_request(const wire::Frame& frame);
  // Data or credit of a stream.
  void on_stream_frame(const wire::Frame& frame);
  // The peer gives a call up that runs, or is a stream. False: there is none of this id.
  bool cancel(std::uint64_t id);
  // The same of a request that waits for room.
  bool cancel_held(std::uint64_t id) noexcept;

  // The error reply for a request whose handler does not run.
  void refuse(const wire::Frame& frame, const Method* method, Refusal reason, Status why);

  // --- What there is ---

  // As many unary calls run as may.
  bool full() const noexcept;
  // Unary calls that are not done, answered or not.
  bool has_unary() const noexcept { return slots_.get() > 0; }
  // Streams, or handlers of streams that have ended.
  bool has_taken_streams() const noexcept { return streams_.taken() > 0; }
  // Requests that wait for room.
  bool has_held() const noexcept { return held_ != nullptr; }
  // Calls that have not been answered.
  bool has_unanswered() const noexcept { return !running_.empty() || !streams_.empty(); }
  // Requests that wait for the authenticator.
  bool has_waiting() const noexcept { return waiting_ > 0; }
  // Null if there was no stream yet.
  SessionStreams* opened_streams() const noexcept { return streams_.opened(); }
  // Made when first asked for. Throws std::bad_alloc.
  SessionStreams& streams() { return streams_.streams(); }
  // The connection's own service for a route that has no shared one. Throws what the factory does.
  Service& own_service(const Route& route);
  // Any thread.
  void describe(Clock::TimePoint now, debug_pages::ConnectionSnapshot& seen) const;

  // --- A turn ends ---

  void process_streams() { streams_.process(); }
  // While there is room.
  void start_held();

  // --- The end ---

  // Wakes the handlers that wait for it.
  void tell_drain();
  // Those that wait for room.
  void refuse_held();
  // All end: without a word to the peer, or with an error.
  void abandon(const Status& why);
  void give_up(const Status& why);

  // --- For the calls: see Session ---

  void call_ended(SessionCall& call) noexcept;
  void call_released(SessionCall& call) noexcept;
  void stream_ended() noexcept;
  void stream_call_released(SessionCall& call, bool has_place) noexcept;
  bool begin_wait(std::size_t bytes) noexcept;
  void end_wait(std::size_t bytes) noexcept;

 private:
  void hold(const Route& route, const wire::Frame& frame, Clock::TimePoint arrived);
  // `unserved`: null if the route leads to a handler.
  void start_call(const Route& route, const wire::Frame& frame, Clock::TimePoint arrived,
                  std::unique_ptr<Unserved> unserved);

  Session& session_;
  std::chrono::nanoseconds handle_timeout_{0};

  std::size_t waiting_ = 0;  // requests that wait for the authenticator
  std::size_t waiting_bytes_ = 0;
  RunningCalls running_;                // not answered yet
  std::unique_ptr<HeldRequests> held_;  // not begun yet; null if there are none
  base::LoopCounter slots_;             // unary calls that are not done, answered or not
  StreamRequests streams_;
  std::vector<std::unique_ptr<Service>> own_services_;
};

}  // namespace tern::serve
