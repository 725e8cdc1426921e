// What a client consists of: calls, the connection they go over, and how it comes to be.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/backoff.h"
#include "base/log_throttle.h"
#include "base/timer_queue.h"
#include "call/client_connection.h"
#include "call/started_call.h"
#include "call/waiting_calls.h"
#include "net/loop.h"
#include "tern/client.h"

namespace tern::call {

// Told what becomes of a client's connection. Threads: the loop's, without the client's mutex.
class ConnectivityListener {
 public:
  // Calls go out.
  virtual void on_connected() = 0;
  // The connection that was there takes no more calls: it is lost, or the server goes away.
  virtual void on_disconnected(const Status& why) = 0;
  // An attempt to connect has failed; the next one comes after `wait`.
  virtual void on_connect_failed(const Status& why, Clock::Duration wait) = 0;

 protected:
  ~ConnectivityListener() = default;
};

// Lives on one loop. The Client above owns it; tasks on the loop keep it alive while they wait.
// Threads: public members any, what is inherited from ClientConnectionUser the loop's.
class ClientCore final : public CallOwner,
                         public ClientConnectionUser,
                         public LoopEndListener,
                         public std::enable_shared_from_this<ClientCore> {
 public:
  // `loop_runs`: the loop has a thread that others can wait for.
  ClientCore(const Result<Endpoint>& endpoint, std::string address, Loop& loop, bool loop_runs,
             ClientOptions options);
  ClientCore(const ClientCore&) = delete;
  ClientCore& operator=(const ClientCore&) = delete;
  ~ClientCore() override;

  void start(const Method& method, const void* argument, const CallOptions& options, CallRef call);
  Status connect();

  // --- For one who watches the connection and places calls by it ---

  Loop& loop() noexcept { return loop_; }
  // Before anything else. From then on an attempt to connect that has failed is followed by the
  // next one, whether or not a call waits.
  void set_listener(std::weak_ptr<ConnectivityListener> listener) {
    listener_ = std::move(listener);
  }
  // As start(), for a call with an attempt, and with the deadline and the time left that `call`
  // has. Takes `call` if it is sent; a failure is told here alone. It finds a connection or fails
  // at once: kUnavailable, kNo.
  Status start_attempt(StartedCall& call, const void* argument, const Metadata& metadata);
  // Whether such a call would find one.
  bool connected() const;
  // Begins to connect unless there is a connection, or an attempt, or a wait for the next one.
  void connect_soon();
  // Asks the server whether it lives: `done` gets OK, or kUnavailable if there is no connection or
  // it ends before the answer. Protocols that have no such question take the connection for one.
  // On the loop's thread, as `done`.
  void ping(UniqueFunction<void(Status)> done);

  // Refuses new calls at once and ends those that wait. Returns when they have ended, unless this
  // is a thread of a loop, other than its own, or the loop has no thread to wait for.
  void close();
  ClientStats stats() const;

  void cancel(std::uint64_t call_id) override;
  void callback_threw(std::string_view what) override;

 private:
  enum class State : std::uint8_t {
    kIdle,         // the next call connects
    kConnecting,   // a stream is being opened
    kHandshaking,  // calls go out, the server has not accepted yet
    kReady,
    kBackingOff,  // the last attempt has failed
    kClosed
  };
  // What start() has left to do when it has let go of the mutex.
  struct Afterwards {
    bool connect = false;
    // This, to be flushed: a call that has been placed may end, and with it its client, as soon as
    // the mutex is free.
    std::shared_ptr<ClientCore> flush;
  };

  // With the mutex held.
  Status place(StartedCall& call, const void* argument, bool wait_for_ready,
               const Metadata& metadata, Afterwards& afterwards);
  Status keep(StartedCall& call, const void* argument, bool wait_for_ready,
              const Metadata& metadata, std::uint64_t id);
  Status not_connected(const Method& method) const;
  std::size_t in_flight() const noexcept;

  void count_start();
  void refuse(StartedCall& call, Status why);
  Status intercept(StartedCall& call, const Metadata& metadata);
  static void post_flush(const std::shared_ptr<ClientCore>& self);
  void post_connect();

  // On the loop's thread, without the mutex.
  void flush();
  void begin_connect();
  void dial();
  Status make_connection(std::unique_ptr<ByteStream> stream,
                         std::shared_ptr<ClientConnection>& connection);
  void on_dialed(Result<std::unique_ptr<ByteStream>> dialed);
  void on_connect_timeout();
  void connect_failed(const Status& why);
  void on_backoff_over();
  void send_waiting(const std::shared_ptr<ClientConnection>& connection,
                    std::vector<WaitingCalls::Taken> calls);
  void give_up(std::uint64_t id, Code code);
  void end_waiting(StartedCall& call, Code code);
  void answer_connects(const Status& status);
  void shut_down(const Status& why);
  void on_loop_end() override;
  void on_ready(ClientConnection& connection) override;
  void on_going_away(ClientConnection& connection) override;
  void on_lost(ClientConnection& connection, const Status& why) override;
  std::shared_ptr<void> keep_alive() noexcept override { return weak_from_this().lock(); }

  // Constant.
  const std::shared_ptr<Loop> kept_loop_;  // its pool may be destroyed first
  Loop& loop_;
  const bool loop_runs_;
  const ClientOptions options_;
  const Endpoint endpoint_;
  const std::string address_;
  std::shared_ptr<Dialer> dialer_;
  std::weak_ptr<ConnectivityListener> listener_;
  Status unusable_;  // why no call can be made: the address or the codec
  base::LogThrottle log_;

  // The loop's thread.
  std::unique_ptr<Dialer::Attempt> attempt_;
  base::Timer connect_timer_;  // from dialing to the server's answer
  base::Timer backoff_timer_;
  base::BackoffSchedule backoff_;

  mutable std::mutex mutex_;  // guards the following, and parts of the connections
  State state_ = State::kIdle;
  Status why_closed_;
  bool watches_loop_ = false;
  std::uint64_t next_id_ = 1;                     // one sequence for all connections
  std::shared_ptr<ClientConnection> connection_;  // in kHandshaking and kReady
  std::vector<std::shared_ptr<ClientConnection>> draining_;
  WaitingCalls waiting_;
  std::vector<CallRef> connects_;  // connect() calls
  bool flush_posted_ = false;
  Status last_failure_;
  Clock::TimePoint next_attempt_{};
  StrayReplies strays_;
  std::uint64_t connect_count_ = 0;
  std::uint64_t failure_count_ = 0;
  std::uint64_t start_count_ = 0;
};

}  // namespace tern::call
