// A client's side of one connection: the handshake, requests out, replies in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/guarded.h"
#include "call/client_handshake.h"
#include "call/client_session_user.h"
#include "call/liveness.h"
#include "call/read_outcome.h"
#include "call/request_queue.h"
#include "call/sent_calls.h"
#include "call/stream_calls.h"
#include "call/stream_work.h"
#include "net/connection.h"
#include "wire/client_setup.h"

namespace tern::call {

// What serve/session.h is for a server: has the connection, from the handshake to its end. The
// calls that it has sent are in its queue, and SentCalls ends them. Threads: the queue any, with
// the lock; everything else the loop's, without the lock.
class ClientSession final : public net::ConnectionUser,
                            private SentCallsUser,
                            private StreamCallsUser,
                            private StreamWorkUser,
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
  bool give_up(std::uint64_t id, Code code) { return calls_.give_up(id, code); }
  // See ClientChannel::ping().
  void ping(UniqueFunction<void(Status)> done);
  // Ends all calls with `why`, each with what is known of its handler, and closes.
  void close(const Status& why);
  // Ends all calls; for a loop that will not run again.
  void fail_calls(const Status& why) {
    calls_.fail_all(why, handshake_.phase() == ClientHandshake::Phase::kRefused,
                    connection_->bytes_written());
  }

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

  bool open() const noexcept override { return phase_ < Phase::kClosing && !connection_->closed(); }
  void leave() noexcept override;
  void stream_answered() override { setup_.user.on_stream_answered(*this); }
  void end(const Status& why) override;
  void close_unreadable(const Status& why) override;
  void close_broken(const Status& why);
  void close_if_drained() override;
  std::shared_ptr<void> keep_session() noexcept override { return shared_from_this(); }

  void on_streams_work() noexcept override { work_.request(); }
  void write_credit(std::uint64_t id, std::uint64_t bytes) override;
  bool send_probe() override;
  void end_stream(std::uint64_t id, Status why, Fault fault) override {
    calls_.end_stream(id, std::move(why), fault);
  }

  // The only place where the phase changes.
  void enter(Phase next) noexcept;
  std::size_t read_handshake(ByteView bytes);
  void on_frame(const wire::Frame& frame);
  void listen();

  ClientSessionSetup setup_;
  std::shared_ptr<net::Connection> connection_;

  // The loop's thread.
  ClientHandshake handshake_;
  Serve serve_;                 // until the handshake is done
  Clock::TimePoint started_{};  // when the handshake began
  Phase phase_ = Phase::kOpen;

  const AnswerSource source_;
  wire::ClientProtocol& reading_;  // the queue's, which writes: the two are independent
  base::Guarded<RequestQueue> queue_;
  StreamCalls streams_;
  StreamWork work_;
  SentCalls calls_;
  Liveness liveness_;
};

}  // namespace tern::call
