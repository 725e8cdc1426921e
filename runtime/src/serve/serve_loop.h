// What a server has on one loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/timer_queue.h"
#include "debug_pages/server_snapshot.h"
#include "net/loop.h"
#include "serve/call_pool.h"
#include "serve/counters.h"
#include "tern/byte_stream.h"
#include "tern/codec.h"
#include "tern/function.h"
#include "tern/listener.h"
#include "wire/peer_terms.h"

namespace tern::serve {

class ServerCore;
class Session;
struct Route;

// Owns the sessions of its loop. Threads: the loop's, but for counters() and describe().
class ServeLoop {
 public:
  // In the order in which they began. All that is done to each of them is done in this order, so
  // that one run of a program is as the next.
  using Sessions = std::list<std::shared_ptr<Session>>;

  ServeLoop(ServerCore& core, Loop& loop, std::size_t methods);
  ServeLoop(const ServeLoop&) = delete;
  ServeLoop& operator=(const ServeLoop&) = delete;
  ~ServeLoop();

  // Begins a session, which is told at once if the server is stopping. Closes the stream if it has
  // stopped, or has too many that have not said who they are.
  void open(std::unique_ptr<ByteStream> stream);
  // The same for what a listener has taken, which is opened here.
  void open(std::unique_ptr<Listener::Incoming> connection);
  // Begins a session with a client that the server has connected to: it may take its time to say
  // something. `on_closed` learns when it has ended, and whether anybody spoke.
  void open_dialed(std::unique_ptr<ByteStream> stream,
                   UniqueFunction<void(bool spoken_to)> on_closed);

  // Begins a session that speaks our frames from the first byte.
  void open_frames(std::unique_ptr<ByteStream> stream, const Codec& codec,
                   const wire::PeerTerms& peer);

  // Lets the sessions finish what runs, and ends what is left after `drain`. Again, to hasten it.
  void begin_stop(std::chrono::nanoseconds drain);

  Loop& loop() noexcept { return loop_; }
  CallPool& calls() noexcept { return calls_; }
  Counters& counters() noexcept { return counters_; }
  const Counters& counters() const noexcept { return counters_; }

  // Closes the connection whose peer has left the most unread; `limit` is the one that is exceeded.
  void close_most_unread(std::size_t limit);
  // What it is at, for a report: "by a handler of a.A.M; …". Threads: any.
  std::string occupant(std::span<const Route> routes) const;

  // Appends what can be seen of its connections until `seen` has `limit` of them.
  void describe(Clock::TimePoint now, std::size_t limit,
                std::vector<debug_pages::ConnectionSnapshot>& seen) const;

  // Called by a session whose connection is closed, once.
  void forget(Session& session);

 private:
  std::shared_ptr<Session> add_session(std::unique_ptr<ByteStream> stream);
  void stop_sessions();

  ServerCore& core_;
  Loop& loop_;
  Counters counters_;
  CallPool calls_;
  mutable std::mutex mutex_;  // held to change the following, or to read it on another thread
  Sessions sessions_;
  enum class Stop : std::uint8_t { kNotYet, kDraining, kDone };
  Stop stop_ = Stop::kNotYet;
  std::chrono::nanoseconds drain_{0};
  base::Timer drain_timer_;
};

}  // namespace tern::serve
