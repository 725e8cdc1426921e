#include "serve/stream_heartbeats.h"

#include "serve/served_stream.h"
#include "serve/server_core.h"
#include "serve/session.h"
#include "serve/session_call.h"
#include "stream/streams.h"

namespace tern::serve {

StreamHeartbeats::StreamHeartbeats(Session& session, const stream::Streams& streams)
    : session_(session), streams_(streams), timer_([this] { on_timer(); }) {}

void StreamHeartbeats::begin(std::uint64_t id) {
  const std::chrono::nanoseconds every = session_.core().options().event_heartbeat;
  if (every.count() <= 0 || !session_.protocol().wants_heartbeats(id)) return;
  end();
  every_ = every;
  last_written_ = session_.read_clock();
  session_.loop().start_timer(timer_, saturating_add(last_written_, every));
}

void StreamHeartbeats::end() noexcept {
  every_ = std::chrono::nanoseconds(0);
  timer_.cancel();
}

// Messages of one stream say nothing of the others.
void StreamHeartbeats::note_written() noexcept {
  if (streams_.size() > 1) return;
  if (every_.count() > 0) last_written_ = session_.read_clock();
}

// It may be early, since messages do not move it. Bytes that wait for the client are as good as a
// heartbeat, and more of them are of no use.
void StreamHeartbeats::on_timer() {
  const Clock::TimePoint now = session_.read_clock();
  if (saturating_add(last_written_, every_) <= now) {
    last_written_ = now;
    if (session_.unsent() == 0 && !streams_.can_send() && !write()) return;
  }
  session_.loop().start_timer(timer_, saturating_add(last_written_, every_));
}

bool StreamHeartbeats::write() noexcept {
  Buffer& out = session_.outbox().messages();
  wire::ServerProtocol& protocol = session_.protocol();
  std::size_t start = out.size();
  try {
    streams_.for_each([&](const stream::Stream& each) {
      if (!protocol.wants_heartbeats(each.id())) return;
      const auto& stream = static_cast<const ServedStream&>(each);
      start = out.size();
      if (stream.call()) stream.call()->write_initial_metadata(out);
      protocol.write_heartbeat(each.id(), out);
      session_.outbox().end_message(each.id(), start);
    });
  } catch (...) {
    out.truncate(start);
    session_.write_failed();
    return false;
  }
  session_.wrote();
  return true;
}

}  // namespace tern::serve
