// A server's side of one connection.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/loop_counter.h"
#include "base/timer_queue.h"
#include "debug_pages/server_snapshot.h"
#include "net/connection.h"
#include "net/outbox.h"
#include "serve/handshake.h"
#include "serve/held_requests.h"
#include "serve/http_requests.h"
#include "serve/questions.h"
#include "serve/refusal.h"
#include "serve/router.h"
#include "serve/running_calls.h"
#include "serve/serve_loop.h"
#include "serve/session_streams.h"
#include "serve/session_times.h"
#include "serve/unserved.h"
#include "tern/buffer.h"
#include "tern/channel.h"
#include "tern/clock.h"
#include "tern/function.h"
#include "tern/server_context.h"
#include "tern/service.h"
#include "tern/status.h"
#include "wire/server_protocol.h"

namespace tern::serve {

class ServerCore;
class SessionCall;

// Reads the handshake, then frames; starts a call for each request, and writes what they answer. It
// ends when the peer leaves, breaks the protocol or a limit, or when the server stops.
// Owned by its ServeLoop until the connection is closed, and by the calls that still run.
// Threads: the loop's.
class Session final : public net::ConnectionUser,
                      private net::LoopTask,
                      public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<ServerCore> core, ServeLoop& serve_loop,
          std::unique_ptr<ByteStream> stream);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  // One of the three. A session that the server has dialed waits for its client's first word as
  // long as it takes.
  void start();
  void start_dialed(UniqueFunction<void(bool spoken_to)> on_closed);
  // Begins with frames: the handshake is done.
  void start_frames(const Codec& codec, const wire::PeerTerms& peer);

  // Tells the peer, refuses new requests, and closes when those that run are answered and the peer
  // has left, or has had a moment to do so.
  void begin_drain();
  // Answers what still runs with `why` and closes: when the peer has read that, or after a moment.
  void stop(const Status& why);

  // Where its ServeLoop keeps it.
  void set_place(ServeLoop::Sessions::iterator place) noexcept { place_ = place; }
  ServeLoop::Sessions::iterator place() const noexcept { return place_; }

  // What anybody may see of it, at `now`. Threads: any, while it is kept alive.
  debug_pages::ConnectionSnapshot describe(Clock::TimePoint now) const;

  // --- For its calls ---

  ServerCore& core() noexcept { return *core_; }
  ServeLoop& serve_loop() noexcept { return serve_loop_; }
  Loop& loop() noexcept;
  const std::string& peer() const noexcept { return connection_->peer(); }
  bool peer_is_local() const noexcept { return connection_->peer_is_local(); }
  wire::ServerProtocol& protocol() noexcept { return *protocol_; }
  ConnectionValues& values() noexcept { return values_; }
  // For calls to the peer; null if it does not serve.
  Channel* caller() noexcept { return caller_.get(); }
  // The connection's own service for a route that has no shared one. Throws what the factory does.
  Service& own_service(const Route& route);

  // What the clock said last, for free: at the start of the turn, or at the last reply.
  Clock::TimePoint last_time() const noexcept { return times_.now(); }
  Clock::TimePoint read_clock() noexcept;

  // Where frames for the peer go. Followed by wrote().
  net::Outbox& outbox() noexcept { return outbox_; }
  // The same for what is short and urgent: it passes, if the protocol lets it.
  Buffer& urgent() noexcept {
    return protocol_->keeps_order() ? outbox_.messages() : outbox_.control();
  }
  void wrote();
  // Something for the peer could not be written: the connection cannot go on.
  void write_failed();
  // Bytes for the peer that are not written.
  std::size_t unsent() const noexcept { return may_leave() + held_by_windows(); }
  // Those that a peer which does not read has left here, as last counted.
  std::size_t counted_unsent() const noexcept { return counted_unsent_; }
  // The end for a peer that has left so many that `limit` is exceeded.
  void close_unread(std::size_t limit);
  // The call has its outcome.
  void call_ended(SessionCall& call) noexcept;
  // Nobody holds the call any more.
  void call_released(SessionCall& call) noexcept;
  // The same of the call of a stream, and of a stream without a call.
  void stream_ended() noexcept;
  void stream_call_released(SessionCall& call, bool has_place) noexcept;
  // True from begin_drain() or stop() on.
  bool draining() const noexcept { return phase_ >= Phase::kDraining; }
  // True once nothing is read any more: the connection closes, or has closed.
  bool closing() const noexcept { return phase_ >= Phase::kClosing; }
  // Does soon what a turn ends with.
  void schedule_after_turn() noexcept;
  HttpRequests& http_requests() noexcept { return http_requests_; }
  // What the server's authenticator is asked, and what it is shown of a request.
  Questions& questions() noexcept { return questions_; }
  Credentials credentials(const Metadata& metadata) const;
  std::shared_ptr<const PeerCertificate> peer_certificate() const noexcept {
    return connection_->peer_certificate();
  }
  // A request waits for the authenticator, with so many bytes of its own; false: there is no room.
  bool begin_wait(std::size_t bytes) noexcept;
  void end_wait(std::size_t bytes) noexcept;
  // For answers that come on other threads. Throws std::bad_alloc.
  const std::shared_ptr<WayToLoop>& way_to_loop();

  // Its streams; made when first asked for. Throws std::bad_alloc.
  SessionStreams& streams();
  // There is something for SessionStreams::process().
  void on_streams_work() noexcept;

 private:
  // How near the end is. There is no way back.
  enum class Phase : std::uint8_t {
    kOpen,      // requests are taken
    kDraining,  // the peer has been told, or will be when it has said its Option; none are taken
    kClosing,   // nothing is read; the connection closes once what is queued has been written
    kClosed
  };

  Consumed on_bytes(ByteView bytes) override;
  void take_outgoing(Buffer& out) override;
  bool on_end() override;
  void on_write_blocked() override;
  void on_drained() override;
  void on_closed(const Status& why) override;

  std::size_t read_handshake_from(ByteView bytes);
  void begin_frames(const Handshake& handshake, ByteView rest);
  void share_with_caller(const Handshake& handshake, ByteView rest);
  Consumed read_frames(ByteView bytes);
  void on_frame(const wire::Frame& frame);
  void on_other_frame(const wire::Frame& frame);
  void on_request(const wire::Frame& frame);
  // Where a request leads. Never null; if to no handler, `unserved` says why.
  const Route* find_route(const wire::Frame& frame, std::unique_ptr<Unserved>& unserved);
  // Whether who asks may be told that there is no handler, whoever that is.
  bool tells_everybody(const Unserved& unserved) const;
  void refuse_unserved(const wire::Frame& frame, const Unserved& unserved);
  void on_stream_frame(const wire::Frame& frame);
  // Whether there is room for one more stream. Else the request has been refused.
  bool has_room_for_stream(const wire::Frame& frame);
  // `unserved`: null if the route leads to a handler.
  void start_stream(const Route& route, const wire::Frame& frame, Clock::TimePoint arrived,
                    std::unique_ptr<Unserved> unserved);
  void process_streams();
  bool has_streams() const noexcept { return streams_ && !streams_->empty(); }
  void start_call(const Route& route, const wire::Frame& frame, Clock::TimePoint arrived,
                  std::unique_ptr<Unserved> unserved);
  // Keeps the request until there is room for its call, or refuses it.
  void hold(const Route& route, const wire::Frame& frame, Clock::TimePoint arrived);
  void start_held();
  void tell_going_away();
  // Wakes the handlers that wait for it.
  void tell_drain();
  void refuse_held();
  // The error reply for a request whose handler does not run.
  void refuse_request(const wire::Frame& frame, const Method* method, Refusal reason, Status why);
  // The end, for a reason that is counted and logged.
  void refuse_connection(Refusal reason, Status why);
  // The handshake is over, one way or the other.
  void end_handshake();
  // The first frame is next. `codec`: of our own frames; `peer`: what their peer takes.
  void speak(const wire::Protocol& protocol, const Codec* codec, const wire::PeerTerms& peer);
  // The handshake is over.
  bool has_protocol() const noexcept { return protocol_ != nullptr; }
  // The only place where the phase changes.
  void enter(Phase next) noexcept;
  // The way into Phase::kClosing.
  void close_after_flush(Status why);
  void abandon_calls(const Status& why);

  // As many calls run as may.
  bool full() const noexcept;
  // So much is on its way to the peer, or kept for it, that nothing more is to be asked.
  bool congested() const noexcept;
  // Reading waits: for room, or for a call to end where nothing but requests comes.
  bool over_limit() const noexcept;
  void pause();
  void after_turn();
  void run_on_loop() override;
  // See LoopTask: runs run_on_loop().
  void post_self() noexcept;
  void check_finished();
  // Of that: what waits for the connection alone, and what a client's windows hold up.
  std::size_t may_leave() const noexcept { return outbox_.size() + connection_->unsent(); }
  std::size_t held_by_windows() const noexcept { return protocol_ ? protocol_->held_bytes() : 0; }
  void count_unsent() noexcept;
  // How long they have held it up is counted.
  void note_held() noexcept {
    if (times_.note_held(held_by_windows())) arm();
  }
  void bound_unsent();

  SessionTimes::Stage stage() const noexcept;
  void arm();
  void on_timer();
  // Whether something is to be done for the peer, or has begun.
  bool busy() const noexcept;
  // Whether the peer must be asked for, since it is not read from.
  bool watches() const noexcept;
  bool peer_has_left() noexcept;
  bool answers_come() noexcept;
  // Nobody waits for its calls. It is sent what is on its way already.
  void peer_left();
  Status closed_by_peer() const;

  std::shared_ptr<ServerCore> core_;
  ServeLoop& serve_loop_;
  ServeLoop::Sessions::iterator place_;
  std::shared_ptr<net::Connection> connection_;
  std::unique_ptr<wire::ServerProtocol> protocol_;  // after the handshake
  std::string_view protocol_name_;                  // with it
  std::atomic<bool> described_ = false;             // protocol_ is there for describe()
  net::Outbox outbox_;

  Phase phase_ = Phase::kOpen;
  HandshakeStage stage_ = HandshakeStage::kAnything;  // until there are frames
  bool dialed_ = false;                               // how it began; as it is since start()
  bool requests_ended_ = false;  // the peer's side of the end; ours, the phase, may come first
  bool after_turn_scheduled_ = false;       // a task on the loop, in any phase
  bool in_frames_ = false;                  // on_bytes() is below on the stack
  std::shared_ptr<WayToLoop> way_to_loop_;  // null before the first is asked
  Questions questions_{*this};
  HttpRequests http_requests_{*this};
  std::size_t waiting_ = 0;  // requests that wait for the authenticator
  std::size_t waiting_bytes_ = 0;
  std::chrono::nanoseconds handle_timeout_{0};

  RunningCalls running_;                         // not answered yet
  std::unique_ptr<HeldRequests> held_;           // not begun yet; null if there are none
  base::LoopCounter slots_;                      // unary calls that are not done, answered or not
  std::unique_ptr<SessionStreams> streams_;      // null if there was none
  std::atomic<bool> streams_described_ = false;  // streams_ is there for describe()
  std::optional<std::uint64_t> last_stream_;     // the highest id that a request for one had
  std::vector<std::unique_ptr<Service>> own_services_;
  UniqueFunction<void(bool)> on_dialed_closed_;
  ConnectionValues values_;
  std::unique_ptr<CallerChannel> caller_;

  SessionTimes times_;
  // That the peer has sent to calls of this side; but for a constant.
  std::uint64_t answered_bytes_ = 0;
  base::Timer timer_;
  std::size_t counted_unsent_ = 0;
};

}  // namespace tern::serve
