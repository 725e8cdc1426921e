// How a session bears the silence of its streams: those that may not be silent for long end, and a
// client that minds hears now and then that its stream goes on.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/duration_text.h"
#include "serve/server_core.h"
#include "serve/session.h"
#include "serve/session_call.h"
#include "serve/session_streams.h"

namespace tern::serve {

// --- The end of those that are silent for too long ---

void SessionStreams::watch(Clock::TimePoint due) {
  if (idle_timer_.waiting() && idle_timer_.due() <= due) return;
  session_.loop().start_timer(idle_timer_, due);
}

// It may be early, since messages do not move it.
void SessionStreams::on_idle_timer() {
  const Clock::TimePoint now = session_.read_clock();
  Clock::TimePoint next = Clock::TimePoint::max();
  std::vector<std::uint64_t> silent;
  streams_.for_each([&](const stream::Stream& stream) {
    if (stream.message_timeout().count() == 0) return;
    const Clock::TimePoint due = saturating_add(stream.silent_since(), stream.message_timeout());
    if (due > now) {
      next = std::min(next, due);
    } else {
      silent.push_back(stream.id());
    }
  });
  for (std::uint64_t id : silent) {
    ServedStream* stream = find(id);
    if (!stream) continue;
    give_up(*stream,
            Status(Code::kDeadlineExceeded,
                   fmt::format("no message for {}", base::duration_text(stream->message_timeout())),
                   HandlerRan::kYes));
  }
  if (next != Clock::TimePoint::max()) watch(next);
}

// --- Heartbeats ---

void SessionStreams::begin_heartbeats(std::uint64_t id) {
  const std::chrono::nanoseconds every = session_.core().options().event_heartbeat;
  if (every.count() <= 0 || !session_.protocol().wants_heartbeats(id)) return;
  end_heartbeats();
  heartbeat_every_ = every;
  last_written_ = session_.read_clock();
  session_.loop().start_timer(heartbeat_timer_, saturating_add(last_written_, every));
}

void SessionStreams::end_heartbeats() noexcept {
  heartbeat_every_ = std::chrono::nanoseconds(0);
  heartbeat_timer_.cancel();
}

// Messages of one stream say nothing of the others.
void SessionStreams::note_written() noexcept {
  if (streams_.size() > 1) return;
  if (heartbeat_every_.count() > 0) last_written_ = session_.read_clock();
}

// It may be early, since messages do not move it. Bytes that wait for the client are as good as a
// heartbeat, and more of them are of no use.
void SessionStreams::on_heartbeat_timer() {
  const Clock::TimePoint now = session_.read_clock();
  if (saturating_add(last_written_, heartbeat_every_) <= now) {
    last_written_ = now;
    if (session_.unsent() == 0 && !streams_.can_send() && !write_heartbeats()) return;
  }
  session_.loop().start_timer(heartbeat_timer_, saturating_add(last_written_, heartbeat_every_));
}

bool SessionStreams::write_heartbeats() noexcept {
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
