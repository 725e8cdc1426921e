#include "serve/silent_streams.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "base/duration_text.h"
#include "serve/server_core.h"
#include "serve/session.h"
#include "serve/session_streams.h"
#include "stream/streams.h"

namespace tern::serve {

namespace {

struct Silent {
  std::uint64_t id;
  std::chrono::nanoseconds timeout;
};

}  // namespace

SilentStreams::SilentStreams(Session& session, SessionStreams& owner,
                             const stream::Streams& streams)
    : session_(session), owner_(owner), streams_(streams), timer_([this] { on_timer(); }) {}

void SilentStreams::watch(Clock::TimePoint due) {
  if (timer_.waiting() && timer_.due() <= due) return;
  session_.loop().start_timer(timer_, due);
}

// It may be early, since messages do not move it.
void SilentStreams::on_timer() {
  const Clock::TimePoint now = session_.read_clock();
  Clock::TimePoint next = Clock::TimePoint::max();
  std::vector<Silent> silent;
  streams_.for_each([&](const stream::Stream& stream) {
    if (stream.message_timeout().count() == 0) return;
    const Clock::TimePoint due = saturating_add(stream.silent_since(), stream.message_timeout());
    if (due > now) {
      next = std::min(next, due);
    } else {
      silent.push_back({stream.id(), stream.message_timeout()});
    }
  });
  for (const auto& [id, timeout] : silent) {
    owner_.give_up(id, Status(Code::kDeadlineExceeded,
                              fmt::format("no message for {}", base::duration_text(timeout)),
                              HandlerRan::kYes));
  }
  if (next != Clock::TimePoint::max()) watch(next);
}

}  // namespace tern::serve
