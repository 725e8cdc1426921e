// What a client consists of: calls, and the connector that finds them a session.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/guarded.h"
#include "base/log_throttle.h"
#include "call/call_preparation.h"
#include "call/connector.h"
#include "call/started_call.h"
#include "call/waiting_calls.h"
#include "net/loop.h"
#include "tern/client.h"

namespace tern::call {

// Starts calls: sends each on the session of its connector, or keeps it until there is one. Lives
// on one loop. The Client above owns it; tasks on the loop keep it alive while they wait.
// Threads: public members any, unless they say another.
class ClientChannel final : public CallOwner,
                            private ConnectorUser,
                            private net::LoopTask,
                            public std::enable_shared_from_this<ClientChannel> {
 public:
  // `loop_runs`: the loop has a thread that others can wait for.
  ClientChannel(const Result<Endpoint>& endpoint, std::string address, Loop& loop, bool loop_runs,
                ClientOptions options);
  ClientChannel(const ClientChannel&) = delete;
  ClientChannel& operator=(const ClientChannel&) = delete;
  ~ClientChannel() override;

  void start(const Method& method, const void* argument, const CallOptions& options, CallRef call);
  // The same, once, whatever the server says of the token. `token`: see StartedCall.
  void start_once(const Method& method, const void* argument, const CallOptions& options,
                  CallRef&& call, std::uint64_t* token = nullptr);
  // See Tokens::number(). And on the loop's thread: `done` when there is a token after the
  // `seen`-th, or there will be none now; perhaps before this returns.
  std::uint64_t token_number() const noexcept { return connector_.token_number(); }
  void renew_token(std::uint64_t seen, UniqueFunction<void(const Status&)> done) {
    connector_.renew_token(seen, std::move(done));
  }
  // See Channel.
  std::shared_ptr<StreamState> make_stream(const Method& method);
  Status connect() { return connector_.connect(); }

  // --- For one who watches the connection and places calls by it ---

  Loop& loop() noexcept { return loop_; }
  // Before anything else. From then on an attempt to connect that has failed is followed by the
  // next one, whether or not a call waits.
  void set_listener(std::weak_ptr<ConnectivityListener> listener) {
    connector_.set_listener(std::move(listener));
  }
  // As start(), for a call with an attempt, and with the deadline and the time left that `call`
  // has. Takes `call` if it is sent; a failure is told here alone. It finds a connection or fails
  // at once: kUnavailable, kNo.
  Status start_attempt(StartedCall& call, const void* argument, const Metadata& metadata);
  // Whether such a call would find one.
  bool connected() const { return connector_.connected(); }
  // Begins to connect unless there is a connection, or an attempt, or a wait for the next one.
  void connect_soon() { connector_.connect_soon(); }
  // Asks the server whether it lives: `done` gets OK, or kUnavailable if there is no connection or
  // it ends before the answer. Protocols that have no such question take the connection for one.
  // On the loop's thread, as `done`.
  void ping(UniqueFunction<void(Status)> done) { connector_.ping(std::move(done)); }

  // Refuses new calls at once and ends those that wait. Returns when they have ended, unless this
  // is a thread of a loop, other than its own, or the loop has no thread to wait for.
  void close();
  ClientStats stats() const;

  void cancel(std::uint64_t call_id) override;
  void callback_threw(std::string_view what) override;

 private:
  struct Shared {
    explicit Shared(ClientChannel& channel);

    std::uint64_t next_id = 1;  // one sequence for all sessions
    std::uint64_t calls_started = 0;
    WaitingCalls waiting;
    bool flush_posted = false;
  };
  // What start() has left to do when it has let go of the lock.
  struct Afterwards {
    std::uint64_t waits = 0;  // the call that is to be dialled for; 0: none
    // This, to be flushed: a call that has been placed may end, and with it its client, as soon as
    // the lock is gone.
    std::shared_ptr<ClientChannel> flush;
  };

  // --- Any thread ---

  Status place(const base::MutexLock& lock, StartedCall& call, const void* argument,
               bool wait_for_ready, const Metadata& metadata, Afterwards& afterwards);
  void count_start();
  void refuse(StartedCall& call, Status why);
  void dial_for(std::uint64_t id);
  static void post_flush(const std::shared_ptr<ClientChannel>& self);
  TakenCalls take_waiting(TakenCalls (WaitingCalls::*which)());

  // --- The loop's thread, without the lock ---

  void flush();
  void run_on_loop() override { flush(); }
  void give_up(std::uint64_t id, Code code);
  void send_waiting(ClientSession& session, TakenCalls calls);
  void shut_down(const Status& why);

  void on_session(ClientSession& session) override;
  void on_ready(ClientSession& session) override;
  void on_connect_failed(const Status& why, Clock::Duration wait) override;
  bool has_waiting_calls(const base::MutexLock& lock) const noexcept override {
    return shared_.with(lock).waiting.size() > 0;
  }
  void on_pool_gone() override;
  std::shared_ptr<void> keep_alive() noexcept override { return weak_from_this().lock(); }

  // Constant.
  const std::shared_ptr<Loop> kept_loop_;  // its pool may be destroyed first
  Loop& loop_;
  const bool loop_runs_;
  const ClientOptions options_;
  const std::string address_;
  base::LogThrottle log_;
  const CallPreparation preparation_;

  mutable std::mutex mutex_;  // guards what is shared here, in the connector and in its sessions
  base::Guarded<Shared> shared_;
  Connector connector_;
};

}  // namespace tern::call
