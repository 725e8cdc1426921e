// A server's side of one connection.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "debug_pages/server_snapshot.h"
#include "net/connection.h"
#include "net/outbox.h"
#include "serve/handshake.h"
#include "serve/http_requests.h"
#include "serve/questions.h"
#include "serve/router.h"
#include "serve/serve_loop.h"
#include "serve/session_calls.h"
#include "serve/session_frames.h"
#include "serve/session_life.h"
#include "serve/session_times.h"
#include "serve/unsent_bytes.h"
#include "tern/buffer.h"
#include "tern/channel.h"
#include "tern/clock.h"
#include "tern/function.h"
#include "tern/server_context.h"
#include "tern/status.h"
#include "wire/server_protocol.h"

namespace tern::serve {

class ServerCore;
class SessionCall;

// Reads the handshake, then frames, and gives each to the part that it is for; writes what they
// answer. SessionCalls has the calls, SessionLife says when it ends.
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
  void begin_drain() { life_.begin_drain(); }
  // Answers what still runs with `why` and closes: when the peer has read that, or after a moment.
  void stop(const Status& why) { life_.stop(why); }

  // Where its ServeLoop keeps it.
  void set_place(ServeLoop::Sessions::iterator place) noexcept { place_ = place; }
  ServeLoop::Sessions::iterator place() const noexcept { return place_; }

  // What anybody may see of it, at `now`. Threads: any, while it is kept alive.
  debug_pages::ConnectionSnapshot describe(Clock::TimePoint now) const;

  // --- For its parts and its calls ---

  ServerCore& core() noexcept { return *core_; }
  ServeLoop& serve_loop() noexcept { return serve_loop_; }
  Loop& loop() noexcept;
  net::Connection& connection() noexcept { return *connection_; }
  const std::string& peer() const noexcept { return connection_->peer(); }
  bool peer_is_local() const noexcept { return connection_->peer_is_local(); }
  // The handshake is over.
  bool has_protocol() const noexcept { return protocol_ != nullptr; }
  wire::ServerProtocol& protocol() noexcept { return *protocol_; }
  std::string_view protocol_name() const noexcept { return protocol_name_; }
  SessionCalls& calls() noexcept { return calls_; }
  SessionLife& life() noexcept { return life_; }
  SessionTimes& times() noexcept { return life_.times(); }
  ConnectionValues& values() noexcept { return values_; }
  // For calls to the peer; null if it does not serve.
  Channel* caller() noexcept { return caller_.get(); }
  // The connection's own service for a route that has no shared one. Throws what the factory does.
  Service& own_service(const Route& route) { return calls_.own_service(route); }

  // What the clock said last, for free: at the start of the turn, or at the last reply.
  Clock::TimePoint last_time() const noexcept { return life_.times().now(); }
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
  // Whether some do not leave as fast as they are written.
  bool waits_for_peer() const noexcept {
    return connection_->unsent() > 0 || held_by_windows() > 0;
  }
  // Those that a peer which does not read has left here.
  UnsentBytes& unsent_bytes() noexcept { return unsent_bytes_; }
  // So much is on its way to the peer, or kept for it, that nothing more is to be asked.
  bool congested() const noexcept;
  // Reading waits: for room, or for a call to end where nothing but requests comes.
  bool over_limit() const noexcept;
  void pause();
  // What the peer's windows hold up: how long they have is counted.
  void note_held() noexcept {
    if (times().note_held(held_by_windows())) life_.arm();
  }
  // The call has its outcome.
  void call_ended(SessionCall& call) noexcept { calls_.call_ended(call); }
  // Nobody holds the call any more.
  void call_released(SessionCall& call) noexcept { calls_.call_released(call); }
  // The same of the call of a stream, and of a stream without a call.
  void stream_ended() noexcept { calls_.stream_ended(); }
  void stream_call_released(SessionCall& call, bool has_place) noexcept {
    calls_.stream_call_released(call, has_place);
  }
  // True from begin_drain() or stop() on.
  bool draining() const noexcept { return life_.phase() >= SessionLife::Phase::kDraining; }
  // True once nothing is read any more: the connection closes, or has closed.
  bool closing() const noexcept { return life_.phase() >= SessionLife::Phase::kClosing; }
  bool closed() const noexcept { return life_.closed(); }
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
  bool begin_wait(std::size_t bytes) noexcept { return calls_.begin_wait(bytes); }
  void end_wait(std::size_t bytes) noexcept { calls_.end_wait(bytes); }
  // For answers that come on other threads. Throws std::bad_alloc.
  const std::shared_ptr<WayToLoop>& way_to_loop();

  // Its streams; made when first asked for. Throws std::bad_alloc.
  SessionStreams& streams() { return calls_.streams(); }
  // There is something for SessionStreams::process().
  void on_streams_work() noexcept;

 private:
  Consumed on_bytes(ByteView bytes) override;
  void take_outgoing(Buffer& out) override;
  bool on_end() override { return life_.on_end(); }
  void on_write_blocked() override { unsent_bytes_.bound(); }
  void on_drained() override;
  void on_closed(const Status& why) override;

  std::size_t read_handshake_from(ByteView bytes);
  void begin_frames(const Handshake& handshake, ByteView rest);
  void share_with_caller(const Handshake& handshake, ByteView rest);
  // The first frame is next. `codec`: of our own frames; `peer`: what their peer takes.
  void speak(const wire::Protocol& protocol, const Codec* codec, const wire::PeerTerms& peer);

  void after_turn();
  void run_on_loop() override;
  // See LoopTask: runs run_on_loop().
  void post_self() noexcept;
  // Of unsent(): what waits for the connection alone, and what a client's windows hold up.
  std::size_t may_leave() const noexcept { return outbox_.size() + connection_->unsent(); }
  std::size_t held_by_windows() const noexcept { return protocol_ ? protocol_->held_bytes() : 0; }

  std::shared_ptr<ServerCore> core_;
  ServeLoop& serve_loop_;
  ServeLoop::Sessions::iterator place_;
  std::shared_ptr<net::Connection> connection_;
  std::unique_ptr<wire::ServerProtocol> protocol_;  // after the handshake
  std::string_view protocol_name_;                  // with it
  std::atomic<bool> described_ = false;             // protocol_ is there for describe()
  net::Outbox outbox_;

  HandshakeStage stage_ = HandshakeStage::kAnything;  // until there are frames
  bool after_turn_scheduled_ = false;                 // a task on the loop, in any phase
  bool in_frames_ = false;                            // on_bytes() is below on the stack
  std::shared_ptr<WayToLoop> way_to_loop_;            // null before the first is asked
  Questions questions_{*this};
  HttpRequests http_requests_{*this};
  SessionFrames frames_{*this};
  SessionCalls calls_{*this};
  ConnectionValues values_;
  std::unique_ptr<CallerChannel> caller_;
  SessionLife life_;
  UnsentBytes unsent_bytes_{*this};
};

}  // namespace tern::serve
