// How a session opens streams, and what comes of them.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "debug_pages/server_snapshot.h"
#include "serve/router.h"
#include "serve/session_streams.h"
#include "serve/unserved.h"
#include "tern/clock.h"
#include "wire/frame.h"

namespace tern::serve {

class Session;

// Makes the SessionStreams with the first stream. Threads: the loop's, but for describe().
class StreamRequests {
 public:
  explicit StreamRequests(Session& session) noexcept : session_(session) {}
  StreamRequests(const StreamRequests&) = delete;
  StreamRequests& operator=(const StreamRequests&) = delete;
  ~StreamRequests();

  // Null if there was no stream yet.
  SessionStreams* opened() const noexcept { return streams_.get(); }
  // Made when first asked for. Throws std::bad_alloc.
  SessionStreams& streams();

  // Whether the table has one of this id.
  bool has(std::uint64_t id) const noexcept { return streams_ && streams_->has(id); }
  bool empty() const noexcept { return !streams_ || streams_->empty(); }
  // See SessionStreams.
  std::size_t taken() const noexcept { return streams_ ? streams_->taken() : 0; }

  // A request for a stream has come, whatever becomes of it.
  void note(std::uint64_t id) noexcept;
  // Starts the call of the stream, or refuses the request.
  // `unserved`: null if the route leads to a handler.
  void start(const Route& route, const wire::Frame& frame, Clock::TimePoint arrived,
             std::unique_ptr<Unserved> unserved);
  // Data or credit has come. False if there is no stream of its id.
  bool receive(const wire::Frame& frame) { return streams_ && streams_->receive(frame); }
  // The same, if not. `runs`: a unary call of its id does.
  void on_unknown(const wire::Frame& frame, bool runs);
  // Does what programs and frames have asked for since.
  void process();

  // Any thread.
  void describe(Clock::TimePoint now, debug_pages::ConnectionSnapshot& seen) const;

 private:
  // Whether there is room for one more. Else the request has been refused.
  bool has_room(const wire::Frame& frame);

  Session& session_;
  std::unique_ptr<SessionStreams> streams_;  // null if there was none
  std::atomic<bool> described_ = false;      // streams_ is there for describe()
  std::optional<std::uint64_t> last_;        // the highest id that a request for one had
};

}  // namespace tern::serve
