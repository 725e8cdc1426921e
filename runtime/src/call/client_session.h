// A client's side of one connection: the handshake, requests out, replies in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "base/guarded.h"
#include "call/client_handshake.h"
#include "call/keepalive.h"
#include "call/pending_calls.h"
#include "call/pings.h"
#include "call/reply_gathering.h"
#include "call/request_queue.h"
#include "call/stream_calls.h"
#include "net/connection.h"
#include "tern/client.h"
#include "wire/client_setup.h"

namespace tern::call {

class ClientSession;

// The connector above. All calls come on the loop's thread, without the lock.
class ClientSessionUser {
 public:
  // The server has accepted the handshake.
  virtual void on_ready(ClientSession& session) = 0;
  // The server asks for no more calls on this connection.
  virtual void on_going_away(ClientSession& session) = 0;
  // It takes no more calls: this side ends the connection when the answers that are on their way
  // have come.
  virtual void on_leaving(ClientSession& session) = 0;
  // The end, exactly once, before the calls that waited are told. Lets go of the session, but not
  // from within this call.
  virtual void on_lost(ClientSession& session, const Status& why) = 0;
  // Keeps the user and its sessions alive while code of callers runs.
  virtual std::shared_ptr<void> keep_alive() noexcept = 0;

 protected:
  ~ClientSessionUser() = default;
};

// What all sessions of a channel have in common, and what outlives them.
struct ClientSessionSetup {
  Loop& loop;
  std::mutex& mutex;  // the channel's
  const ClientOptions& options;
  const std::string& address;
  ClientSessionUser& user;
};

// What serve/session.h is for a server. The calls that it has sent are in its queue; the reader of
// an answer takes the call out and ends it.
// Threads: the queue any, with the lock; everything else the loop's, without the lock.
class ClientSession final : public net::ConnectionUser,
                            private StreamCallsUser,
                            private net::LoopTask,
                            public std::enable_shared_from_this<ClientSession> {
 public:
  // Answers the calls that come the other way, of a server that takes so much. Of one connection.
  using Serve = UniqueFunction<Status(const wire::PeerTerms& peer)>;

  // `serve` runs when the server has answered the handshake; empty: nobody serves.
  ClientSession(const ClientSessionSetup& setup, wire::ClientPreface preface,
                std::unique_ptr<ByteStream> stream, Serve serve = Serve());
  ClientSession(const ClientSession&) = delete;
  ClientSession& operator=(const ClientSession&) = delete;
  ~ClientSession();

  // --- Any thread, with the lock ---

  // After a send() a flush must follow: see in_turn() for calls on the loop's thread, and flush().
  RequestQueue& queue(const base::MutexLock& lock) noexcept { return queue_.with(lock); }
  const RequestQueue& queue(const base::MutexLock& lock) const noexcept {
    return queue_.with(lock);
  }

  // --- The loop's thread, without the lock ---

  // Begins the handshake, and to read. Of no effect once it has been closed.
  void start();
  // True if what is queued will go out without a flush().
  bool in_turn() const noexcept { return connection_->in_turn(); }
  // Writes what is queued and watches the new calls' deadlines.
  void flush();
  // Ends one call early and tells the server. False if it is not here.
  bool give_up(std::uint64_t id, Code code);
  // See ClientChannel::ping().
  void ping(UniqueFunction<void(Status)> done);
  // Ends all calls with `why`, each with what is known of its handler, and closes.
  void close(const Status& why);
  // Ends all calls; for a loop that will not run again.
  void fail_calls(const Status& why);

 private:
  Consumed on_bytes(ByteView bytes) override;
  void take_outgoing(Buffer& out) override;
  void on_write_blocked() override;
  void on_drained() override;
  void on_closed(const Status& why) override;

  // How near the end is. There is no way back.
  enum class Phase : std::uint8_t {
    kOpen,      // calls go out, once the handshake lets them
    kDraining,  // the server takes no new calls; the answers to the others come
    kLeaving,   // nor does this side send any; the server is to learn that by the end
    kClosing,   // nothing is read any more
    kClosed     // the user has been told
  };

  void on_streams_work() noexcept override;
  void write_credit(std::uint64_t id, std::uint64_t bytes) override;
  bool send_probe() override;
  void end_stream(std::uint64_t id, Status why, Fault fault) override;

  // The only place where the phase changes.
  void enter(Phase next) noexcept;
  // The connection may have ended by itself, in a turn whose end tells it.
  bool open() const noexcept { return phase_ < Phase::kClosing && !connection_->closed(); }
  // Nothing more is read. The calls end when the connection has.
  void end(const Status& why);
  std::size_t read_handshake(ByteView bytes);
  void gather_replies(std::size_t bytes);
  void on_frame(const wire::Frame& frame);
  void on_answer(const wire::Frame& frame);
  void on_stream_answer(const wire::Frame& frame, PendingCalls::Call& taken);
  void on_stream_frame(const wire::Frame& frame);
  void on_initial_metadata(const wire::Frame& frame);
  void end_early(std::uint64_t id, PendingCalls::Call& taken, Status why,
                 stream::Stream::Unread unread);
  void process_streams();
  void post_streams_work() noexcept;
  void run_on_loop() override;
  bool take_part(RequestQueue& queue, Buffer& out);
  void fill_part(RequestQueue& queue, Buffer& out);
  void close_unreadable(const Status& why);
  void leave() noexcept;
  void close_if_drained();
  void on_quiet();
  Keepalive::Traffic traffic() const noexcept;
  void listen();

  ClientSessionSetup setup_;
  std::shared_ptr<net::Connection> connection_;

  // The loop's thread.
  ClientHandshake handshake_;
  Serve serve_;                 // until the handshake is done
  Clock::TimePoint started_{};  // when the handshake began
  Phase phase_ = Phase::kOpen;
  Keepalive keepalive_;
  Pings pings_;
  ReplyGathering gathering_;
  std::size_t answers_ = 0;          // of the present turn
  std::uint64_t last_answered_ = 0;  // its place among those that were sent

  // Of streams_: who will see to it. In a turn that is the turn.
  enum class Work : std::uint8_t { kNone, kInTurn, kPosted };
  Work work_ = Work::kNone;

  wire::ClientProtocol& reading_;  // the queue's, which writes: the two are independent
  const bool native_;              // it reads our own frames
  base::Guarded<RequestQueue> queue_;
  StreamCalls streams_;
};

}  // namespace tern::call
