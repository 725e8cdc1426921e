#include "serve/serve_loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>
#include <vector>

#include "base/duration_text.h"
#include "serve/router.h"
#include "serve/server_core.h"
#include "serve/session.h"

namespace tern::serve {

ServeLoop::ServeLoop(ServerCore& core, Loop& loop, std::size_t methods)
    : core_(core), loop_(loop), counters_(methods), drain_timer_([this] { stop_sessions(); }) {}

ServeLoop::~ServeLoop() = default;

void ServeLoop::open(std::unique_ptr<ByteStream> stream) {
  counters_.accepted.add();
  if (stop_ == Stop::kDone) {
    counters_.refuse(Refusal::kGoingAway);
    return;
  }
  if (!core_.begin_handshake()) {
    counters_.refuse(Refusal::kTooManyHandshakes);
    core_.log().refusal(
        stream->peer(),
        Status(Code::kResourceExhausted,
               fmt::format("handshake: {} connections have not completed their handshake, "
                           "which is the limit",
                           core_.options().pending_handshakes),
               HandlerRan::kNo));
    return;
  }
  std::shared_ptr<Session> session = add_session(std::move(stream));
  if (session) {
    session->start();
    if (stop_ == Stop::kDraining) session->begin_drain();
  } else {
    core_.end_handshake();
  }
}

void ServeLoop::open(std::unique_ptr<Listener::Incoming> connection) {
  try {
    Result<std::unique_ptr<ByteStream>> stream = connection->open(loop_);
    if (stream.ok()) open(std::move(*stream));
  } catch (const std::bad_alloc&) {
    // No memory for this one: it is closed.
  }
}

void ServeLoop::open_dialed(std::unique_ptr<ByteStream> stream,
                            UniqueFunction<void(bool)> on_closed) {
  if (stop_ != Stop::kNotYet) return;
  std::shared_ptr<Session> session = add_session(std::move(stream));
  if (session) {
    session->start_dialed(std::move(on_closed));
  } else {
    on_closed(false);
  }
}

void ServeLoop::open_frames(std::unique_ptr<ByteStream> stream, const Codec& codec,
                            const wire::PeerTerms& peer) {
  if (stop_ != Stop::kNotYet) return;
  if (auto session = add_session(std::move(stream))) session->start_frames(codec, peer);
}

// Null if there is no memory for it, or the server has stopped.
std::shared_ptr<Session> ServeLoop::add_session(std::unique_ptr<ByteStream> stream) {
  std::shared_ptr<Session> session;
  if (!core_.session_opened()) return nullptr;
  try {
    session = std::make_shared<Session>(core_.shared_from_this(), *this, std::move(stream));
    std::lock_guard lock(mutex_);
    session->set_place(sessions_.insert(sessions_.end(), session));
  } catch (...) {
    core_.session_closed();
    return nullptr;
  }
  counters_.open.add();
  return session;
}

void ServeLoop::begin_stop(std::chrono::nanoseconds drain) {
  if (stop_ != Stop::kNotYet && drain >= drain_) return;
  stop_ = Stop::kDraining;
  drain_ = drain;
  if (drain <= std::chrono::nanoseconds::zero()) {
    stop_sessions();
    return;
  }
  loop_.start_timer(drain_timer_, drain);
  std::vector<std::shared_ptr<Session>> sessions(sessions_.begin(), sessions_.end());
  for (auto& session : sessions) session->begin_drain();
}

void ServeLoop::stop_sessions() {
  stop_ = Stop::kDone;
  loop_.cancel_timer(drain_timer_);
  Status why(Code::kUnavailable,
             drain_.count() > 0 ? fmt::format("server: stopped; the call was not done after {}",
                                              base::duration_text(drain_))
                                : std::string("server: stopped"));
  std::vector<std::shared_ptr<Session>> sessions(sessions_.begin(), sessions_.end());
  for (auto& session : sessions) session->stop(why);
}

void ServeLoop::close_most_unread(std::size_t limit) {
  auto most =
      std::max_element(sessions_.begin(), sessions_.end(), [](const auto& a, const auto& b) {
        return a->unsent_bytes().counted() < b->unsent_bytes().counted();
      });
  if (most == sessions_.end()) return;
  std::shared_ptr<Session> session = *most;
  session->unsent_bytes().close(limit);
}

std::string ServeLoop::occupant(std::span<const Route> routes) const {
  constexpr std::string_view kAdvice = "what blocks belongs into tern::blocking()";
  if (const Method* method = counters_.occupant.load(std::memory_order_acquire)) {
    return fmt::format("by the handler of {}.{}; {}", method->service, method->name, kAdvice);
  }
  // A coroutine that has been resumed, or a callback: nobody has said whose.
  constexpr std::size_t kNamed = 3;
  std::size_t running = 0;
  std::string names;
  for (const Route& route : routes) {
    const MethodCounters& counters = counters_.methods[route.index];
    std::uint64_t finished = counters.finished.get();
    if (counters.started.get() == finished || ++running > kNamed) continue;
    names += fmt::format("{}{}.{}", names.empty() ? "" : ", ", route.method->service,
                         route.method->name);
  }
  if (running == 0) return fmt::format("by a callback or a timer; {}", kAdvice);
  return fmt::format(
      "by a coroutine or a callback; calls that run there: {}{}; {}", names,
      running > kNamed ? fmt::format(" and of {} methods more", running - kNamed) : std::string(),
      kAdvice);
}

void ServeLoop::describe(Clock::TimePoint now, std::size_t limit,
                         std::vector<debug_pages::ConnectionSnapshot>& seen) const {
  std::lock_guard lock(mutex_);
  for (const auto& session : sessions_) {
    if (seen.size() >= limit) return;
    seen.push_back(session->describe(now));
  }
}

void ServeLoop::forget(Session& session) {
  std::shared_ptr<Session> last = session.shared_from_this();
  {
    std::lock_guard lock(mutex_);
    sessions_.erase(session.place());
  }
  counters_.open.subtract();
  if (stop_ != Stop::kNotYet && sessions_.empty()) loop_.cancel_timer(drain_timer_);
  core_.session_closed();
}

}  // namespace tern::serve
